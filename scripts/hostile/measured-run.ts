import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, readFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'

/** How a run of the built program ended, and what it took. */
export interface MeasuredRun {
  /** Undefined where a signal ended it. */
  readonly exitCode: number | undefined
  readonly inTime: boolean
  /** Wall time, and time of processors, in milliseconds. */
  readonly milliseconds: number
  readonly busy: number
  /** Resident memory at its peak, in bytes. */
  readonly memory: number
  /** The JSON report; empty where there is none. */
  readonly report: string
  readonly stderr: string
}

export interface MeasuredStart {
  /** The folder of cli.mjs. */
  readonly program: string
  readonly args: readonly string[]
  /** For the run's own files; it need not be there. */
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  /** In milliseconds: after it the program is killed. */
  readonly limit: number
}

/** In milliseconds. */
const EVERY = 20
/** Of standard error, in characters: more is not kept. */
const MOST_TEXT = 2 ** 20

/** Runs the command in a process of its own, with nothing of our surroundings but the path. */
export async function runMeasured({program, args, folder, limit, env}: MeasuredStart): Promise<MeasuredRun> {
  await mkdir(folder, {recursive: true})
  const at = (name: string): string => join(folder, name)
  const since = performance.now()
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', resolve(import.meta.dirname, 'tell-usage.ts'), resolve(program, 'cli.mjs')].concat(
      args,
      ['--format', 'json', '--output', 'report.json', '--fail-on', 'warning'],
    ),
    {
      cwd: folder,
      env: {
        ...{PATH: process.env.PATH, HOME: folder, TMPDIR: folder, DOCKER_CONFIG: folder},
        ...{XDG_CACHE_HOME: at('cache'), XDG_RUNTIME_DIR: folder, HOSTILE_USAGE: at('usage.json')},
        ...env,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (stderr.length < MOST_TEXT) stderr += text
  })
  let inTime = true
  const timer = setTimeout(() => {
    inTime = false
    child.kill('SIGKILL')
  }, limit)
  const watching = watch(child.pid ?? 0)
  await once(child, 'close')
  clearTimeout(timer)
  const milliseconds = performance.now() - since
  const seen = await watching
  // What it told itself is exact; a process that was killed told nothing.
  const told: {memory?: number; busy?: number} = JSON.parse(await readFile(at('usage.json'), 'utf8').catch(() => '{}'))
  return {
    exitCode: child.exitCode ?? undefined,
    ...{inTime, milliseconds, stderr},
    memory: Math.max(seen.memory, told.memory ?? 0),
    busy: Math.max(seen.busy, told.busy ?? 0),
    report: await readFile(at('report.json'), 'utf8').catch(() => ''),
  }
}

/** In hundredths of a second: what /proc counts in. */
const TICK = 10

/** Looks at a process until it is gone. https://www.kernel.org/doc/html/latest/filesystems/proc.html */
async function watch(pid: number): Promise<{readonly memory: number; readonly busy: number}> {
  let [memory, busy] = [0, 0]
  for (;;) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    const kib = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN)
    if (Number.isNaN(kib)) return {memory, busy}
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // Behind the name, which may hold anything: state is the third field, utime the 14th, stime the 15th.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    memory = Math.max(memory, kib * 1024)
    busy = Math.max(busy, (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK)
    await wait(EVERY)
  }
}
