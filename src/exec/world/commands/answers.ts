import {toolAnswers} from '../../../platform/index.ts'
import {absolutePath, type Call, type Outcome} from '../call.ts'
import {knownWords, printed, silent} from './print.ts'

type Answer = (words: readonly string[], call: Call) => Promise<string | undefined> | string | undefined

/** The only one of several; undefined where the machine decides which it is. */
function one(values: readonly string[] | undefined): string | undefined {
  return values?.length === 1 ? values[0] : undefined
}

/** What a platform's kernel calls itself: on a processor that also runs a 64-bit kernel it may be either. */
function unameMachine({platform}: Call): string | undefined {
  const answers = toolAnswers(platform)
  const all = [...(answers?.uname ?? []), ...(answers?.unameOn64Bit ?? [])]
  return new Set(all).size === 1 ? all[0] : undefined
}

const ANSWERS: Readonly<Record<string, Answer>> = {
  uname: ([option = '-s', ...rest], call) => {
    if (rest.length > 0) return undefined
    if (['-m', '--machine', '-p', '--processor', '-i', '--hardware-platform'].includes(option)) {
      // -p and -i say "unknown" in some builds of coreutils.
      return ['-m', '--machine'].includes(option) ? unameMachine(call) : undefined
    }
    // -o says "GNU/Linux" in coreutils and "Linux" in busybox on musl.
    return option === '-s' || option === '--kernel-name' ? 'Linux' : undefined
  },
  arch: (words, call) => (words.length === 0 ? unameMachine(call) : undefined),
  dpkg: ([option, ...rest], {platform}) =>
    option === '--print-architecture' && rest.length === 0 ? one(toolAnswers(platform)?.dpkg) : undefined,
  apk: ([option, ...rest], {platform}) =>
    option === '--print-arch' && rest.length === 0 ? one(toolAnswers(platform)?.apk) : undefined,
  rpm: ([option, name, ...rest], {platform}) =>
    (option === '--eval' || option === '-E') && (name === '%_arch' || name === '%{_arch}') && rest.length === 0
      ? one(toolAnswers(platform)?.rpm)
      : undefined,
  dirname: words => (words.length === 1 ? directoryName(words[0] ?? '') : undefined),
  basename: ([path = '', suffix = '', ...rest]) => {
    if (path === '' || path.startsWith('-') || rest.length > 0) return undefined
    const name = stripSlashes(path).split('/').at(-1) ?? ''
    return suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
  },
  id: ([option, ...rest], {user}) => {
    if (rest.length > 0) return undefined
    return option === '-u' ? String(user.uid) : option === '-g' ? String(user.gid) : undefined
  },
  whoami: async (words, {user, view}) =>
    words.length === 0 && user.uid === 0 && (await view.place('/etc/passwd')).maybe === undefined ? 'root' : undefined,
  readlink: ([option, path, ...rest], call) =>
    (option === '-f' || option === '-e' || option === '--canonicalize') && rest.length === 0
      ? canonical(path, call)
      : undefined,
  realpath: ([path, ...rest], call) =>
    rest.length === 0 && !path?.startsWith('-') ? canonical(path, call) : undefined,
}

async function canonical(path: string | undefined, call: Call): Promise<string | undefined> {
  const absolute = absolutePath(call, path)
  if (absolute === undefined) return undefined
  const place = await call.view.place(absolute)
  return place.node && !place.maybe ? place.at : undefined
}

/** Commands that only print, and whose answer the platform or their words decide. */
export async function answer(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  const text =
    words &&
    (await ANSWERS[call.name]?.(
      words.filter(word => word !== '--'),
      call,
    ))
  return text === undefined ? silent(call) : printed(call, `${text}\n`)
}

export const ANSWERING: readonly string[] = Object.keys(ANSWERS)

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
