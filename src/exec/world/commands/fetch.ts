import {absolutePath, after, type Call, ends, type Outcome} from '../call.ts'
import {doubtfulAnywhere, doubtfulAt, doubtfulCall, doubtfulWord} from '../files.ts'
import type {Value} from '../value.ts'
import {type Grade, withDoubt} from '../world.ts'

/** `tar -x`: anything may then be below its directory; `tar -c` makes one file. */
export async function tar(call: Call): Promise<Outcome> {
  const words = withDashes(call.words)
  const has = (letter: string, ...long: readonly string[]) =>
    words.some(
      word => typeof word === 'string' && (long.includes(word) || new RegExp(`^-[a-zA-Z]*${letter}`).test(word)),
    )
  const isKnown = words.every(word => typeof word === 'string')
  if (has('x', '--extract', '--get')) {
    const goesElsewhere = words.some(
      word =>
        typeof word === 'string' && /^(-P|--absolute-names|--transform|--xform|--to-command|-O|--to-stdout)/.test(word),
    )
    const target = await belowAll(call, optionWords(words, 'C', ['--directory']))
    return goesElsewhere ? {...target, world: doubtfulAnywhere(after(call, target.world)).world} : target
  }
  if (has('t', '--list') || has('d', '--diff', '--compare')) return ends(call, 'unknown')
  if (!isKnown) return doubtfulAnywhere(call)
  const file = optionWord(words, 'f', ['--file'])
  return file === undefined || file === '-' ? ends(call, 'unknown') : doubtfulWord(call, file)
}

/** The old way to write options: one word of letters, and then their arguments in the order of the letters. */
function withDashes(words: readonly Value[]): readonly Value[] {
  const [first, ...rest] = words
  if (typeof first !== 'string' || !/^[a-zA-Z]+$/.test(first)) return words
  let taken = 0
  const options = [...first].flatMap(letter =>
    /[bCfFgHIKLNTVX]/.test(letter) ? [`-${letter}`, ...rest.slice(taken, ++taken)] : [`-${letter}`],
  )
  return [...options, ...rest.slice(taken)]
}

/** `unzip -d DIRECTORY`, `7z x -oDIRECTORY`: the same. */
export async function unzip(call: Call): Promise<Outcome> {
  if (call.name !== 'unzip') {
    const directory = call.words.find(word => typeof word === 'string' && /^-o./.test(word))
    return below(call, typeof directory === 'string' ? directory.slice(2) : undefined)
  }
  const onlyPrints = call.words.some(word => typeof word === 'string' && /^-[a-ce-zA-Z]*[lptvZ]/.test(word))
  return onlyPrints ? ends(call, 'unknown') : below(call, optionWord(call.words, 'd', []))
}

/** `curl -o FILE`, `curl -O`: what comes is what the server has. */
export async function curl(call: Call): Promise<Outcome> {
  const {words} = call
  // Of several URLs each has an `-o` of its own.
  const targets = [
    ...optionWords(words, 'o', ['--output']),
    ...optionWords(words, 'D', ['--dump-header']),
    ...optionWords(words, 'c', ['--cookie-jar']),
  ]
  const named = targets.filter(target => target !== '-')
  const isNamedByUrl = words.some(word => typeof word === 'string' && /^(-[a-zA-Z]*O|--remote-name(-all)?$)/.test(word))
  const directory = optionWord(words, '\0', ['--output-dir'])
  let outcome = ends(call, 'unknown')
  for (const target of named) outcome = await doubtfulWord(within(call, outcome), inDirectory(directory, target))
  if (!isNamedByUrl) return outcome
  const inner = within(call, outcome)
  const names = words.flatMap(word => nameOfUrl(word) ?? [])
  const isNamedByServer = words.some(
    word => typeof word === 'string' && /^(-[a-zA-Z]*J|--remote-header-name$)/.test(word),
  )
  if (isNamedByServer || names.length === 0 || words.some(word => typeof word !== 'string'))
    return direct(inner, directory)
  for (const name of names) outcome = await doubtfulWord(within(call, outcome), inDirectory(directory, name))
  return outcome
}

/** `wget -O FILE`, `wget -P DIRECTORY`, else a file in the working directory that is called as the URL ends. */
export async function wget(call: Call): Promise<Outcome> {
  const {words} = call
  if (words.includes('--spider')) return ends(call, 'unknown')
  const file = optionWord(words, 'O', ['--output-document'])
  if (file === '-' || file === '/dev/stdout' || file === '/dev/null') return ends(call, 'unknown')
  if (file !== undefined) return doubtfulWord(call, file)
  const directory = optionWord(words, 'P', ['--directory-prefix'])
  if (words.some(word => typeof word === 'string' && /^(-[a-zA-Z]*[rmx]|--recursive|--mirror)/.test(word))) {
    return below(call, directory)
  }
  // It writes over nothing: beside a file of the name it makes another.
  const isOver = words.some(
    word => typeof word === 'string' && /^(-[a-zA-Z]*[Nc]|--timestamping|--continue)/.test(word),
  )
  return direct(call, directory, isOver ? 'replaced' : 'made')
}

