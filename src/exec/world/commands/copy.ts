import {defined} from '../../../lib/defined.ts'
import {
  type Arguments,
  absolutePath,
  type Call,
  hasOption,
  inOrder,
  type Outcome,
  optionValue,
  readArguments,
} from '../call.ts'
import {doubtAt, doubtful, makeNode, NEW_DIRECTORY, removeAt, writeFile} from '../files.ts'
import {type Place, viewWorld} from '../view.ts'
import type {Content} from '../world.ts'

// coreutils 9.1 src/cp.c, src/mv.c, src/install.c, src/ln.c; busybox 1.35 takes a part of these options.
const CP = {
  short: 'abdfHilLnprst:uvxPRS:TZ',
  long: [
    'archive',
    'attributes-only',
    'backup',
    'dereference',
    'force',
    'interactive',
    'link',
    'no-clobber',
    'no-dereference',
    'no-target-directory',
    'one-file-system',
    'parents',
    'preserve',
    'no-preserve=',
    'recursive',
    'reflink',
    'remove-destination',
    'sparse=',
    'strip-trailing-slashes',
    'symbolic-link',
    'suffix=',
    'target-directory=',
    'update',
    'verbose',
  ],
}
const MV = {
  short: 'bfint:uvS:TZ',
  long: [
    'backup',
    'force',
    'interactive',
    'no-clobber',
    'no-target-directory',
    'strip-trailing-slashes',
    'suffix=',
    'target-directory=',
    'update',
    'verbose',
  ],
}
const INSTALL = {
  short: 'bcCsDdg:m:o:pS:t:TvZ',
  long: [
    'backup',
    'compare',
    'directory',
    'group=',
    'mode=',
    'owner=',
    'preserve-timestamps',
    'strip',
    'suffix=',
    'target-directory=',
    'no-target-directory',
    'verbose',
  ],
}
const LN = {
  short: 'bdfFiLnPrsS:t:Tv',
  long: [
    'backup',
    'directory',
    'force',
    'interactive',
    'logical',
    'no-dereference',
    'physical',
    'relative',
    'symbolic',
    'suffix=',
    'target-directory=',
    'no-target-directory',
    'verbose',
  ],
}

/** One file to another name. */
type Transfer = (call: Call, source: Place, target: string) => Promise<Outcome>

/** `cp SOURCE… TARGET`: the copies are followed to what they are copies of. */
export async function copy(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, CP)
  if (!parsed) return doubtful(call, undefined)
  const isRecursive = hasOption(parsed, 'a', 'r', 'R', 'archive', 'recursive')
  const keepsLinks =
    hasOption(parsed, 'a', 'd', 'P', 'archive', 'no-dereference') ||
    (isRecursive && !hasOption(parsed, 'L', 'H', 'dereference'))
  const isConditional = hasOption(parsed, 'n', 'u', 'i', 'no-clobber', 'update', 'interactive', 'parents')
  return transfer(call, parsed, keepsLinks, async (inner, source, target) => {
    const {node} = source
    if (!node) return {world: inner.view.world, status: 'failure'}
    if (isConditional && (await inner.view.place(target)).node) return doubtful(inner, target)
    if (hasOption(parsed, 's', 'l', 'symbolic-link', 'link')) return doubtful(inner, target)
    if (node.kind === 'directory') {
      if (!isRecursive) return {world: inner.view.world, status: 'failure'}
      return copyTree(inner, source, target)
    }
    if (node.kind === 'symlink') {
      const place = await inner.view.place(target, {followLast: false})
      return makeNode(inner, place, {
        kind: 'symlink',
        mode: 0o777,
        ...defined({target: node.target}),
      })
    }
    if (node.kind !== 'file') return doubtful(inner, target)
    const isPreserved = hasOption(parsed, 'a', 'p', 'archive', 'preserve')
    const replaces = hasOption(parsed, 'remove-destination')
    return writeFile(inner, target, contentOf(source), isPreserved ? node.mode : node.mode & 0o755, {
      keepsMode: !isPreserved,
      isNew: replaces,
    })
  })
}

