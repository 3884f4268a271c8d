import {isBelow} from '../../../lib/paths.ts'
import {mayWrite} from '../../permission.ts'
import {
  absolutePath,
  after,
  type Call,
  ends,
  hasOption,
  inOrder,
  type Outcome,
  optionValue,
  readArguments,
} from '../call.ts'
import {
  DIRECTORY_MODE,
  doubtfulAt,
  doubtfulCall,
  doubtfulRemoval,
  doubtfulWord,
  FILE_MODE,
  makeNode,
  masked,
  removeAt,
  writeFile,
} from '../files.ts'
import type {Place} from '../view.ts'
import {modeNumber} from './mode-number.ts'

// coreutils 9.1 src/mkdir.c, src/touch.c, src/rm.c, src/rmdir.c
const MKDIR = {short: 'pm:vZ', long: ['parents', 'mode=', 'verbose']}
const TOUCH = {short: 'acd:fhmr:t:', long: ['no-create', 'date=', 'no-dereference', 'reference=', 'time=']}
const RM = {
  short: 'dfiIrRv',
  long: [
    'dir',
    'force',
    'interactive[=]',
    'recursive',
    'one-file-system',
    'no-preserve-root',
    'preserve-root[=]',
    'verbose',
  ],
}
const RMDIR = {short: 'pv', long: ['parents', 'ignore-fail-on-non-empty', 'verbose']}

/** `mkdir [-p] DIRECTORY…`. */
export async function mkdir(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, MKDIR)
  const text = parsed && optionValue(parsed, 'm', 'mode')
  const mode = text === undefined ? masked(call, DIRECTORY_MODE) : modeNumber(text)
  if (!parsed || mode === undefined) return doubtfulCall(call)
  if (parsed.operands.length === 0) return ends(call, 'failure')
  return inOrder(call, parsed.operands, async (operand, inner) => {
    const path = absolutePath(inner, operand)
    if (path === undefined) return operand === '' ? ends(inner, 'failure') : doubtfulWord(inner, operand, 'made')
    if (hasOption(parsed, 'p', 'parents')) return makeDirectories(inner, path, mode)
    const place = await inner.view.place(path.replace(/\/+$/, '') || '/', {followLast: false})
    if (place.node) return ends(inner, place.maybe ? 'unknown' : 'failure')
    if (place.maybe) return doubtfulAt(inner, place.at)
    return makeNode(inner, place, {kind: 'directory', mode})
  })
}

/** `mkdir -p`: what is missing on the way is made as the umask has it, the last with `mode`. */
export async function makeDirectories(
  call: Call,
  path: string,
  mode: number,
  owner?: {readonly uid: number; readonly gid: number},
): Promise<Outcome> {
  let outcome: Outcome = {world: call.view.world, status: 'success'}
  const names = path.split('/').filter(part => part !== '')
  let at = ''
  for (const [index, name] of names.entries()) {
    at += `/${name}`
    const isLast = index === names.length - 1
    const inner = after(call, outcome.world)
    const place = await inner.view.place(at)
    if (place.node) {
      if (place.node.kind !== 'directory') return {world: outcome.world, status: place.maybe ? 'unknown' : 'failure'}
      continue
    }
    if (place.maybe?.grade === 'replaced') return {world: outcome.world, status: 'unknown'}
    const own = isLast ? {mode, ...owner} : {mode: masked(call, DIRECTORY_MODE)}
    const made = await makeNode(inner, place, {kind: 'directory', ...own})
    if (made.status === 'failure') return made
    outcome = made
  }
  return outcome
}

/** `touch FILE…`: makes what is not there. */
export async function touch(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, TOUCH)
  if (!parsed) return doubtfulCall(call)
  if (parsed.operands.length === 0) return ends(call, 'failure')
  return inOrder(call, parsed.operands, async (operand, inner) => {
    const path = absolutePath(inner, operand)
    if (path === undefined) return operand === '' ? ends(inner, 'failure') : doubtfulWord(inner, operand, 'made')
    const place = await inner.view.place(path)
    const {node} = place
    const isOption = hasOption(parsed, 'd', 'date', 'r', 'reference', 't', 'h', 'no-dereference')
    if (node) return ends(inner, mayWrite(node, inner.user) && !place.maybe && !isOption ? 'success' : 'unknown')
    if (hasOption(parsed, 'c', 'no-create')) return ends(inner, 'success')
    const made = await writeFile(inner, path, {kind: 'text', text: ''}, masked(inner, FILE_MODE))
    return isOption && made.status === 'success' ? doubtfulAt(inner, place.at, 'made') : made
  })
}

