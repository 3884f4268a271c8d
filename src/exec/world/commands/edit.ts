import {baseName} from '../../../lib/paths.ts'
import {absolutePath, after, type Call, ends, type Outcome} from '../call.ts'
import {doubtfulAnywhere, doubtfulAt, doubtfulRemoval, doubtfulWord, writeFile} from '../files.ts'
import {textOf} from '../text.ts'
import type {Value} from '../value.ts'
import {echoedWords} from './echoed-words.ts'
import {filter} from './filter.ts'
import {printed} from './print.ts'

/** `sed -i FILE…`: the files that its words name may hold other things; without `-i` it only prints. */
export async function sed(call: Call): Promise<Outcome> {
  const isInPlace = call.words.some(word => typeof word === 'string' && /^(-[a-zA-Z]*i|--in-place)/.test(word))
  const writes = call.words.some(word => typeof word === 'string' && /(^|[;\n {}/\d$])w\s*\//.test(word))
  if (writes) return replaceNamed(call, call.words, true)
  if (!isInPlace) return filter(call)
  return (await edit(call)) ?? replaceNamed(call, call.words, false)
}

/**
 * `sed -i s/a/b/ FILE` by root, where all is known: the file is another one then, with the same owner and permissions;
 * undefined where it is not.
 */
async function edit(call: Call): Promise<Outcome | undefined> {
  const words = call.words.filter(word => word !== '-i' && word !== '--in-place')
  const path = absolutePath(call, words.at(-1))
  if (path === undefined || words.length !== call.words.length - 1 || call.user.uid !== 0) return undefined
  const place = await call.view.place(path, {followLast: false})
  if (place.node?.kind !== 'file' || place.maybe || place.mode) return undefined
  const {output} = await filter({...call, words})
  if (typeof output !== 'string' || output === (await textOf(call.view, place))) {
    return typeof output === 'string' ? ends(call, 'success') : undefined
  }
  const {mode, uid, gid} = place.node
  return writeFile(call, path, {kind: 'text', text: output}, mode, {isNew: true, keepsMode: false, owner: {uid, gid}})
}

/** `gunzip FILE`, `patch`: the files that are named, and others beside them. */
export async function unpack(call: Call): Promise<Outcome> {
  return replaceNamed(call, call.words, true)
}

/** `dd of=FILE`. */
export async function dd(call: Call): Promise<Outcome> {
  const target = call.words.find(word => typeof word === 'string' && word.startsWith('of='))
  const hasUnknown = call.words.some(word => typeof word !== 'string')
  if (typeof target === 'string') return doubtfulWord(call, target.slice('of='.length))
  return hasUnknown ? doubtfulAnywhere(call) : ends(call, 'unknown')
}

/** `truncate FILE`, `sort -o FILE`, `uniq IN OUT`, `shred FILE`, `split`: what the words name may hold other things. */
export async function overwrite(call: Call): Promise<Outcome> {
  if (
    call.name === 'sort' &&
    !call.words.some(word => typeof word === 'string' && /^(-[a-zA-Z]*o|--output)/.test(word))
  ) {
    return ends(call, 'unknown')
  }
  if (call.name === 'uniq' && call.words.filter(word => typeof word !== 'string' || !word.startsWith('-')).length < 2) {
    return ends(call, 'unknown')
  }
  const {world} = await replaceNamed(call, call.words, call.name === 'split' || call.name === 'csplit')
  return call.name === 'shred' ? {world, status: 'unknown'} : makeNamed(after(call, world))
}

/** Programs in awk's language may write files and start programs; those of start scripts do not, as a rule. */
export async function awk(call: Call): Promise<Outcome> {
  // gawk's `-i inplace`: the files that the words name are other ones then.
  if (call.words.some(word => /^(-i|--include=?)?inplace(::|$)/.test(String(word))))
    return replaceNamed(call, call.words, true)
  const isOdd = call.words.some(
    word => typeof word !== 'string' || /^-i|inplace|system\s*\(|print[^}]*(>|\|)\s*["(a-zA-Z]/.test(word),
  )
  return isOdd ? doubtfulAnywhere(call) : filter(call)
}

/** Actions of `find` that write, and commands that do not: find(1) of findutils and of busybox. */
const ACTION = /^-(delete|exec|execdir|ok|okdir|fprint|fprint0|fprintf|fls)$/
const READERS = /^(grep|echo|printf|test|\[|ls|stat|cat|file)$/
const REMOVERS = /^(rm|rmdir|unlink)$/
const MODES = /^(chmod|chown|chgrp)$/

/** `find` with actions: `-delete`, `-exec chmod +x {} +`. The one that comes first may only choose for the next. */
export async function find(call: Call): Promise<Outcome> {
  const texts = call.words.map(word => (typeof word === 'string' ? word : ''))
  const actions = texts.flatMap((text, at) => {
    const command = baseName(texts[at + 1] ?? '')
    return !ACTION.test(text) || READERS.test(command) ? [] : [text === '-delete' ? 'rm' : command]
  })
  const starts = startsOf(call.words)
  let outcome = ends(call, 'unknown')
  for (const command of actions) outcome = await doAction(after(call, outcome.world), command, starts)
  return outcome
}

async function doAction(call: Call, command: string, starts: readonly Value[]): Promise<Outcome> {
  if (REMOVERS.test(command)) return removeBelow(call, starts)
  const grade = MODES.test(command) ? 'mode' : 'replaced'
  let {world} = grade === 'mode' ? call.view : doubtfulAnywhere(call)
  for (const start of starts) ({world} = await doubtfulWord(after(call, world), start, grade))
  return {world, status: 'unknown'}
}

/** What stands between the options that come first and the expression: without it, `find` looks in the cwd. */
function startsOf(words: readonly Value[]): readonly Value[] {
  let from = 0
  while (/^(-[HLP]|-O\d+|--)$/.test(String(words[from])) || words[from] === '-D') from += words[from] === '-D' ? 2 : 1
  const rest = words.slice(from)
  const end = rest.findIndex(word => typeof word === 'string' && /^[-(!]/.test(word))
  const starts = rest.slice(0, end < 0 ? undefined : end)
  return starts.length === 0 ? ['.'] : starts
}

/** `xargs COMMAND`: which files the command is given, only the run knows. */
export async function xargs(call: Call): Promise<Outcome> {
  const echoed = echoedWords(call)
  if (echoed !== undefined) return printed(call, echoed)
  const command = call.words.find(
    (word, index) =>
      typeof word === 'string' && !word.startsWith('-') && !/^-[IEdnLPs]$/.test(String(call.words[index - 1] ?? '')),
  )
  if (typeof command !== 'string') return ends(call, 'unknown')
  const name = baseName(command)
  if (/^(chmod|chown|chgrp)$/.test(name)) return doubtfulAt(call, '/', 'mode')
  if (/^(rm|rmdir|unlink)$/.test(name)) return doubtfulAt(call, '/', 'removed')
  if (/^(cp|mv|ln|install|sed|tar|unzip)$/.test(name)) return doubtfulAt(call, '/')
  return /^(echo|printf|basename|dirname|grep|cat|kill|ls)$/.test(name) ? ends(call, 'unknown') : doubtfulAnywhere(call)
}

/** What is below directories may be gone. */
async function removeBelow(call: Call, starts: readonly Value[]): Promise<Outcome> {
  let {world} = call.view
  for (const start of starts) {
    const inner = after(call, world)
    const path = absolutePath(inner, start)
    ;({world} =
      path === undefined
        ? await doubtfulRemoval(inner, start)
        : doubtfulAt(inner, (await inner.view.place(path)).at, 'removed'))
  }
  return {world, status: 'unknown'}
}

/** What the words name, and is not there, may be made. */
async function makeNamed(call: Call): Promise<Outcome> {
  let {world} = call.view
  for (const word of call.words) {
    const inner = after(call, world)
    const path = typeof word === 'string' ? absolutePath(inner, word.replace(/^(-o|--[\w-]+=)/, '')) : undefined
    if (path === undefined) continue
    const place = await inner.view.place(path)
    if (!place.node && place.isMakeable) ({world} = doubtfulAt(inner, place.at, 'made'))
  }
  return {world, status: 'unknown'}
}

/** Files that the words name; `andMore`: something may be made besides. */
async function replaceNamed(call: Call, words: readonly Value[], andMore: boolean): Promise<Outcome> {
  let {world} = andMore ? doubtfulAnywhere(call) : call.view
  for (const word of words) {
    const inner = after(call, world)
    const named = typeof word === 'string' ? word.replace(/^(-o|--[\w-]+=)/, '') : word
    if (typeof named === 'object') {
      ;({world} = await doubtfulWord(inner, named, named.below === undefined ? 'made' : 'replaced'))
      continue
    }
    const path = absolutePath(inner, named)
    if (path === undefined || named.startsWith('-')) continue
    const place = await inner.view.place(path)
    if (place.node?.kind === 'file' || place.maybe) ({world} = doubtfulAt(inner, place.at))
  }
  return {world, status: 'unknown'}
}
