import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdir, open, readdir, readFile, writeFile} from 'node:fs/promises'
import {join, relative, resolve} from 'node:path'
import {parse} from 'yaml'
import {withTemporaryFolder} from '../support/temporary-folder.ts'

/** The two doors of the built program. */
export const DOORS = ['command', 'action'] as const
export type Door = (typeof DOORS)[number]

export interface ProgramStart {
  readonly door: Door
  /** The folder of cli.mjs, action.mjs and post.mjs. */
  readonly program: string
  readonly image: string
  /** Further images, for the command. */
  readonly more?: readonly string[]
  /** Options by the names of the action's inputs. */
  readonly options: Readonly<Record<string, string>>
  /** ~/.docker/config.json; undefined for none. */
  readonly dockerConfig?: object
  readonly env?: Readonly<Record<string, string>>
  /** A file for its standard output, where the command then prints its report. */
  readonly stdout?: string
  /** How many times as fast time passes for it. */
  readonly speed: number
  /** In milliseconds, by our own clock: after it the program is killed. */
  readonly limit: number
  /** Called when the program has been started. */
  readonly started?: (kill: (signal: NodeJS.Signals) => void, pid: number) => void
}

/** In milliseconds: what a machine that does much else adds to whatever time is allowed. */
export const SLOW_MACHINE = 60_000

/** How the program ended, and all that it wrote. */
export interface ProgramEnd {
  readonly door: Door
  /** Undefined where a signal, or its limit, ended it. */
  readonly exitCode: number | undefined
  /** What ended it, where it did not end itself. */
  readonly signal: NodeJS.Signals | undefined
  readonly milliseconds: number
  readonly inTime: boolean
  readonly stdout: string
  readonly stderr: string
  /** Of every file that is there afterwards, by its path in the run's folder. */
  readonly files: ReadonlyMap<string, string>
}

/** A folder for the files of one run: its home, its temporary folder, its cache, the runner's files. */
export function withRunFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  return withTemporaryFolder('verify-faults', body)
}

/** Starts the built program with no environment but its own, and waits for its end. */
export async function runProgram(folder: string, start: ProgramStart): Promise<ProgramEnd> {
  for (const name of ['temp', 'cache', 'home', 'docker', 'work']) await mkdir(join(folder, name), {recursive: true})
  for (const name of ['output', 'state', 'summary.md']) await writeFile(join(folder, name), '', {flag: 'a'})
  if (start.dockerConfig) await writeFile(join(folder, 'docker', 'config.json'), JSON.stringify(start.dockerConfig))
  const {door} = start
  const own = door === 'action' ? await actionArguments(start) : commandArguments(start)
  return execute(folder, start, own)
}

/** The action's second start: what the runner calls `post`. */
export async function runPost(folder: string, start: ProgramStart): Promise<ProgramEnd> {
  const state = parseRunnerFile(await readFile(join(folder, 'state'), 'utf8'))
  const env = Object.fromEntries([...state].map(([name, value]) => [`STATE_${name}`, value]))
  return execute(folder, start, {args: ['post.mjs'], env})
}

interface Own {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

async function execute(folder: string, start: ProgramStart, own: Own): Promise<ProgramEnd> {
  const at = (name: string): string => join(folder, name)
  const [script = '', ...args] = own.args
  const since = performance.now()
  const clock = start.speed === 1 ? [] : ['--import', resolve(import.meta.dirname, 'fast-clock.ts')]
  const stdout = start.stdout === undefined ? undefined : await open(start.stdout, 'w')
  const child = spawn(process.execPath, ['--no-warnings', ...clock, resolve(start.program, script), ...args], {
    cwd: at('work'),
    env: {
      ...{PATH: process.env.PATH, HOME: at('home'), TMPDIR: at('temp'), XDG_CACHE_HOME: at('cache')},
      ...{DOCKER_CONFIG: at('docker'), XDG_RUNTIME_DIR: at('home'), FAULTS_SPEED: String(start.speed)},
      ...{RUNNER_TEMP: at('temp'), RUNNER_TOOL_CACHE: at('cache'), GITHUB_WORKSPACE: at('work')},
      ...{GITHUB_OUTPUT: at('output'), GITHUB_STATE: at('state'), GITHUB_STEP_SUMMARY: at('summary.md')},
      ...own.env,
      ...start.env,
    },
    stdio: ['ignore', stdout?.fd ?? 'pipe', 'pipe'],
  })
  const printed = {stdout: '', stderr: ''}
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8')
    child[name]?.on('data', (text: string) => {
      printed[name] += text
    })
  }
  let inTime = true
  const timer = setTimeout(() => {
    inTime = false
    child.kill('SIGKILL')
  }, start.limit)
  start.started?.(signal => child.kill(signal), child.pid ?? 0)
  await once(child, 'close')
  clearTimeout(timer)
  await stdout?.close()
  const {exitCode, signalCode} = child
  const milliseconds = performance.now() - since
  const files = await readFiles(folder)
  return {
    door: start.door,
    exitCode: exitCode ?? undefined,
    signal: signalCode ?? undefined,
    milliseconds,
    inTime,
    ...printed,
    files,
  }
}

function commandArguments({image, more = [], options, stdout}: ProgramStart): Own {
  const args = Object.entries(options).flatMap(([name, value]) => {
    if (name === 'cache') return value === 'true' ? ['--cache'] : []
    return [`--${name === 'insecure-registries' ? 'insecure-registry' : name}`, value]
  })
  const output = stdout === undefined ? ['--output', 'report.json'] : []
  return {args: ['cli.mjs', image, ...more, '--format', 'json', ...output, ...args], env: {}}
}

async function actionArguments({image, options}: ProgramStart): Promise<Own> {
  const declared = parse(await readFile(resolve(import.meta.dirname, '../../action.yml'), 'utf8'))
  const defaults = Object.entries<{default?: string}>(declared.inputs).map(([name, input]) => [
    name,
    name === 'token' ? '' : (input.default ?? ''),
  ])
  const inputs = {...Object.fromEntries(defaults), image, ...options}
  const env = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])
  return {args: ['action.mjs'], env: {GITHUB_ACTIONS: 'true', ...Object.fromEntries(env)}}
}

/** What stands in the file behind GITHUB_OUTPUT or GITHUB_STATE; the last of a name counts. */
export function parseRunnerFile(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const [, name = '', , value = ''] of text.matchAll(/^(.+?)<<(.+)\n([\s\S]*?)\n?\2$/gm)) found.set(name, value)
  return found
}

async function readFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  const files = new Map<string, string>()
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    files.set(relative(folder, path), await readFile(path, 'latin1'))
  }
  return files
}
