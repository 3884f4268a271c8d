import {spawn} from 'node:child_process'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {fileURLToPath} from 'node:url'

/** One start for the tracer, in a folder that holds its root. */
export interface TraceJob {
  readonly id: string
  /** Holds `upper`. */
  readonly folder: string
  /** What the root is laid on. */
  readonly base: string
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  readonly cwd: string
  readonly removed: readonly string[]
  readonly env: readonly string[]
  readonly argv: readonly string[]
}

/** One execve(2) that a process made. */
export interface Execution {
  readonly pid: number
  /** 0 of the first process. */
  readonly parent: number
  /** 0 where it succeeded. */
  readonly errno: number
  readonly cwd: string
  /** As the process names it. */
  readonly path: string
  readonly argv: readonly string[]
  /** Of one that succeeded: the file that the process then is (of a script, its interpreter), and its end. */
  readonly exe: string
  readonly lastBytes: Uint8Array
  /** The same: as whom it then runs, and the environment that it was started with. */
  readonly uid: number
  readonly gid: number
  readonly groups: readonly number[]
  readonly env: ReadonlyMap<string, string>
}

export interface Trace {
  /** In the order in which they ended. */
  readonly executions: readonly Execution[]
  /** The first process. */
  readonly first: number
  /** How processes ended: a status, or `signal 9`. */
  readonly ends: ReadonlyMap<number, string>
  /** How the first process ended; `timeout` where it was ended, `busy` where not all of its processes rested then. */
  readonly outcome: string
  readonly output: string
}

/** One for each of a small machine's processors. */
const TRACERS = 2

/**
 * Runs all jobs, each in its own root, for so many seconds at most; for up to `longest` where its processes still work
 * then, as they do on a busy machine. All have ended when it does, or throws.
 */
export async function traceAll(
  jobs: readonly TraceJob[],
  seconds: number,
  {tracers = TRACERS, longest = seconds}: {readonly tracers?: number; readonly longest?: number} = {},
): Promise<ReadonlyMap<string, Trace>> {
  const parts = Array.from({length: tracers}, (_, part) => jobs.filter((_, index) => index % tracers === part))
  // A folder is not taken from under a run, whatever fails.
  const traced = await Promise.allSettled(parts.map(part => traceInOrder(part, [seconds, longest])))
  return new Map(
    traced.flatMap(part => {
      if (part.status === 'rejected') throw part.reason
      return [...part.value]
    }),
  )
}

/** One after the other. */
async function traceInOrder(jobs: readonly TraceJob[], times: readonly number[]): Promise<ReadonlyMap<string, Trace>> {
  for (const {folder} of jobs)
    for (const name of ['upper', 'work', 'root']) await mkdir(join(folder, name), {recursive: true})
  const child = spawn('perl', [fileURLToPath(new URL('trace.pl', import.meta.url)), ...times.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const closed = new Promise<number | null>(resolve => child.on('close', resolve))
  const traces = new Map<string, Trace>()
  const reading = (async () => {
    let executions: Execution[] = []
    let ends = new Map<number, string>()
    for await (const line of createInterface({input: child.stdout})) {
      const [id = '', kind, ...fields] = line.split('\t')
      if (kind === 'exec') executions.push(readExecution(fields))
      else if (kind === 'end') ends.set(Number(fields[0]), fields[1] ?? '')
      else {
        const [outcome = '', output = ''] = fields
        traces.set(id, {executions, ends, outcome, output: unhex(output), first: executions[0]?.pid ?? 0})
        executions = []
        ends = new Map()
      }
    }
  })()
  child.stdin.on('error', () => undefined)
  child.stdin.end(jobs.map(job => `${lineOf(job)}\n`).join(''))
  await reading
  const code = await closed
  if (code !== 0) throw new Error(`the tracer ended with ${code}`)
  return traces
}

function lineOf({id, folder, base, uid, gid, groups, cwd, removed, env, argv}: TraceJob): string {
  const lists = [cwd, argv[0] ?? '', removed.join('\0'), env.join('\0'), ...argv]
  return [id, hex(folder), hex(base), uid, gid, groups.join(','), ...lists.map(hex)].join('\t')
}

function readExecution(fields: readonly string[]): Execution {
  const [pid, parent, errno, cwd = '', path = '', exe = '', last = '', ids = '', env = '', ...argv] = fields
  const [uid = 0, gid = 0, ...groups] = unhex(ids).split(' ').filter(Boolean).map(Number)
  return {
    pid: Number(pid),
    parent: Number(parent),
    errno: Number(errno),
    cwd: unhex(cwd),
    path: unhex(path),
    exe: unhex(exe),
    lastBytes: Buffer.from(last, 'hex'),
    ...{uid, gid, groups, env: readVariables(unhex(env))},
    argv: argv.map(unhex),
  }
}

/** `NAME=value`, each with a NUL behind it; of a name that is there twice the first counts, as getenv(3) has it. */
function readVariables(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\0').flatMap(one => {
    const equals = one.indexOf('=')
    return equals < 1 ? [] : [[one.slice(0, equals), one.slice(equals + 1)] as const]
  })
  return new Map(pairs.toReversed())
}

function hex(text: string): string {
  return Buffer.from(text).toString('hex')
}

function unhex(text: string): string {
  return Buffer.from(text, 'hex').toString()
}
