import type {Doubtful} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {mayRead, maySearch} from '../permission.ts'
import {doubtVariables, unknownVariable, withVariable} from '../process-variables.ts'
import {joinPath, type Process, resolve} from '../resolved-path.ts'
import {wholeTextOf} from '../world/text.ts'
import type {WorldView} from '../world/view.ts'

/** How a program makes variables of the files of a directory, each with the name of its file. */
export interface VariableFiles {
  readonly of: 'daemontools' | 'runit' | 's6' | 'busybox'
  /** `s6-envdir -f`: all lines, and not the first alone. */
  readonly isWhole?: boolean
  /** `-n`: with the blanks at the end, or the last newline. */
  readonly keepsEnd?: boolean
  /** `-L`: however long it is. */
  readonly isUnbounded?: boolean
  /** `-c`: what stands for a NUL; a newline where this is absent. */
  readonly nul?: string
}

/** The process with the variables of a directory, or why its program ends before it starts another. */
export type WithVariables =
  | {readonly kind: 'process'; readonly process: Process}
  | {readonly kind: 'refused'; readonly reason: string; readonly maybe?: Doubtful}

/** In bytes; no more of a file is read. The C programs of daemontools and runit read all. */
const MOST = {daemontools: Infinity, runit: Infinity, s6: 4095, busybox: 255}
/** What is taken off the end of the line. */
const BLANKS = {daemontools: /[ \t]+$/, runit: /[ \t]+$/, s6: /[ \t\r]+$/, busybox: /[ \t\n\v\f\r]+$/}

/**
 * Reads a directory of variables: daemontools envdir.c; runit chpst.c and busybox runit/chpst.c, edir(); skalibs
 * envdir_clamp.c and envdir_noclamp.c. A directory that the image does not have may be mounted: what it sets is then
 * taken for what whoever starts the container sets, and left out.
 */
export async function readVariableFiles(
  view: WorldView,
  process: Process,
  directory: string,
  rules: VariableFiles,
): Promise<WithVariables> {
  const {node, obstacle, maybe, mode, gone} = await resolve(view, process, directory)
  const doubt = maybe ?? gone ?? mode
  if (directory === '') return refused('it does not take an empty path')
  if (obstacle?.kind === 'not-executable') return refused(`it may not go through ${obstacle.at}`, doubt)
  if (!node) {
    if (maybe) return {kind: 'process', process: withAnyOther(process, new Set())}
    const isBlocked = obstacle?.kind === 'missing' && obstacle.errno !== 'ENOENT'
    return isBlocked ? refused(`there can be no directory ${directory}`) : {kind: 'process', process}
  }
  if (node.kind !== 'directory') return refused(`${directory} is not a directory`, doubt)
  if (!mayRead(node, process.user) || !maySearch(node, process.user)) {
    return refused(`it may not read the directory ${directory}`, doubt)
  }
  const listing = await view.directory(node.path)
  const names = new Set<string>()
  let inside = process
  for (const name of listing?.names ?? []) {
    if (name.startsWith('.') || (rules.of === 's6' && name.includes('='))) continue
    const path = joinPath(node.path, name)
    const found = await readFile(view, process, path, rules)
    if (found.kind === 'refused') return found
    if (found.kind === 'directory') continue
    const [variable, value] = assignment(name, found.kind === 'text' ? readValue(found.text, rules) : 'unknown')
    names.add(variable)
    inside = withVariable(inside, variable, value === 'unknown' ? unknownVariable(variable) : value?.text)
  }
  return {kind: 'process', process: doubt || listing?.maybe ? withAnyOther(inside, names) : inside}
}

type Found =
  | {readonly kind: 'text'; readonly text: string}
  | {readonly kind: 'unknown' | 'directory'}
  | Extract<WithVariables, {kind: 'refused'}>

/** A file that cannot be read ends all of them; runit alone passes a directory over. */
async function readFile(view: WorldView, process: Process, path: string, {of}: VariableFiles): Promise<Found> {
  const {node, obstacle, maybe, mode, gone} = await resolve(view, process, path)
  const doubt = maybe ?? gone ?? mode
  if (obstacle?.kind === 'not-executable') return refused(`it may not go through ${obstacle.at}`, doubt)
  // What a symlink leads to that leads nowhere the older ones take for what they have read before.
  if (!node)
    return maybe || of === 'daemontools' || of === 'runit' ? {kind: 'unknown'} : refused(`it cannot read ${path}`)
  if (node.kind === 'directory') return of === 'runit' ? {kind: 'directory'} : refused(`${path} is a directory`, doubt)
  if (!mayRead(node, process.user)) return refused(`it may not read ${path}`, doubt)
  const text = await wholeTextOf(view, await view.place(path))
  return text === undefined ? {kind: 'unknown'} : {kind: 'text', text}
}

/** What a file sets its variable to; undefined where it takes it away. */
type VariableValue = {readonly text: string} | 'unknown' | undefined

function readValue(whole: string, rules: VariableFiles): VariableValue {
  const {of, isWhole, keepsEnd, isUnbounded, nul = '\n'} = rules
  if (whole === '') return undefined
  const [first = ''] = whole.split('\n', 1)
  // skagetln says that the line does not end, and what it has read of it is dropped.
  if (of === 's6' && isUnbounded && !isWhole && !keepsEnd && !whole.includes('\n')) return {text: ''}
  const read = isWhole ? whole : first
  if (!isUnbounded && new TextEncoder().encode(read).length >= MOST[of]) return 'unknown'
  const line = keepsEnd ? read : isWhole ? read.replace(/\n$/, '') : read.replace(BLANKS[of], '')
  if (!line.includes('\0')) return {text: line}
  return of === 'busybox' || (nul.codePointAt(0) ?? 0) > 0x7f ? 'unknown' : {text: line.replaceAll('\0', nul)}
}

/** daemontools puts an equals sign behind the name of a file: one in the name itself ends that of the variable. */
function assignment(name: string, value: VariableValue): readonly [string, VariableValue] {
  const equals = name.indexOf('=')
  if (equals < 0) return [name, value]
  const behind = name.slice(equals + 1)
  const text = typeof value === 'object' ? {text: `${behind}=${value.text}`} : (value ?? {text: behind})
  return [name.slice(0, equals), text]
}

/** Others may be set, or these to something else: whoever starts the container may have put more files there. */
function withAnyOther(process: Process, known: ReadonlySet<string>): Process {
  const open = doubtVariables(process, name => !known.has(name))
  return known.has('PATH') ? open : {...open, unknownPath: true}
}

function refused(reason: string, maybe?: Doubtful): Extract<WithVariables, {kind: 'refused'}> {
  return {kind: 'refused', reason, ...defined({maybe})}
}
