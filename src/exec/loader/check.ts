import {type ElfIdentity, type OnBeyond, readDynamic} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {type RandomAccess, readWhole} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {type Bound, fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {baseName} from '../../lib/paths.ts'
import {wholeUser} from '../credentials.ts'
import {type DeviceRuntime, injectedLibrary} from '../injected.ts'
import {type Process, resolve} from '../resolved-path.ts'
import {type LibraryCache, parseLibraryCache} from './cache.ts'
import {type BuiltInDirectories, readBuiltInDirectories} from './directories.ts'
import {glibcRules} from './glibc.ts'
import {MUSL_DIRECTORIES, muslRules} from './musl.ts'
import {type LibraryReader, type LoadedObject, openingReader} from './object.ts'
import type {LibcKind, LoaderObstacle} from './obstacle.ts'
import {findMixedRelease} from './release.ts'
import {type LoaderRules, loadAll, type Unfound} from './search.ts'
import {findMissingSymbols} from './symbols.ts'
import {findMissingVersions} from './versions.ts'

/** A program and the loader that the kernel starts with it. */
export interface LoaderInput {
  readonly rootfs: RootFs
  readonly process: Process
  /** Whom the image asks for devices. */
  readonly runtimes?: readonly DeviceRuntime[]
  readonly program: Pick<LoadedObject, 'path' | 'node' | 'place' | 'elf'>
  readonly loader: LoaderFile
  /** What the loader's own file says, where that was read before: it is the same for all programs. */
  readonly setup?: LoaderSetup
  /** How programs and libraries are read; by opening them where nothing is said. */
  readonly read?: LibraryReader
  /** For tests: `loaded-objects` and `program-symbols`, where they are too many to be built. */
  readonly bounds?: {readonly objects?: Bound; readonly symbols?: Bound}
}

/** PT_INTERP of a program: `path` as the program names it. */
export interface LoaderFile {
  readonly path: string
  readonly node: FileNode
  readonly elf: ElfIdentity
}

/** Where a loader looks by itself. */
export type LoaderSetup = {
  /** Why there may be more than is said here. */
  readonly unknown?: string
} & (
  | {
      readonly libc: 'glibc'
      readonly builtIn: BuiltInDirectories
      readonly cache: LibraryCache | undefined
      readonly soname: string | undefined
    }
  | {readonly libc: 'musl'; readonly directories: readonly string[]}
)

/** What the dynamic loader would make of a program. */
export interface LoaderReport {
  readonly obstacles: readonly LoaderObstacle[]
  /** The libraries that are loaded, in order. */
  readonly libraries: readonly Pick<LoadedObject, 'path' | 'node' | 'elf'>[]
  /** Why nothing can be said. */
  readonly undetermined?: string
}

/** The largest loader or cache that is read. */
const LARGEST = fixedBound('loader-bytes')

/**
 * Follows the dynamic loader through a program's libraries as glibc and musl go. Nothing is mapped; of
 * symbols those are looked for that the loader binds at the start.
 */
export async function checkLibraries(input: LoaderInput): Promise<LoaderReport> {
  const {rootfs, process, program} = input
  const read = input.read ?? openingReader(rootfs)
  const {dynamic} = await read(program.node)
  if (!dynamic) return {obstacles: [], libraries: []}
  const root: LoadedObject = {...program, name: program.path, dynamic, loader: undefined}
  const setup = input.setup ?? (await readLoaderSetup(input))
  if (!setup)
    return {obstacles: [], libraries: [], undetermined: `${input.loader.path} is neither glibc's loader nor musl's`}
  const {libc} = setup
  const secure = await isSecure(input)
  const rules = setup.libc === 'musl' ? muslRules({process, ...setup, secure}) : glibcRules({process, ...setup, secure})
  const {loaded, unfound, beyond} = await loadAll({rootfs, process, read}, root, rules, input.bounds?.objects)
  const libraries = loaded.slice(1)
  // Another directory may come first, whatever is found or missed now.
  if (setup.unknown !== undefined) return {obstacles: [], libraries, undetermined: setup.unknown}
  const missing = unfound.map(one => describeUnfound(one, libc, rules, input))
  // What is mounted into the container does not end the start; what it would define is not known.
  if (missing.some(obstacle => obstacle.injected === undefined)) return {obstacles: missing, libraries}
  if (beyond !== undefined) return {obstacles: missing, libraries, undetermined: beyond}
  const versions = libc === 'glibc' ? findMissingVersions(loaded, process) : []
  // What was only seen in passing has no symbols at hand: see LibraryReader.
  if (missing.length + versions.length > 0 || input.read) return {obstacles: [...missing, ...versions], libraries}
  const symbols = await findMissingSymbols({rootfs, process, loaded, loader: input.loader}, libc, input.bounds?.symbols)
  if (symbols.obstacles.length > 0 || libc === 'musl') return {...symbols, libraries}
  const unread: string[] = []
  const mixed = await findMixedRelease(rootfs, loaded, input.loader, reason => unread.push(reason))
  const undetermined = symbols.undetermined ?? unread[0]
  return {obstacles: mixed ? [mixed] : [], libraries, ...defined({undetermined})}
}

/** By the versions that glibc's loader defines, or by musl's name for itself. */
async function identifyLibc({rootfs, loader}: Pick<LoaderInput, 'rootfs' | 'loader'>): Promise<LibcKind | undefined> {
  const name = `${baseName(loader.path)} ${baseName(loader.node.path)}`
  if (name.includes('ld-musl') || name.includes('libc.musl')) return 'musl'
  const dynamic = await readDynamic(loader.elf, await rootfs.open(loader.node))
  const isGlibc = dynamic?.versionDefinitions?.some(version => version.startsWith('GLIBC_'))
  return isGlibc ? 'glibc' : undefined
}

/** Reads what a loader's own file and its configuration say; undefined where it is neither glibc's nor musl's. */
export async function readLoaderSetup(
  input: Pick<LoaderInput, 'rootfs' | 'process' | 'loader'>,
): Promise<LoaderSetup | undefined> {
  const libc = await identifyLibc(input)
  if (libc === undefined) return undefined
  return libc === 'musl' ? setUpMusl(input) : setUpGlibc(input)
}

async function setUpGlibc({
  rootfs,
  process,
  loader,
}: Pick<LoaderInput, 'rootfs' | 'process' | 'loader'>): Promise<LoaderSetup> {
  const unknown: string[] = []
  const onBeyond = (reason: string): void => void unknown.push(reason)
  const file = await rootfs.open(loader.node)
  const bytes = (await readSmall(file, loader.path, onBeyond)) ?? new Uint8Array()
  const dynamic = await readDynamic(loader.elf, file)
  const cacheBytes = await readFile(rootfs, process, '/etc/ld.so.cache', onBeyond)
  return {
    libc: 'glibc',
    builtIn: readBuiltInDirectories(bytes, loader.elf.header.class === 64),
    cache: cacheBytes && parseLibraryCache(cacheBytes, loader.elf.header.data, onBeyond),
    soname: dynamic?.soname,
    ...defined({unknown: unknown[0]}),
  }
}

async function setUpMusl({
  rootfs,
  process,
  loader,
}: Pick<LoaderInput, 'rootfs' | 'process' | 'loader'>): Promise<LoaderSetup> {
  const arch = /^ld-musl-(.+)\.so\.1$/.exec(baseName(loader.path))?.[1]
  // The prefix of the loader's own path: /lib/ld-musl-ARCH.so.1 has none.
  const prefix = /^(.*)\/lib\/[^/]*$/.exec(loader.path)?.[1] ?? ''
  const unknown: string[] = []
  const onBeyond = (reason: string): void => void unknown.push(reason)
  const path = arch === undefined ? undefined : `${prefix}/etc/ld-musl-${arch}.path`
  const listed = path === undefined ? undefined : await readFile(rootfs, process, path, onBeyond)
  const directories = listed
    ? new TextDecoder()
        .decode(listed)
        .split(/[:\n]/)
        .filter(directory => directory !== '')
    : MUSL_DIRECTORIES
  return {libc: 'musl', directories, ...defined({unknown: unknown[0]})}
}

/** AT_SECURE: the program takes on another user or group. */
async function isSecure({rootfs, process, program}: LoaderInput): Promise<boolean> {
  const {mode, uid, gid} = program.node
  const setsUser = (mode & 0o4000) !== 0 && uid !== process.user.uid
  return setsUser || ((mode & 0o2000) !== 0 && gid !== (await wholeUser(rootfs, process.user)).gid)
}

async function readFile(
  rootfs: RootFs,
  process: Process,
  path: string,
  onBeyond: OnBeyond,
): Promise<Uint8Array | undefined> {
  const {node} = await resolve(rootfs, process, path)
  return node?.kind === 'file' ? readSmall(await rootfs.open(node), path, onBeyond) : undefined
}

async function readSmall(file: RandomAccess, path: string, onBeyond: OnBeyond): Promise<Uint8Array | undefined> {
  const bytes = await readWhole(file, LARGEST.most)
  if (bytes === undefined) onBeyond(tellLimit(LARGEST, most => `${path} has more than ${most}`))
  return bytes
}

/** glibc elf/dl-load.c and elf/dl-error-skeleton.c; musl ldso/dynlink.c load_deps. Both exit with 127. */
function describeUnfound(
  {name, requester, rejected, fatal, otherClass}: Unfound,
  libc: LibcKind,
  rules: LoaderRules,
  {process, runtimes = []}: Pick<LoaderInput, 'process' | 'runtimes'>,
): Extract<LoaderObstacle, {kind: 'missing-library'}> {
  const argv0 = process.argv[0] ?? requester.path
  const asked = requester.loader ? requester.path : argv0
  const glibcProblem = fatal
    ? `${fatal.path}: ${fatal.reason}`
    : otherClass
      ? `${name}: ${rejected.find(one => one.reason.startsWith('wrong ELF class'))?.reason.split(' (')[0]}`
      : `${name}: cannot open shared object file: No such file or directory`
  const message =
    libc === 'glibc'
      ? `${argv0}: error while loading shared libraries: ${glibcProblem}`
      : `Error loading shared library ${name}: ${fatal ? 'Exec format error' : 'No such file or directory'} (needed by ${asked})`
  // A file of the name that is there and of no use is the image's own fault.
  const injected = rejected.length === 0 ? injectedLibrary(runtimes, name) : undefined
  const cause = explain(
    name,
    libc,
    rejected.map(one => one.reason),
  )
  return {
    kind: 'missing-library',
    library: name,
    neededBy: requester.path,
    searched: rules.searched(requester),
    rejected,
    exitCode: 127,
    message,
    ...defined({cause, injected}),
  }
}

function explain(name: string, libc: LibcKind, reasons: readonly string[]): string | undefined {
  if (libc === 'glibc' && /^(libc\.musl-|ld-musl-)/.test(name)) return 'a musl library in a glibc image'
  if (libc === 'musl' && /^(ld-linux|libnss_|libresolv\.so)/.test(name)) return 'a glibc library in a musl image'
  return reasons.some(reason => reason.includes('expected') || reason.includes('ELF class'))
    ? 'the library is there, but of another architecture'
    : undefined
}