/** `mv SOURCE… TARGET`. */
export async function move(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, MV)
  if (!parsed) return doubtful(call, undefined)
  const isConditional = hasOption(parsed, 'n', 'u', 'i', 'no-clobber', 'update', 'interactive', 'backup', 'b')
  return transfer(call, parsed, true, async (inner, source, target) => {
    const {node} = source
    if (!node) return {world: inner.view.world, status: 'failure'}
    const place = await inner.view.place(target, {followLast: false})
    if (place.at === source.at) return {world: inner.view.world, status: 'failure'}
    if (isConditional && place.node) return doubtful(inner, target)
    const moved = await makeNode(inner, place, node, contentOf(source))
    if (moved.status !== 'success') return moved
    return removeAt({...inner, view: viewWorld(inner.view.image, moved.world)}, source)
  })
}

/** `install SOURCE… TARGET`, `install -d DIRECTORY…`. */
export async function install(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, INSTALL)
  if (!parsed) return doubtful(call, undefined)
  const mode = modeNumber(optionValue(parsed, 'm', 'mode') ?? '755')
  if (hasOption(parsed, 'd', 'directory')) {
    return inOrder(
      call,
      parsed.operands,
      (operand, inner) => makeDirectories(inner, absolutePath(inner, operand), mode),
      see(call),
    )
  }
  return transfer(call, parsed, false, async (inner, source, target) => {
    if (source.node?.kind !== 'file') return {world: inner.view.world, status: 'failure'}
    if (mode === undefined) return doubtful(inner, target)
    const before = hasOption(parsed, 'D') ? await makeDirectories(inner, parentOf(target), NEW_DIRECTORY) : undefined
    const after = before ? {...inner, view: viewWorld(inner.view.image, before.world)} : inner
    return writeFile(after, target, contentOf(source), mode, {keepsMode: false, isNew: true})
  })
}

/** `ln [-s] TARGET… NAME`. */
export async function link(call: Call): Promise<Outcome> {
  const parsed = readArguments(call.words, LN)
  if (!parsed) return doubtful(call, undefined)
  const isSymbolic = hasOption(parsed, 's', 'symbolic')
  const {operands} = parsed
  const into = optionValue(parsed, 't', 'target-directory')
  const sources = into === undefined ? (operands.length > 1 ? operands.slice(0, -1) : operands) : operands
  const last = into ?? (operands.length > 1 ? operands.at(-1) : '.')
  const name = absolutePath(call, last)
  if (name === undefined) return doubtful(call, undefined)
  const keepsLink = hasOption(parsed, 'n', 'T', 'no-dereference', 'no-target-directory')
  return inOrder(
    call,
    sources,
    async (source, inner) => {
      if (typeof source !== 'string') return doubtful(inner, name)
      const there = await inner.view.place(name, {followLast: !keepsLink})
      const isInside = there.node?.kind === 'directory' && !hasOption(parsed, 'T', 'no-target-directory')
      const path = isInside ? `${name}/${lastName(source)}` : name
      const place = await inner.view.place(path, {followLast: false})
      if (hasOption(parsed, 'r', 'relative')) return doubtful(inner, place.at)
      if (place.node && (place.node.kind === 'directory' || !hasOption(parsed, 'f', 'force'))) {
        return {world: inner.view.world, status: place.maybe ? 'unknown' : 'failure'}
      }
      if (isSymbolic) return makeNode(inner, place, {kind: 'symlink', mode: 0o777, target: source})
      const original = await inner.view.place(absolutePath(inner, source) ?? source)
      if (!original.node)
        return original.maybe ? doubtful(inner, place.at) : {world: inner.view.world, status: 'failure'}
      return makeNode(inner, place, original.node, contentOf(original))
    },
    see(call),
  )
}

