import {programTarget, toolAnswers} from '../../../platform/index.ts'
import {resolveUser} from '../../credentials.ts'
import {absolutePath, type Call, ends, type Outcome} from '../call.ts'
import {doubtfulCall} from '../files.ts'
import {joinValues, oneOf, type Status, type Value} from '../value.ts'
import {knownWords, printed} from './print.ts'

/** What it prints, or how it ends where that is all that is known. */
type Answer = (words: readonly string[], call: Call) => Promise<Value | Ending> | Value | Ending
interface Ending {
  readonly status: Status
}

const UNKNOWN: Ending = {status: 'unknown'}
/** It prints something that only the run knows. */
const PRINTS: Ending = {status: 'success'}
const FAILS: Ending = {status: 'failure'}

/** One of several, where the machine decides which it is. */
function one(values: readonly string[] | undefined): Value | Ending {
  return values === undefined || values.length === 0 ? PRINTS : oneOf(values, 'uname')
}

const UNAME: readonly (readonly [letter: string, long: string, answer: (call: Call) => Value | Ending])[] = [
  ['s', '--kernel-name', () => 'Linux'],
  ['n', '--nodename', () => PRINTS],
  ['r', '--kernel-release', () => PRINTS],
  ['v', '--kernel-version', () => PRINTS],
  ['m', '--machine', unameMachine],
  // "unknown" in some builds of coreutils.
  ['p', '--processor', () => PRINTS],
  ['i', '--hardware-platform', () => PRINTS],
  // "GNU/Linux" in coreutils and "Linux" in busybox on musl.
  ['o', '--operating-system', () => oneOf(['GNU/Linux', 'Linux'], 'uname -o')],
]

/** What a platform's kernel calls itself: on a processor that also runs a 64-bit kernel it may be either. */
function unameMachine({platform}: Call): Value | Ending {
  const answers = toolAnswers(platform)
  return answers ? one([...answers.uname, ...(answers.unameOn64Bit ?? [])]) : PRINTS
}

function isValue(answer: Value | Ending): answer is Value {
  return typeof answer === 'string' || 'unknown' in answer
}

function uname(words: readonly string[], call: Call): Value | Ending {
  const asked = new Set<string>()
  for (const word of words) {
    const letters = word.startsWith('--') ? UNAME.find(([, long]) => long === word)?.[0] : /^-([a-z]+)$/.exec(word)?.[1]
    if (word === '-a' || word === '--all') return PRINTS
    if (letters === undefined) return UNKNOWN
    for (const letter of letters) asked.add(letter)
  }
  if (asked.size === 0) asked.add('s')
  if ([...asked].some(letter => !UNAME.some(([known]) => known === letter))) return UNKNOWN
  const answers = UNAME.filter(([letter]) => asked.has(letter)).map(([, , answer]) => answer(call))
  const known = answers.filter(isValue)
  return known.length < answers.length
    ? PRINTS
    : joinValues(known.flatMap((value, index) => (index === 0 ? [value] : [' ', value])))
}

/** Of a package manager: what it answers to a question; anything else may do anything. */
const PACKAGES: Readonly<Record<string, Answer>> = {
  dpkg: ([option, ...rest], {platform}) =>
    option === '--print-architecture' && rest.length === 0 ? one(toolAnswers(platform)?.dpkg) : UNKNOWN,
  apk: ([option, ...rest], {platform}) =>
    option === '--print-arch' && rest.length === 0 ? one(toolAnswers(platform)?.apk) : UNKNOWN,
  rpm: ([option, name, ...rest], {platform}) =>
    (option === '--eval' || option === '-E') && (name === '%_arch' || name === '%{_arch}') && rest.length === 0
      ? one(toolAnswers(platform)?.rpm)
      : UNKNOWN,
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  uname,
  arch: (words, call) => (words.length === 0 ? unameMachine(call) : UNKNOWN),
  nproc: words => (words.every(word => word === '--all' || /^--ignore=\d+$/.test(word)) ? PRINTS : UNKNOWN),
  getconf: ([name, ...rest], {platform}) => {
    const bits = programTarget(platform)?.class
    return name === 'LONG_BIT' && rest.length === 0 && bits !== undefined ? String(bits) : UNKNOWN
  },
  dirname: words => {
    const [path = '', ...rest] = words
    if (words.length === 0) return FAILS
    return path.startsWith('-') || rest.length > 0 ? UNKNOWN : directoryName(path)
  },
  basename: words => {
    const [path = '', suffix = '', ...rest] = words
    if (words.length === 0) return FAILS
    if (path === '' || path.startsWith('-') || rest.length > 0) return UNKNOWN
    const name = path === '/' ? '/' : (stripSlashes(path).split('/').at(-1) ?? '')
    return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name || '/'
  },
  id: identify,
  whoami: async (words, call) => (words.length === 0 ? nameOf(call) : UNKNOWN),
  readlink: ([option = '', path, ...rest], call) => {
    const isCanonical = /^-[emf]$|^--canonicalize(-existing|-missing)?$/.test(option)
    if (isCanonical && path !== undefined && rest.length === 0) return canonical(path, call)
    return !option.startsWith('-') && option !== '' && path === undefined ? target(option, call) : UNKNOWN
  },
  realpath: ([path, ...rest], call) =>
    path !== undefined && rest.length === 0 && !path.startsWith('-') ? canonical(path, call) : UNKNOWN,
}

