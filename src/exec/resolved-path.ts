import type {Cause, Doubtful, FileNode, Hop, Lookup, RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {LIMITS} from '../lib/limits.ts'
import {nameLength} from '../lib/tar-name.ts'
import type {Environment} from './command.ts'
import type {Credentials} from './credentials.ts'
import {maySearch} from './permission.ts'
import type {Obstacle} from './steps.ts'

/** What a process carries from one program to the next. */
export interface Process {
  readonly argv: readonly string[]
  /** Absolute. */
  readonly cwd: string
  /** What has led to a directory that only the run knows: `cwd` is a guess then. */
  readonly unknownCwd?: Cause | undefined
  readonly env: Environment
  readonly user: Credentials
  /** The word that comes after `argv` and that only the run knows; absent where all are known. */
  readonly unknownWord?: string
  /** How many more words come behind that one only the run knows, too. */
  readonly isOpenEnded?: true
  /**
   * `closed`: all its words are fixed. `open`: these are, and whoever starts the container may put others behind them.
   * Absent: words among them may be what somebody else was given.
   */
  readonly ending?: 'closed' | 'open'
  /** PATH holds something that only the run knows. */
  readonly unknownPath?: boolean
  /** Variables that are set, or may be, to what only the run knows. */
  readonly unknownEnv?: ReadonlySet<string>
}

/** What a process sees at a path. */
export interface ResolvedPath {
  /** Absolute; what was looked up, not what was found. */
  readonly path: string
  readonly hops: readonly Hop[]
  readonly node?: FileNode
  /** Why there is no file for this process. */
  readonly obstacle?: Obstacle
  /** What may have made it in a running container, or made it another file. */
  readonly maybe?: Doubtful
  /** What may have changed the permissions of the file, or of a directory on the way. */
  readonly mode?: Doubtful
  /** What may have removed it. */
  readonly gone?: Doubtful
}

/** In bytes: limits.h. */
const NAME_MAX = LIMITS['name-bytes'].most

/**
 * Walks a path as the process would: relative to its cwd, with search permission in every directory
 * on the way, in the order of the kernel's checks. An empty path is the cwd itself, as the kernel's
 * own opens have it (fs/exec.c open_exec).
 */
export async function resolve(
  rootfs: RootFs,
  process: Pick<Process, 'cwd' | 'unknownCwd' | 'user'>,
  path: string,
): Promise<ResolvedPath> {
  if (process.unknownCwd && !path.startsWith('/')) {
    const maybe = {by: process.unknownCwd, grade: 'replaced'} as const
    return {...(await resolve(rootfs, {...process, unknownCwd: undefined}, path)), maybe, mode: maybe}
  }
  const absolute = path.startsWith('/') ? path : joinPath(process.cwd, path)
  const found = await rootfs.lookup(absolute)
  // The directories above the cwd were searched when the process came there, by root.
  const walked = path.startsWith('/') ? found.through : found.through.slice(depth(process.cwd))
  const barred = walked.find(directory => !maySearch(directory, process.user))
  const common = {path: absolute, hops: found.hops, ...doubtsOf(found)}
  if (barred) {
    const obstacle = {kind: 'not-executable', errno: 'EACCES', reason: 'no-search-permission', at: barred.path} as const
    return {...common, obstacle}
  }
  if (found.outcome === 'found') return {...common, node: found.node}
  const {removedBy} = found.outcome === 'missing' ? found : {}
  return {...common, obstacle: {kind: 'missing', errno: ERRNO[found.outcome], at: found.at, ...defined({removedBy})}}
}

function doubtsOf({maybe}: Lookup): Pick<ResolvedPath, 'maybe' | 'mode' | 'gone'> {
  if (!maybe) return {}
  if (maybe.grade === 'removed') return {gone: maybe}
  return maybe.grade === 'mode' ? {mode: maybe} : {maybe, ...(maybe.grade === 'replaced' ? {mode: maybe} : {})}
}

const ERRNO = {
  missing: 'ENOENT',
  'not-a-directory': 'ENOTDIR',
  'too-many-links': 'ELOOP',
  'name-too-long': 'ENAMETOOLONG',
} as const satisfies Record<Exclude<Lookup['outcome'], 'found'>, string>

/**
 * Where a process stands whose working directory is `cwd`: without symlinks. A directory that is missing is made by the
 * engine (runc rootfs_linux.go, moby SetupWorkingDirectory).
 */
export async function resolveCwd(rootfs: RootFs, cwd: string): Promise<ResolvedPath> {
  const found = await rootfs.lookup(cwd)
  const common = {path: cwd, hops: found.hops}
  const long = tooLongName(cwd)
  if (long !== undefined) return {...common, obstacle: {kind: 'missing', errno: 'ENAMETOOLONG', at: long}}
  if (found.outcome === 'found' && found.node.kind === 'directory') return {...common, node: found.node}
  if (found.outcome === 'missing') return common
  if (found.outcome === 'found') return {...common, obstacle: {kind: 'missing', errno: 'ENOTDIR', at: found.node.path}}
  return {...common, obstacle: {kind: 'missing', errno: ERRNO[found.outcome], at: found.at}}
}

/** The first name of a path that no directory can be made under, wherever the path leads. */
export function tooLongName(path: string): string | undefined {
  return path.split('/').find(name => nameLength(name) > NAME_MAX)
}

/** `a` and `b` with one slash between them; nothing is normalised, because `..` after a symlink goes elsewhere. */
export function joinPath(directory: string, name: string): string {
  return directory.endsWith('/') ? directory + name : `${directory}/${name}`
}

/** Go's filepath.Clean: `.` and `..` are taken out of the text alone. */
export function cleanPath(path: string): string {
  const out: string[] = []
  for (const name of path.split('/')) {
    if (name === '' || name === '.') continue
    if (name !== '..') out.push(name)
    else if (out.length > 0 && out.at(-1) !== '..') out.pop()
    else if (!path.startsWith('/')) out.push(name)
  }
  return path.startsWith('/') ? `/${out.join('/')}` : out.join('/') || '.'
}

function depth(directory: string): number {
  return directory.split('/').filter(name => name !== '').length
}