/** Each source into the directory that is the last operand, or under its name. */
async function transfer(call: Call, parsed: Arguments, keepsLinks: boolean, run: Transfer): Promise<Outcome> {
  const into = optionValue(parsed, 't', 'target-directory')
  const sources = into === undefined ? parsed.operands.slice(0, -1) : parsed.operands
  if (sources.length === 0) return {world: call.view.world, status: 'failure'}
  const target = absolutePath(call, into ?? parsed.operands.at(-1))
  if (target === undefined) return doubtful(call, undefined)
  return inOrder(
    call,
    sources,
    async (word, inner) => {
      const there = await inner.view.place(target)
      const isDirectory = there.node?.kind === 'directory' && !hasOption(parsed, 'T', 'no-target-directory')
      // A directory that may have been made or mounted: the file is in it, or has its name.
      if (!isDirectory && there.maybe) return doubtful(inner, there.at)
      const path = absolutePath(inner, word)
      if (path === undefined) return doubtful(inner, target)
      const name = isDirectory ? `${target}/${lastName(path)}` : target
      if (!isDirectory && (sources.length > 1 || into !== undefined || target.endsWith('/'))) {
        return {world: inner.view.world, status: 'failure'}
      }
      const source = await inner.view.place(path, {followLast: !keepsLinks})
      if (source.content?.kind === 'unknown' || source.maybe) {
        const world = doubtAt(inner.view.world, (await inner.view.place(name)).at, inner.by)
        return {world, status: source.node && !source.maybe ? 'success' : 'unknown'}
      }
      if (!source.node) {
        const place = await inner.view.place(name)
        return {world: inner.view.world, status: 'failure', given: [{below: place.at, grade: 'replaced', by: inner.by}]}
      }
      return run(inner, source, name)
    },
    see(call),
  )
}

/**
 * `cp -r DIRECTORY TARGET`: the image's own directory under another name; one that was
 * changed, or over another, is not known.
 */
async function copyTree(call: Call, source: Place, target: string): Promise<Outcome> {
  const place = await call.view.place(target)
  const isChanged = [...call.view.world.changes.keys()].some(
    path => path.startsWith(`${source.at}/`) || path === source.at,
  )
  if (place.node || isChanged || !source.node)
    return {world: doubtAt(call.view.world, place.at, call.by), status: 'unknown'}
  return makeNode(call, place, source.node, {kind: 'tree', of: source.at})
}

/** What a copy of a file holds: it is a copy of what that is a copy of. */
function contentOf({node, content}: Place): Content {
  if (content) return content
  return node?.kind === 'file'
    ? {kind: 'file', of: node}
    : node?.kind === 'directory'
      ? {kind: 'tree', of: node.path}
      : {kind: 'text', text: ''}
}

/** `mkdir -p`. */
export async function makeDirectories(
  call: Call,
  path: string | undefined,
  mode: number | undefined,
): Promise<Outcome> {
  if (path === undefined) return doubtful(call, undefined)
  let outcome: Outcome = {world: call.view.world, status: 'success'}
  let at = ''
  const names = path.split('/').filter(part => part !== '')
  for (const name of names) {
    at += `/${name}`
    const view = viewWorld(call.view.image, outcome.world)
    const place = await view.place(at)
    if (place.node) {
      if (place.node.kind !== 'directory') return {world: outcome.world, status: 'failure'}
      continue
    }
    // `-m` is the mode of the last one alone.
    const isLast = at === `/${names.join('/')}`
    outcome = await makeNode({...call, view}, place, {
      kind: 'directory',
      mode: (isLast ? mode : undefined) ?? NEW_DIRECTORY,
    })
    if (outcome.status !== 'success') return outcome
  }
  return outcome
}

function see({view}: Call) {
  return (world: Call['view']['world']) => viewWorld(view.image, world)
}

function modeNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^[0-7]{1,4}$/.test(value) ? Number.parseInt(value, 8) : undefined
}

function parentOf(path: string): string {
  return path.slice(0, path.replace(/\/+$/, '').lastIndexOf('/')) || '/'
}

function lastName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? ''
}