/** `git clone URL [DIRECTORY]` and whatever else changes a work tree. */
export async function git(call: Call): Promise<Outcome> {
  const {words} = call
  const at = words.findIndex(
    (word, index) =>
      typeof word === 'string' && !word.startsWith('-') && !/^-[Cc]$/.test(String(words[index - 1] ?? '')),
  )
  const verb = words[at]
  const tree = optionWord(words.slice(0, Math.max(at, 0)), 'C', [])
  if (typeof verb !== 'string') return doubtfulCall(call)
  if (
    /^(status|log|diff|show|rev-parse|describe|config|remote|ls-files|ls-remote|branch|tag|fetch|--version|version)$/.test(
      verb,
    )
  ) {
    return doubtfulAnywhere(call)
  }
  if (verb !== 'clone') return below(call, tree)
  const operands = words.slice(at + 1).filter((word, index, all) => {
    if (typeof word !== 'string') return true
    return (
      !word.startsWith('-') &&
      !/^(-[bcojur]|--(branch|depth|config|origin|reference|template|jobs|filter))$/.test(String(all[index - 1] ?? ''))
    )
  })
  const [url, directory] = operands
  const name = typeof url === 'string' ? /([^/:]+?)(?:\.git)?\/*$/.exec(url)?.[1] : undefined
  return below(call, inDirectory(tree, directory ?? name ?? {unknown: 'git clone'}))
}

function inDirectory(directory: Value | undefined, name: Value | undefined): Value | undefined {
  if (directory === undefined || (typeof name === 'string' && name.startsWith('/'))) return name
  return typeof directory === 'string' && typeof name === 'string' ? `${directory}/${name}` : {unknown: 'a file'}
}

function within(call: Call, {world}: Outcome): Call {
  return after(call, world)
}

/** The last name of a URL's path: what `curl -O` calls the file. */
function nameOfUrl(word: Value): string | undefined {
  if (typeof word !== 'string' || !/^(https?|ftp|file):\/\//.test(word)) return undefined
  return /^[a-z]+:\/\/[^/?#]+\/(?:[^?#]*\/)?([^/?#]+)/.exec(word)?.[1]
}

/** Anything below a directory may be another thing. */
async function below(call: Call, directory: Value | undefined): Promise<Outcome> {
  if (directory !== undefined) return doubtfulWord(call, directory)
  return call.cwd === undefined ? doubtfulAnywhere(call) : doubtfulAt(call, (await call.view.place(call.cwd)).at)
}

/** A file of any name in a directory. */
async function direct(call: Call, directory: Value | undefined, grade: Grade = 'replaced'): Promise<Outcome> {
  const path = directory === undefined ? call.cwd : absolutePath(call, directory)
  if (path === undefined) return doubtfulAnywhere(call)
  const {at} = await call.view.place(path)
  const {world} = call.view
  return {world: withDoubt(world, {below: at, isDirect: true, grade, by: call.by}), status: 'unknown'}
}

/** The word that an option has, apart or attached: `-o FILE`, `-oFILE`, `-fsSLo FILE`, `--output=FILE`. */
function optionWord(words: readonly Value[], letter: string, long: readonly string[]): Value | undefined {
  return optionWords(words, letter, long)[0]
}

/** The words of an option that stands several times. */
function optionWords(words: readonly Value[], letter: string, long: readonly string[]): readonly Value[] {
  return words.flatMap((word, index) => {
    if (typeof word !== 'string') return []
    const next = words.slice(index + 1, index + 2)
    if (long.includes(word)) return next
    const attached = long.find(name => word.startsWith(`${name}=`))
    if (attached !== undefined) return [word.slice(attached.length + 1)]
    const at = /^-[a-zA-Z]/.test(word) ? word.indexOf(letter) : -1
    if (at < 1) return []
    return at === word.length - 1 ? next : [word.slice(at + 1)]
  })
}

/** The same of directories, each of which is changed to from the one before. */
async function belowAll(call: Call, directories: readonly Value[]): Promise<Outcome> {
  const [first, ...others] = directories
  let outcome = await below(call, first)
  let directory = first
  for (const other of others) {
    directory = inDirectory(directory, other)
    outcome = await below(within(call, outcome), directory)
  }
  return outcome
}
