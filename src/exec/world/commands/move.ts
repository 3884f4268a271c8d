import {isBelow} from '../../../lib/paths.ts'
import {joinPath} from '../../resolved-path.ts'
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
import {doubtfulAt, doubtfulCall, doubtfulSymlink, doubtfulWord, makeNode, removeAt} from '../files.ts'
import {contentOf, doubtfulLink, lastName, makeLink, plantTree, transfer} from './transfer.ts'

// coreutils 9.1 src/mv.c, src/ln.c; busybox 1.35 takes a part of these options.
const MV = {
  short: 'bfint:uvS:TZ',
  long: [
    ...['backup[=]', 'force', 'interactive', 'no-clobber', 'no-target-directory', 'strip-trailing-slashes', 'suffix='],
    ...['target-directory=', 'update[=]', 'verbose'],
  ],
}
const LN = {
  short: 'bdfFiLnPrsS:t:Tv',
  long: [
    ...['backup[=]', 'directory', 'force', 'interactive', 'logical', 'no-dereference', 'physical', 'relative'],
    ...['symbolic', 'suffix=', 'target-directory=', 'no-target-directory', 'verbose'],
  ],
}

/** `mv SOURCE… TARGET`. */
export async function move(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, MV)
  if (!parsed) return doubtfulCall(call)
  const isConditional = hasOption(parsed, 'n', 'u', 'i', 'no-clobber', 'update', 'interactive', 'backup', 'b')
  return transfer(call, parsed, true, async (inner, source, target) => {
    const {node} = source
    if (!node) return ends(inner, 'failure')
    const place = await inner.view.place(target, {followLast: false})
    // busybox says nothing of a file that is moved to its own place.
    if (place.at === source.at) return ends(inner, 'unknown')
    // `-T` over a symlink to a directory: GNU's takes its place, busybox' fails.
    const isOver = hasOption(parsed, 'T', 'no-target-directory') && place.node?.kind === 'symlink'
    const isOverDirectory =
      isOver && node.kind !== 'directory' && (await inner.view.place(target)).node?.kind === 'directory'
    // What may have been made there is taken for a file, which is written over.
    if (place.maybe?.grade === 'replaced' || isOverDirectory || (isConditional && (place.node || place.maybe))) {
      const {world} = await doubtfulSymlink(inner, place.at, node.target ?? '')
      return doubtfulAt(after(inner, world), source.at)
    }
    if (node.kind === 'directory') return moveDirectory(inner, source, place)
    if (place.node?.kind === 'directory') return ends(inner, 'failure')
    if (target.endsWith('/')) return ends(inner, 'failure')
    const removed = await removeAt(inner, source)
    if (removed.status !== 'success')
      return {...removed, world: doubtfulAt(after(inner, removed.world), place.at).world}
    const made = await makeNode(inner, place, node, contentOf(source))
    if (made.status === 'failure') return made
    // Its permissions, which it keeps, are not known.
    const world = source.mode ? doubtfulAt(after(inner, made.world), place.at, 'mode').world : made.world
    return removeAt(after(inner, world), source)
  })
}

async function moveDirectory(
  call: Call,
  source: Parameters<typeof plantTree>[1],
  place: typeof source,
): Promise<Outcome> {
  if (isBelow(place.at, source.at)) return ends(call, 'failure')
  if (place.node && place.node.kind !== 'directory') return ends(call, 'failure')
  const doubtful = () => doubtfulAt(after(call, doubtfulAt(call, place.at).world), source.at)
  if (place.node || place.maybe || call.user.uid !== 0 || !place.isMakeable) return doubtful()
  const world = plantTree(call, source, place, {owner: undefined, isOver: false})
  return world ? removeAt(after(call, world), source) : doubtful()
}

/** `ln [-s] TARGET… NAME`. */
export async function link(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, LN)
  if (!parsed || hasOption(parsed, 'b', 'backup', 'i', 'interactive')) return doubtfulCall(call)
  const isSymbolic = hasOption(parsed, 's', 'symbolic')
  const {operands} = parsed
  const into = optionValue(parsed, 't', 'target-directory')
  const sources = into === undefined ? (operands.length > 1 ? operands.slice(0, -1) : operands) : operands
  const last = into ?? (operands.length > 1 ? operands.at(-1) : '.')
  if (sources.length === 0 || last === '') return ends(call, 'failure')
  const name = absolutePath(call, last)
  if (name === undefined) return doubtfulWord(call, last)
  const keepsLink = hasOption(parsed, 'n', 'T', 'no-dereference', 'no-target-directory')
  return inOrder(call, sources, async (source, inner) => {
    const there = await inner.view.place(name, {followLast: !keepsLink})
    if (typeof source !== 'string') return doubtfulAt(inner, there.at)
    const doubtful = (at: string, from = inner) => (isSymbolic ? doubtfulSymlink : doubtfulLink)(from, at, source)
    if (there.maybe?.grade === 'replaced') {
      // The name, or a directory of that name.
      const {world} = await doubtful(there.at)
      return doubtful(joinPath(there.at, lastName(source)), after(inner, world))
    }
    const isInside = there.node?.kind === 'directory' && !hasOption(parsed, 'T', 'no-target-directory')
    // A name with a slash behind it is one of a directory that is there.
    if (!isInside && (sources.length > 1 || name.endsWith('/')))
      return there.maybe ? doubtfulAt(inner, there.at) : ends(inner, 'failure')
    const place = await inner.view.place(isInside ? `${name}/${lastName(source)}` : name, {followLast: false})
    // The same file by another path.
    if (hasOption(parsed, 'r', 'relative')) return doubtfulSymlink(inner, place.at, absolutePath(inner, source) ?? '')
    if (place.maybe) return doubtful(place.at)
    if (place.node && (place.node.kind === 'directory' || !hasOption(parsed, 'f', 'force')))
      return ends(inner, 'failure')
    if (place.node && (await isAt(inner, source, place.at))) {
      // coreutils leaves it and fails; busybox takes it away, and makes a symlink to itself of it.
      return doubtfulAt(inner, place.at)
    }
    if (isSymbolic) {
      return source === ''
        ? ends(inner, 'failure')
        : makeNode(inner, place, {kind: 'symlink', mode: 0o777, target: source})
    }
    const path = absolutePath(inner, source)
    if (path === undefined) return source === '' ? ends(inner, 'failure') : doubtfulAt(inner, place.at)
    const original = await inner.view.place(path, {followLast: hasOption(parsed, 'L', 'logical')})
    if (original.maybe) return doubtful(place.at)
    if (!original.node || original.node.kind === 'directory') return ends(inner, 'failure')
    if (original.at === place.at) return ends(inner, 'failure')
    // fs.protected_hardlinks: of files that are not theirs others than root may not make one.
    if (inner.user.uid !== 0 && inner.user.uid !== original.node.uid) return doubtful(place.at)
    return makeLink(inner, place, original, original.node)
  })
}

/** Whether a path names this entry of a directory. */
async function isAt(call: Call, path: string, at: string): Promise<boolean> {
  const absolute = absolutePath(call, path)
  return absolute !== undefined && (await call.view.place(absolute, {followLast: false})).at === at
}