/** `id`, `id -u`, `id -un`, `id USER`. */
async function identify(words: readonly string[], call: Call): Promise<string | Ending> {
  const {user, view} = call
  const [option, ...rest] = words
  if (option === undefined) return PRINTS
  if (rest.length === 0 && (option === '-u' || option === '-ur' || option === '-ru')) {
    return user.maybe ? PRINTS : String(user.uid)
  }
  if (rest.length === 0 && (option === '-g' || option === '-gr' || option === '-rg')) {
    return user.maybe ? PRINTS : String(user.gid)
  }
  if (rest.length === 0 && (option === '-un' || option === '-nu')) return nameOf(call)
  const name = rest.at(-1) ?? option
  if (name.startsWith('-') || rest.length > 1) return UNKNOWN
  const isCertain = (await view.lookup('/etc/passwd')).maybe === undefined
  const found = await resolveUser(view, name)
  if (/^[+\d]/.test(name)) return UNKNOWN
  if (!found.ok) return isCertain ? FAILS : UNKNOWN
  if (!isCertain) return UNKNOWN
  return option === '-u' ? String(found.value.uid) : option === '-g' ? String(found.value.gid) : PRINTS
}

/** The user's name, by /etc/passwd. */
async function nameOf({user, view}: Call): Promise<string | Ending> {
  const lookup = await view.lookup('/etc/passwd')
  if (lookup.maybe || lookup.outcome !== 'found' || lookup.node.kind !== 'file') return UNKNOWN
  const text = new TextDecoder().decode(
    await (await view.open(lookup.node)).read(0, Math.min(lookup.node.size, 1 << 20)),
  )
  const line = text.split('\n').find(entry => entry.split(':')[2] === String(user.uid))
  return line?.split(':')[0] || UNKNOWN
}

/** `readlink -f PATH`, `realpath PATH`: where the file is; only its last name need not be there. */
async function canonical(path: string, call: Call): Promise<string | Ending> {
  if (path === '') return FAILS
  const absolute = absolutePath(call, path)
  if (absolute === undefined) return UNKNOWN
  const place = await call.view.place(absolute)
  if (place.maybe) return UNKNOWN
  if (place.node) return path.endsWith('/') && place.node.kind !== 'directory' ? UNKNOWN : place.at
  // GNU's prints the path that would be made, busybox fails.
  return UNKNOWN
}

/** `readlink PATH`: what a symlink says. */
async function target(path: string, call: Call): Promise<string | Ending> {
  const absolute = absolutePath(call, path)
  if (absolute === undefined) return UNKNOWN
  const {node, maybe} = await call.view.place(absolute, {followLast: false})
  if (maybe) return UNKNOWN
  return node?.kind === 'symlink' ? (node.target ?? '') : FAILS
}

/** Commands that only print, and whose answer the platform or their words decide. */
export async function answer(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  if (!words) return ends(call, 'unknown')
  const given = await ANSWERS[call.name]?.(
    words.filter((word, index) => word !== '--' || index > 0),
    call,
  )
  return given !== undefined && isValue(given)
    ? printed(call, joinValues([given, '\n']))
    : {...ends(call, given?.status ?? 'unknown'), ...(given?.status === 'failure' ? {output: ''} : {})}
}

/** Package managers, which answer questions as well. */
export async function answerOrInstall(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  const given = words ? await PACKAGES[call.name]?.(words, call) : UNKNOWN
  if (given !== undefined && isValue(given)) return printed(call, joinValues([given, '\n']))
  return given === PRINTS ? ends(call, 'success') : doubtfulCall(call)
}

export const ANSWERING: readonly string[] = Object.keys(ANSWERS)
export const ANSWERING_PACKAGES: readonly string[] = Object.keys(PACKAGES)

function directoryName(path: string): string {
  const stripped = stripSlashes(path)
  const slash = stripped.lastIndexOf('/')
  if (slash < 0) return '.'
  return stripSlashes(stripped.slice(0, slash)) || '/'
}

function stripSlashes(path: string): string {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end--
  return path.slice(0, end)
}
