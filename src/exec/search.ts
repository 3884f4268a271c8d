import type {Doubtful, RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import type {Environment} from './command.ts'
import {mayExecute} from './permission.ts'
import {cleanPath, joinPath, type Process, type ResolvedPath, resolve} from './resolved-path.ts'
import type {Obstacle, Passed} from './steps.ts'

/** What a name leads to: the path that would be handed to execve, and what is there. */
export type Located =
  | {
      readonly found: true
      readonly path: string
      readonly resolved: ResolvedPath & {readonly node: NonNullable<ResolvedPath['node']>}
    }
  /** `resolved` is absent where a bare name is in no directory of PATH. */
  | {
      readonly found: false
      readonly path: string
      readonly resolved?: ResolvedPath
      readonly obstacle: Obstacle
      /** What may have made it in a running container. */
      readonly maybe?: Doubtful
    }

/**
 * How runc finds argv[0], inside the container, as the container's user: Go's os/exec.LookPath (lp_unix.go) after
 * chdir. A name with a slash is taken as it is; another is looked for in PATH, where an empty element is the cwd, and
 * what is found through an element that is not an absolute path is an error (ErrDot).
 */
export async function locateEntrypoint(rootfs: RootFs, process: Process, name: string): Promise<Located> {
  if (name.includes('/')) return takePath(rootfs, process, name)
  const path = process.env.get('PATH') ?? ''
  // filepath.SplitList("") is not an element at all.
  const elements = path === '' ? [] : path.split(':')
  if (name === '' || name === '.' || name === '..') return nowhere(name, [], [])
  const passed: Passed[] = []
  const files: string[] = []
  let maybe: Doubtful | undefined
  /** What may have put one of that name before those that are there. */
  let before: Doubtful | undefined
  for (const [index, element] of elements.entries()) {
    const candidate = cleanPath(joinPath(element === '' ? '.' : element, name))
    const resolved = await resolve(rootfs, process, candidate)
    if (isMountedOver(resolved)) {
      maybe ??= resolved.maybe
      continue
    }
    maybe ??=
      resolved.maybe ?? (resolved.node || resolved.obstacle?.kind === 'not-executable' ? resolved.mode : undefined)
    if (!resolved.node) before ??= resolved.mode
    if (resolved.obstacle?.kind === 'missing' && resolved.obstacle.errno === 'ENOTDIR') files.push(resolved.obstacle.at)
    const why = unfit(resolved, process)
    if (why) {
      if (resolved.node) passed.push({path: candidate, reason: why.reason})
      continue
    }
    if (!candidate.startsWith('/')) {
      return {
        found: false,
        path: candidate,
        resolved,
        obstacle: {kind: 'relative-path-element', element, at: resolved.path},
      }
    }
    const found = asFound(candidate, {...resolved, ...defined({maybe: resolved.maybe ?? before})})
    const locate = (rest: string) => locateEntrypoint(rootfs, {...process, env: withPath(process.env, rest)}, name)
    return orAnother(found, elements.slice(index + 1), locate)
  }
  return nowhere(name, elements, passed, maybe, files)
}

/**
 * execvp(3): how tini, env, su-exec and most other programs find the one that they hand over to. glibc and
 * musl alike go on after EACCES and ENOENT; a name with a slash is taken as it is. The first candidate
 * that execve would not pass over is it. `tried` are candidates that failed at execve.
 */
export async function locateProgram(
  rootfs: RootFs,
  process: Process,
  name: string,
  tried: readonly string[] = [],
): Promise<Located> {
  if (name.includes('/')) return takePath(rootfs, process, name)
  if (name === '') return nowhere(name, [], [])
  const elements = (process.env.get('PATH') ?? '/bin:/usr/bin').split(':')
  const passed: Passed[] = []
  const files: string[] = []
  let maybe: Doubtful | undefined
  /** What may have put one of that name before those that are there. */
  let before: Doubtful | undefined
  for (const [index, element] of elements.entries()) {
    const candidate = element === '' ? name : joinPath(element, name)
    const resolved = await resolve(rootfs, process, candidate)
    if (isMountedOver(resolved)) {
      maybe ??= resolved.maybe
      continue
    }
    maybe ??=
      resolved.maybe ?? (resolved.node || resolved.obstacle?.kind === 'not-executable' ? resolved.mode : undefined)
    if (!resolved.node) before ??= resolved.mode
    if (resolved.obstacle?.kind === 'missing' && resolved.obstacle.errno === 'ENOTDIR') files.push(resolved.obstacle.at)
    const why = unfit(resolved, process) ?? (resolved.node?.kind === 'file' ? undefined : SPECIAL)
    if (!why && tried.includes(candidate)) continue
    if (!why) {
      const found = asFound(candidate, {...resolved, ...defined({maybe: resolved.maybe ?? before})})
      const locate = (rest: string) =>
        locateProgram(rootfs, {...process, env: withPath(process.env, rest)}, name, tried)
      return orAnother(found, elements.slice(index + 1), locate)
    }
    if (resolved.node) passed.push({path: candidate, reason: why.reason})
  }
  return nowhere(name, elements, passed, maybe, files)
}

/** No engine puts programs into what it mounts: the search goes on behind such a directory. */
function isMountedOver({maybe}: ResolvedPath): boolean {
  return maybe?.by.kind === 'mount'
}

/** Where what was found may have been removed, the next of its name in PATH is found then. */
async function orAnother(
  found: Located,
  rest: readonly string[],
  locate: (path: string) => Promise<Located>,
): Promise<Located> {
  if (!found.found || !found.resolved.gone || found.resolved.maybe || rest.length === 0) return found
  const next = await locate(rest.join(':'))
  return next.found ? {...found, resolved: {...found.resolved, maybe: found.resolved.gone}} : found
}

/** The same variables with another PATH, where there is one. */
export function withPath(env: Environment, path: string | undefined): Environment {
  return path === undefined ? env : new Map([...env, ['PATH', path]])
}

/** A name that is a path, whatever it looks like. */
export async function takePath(rootfs: RootFs, process: Process, name: string): Promise<Located> {
  const resolved = await resolve(rootfs, process, name)
  const why = unfit(resolved, process)
  // Other permissions do not make what is missing.
  const isOfMode =
    resolved.obstacle?.kind !== 'missing' &&
    (why?.reason === 'no-execute-permission' || why?.reason === 'no-search-permission')
  const by = resolved.maybe ?? (isOfMode ? resolved.mode : undefined)
  const maybe = by === undefined ? {} : {maybe: by}
  if (resolved.obstacle) return {found: false, path: name, resolved, obstacle: resolved.obstacle, ...maybe}
  if (why)
    return {found: false, path: name, resolved, obstacle: {...why, at: resolved.node?.path ?? resolved.path}, ...maybe}
  return asFound(name, resolved)
}

function asFound(path: string, resolved: ResolvedPath): Located {
  if (!resolved.node) throw new Error(`${path} was found and is not there`)
  return {found: true, path, resolved: {...resolved, node: resolved.node}}
}

const SPECIAL = {kind: 'not-executable', errno: 'EACCES', reason: 'special-file'} as const

type Unfit = {
  readonly kind: 'not-executable'
  readonly errno: 'EACCES' | 'EISDIR'
  readonly reason: Passed['reason']
}

/** What keeps findExecutable() from taking a file; a FIFO or a device with x bits passes it, and fails at execve. */
function unfit(resolved: ResolvedPath, process: Process): Unfit | undefined {
  if (!resolved.node) return {kind: 'not-executable', errno: 'EACCES', reason: 'no-search-permission'}
  if (resolved.node.kind === 'directory') return {kind: 'not-executable', errno: 'EISDIR', reason: 'directory'}
  if (!mayExecute(resolved.node, process.user)) {
    return {kind: 'not-executable', errno: 'EACCES', reason: 'no-execute-permission'}
  }
  return undefined
}

function nowhere(
  name: string,
  searched: readonly string[],
  passed: readonly Passed[],
  maybe?: Doubtful,
  files: readonly string[] = [],
): Located {
  const obstacle = {
    kind: 'not-in-path',
    errno: 'ENOENT',
    searched,
    passed,
    ...(files.length === 0 ? {} : {files}),
  } as const
  return {found: false, path: name, obstacle, ...defined({maybe})}
}
