import {identify, judgeMachine} from '../binary/index.ts'
import type {Environment} from '../exec/index.ts'
import {
  checkLibraries,
  explainMissingLoader,
  type LibraryReader,
  type LoaderFile,
  type LoaderSetup,
  openingReader,
  type Process,
  readLoaderSetup,
} from '../exec/index.ts'
import type {FileNode, RootFs} from '../image/rootfs.ts'
import type {Platform} from '../platform/index.ts'
import type {LibraryProblem} from './facts.ts'
import type {SeenElf} from './seen.ts'

/** A native program in a directory of PATH. */
export interface PathProgram {
  readonly node: FileNode
  readonly seen: SeenElf
}

export interface LibrariesInput {
  readonly rootfs: RootFs
  readonly platform: Platform
  readonly env: Environment
  readonly programs: readonly PathProgram[]
  /** What the scan saw of a file; undefined where it kept nothing of it. */
  seenAt(path: string): SeenElf | undefined
}

/**
 * Follows the loader through every program, as root and with the image's environment. Loaders are read once each,
 * libraries not at all: they were seen.
 */
export async function findLibraryProblems(input: LibrariesInput): Promise<{
  readonly programs: number
  readonly problems: readonly LibraryProblem[]
}> {
  const {rootfs, platform, env} = input
  const opening = openingReader(rootfs)
  const read: LibraryReader = async node => {
    const seen = input.seenAt(node.path)
    return seen ? {file: seen, linked: seen.linked, dynamic: seen.dynamic} : opening(node)
  }
  const loaders = new Map<string, Promise<Loader | undefined>>()
  const problems: LibraryProblem[] = []
  let programs = 0
  for (const program of input.programs) {
    const {node, seen} = program
    if (seen.interpreter === undefined || seen.refusal !== undefined) continue
    programs += 1
    const process: Process = {argv: [node.path], cwd: '/', env, user: ROOT}
    const at = {path: node.path, ...(node.layer === undefined ? {} : {layer: node.layer})}
    const known = loaders.get(seen.interpreter) ?? readLoader(input, process, seen.interpreter)
    loaders.set(seen.interpreter, known)
    const loader = await known
    if (loader === undefined) {
      const cause = await explainMissingLoader(rootfs, platform, seen.interpreter)
      problems.push({
        ...at,
        obstacle: {kind: 'missing-loader', loader: seen.interpreter, ...(cause === undefined ? {} : {cause})},
        more: 0,
      })
      continue
    }
    if (loader === 'unfit' || loader === 'strange') continue
    const {obstacles} = await checkLibraries({
      rootfs,
      process,
      program: {path: node.path, node, elf: seen},
      loader: loader.file,
      setup: loader.setup,
      read,
    })
    const [first, ...others] = obstacles
    if (first !== undefined) problems.push({...at, obstacle: first, more: others.length})
  }
  return {programs, problems}
}

const ROOT = {uid: 0, gid: 0, groups: [], home: undefined} as const

/**
 * `unfit`: of another machine, or no loader: that is told of the file itself. `strange`: neither glibc's nor musl's.
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
