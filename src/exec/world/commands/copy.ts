import {directoryOf} from '../../../lib/paths.ts'
import {resolveUser} from '../../credentials.ts'
import {
  type Arguments,
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
  doubtfulSymlink,
  doubtfulWord,
  makeNode,
  masked,
  writeFile,
} from '../files.ts'
import type {Place} from '../view.ts'
import {makeDirectories} from './make.ts'
import {modeNumber} from './mode-number.ts'
import {contentOf, doubtfulLink, isReadable, makeLink, plantTree, transfer} from './transfer.ts'

// coreutils 9.1 src/cp.c, src/install.c; busybox 1.35 takes a part of these options.
const CP = {
  short: 'abdfHilLnprst:uvxPRS:TZ',
  long: [
    ...['archive', 'attributes-only', 'backup[=]', 'copy-contents', 'dereference', 'force', 'interactive', 'link'],
    ...['no-clobber', 'no-dereference', 'no-target-directory', 'one-file-system', 'parents', 'preserve[=]'],
    ...['no-preserve=', 'recursive', 'reflink[=]', 'remove-destination', 'sparse=', 'strip-trailing-slashes'],
    ...['symbolic-link', 'suffix=', 'target-directory=', 'update[=]', 'verbose'],
  ],
}
const INSTALL = {
  short: 'bcCsDdg:m:o:pS:t:TvZ',
  long: [
    ...['backup[=]', 'compare', 'directory', 'group=', 'mode=', 'owner=', 'preserve-timestamps', 'strip', 'suffix='],
    ...['target-directory=', 'no-target-directory', 'verbose'],
  ],
}

/** `cp SOURCE… TARGET`: the copies are followed to what they are copies of. */
export async function copy(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, CP)
  if (!parsed || hasOption(parsed, 'attributes-only', 'help', 'version')) return doubtfulCall(call)
  const isRecursive = hasOption(parsed, 'a', 'r', 'R', 'archive', 'recursive')
  const keepsLinks =
    hasOption(parsed, 'a', 'd', 'P', 'archive', 'no-dereference') ||
    (isRecursive && !hasOption(parsed, 'L', 'H', 'dereference', 'l', 'link'))
  const isPreserved = hasOption(parsed, 'a', 'p', 'archive', 'preserve')
  const keptModes = {uid: call.user.uid, gid: call.user.gid, umask: call.umask ?? 0}
  return transfer(call, parsed, keepsLinks && !hasOption(parsed, 'L', 'dereference'), async (inner, source, target) => {
    const {node} = source
    const place = await inner.view.place(target)
    if (hasOption(parsed, 'n', 'no-clobber') && place.node && !place.maybe) return ends(inner, 'unknown')
    const isConditional = hasOption(parsed, 'n', 'u', 'i', 'no-clobber', 'update', 'interactive')
    if (isConditional && (place.node || place.maybe)) return doubtfulAt(inner, place.at)
    if (hasOption(parsed, 'parents')) return doubtfulAt(inner, directoryOf(place.at))
    if (hasOption(parsed, 's', 'l', 'symbolic-link', 'link')) return copyAsLink(inner, parsed, source, target)
    if (node?.kind === 'directory') {
      if (!isRecursive) return ends(inner, 'failure')
      if (place.node && place.node.kind !== 'directory') return ends(inner, 'failure')
      return copyTree(inner, source, place, isPreserved ? undefined : keptModes)
    }
    if (node?.kind === 'symlink') return copyLink(inner, source, target)
    if (node?.kind !== 'file') return doubtfulAt(inner, place.at)
    return copyFile(inner, source, target, {isPreserved, isNew: hasOption(parsed, 'remove-destination')})
  })
}

async function copyFile(
  call: Call,
  source: Place,
  target: string,
  {isPreserved, isNew}: {readonly isPreserved: boolean; readonly isNew: boolean},
): Promise<Outcome> {
  const {node} = source
  if (!node) return ends(call, 'failure')
  const place = await call.view.place(target)
  const readable = isReadable(call, source)
  if (readable === undefined) return doubtfulAt(call, place.at)
  const last = await call.view.place(target, {followLast: false})
  // GNU's fails. busybox sees that two names are of one file, and empties it where one is a symlink to the other.
  if (readable && place.at === source.at && last.at !== place.at) return doubtfulAt(call, place.at)
  if (!readable || place.at === source.at) return ends(call, 'failure')
  // GNU's does not write through a dangling symlink, busybox does.
  if (last.node?.kind === 'symlink' && !place.node && !isNew) return doubtfulAt(call, place.at)
  const isRoot = call.user.uid === 0
  const mode = isPreserved ? (isRoot ? node.mode : node.mode & 0o1777) : masked(call, node.mode & 0o777)
  return writeFile(call, target, contentOf(source), mode, {
    keepsMode: !isPreserved,
    isNew,
    ...(isPreserved && isRoot ? {owner: {uid: node.uid, gid: node.gid}} : {}),
  })
}