/** `rm [-r] [-f] FILE…`. */
export async function remove(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, RM)
  if (!parsed || hasOption(parsed, 'i', 'I', 'interactive')) return doubtfulCall(call)
  const isForced = hasOption(parsed, 'f', 'force')
  const isRecursive = hasOption(parsed, 'r', 'R', 'recursive')
  if (parsed.operands.length === 0) return ends(call, isForced ? 'success' : 'failure')
  return inOrder(call, parsed.operands, async (operand, inner) => {
    const path = absolutePath(inner, operand)
    if (path === undefined) {
      if (operand === '') return ends(inner, isForced ? 'unknown' : 'failure')
      return doubtfulRemoval(inner, operand)
    }
    if (/(^|\/)\.{1,2}\/*$/.test(path)) return ends(inner, 'unknown')
    const place = await inner.view.place(path, {followLast: false})
    const own = path.endsWith('/')
      ? await inner.view.place(path.replace(/\/+$/, '') || '/', {followLast: false})
      : place
    if (own.node?.kind === 'symlink' && own !== place) {
      // `rm -r link/`: GNU's empties the directory, busybox' leaves it or takes the link.
      return doubtfulAt(after(inner, doubtfulAt(inner, own.at).world), place.at)
    }
    // What may be a symlink, with a slash behind it: GNU's goes into the directory.
    if (place.maybe && path.endsWith('/')) return doubtfulAt(inner, place.at)
    if (!place.node) {
      const isAbsent = !place.maybe && place.isMakeable
      return ends(inner, isForced ? (isAbsent ? 'success' : 'unknown') : place.maybe ? 'unknown' : 'failure')
    }
    if (place.node.kind === 'directory' && !isRecursive) {
      return hasOption(parsed, 'd', 'dir') ? removeEmpty(inner, place) : ends(inner, 'failure')
    }
    if (place.node.kind === 'directory' && (inner.user.uid !== 0 || isMount(inner, place.at))) {
      return doubtfulAt(inner, place.at)
    }
    return removeAt(inner, place)
  })
}

/** A volume cannot be removed, what is in it can. */
function isMount({view: {world}}: Call, path: string): boolean {
  return world.doubts.some(({below, by}) => isBelow(below, path) && by.kind === 'volume')
}

/** `rmdir DIRECTORY…`. */
export async function removeDirectory(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, RMDIR)
  if (!parsed || hasOption(parsed, 'p', 'parents', 'ignore-fail-on-non-empty')) return doubtfulCall(call)
  if (parsed.operands.length === 0) return ends(call, 'failure')
  return inOrder(call, parsed.operands, async (operand, inner) => {
    const path = absolutePath(inner, operand)
    if (path === undefined) return ends(inner, operand === '' ? 'failure' : 'unknown')
    const place = await inner.view.place(path.replace(/\/+$/, '') || '/', {followLast: false})
    if (!place.node || place.maybe) return ends(inner, place.maybe ? 'unknown' : 'failure')
    return place.node.kind === 'directory' ? removeEmpty(inner, place) : ends(inner, 'failure')
  })
}

/** rmdir(2): what only the image knows the content of may be empty or not. */
function removeEmpty(call: Call, place: Place): Promise<Outcome> | Outcome {
  const {world} = call.view
  const below = [...world.changes].filter(([path]) => path !== place.at && isBelow(path, place.at))
  if (below.some(([, {kind}]) => kind === 'there')) return ends(call, 'failure')
  const isEmpty = place.content?.kind === 'none' && !world.doubts.some(doubt => isBelow(doubt.below, place.at))
  return isEmpty ? removeAt(call, place) : doubtfulAt(call, place.at)
}
