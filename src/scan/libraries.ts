import {identify, judgeMachine} from '../binary/index.ts'
import type {Command} from '../exec/index.ts'
import {
  checkLibraries,
  explainMissingLoader,
  type LibraryReader,
  type LoaderFile,
  type LoaderObstacle,
  type LoaderSetup,
  openingReader,
  type Process,
  readLoaderSetup,
} from '../exec/index.ts'
import type {FileNode, RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import type {Platform} from '../platform/index.ts'
import type {LibraryProblem} from './facts.ts'
import {findOtherLibc, hasKey, type OutsidePath, siblingKeys, soleLibc} from './outside-path.ts'
import type {SeenElf} from './seen.ts'

/** A native program in a directory of PATH. */
export interface PathProgram {
  readonly node: FileNode
  readonly seen: SeenElf
}

export interface LibrariesInput {
  readonly rootfs: RootFs
  readonly platform: Platform
  readonly command: Pick<Command, 'env' | 'runtimes'>
  readonly programs: readonly PathProgram[]
  readonly outside: OutsidePath
  /** Whether the image has a native file, or a link, of this name anywhere. */
  isThere(name: string): boolean
  /** What the scan saw of a file; undefined where it kept nothing of it. */
  seenAt(path: string): SeenElf | undefined
}

/**
 * Follows the loader through every program, as root and with the image's environment. Loaders are read once each,
 * libraries not at all: they were seen. Outside PATH a launcher may say where libraries are, so only one that is
 * nowhere in the image is missing there; and of a package for two C libraries one program is enough.
 */
export async function findLibraryProblems(input: LibrariesInput): Promise<{
  readonly programs: number
  readonly problems: readonly LibraryProblem[]
}> {
  const {rootfs, platform, command, outside} = input
  const opening = openingReader(rootfs)
  const read: LibraryReader = async node => {
    const seen = input.seenAt(node.path)
    return seen ? {file: seen, linked: seen.linked, dynamic: seen.dynamic} : opening(node)
  }
  const loaders = new Map<string, Promise<Loader | undefined>>()
  const problems: LibraryProblem[] = []
  const started: {readonly node: {readonly path: string}}[] = [...outside.statics]
  let programs = 0
  for (const [index, program] of [...input.programs, ...outside.programs].entries()) {
    const {node, seen} = program
    const place: LibraryProblem['place'] = index < input.programs.length ? 'path' : 'elsewhere'
    if (seen.interpreter === undefined || seen.refusal !== undefined) continue
    programs += 1
    const process: Process = {argv: [node.path], cwd: '/', env: command.env, user: ROOT}
    const at = {path: node.path, place, ...defined({layer: node.layer})}
    const known = loaders.get(seen.interpreter) ?? readLoader(input, process, seen.interpreter)
    loaders.set(seen.interpreter, known)
    const loader = await known
    if (loader === undefined) {
      const cause = await explainMissingLoader(rootfs, platform, seen.interpreter)
      problems.push({
        ...at,
        obstacle: {kind: 'missing-loader', loader: seen.interpreter, ...defined({cause})},
        more: 0,
      })
      continue
    }
    started.push(program)
    if (loader === 'unfit' || loader === 'strange') continue
    const {obstacles, undetermined} = await checkLibraries({
      rootfs,
      process,
      runtimes: command.runtimes,
      program: {path: node.path, node, elf: seen},
      loader: loader.file,
      setup: loader.setup,
      read,
    })
    const [first, ...others] = place === 'path' ? obstacles : obstacles.filter(one => isMissing(one, input))
    if (first !== undefined) problems.push({...at, obstacle: first, more: others.length})
    if (undetermined !== undefined)
      problems.push({...at, obstacle: {kind: 'undetermined', reason: undetermined}, more: 0})
  }
  const keys = siblingKeys(started)
  const libc = await soleLibc(rootfs, platform)
  return {
    programs,
    problems: [
      ...problems.filter(({path, place, obstacle}) => {
        const mayBeForOther = place === 'elsewhere' && obstacle.kind === 'missing-loader'
        return !mayBeForOther || !hasKey(keys, {node: {path}})
      }),
      ...(libc === undefined ? [] : findOtherLibc(outside.libraries, libc, input.isThere)),
    ],
  }
}

/**
 * Outside PATH a library may be found in a way that nothing here shows: it is missing
 * where the image does not have it at all.
 */
function isMissing(obstacle: LoaderObstacle, {isThere}: LibrariesInput): boolean {
  return obstacle.kind !== 'missing-library' || !isThere(obstacle.library)
}

const ROOT = {uid: 0, gid: 0, groups: [], home: undefined} as const

/**
 * `unfit`: of another machine, or no loader: that is reported for the file itself.
 * `strange`: neither glibc's nor musl's.
 */
type Loader = 'unfit' | 'strange' | {readonly file: LoaderFile; readonly setup: LoaderSetup}

/** Undefined where the path leads to no file. */
async function readLoader(
  {rootfs, platform}: LibrariesInput,
  process: Process,
  path: string,
): Promise<Loader | undefined> {
  // A relative one depends on where the program is started.
  if (!path.startsWith('/')) return 'unfit'
  const found = await rootfs.lookup(path)
  if (found.outcome !== 'found') return undefined
  if (found.node.kind !== 'file') return 'unfit'
  const elf = await identify(await rootfs.open(found.node))
  if (elf.kind !== 'elf' || judgeMachine(elf, platform).fit !== 'native') return 'unfit'
  const file: LoaderFile = {path, node: found.node, elf}
  const setup = await readLoaderSetup({rootfs, process, loader: file})
  return setup === undefined ? 'strange' : {file, setup}
}
