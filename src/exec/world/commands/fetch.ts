import {absolutePath, type Call, type Outcome} from '../call.ts'
import {doubtAt, doubtful} from '../files.ts'
import type {Value} from '../value.ts'

/** `tar -x`: anything may then be below its directory. Other calls of tar make one archive. */
export async function tar(call: Call): Promise<Outcome> {
  const words = call.words.map(word => (typeof word === 'string' ? word : ''))
  const [first = ''] = words
  const extracts =
    words.some(word => word === '--extract' || word === '--get' || /^-[a-zA-Z]*x/.test(word)) ||
    /^[a-zA-Z]*x[a-zA-Z]*$/.test(first)
  if (!extracts) return doubtful(call, undefined)
  if (words.some(word => /^(-P|--absolute-names|--transform|--one-top-level)/.test(word)))
    return doubtful(call, undefined)
  return below(call, valueAfter(call.words, ['-C', '--directory'], ['--directory=', '-C']))
}

/** `unzip -d DIRECTORY`, `bsdtar`, `cpio`: the same. */
export async function unzip(call: Call): Promise<Outcome> {
  return below(call, valueAfter(call.words, ['-d'], ['-d']))
}

/** `curl -o FILE`, `curl -O`: what comes is what the server has. */
export async function curl(call: Call): Promise<Outcome> {
  const target = valueAfter(call.words, ['-o', '--output'], ['--output='])
  const bundled = call.words.findIndex(word => typeof word === 'string' && /^-[a-zA-Z]+o$/.test(word))
  const file = target ?? (bundled < 0 ? undefined : call.words[bundled + 1])
  if (file !== undefined) return doubtfulAt(call, absolutePath(call, file))
  const isNamedByUrl = call.words.some(
    word => typeof word === 'string' && (/^-[a-zA-Z]*O/.test(word) || word === '--remote-name'),
  )
  return isNamedByUrl ? below(call, undefined) : {world: call.view.world, status: 'unknown'}
}

/** `wget -O FILE`, `wget -P DIRECTORY`, else a file in the working directory. */
export async function wget(call: Call): Promise<Outcome> {
  const bundled = call.words.findIndex(word => typeof word === 'string' && /^-[a-zA-Z]+O$/.test(word))
  const file =
    valueAfter(call.words, ['-O', '--output-document'], ['--output-document=', '-O']) ??
    (bundled < 0 ? undefined : call.words[bundled + 1])
  if (file === '-') return {world: call.view.world, status: 'unknown'}
  if (file !== undefined) return doubtfulAt(call, absolutePath(call, file))
  return below(call, valueAfter(call.words, ['-P', '--directory-prefix'], ['--directory-prefix=', '-P']))
}

/** `sed -i FILE`, `gunzip FILE`, `patch`: files of the working directory, or those that the words name. */
export async function edit(call: Call): Promise<Outcome> {
  if (
    call.name === 'sed' &&
    !call.words.some(word => typeof word === 'string' && /^(-[a-zA-Z]*i|--in-place)/.test(word))
  ) {
    return {world: call.view.world, status: 'unknown'}
  }
  let {world} = call.view
  for (const word of call.words) {
    const path = absolutePath(call, word)
    if (path === undefined) world = doubtAt(world, undefined, call.by)
    else if (!(word as string).startsWith('-') && (await call.view.place(path)).node?.kind === 'file') {
      world = doubtAt(world, (await call.view.place(path)).at, call.by)
    }
  }
  return {world: call.name === 'sed' ? world : doubtAt(world, undefined, call.by), status: 'unknown'}
}

/** Users and groups: who is in /etc/passwd and /etc/group is not known any more, nor what is in the homes. */
export async function users(call: Call): Promise<Outcome> {
  const {by} = call
  const world = ['/etc/passwd', '/etc/group', '/etc/shadow', '/home'].reduce(
    (after, path) => doubtAt(after, path, by),
    call.view.world,
  )
  return {world: doubtAt(world, undefined, by), status: 'unknown'}
}

async function below(call: Call, directory: Value | undefined): Promise<Outcome> {
  const path = directory === undefined ? call.cwd : absolutePath(call, directory)
  return doubtfulAt(call, path)
}

/** What comes after one of the words, or is attached to one of the beginnings. */
function valueAfter(
  words: readonly Value[],
  names: readonly string[],
  beginnings: readonly string[],
): Value | undefined {
  for (const [index, word] of words.entries()) {
    if (typeof word !== 'string') continue
    if (names.includes(word)) return words[index + 1]
    const beginning = beginnings.find(start => word.startsWith(start) && word.length > start.length)
    if (beginning !== undefined) return word.slice(beginning.length)
  }
  return undefined
}

/** Where a path leads, anything may be now. */
async function doubtfulAt(call: Call, path: string | undefined): Promise<Outcome> {
  return doubtful(call, path === undefined ? undefined : (await call.view.place(path)).at)
}