async function copyLink(call: Call, source: Place, target: string): Promise<Outcome> {
  const place = await call.view.place(target, {followLast: false})
  // GNU's takes a file away for it, busybox fails; what is written there later may be written to what it leads to.
  if (place.node || place.maybe || !source.node) {
    const {world} = await doubtfulSymlink(call, place.at, source.node?.target ?? '')
    return doubtfulAt(after(call, world), (await call.view.place(source.at)).at)
  }
  return makeNode(call, place, {kind: 'symlink', mode: 0o777, target: source.node.target ?? ''})
}

/** `cp -s`, `cp -l`. */
async function copyAsLink(call: Call, parsed: Arguments, source: Place, target: string): Promise<Outcome> {
  const place = await call.view.place(target, {followLast: false})
  if (place.node || place.maybe || source.node?.kind === 'directory')
    return hasOption(parsed, 'l', 'link')
      ? doubtfulLink(call, place.at, source.at)
      : doubtfulSymlink(call, place.at, source.at)
  if (!source.node) return ends(call, 'failure')
  if (!hasOption(parsed, 's', 'symbolic-link')) return makeLink(call, place, source, source.node)
  return doubtfulSymlink(call, place.at, source.at)
}

/** `cp -r DIRECTORY TARGET`: under another name, or over a directory that is there. */
function copyTree(
  call: Call,
  source: Place,
  place: Place,
  owner: {readonly uid: number; readonly gid: number; readonly umask: number} | undefined,
): Promise<Outcome> | Outcome {
  if (source.at === place.at) return ends(call, 'failure')
  if (call.user.uid !== 0 || call.umask === undefined) return doubtfulAt(call, place.at)
  if (place.maybe || (!place.node && !place.isMakeable)) return doubtfulAt(call, place.at)
  const isOver = place.node !== undefined
  const world = plantTree(call, source, place, {owner, isOver})
  if (!world) return doubtfulAt(call, place.at)
  // A file where the other has a directory: only the run shows.
  return {world, status: isOver ? 'unknown' : 'success'}
}

/** `install SOURCE… TARGET`, `install -d DIRECTORY…`. */
export async function install(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, INSTALL)
  const mode = parsed && modeNumber(optionValue(parsed, 'm', 'mode') ?? '755')
  if (!parsed || mode === undefined || hasOption(parsed, 'b', 'backup', 'C', 'compare')) return doubtfulCall(call)
  const owner = await ownerOf(call, parsed)
  if (owner === 'nobody') return ends(call, 'failure')
  if (owner === undefined) return doubtfulCall(call)
  if (hasOption(parsed, 'd', 'directory')) {
    if (parsed.operands.length === 0) return ends(call, 'failure')
    return inOrder(call, parsed.operands, async (operand, inner) => {
      const path = absolutePath(inner, operand)
      if (path === undefined) return doubtfulWord(inner, operand, 'made')
      const before = await inner.view.place(path)
      const made = await makeDirectories(inner, path, mode, owner)
      // It sets the mode of a directory that is there, too.
      return before.node?.kind === 'directory' ? doubtfulAt(after(inner, made.world), before.at, 'mode') : made
    })
  }
  const ready = hasOption(parsed, 'D') ? await withParents(call, parsed) : call
  return transfer(ready, parsed, false, async (inner, source, target) => {
    if (source.node?.kind !== 'file') return ends(inner, source.node?.kind === 'directory' ? 'failure' : 'unknown')
    const readable = isReadable(inner, source)
    const place = await inner.view.place(target)
    if (readable === undefined || place.maybe?.grade === 'replaced') return doubtfulAt(inner, place.at)
    if (!readable || place.at === source.at) return ends(inner, 'failure')
    return writeFile(inner, target, contentOf(source), mode, {isNew: true, owner})
  })
}

/** `install -D`: the directories on the way are made first, also for a source that is not there. */
async function withParents(call: Call, parsed: Arguments): Promise<Call> {
  const into = optionValue(parsed, 't', 'target-directory')
  const target = absolutePath(call, into ?? parsed.operands.at(-1))
  if (target === undefined || (into === undefined && parsed.operands.length !== 2)) return call
  const directory = into === undefined ? directoryOf(target.replace(/\/+$/, '')) : target
  return after(call, (await makeDirectories(call, directory, masked(call, DIRECTORY_MODE))).world)
}

/** Whose the files are; `nobody` where there is no such user, undefined where that is not known. */
async function ownerOf(
  {view, user}: Call,
  parsed: Arguments,
): Promise<{readonly uid: number; readonly gid: number} | 'nobody' | undefined> {
  const [owner, group] = [optionValue(parsed, 'o', 'owner'), optionValue(parsed, 'g', 'group')]
  if (owner === undefined && group === undefined) return {uid: user.uid, gid: user.gid}
  if (typeof (owner ?? '') !== 'string' || typeof (group ?? '') !== 'string' || user.uid !== 0) return undefined
  const isCertain =
    (await view.lookup('/etc/passwd')).maybe === undefined && (await view.lookup('/etc/group')).maybe === undefined
  const found = await resolveUser(view, `${owner ?? '0'}:${group ?? '0'}`)
  if (!found.ok) return isCertain ? 'nobody' : undefined
  return {uid: owner === undefined ? user.uid : found.value.uid, gid: group === undefined ? user.gid : found.value.gid}
}
