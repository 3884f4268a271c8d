import {type Identity, identify, judge, judgeLoader, type Verdict} from '../binary/index.ts'
import type {FileNode, RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {LIMITS} from '../lib/limits.ts'
import type {Platform} from '../platform/index.ts'
import type {DeviceRuntime} from './injected.ts'
import {mayExecute, mayRead} from './permission.ts'
import {type Process, type ResolvedPath, resolve} from './resolved-path.ts'
import type {Obstacle} from './steps.ts'

/** One file that the kernel opens for one execve. */
export interface Load {
  readonly role: 'program' | 'interpreter' | 'loader'
  /** As the caller, the `#!` line or PT_INTERP names it. */
  readonly path: string
  readonly resolved: ResolvedPath
  readonly identity?: Identity
  readonly verdict?: Verdict
  /** Why execve fails here; or, of a script, why its interpreter cannot do anything with it. */
  readonly obstacle?: Obstacle
}

/** What execve does with a path. */
export interface Execution {
  /** The program; of a script, its interpreter and so on; at last the loader. Nothing is opened after an obstacle. */
  readonly loads: readonly Load[]
  /** What the last program or interpreter of `loads` gets: of a script, the interpreter's command line. */
  readonly argv: readonly string[]
  /** The errno, `crashes` for a process that dies at once, or `started`. */
  readonly outcome: string
}

/** fs/exec.c exec_binprm: after five scripts the next rewrite is refused. */
const MAX_REWRITES = LIMITS['script-interpreters'].most

export interface Machine {
  readonly rootfs: RootFs
  readonly platform: Platform
  /** Whom the image asks for devices: what they bring need not be in it. */
  readonly runtimes?: readonly DeviceRuntime[]
}

/**
 * execve(2) of `path` as fs/exec.c, fs/binfmt_script.c and fs/binfmt_elf.c do it, in their order; binfmt_misc, security
 * modules, file capabilities and mount options are not modelled. `path` may be relative to the cwd of the process.
 */
export async function execve(machine: Machine, process: Process, path: string): Promise<Execution> {
  const loads: Load[] = []
  let argv = process.argv
  let file = path
  let role: Load['role'] = 'program'
  for (let rewrites = 0; ; rewrites++) {
    const load = await open(machine, process, file, role)
    if (load.obstacle?.kind === 'missing' && role === 'interpreter' && file.endsWith('\r')) {
      return failed([...loads.slice(0, -1), blameLineEnd(loads.at(-1), file)], argv, load.obstacle.errno)
    }
    loads.push(load)
    const opened = load.obstacle?.kind !== 'missing' && load.obstacle?.kind !== 'not-executable'
    // The file is opened before the rewrites are counted; what is in it is not looked at any more.
    if (opened && rewrites > MAX_REWRITES) return failed(blameDepth(loads), argv, 'ELOOP')
    if (load.obstacle && load.obstacle.kind !== 'crashes') return failed(loads, argv, load.obstacle.errno)
    if (load.identity?.kind !== 'script') break
    const {shebang} = load.identity
    if (shebang.kind === 'refused') throw new Error(`${file} is refused and has no obstacle`)
    argv = [shebang.interpreter, ...(shebang.argument === undefined ? [] : [shebang.argument]), file, ...argv.slice(1)]
    file = shebang.interpreter
    role = 'interpreter'
  }
  const loader = await openLoader(machine, process, loads.at(-1))
  if (loader) loads.push(loader)
  const obstacle = loader?.obstacle ?? loads.at(loader ? -2 : -1)?.obstacle
  if (obstacle) return failed(loads, argv, obstacle.kind === 'crashes' ? 'crashes' : (obstacle.errno ?? 'crashes'))
  return {loads: loads.map(load => checkReadable(load, process)), argv, outcome: 'started'}
}

/** do_open_execat() and the binary format's look at the file's beginning. */
async function open(machine: Machine, process: Process, path: string, role: Load['role']): Promise<Load> {
  // The caller's empty path is ENOENT (getname); the kernel's own open of one finds the cwd.
  if (path === '' && role === 'program') {
    const resolved: ResolvedPath = {path, hops: []}
    return {role, path, resolved, obstacle: {kind: 'missing', errno: 'ENOENT', at: ''}}
  }
  const resolved = await resolve(machine.rootfs, process, path)
  const load = {role, path, resolved}
  if (resolved.obstacle) return {...load, obstacle: resolved.obstacle}
  const unfit = unfitFor(resolved, process)
  if (unfit || !resolved.node) {
    return {...load, ...defined({obstacle: unfit}), ...(await readContent(machine, resolved.node))}
  }
  const {identity, verdict} = await readFileContent(machine, resolved.node)
  const obstacle = obstacleOf(identity, verdict, 'ENOEXEC')
  return {...load, identity, verdict, ...defined({obstacle})}
}

/**
 * What is in a file that cannot be started: with the right mode it may fail for that. Nothing where it is not a regular
 * file.
 */
export async function readContent(machine: Machine, node: FileNode | undefined): Promise<Partial<FileContent>> {
  return node?.kind === 'file' ? readFileContent(machine, node) : {}
}

type FileContent = Required<Pick<Load, 'identity' | 'verdict'>>

async function readFileContent({rootfs, platform}: Machine, node: FileNode): Promise<FileContent> {
  const identity = await identify(await rootfs.open(node))
  return {identity, verdict: judge(identity, platform)}
}

/** PT_INTERP of what the kernel took for a program, opened and checked as load_elf_binary() does. */
async function openLoader(machine: Machine, process: Process, program: Load | undefined): Promise<Load | undefined> {
  const {identity, verdict} = program ?? {}
  if (identity?.kind !== 'elf' || !identity.interpreter || !verdict || identity.interpreter.refused) return undefined
  if (verdict.fit === 'undetermined') return undefined
  const {path} = identity.interpreter
  const resolved = await resolve(machine.rootfs, process, path)
  const load = {role: 'loader', path, resolved} as const
  const obstacle = resolved.obstacle ?? unfitFor(resolved, process)
  if (obstacle || !resolved.node) return {...load, ...defined({obstacle})}
  const loader = await identify(await machine.rootfs.open(resolved.node))
  const loaderVerdict = judgeLoader(loader, identity, resolved.node.size, machine.platform)
  const why = obstacleOf(loader, loaderVerdict, 'ELIBBAD')
  return {...load, identity: loader, verdict: loaderVerdict, ...defined({obstacle: why})}
}

function unfitFor({node}: ResolvedPath, process: Process): Obstacle | undefined {
  if (!node) return undefined
  const unfit = (reason: 'directory' | 'special-file' | 'no-execute-permission'): Obstacle => ({
    kind: 'not-executable',
    errno: 'EACCES',
    reason,
    at: node.path,
  })
  if (node.kind === 'directory') return unfit('directory')
  if (node.kind !== 'file') return unfit('special-file')
  return mayExecute(node, process.user) ? undefined : unfit('no-execute-permission')
}

/** `foreign`: what the kernel says of a file of another machine. */
function obstacleOf(identity: Identity, verdict: Verdict, foreign: 'ENOEXEC' | 'ELIBBAD'): Obstacle | undefined {
  switch (verdict.fit) {
    case 'refused':
      // What is not a loader is not a bad script.
      if (foreign === 'ELIBBAD') return {kind: 'refused', errno: verdict.errno, reason: verdict.reason}
      if (identity.kind === 'script') {
        const errno = verdict.errno === 'EACCES' ? 'EACCES' : 'ENOEXEC'
        return {kind: 'bad-shebang', problem: 'malformed', errno, reason: verdict.reason}
      }
      if (identity.kind === 'text' && identity.hiddenShebang) {
        return {kind: 'bad-shebang', problem: 'hidden', errno: 'ENOEXEC', reason: verdict.reason}
      }
      return {kind: 'refused', errno: verdict.errno, reason: verdict.reason}
    case 'foreign':
      return {kind: 'refused', errno: foreign, reason: `${verdict.actual}, expected ${verdict.expected}`}
    case 'crashes':
      return {kind: 'crashes', signal: verdict.signal, reason: verdict.reason}
    default:
      return undefined
  }
}

function failed(loads: readonly Load[], argv: readonly string[], outcome: string | undefined): Execution {
  return {loads, argv, outcome: outcome ?? 'crashes'}
}

function blameLineEnd(script: Load | undefined, interpreter: string): Load {
  if (!script) throw new Error('an interpreter without a script')
  const reason = `its first line ends with a carriage return, so the kernel looks for ${JSON.stringify(interpreter)}`
  return {...script, obstacle: {kind: 'bad-shebang', problem: 'carriage-return', errno: 'ENOENT', reason}}
}

/** The last file could be opened, and is one interpreter too many: the first script is to blame. */
function blameDepth(loads: readonly Load[]): readonly Load[] {
  const reason = `more than ${MAX_REWRITES} scripts are each other's interpreter`
  const blamed: Obstacle = {kind: 'bad-shebang', problem: 'nested-too-deep', errno: 'ELOOP', reason}
  return loads.slice(0, -1).map((load, index) => (index === 0 ? {...load, obstacle: blamed} : load))
}

/** The kernel runs a script that its user may not read; the interpreter then cannot open it. */
function checkReadable(load: Load, process: Process): Load {
  const {identity, resolved} = load
  if (identity?.kind !== 'script' || load.obstacle || !resolved.node || mayRead(resolved.node, process.user))
    return load
  return {...load, obstacle: {kind: 'not-readable', errno: 'EACCES', at: resolved.node.path}}
}
