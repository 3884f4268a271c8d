import {cleanPath, joinPath} from '../resolved-path.ts'
import {type Caller, type Handover, passOn} from './handover.ts'
import {COMPUTED, type Literal, type LiteralObject, readLiteral} from './js-literal.ts'

/** What runs a script, by its end: pm2 lib/API/interpreter.json. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  ...{js: 'node', cjs: 'node', mjs: 'node', sh: 'bash', py: 'python', rb: 'ruby', php: 'php', pl: 'perl'},
}

const VALUES =
  /^(-i|--instances|--secret|--node-args|-n|--name|--max-memory-restart|-c|--cron|--interpreter|--public|--machine-name|--stop-exit-codes|--delay|--web|--only|--env|--error|--output)$/

/** A program of a configuration, or of the command line. */
interface App {
  readonly script: string
  readonly cwd: string
  readonly interpreter: string | undefined
  readonly args: readonly string[] | undefined
  readonly env: readonly (readonly [string, string])[]
}

/** `pm2-runtime FILE`: a script or a program, or a configuration of several. pm2 lib/Common.js. */
export async function pm2Runtime(caller: Caller): Promise<readonly Handover[]> {
  const {argv, cwd} = caller.process
  const words = argv.slice(argv[1] === 'start' ? 2 : 1)
  const options = new Map<string, string>()
  let at = 0
  for (; at < words.length && (words[at] ?? '').startsWith('-'); at++) {
    const word = words[at] ?? ''
    if (VALUES.test(word)) options.set(word, words[++at] ?? '')
  }
  const [file, ...behind] = words.slice(at)
  if (file === undefined) return [{kind: 'unknown', reason: 'what pm2-runtime starts only the run knows'}]
  for (const [index, word] of behind.entries()) if (VALUES.test(word)) options.set(word, behind[index + 1] ?? '')
  const dashes = behind.indexOf('--')
  const args = dashes < 0 ? [] : behind.slice(dashes + 1)
  if (!/\.(json|ya?ml|config\.[cm]?js)$/.test(file)) {
    return startApp(caller, {script: file, cwd, interpreter: options.get('--interpreter'), args, env: []})
  }
  const text = await caller.readText(file.startsWith('/') ? file : joinPath(cwd, file))
  if (text === undefined) return [{kind: 'file', candidates: [file], via: 'argument of pm2-runtime', cwd}]
  const config = /\.ya?ml$/.test(file) ? await readYaml(text) : readLiteral(text)
  if (config === undefined)
    return [{kind: 'unknown', reason: `${file}, which pm2-runtime reads, is not one document of YAML`}]
  const apps = readApps(config, cwd, options.get('--env'))
  if (apps === undefined) return [{kind: 'unknown', reason: `what pm2-runtime starts ${file} computes`}]
  const only = options.get('--only')?.split(',')
  const handovers: Handover[] = []
  for (const {name, app} of apps) {
    if (only !== undefined && !only.includes(name ?? '')) continue
    if (app === undefined) handovers.push({kind: 'unknown', reason: `what pm2-runtime starts ${file} computes`})
    else handovers.push(...(await startApp(caller, app)))
  }
  return handovers
}

/** YAML is parsed by a file of its own in the bundle, which only such a text loads. */
async function readYaml(text: string): Promise<Literal | undefined> {
  const {readYamlLiteral} = await import('./yaml-literal.ts')
  return readYamlLiteral(text)
}

interface NamedApp {
  readonly name: string | undefined
  /** Undefined where it is computed. */
  readonly app: App | undefined
}

function readApps(config: Literal, cwd: string, environment: string | undefined): readonly NamedApp[] | undefined {
  const holder = isObject(config) ? (isObject(config.pm2 ?? null) ? (config.pm2 as LiteralObject) : config) : config
  const listed = isObject(holder) && holder.apps !== undefined ? holder.apps : holder
  const apps = Array.isArray(listed) ? (listed as readonly Literal[]) : [listed as Literal]
  if (apps.some(app => !isObject(app) && app !== COMPUTED)) return undefined
  return apps.map(app => {
    if (!isObject(app)) return {name: undefined, app: undefined}
    const {name, script, cwd: own = '.', interpreter, exec_interpreter: older, args = ''} = app
    const named = typeof name === 'string' ? name : undefined
    const runs = interpreter ?? older
    if (typeof script !== 'string' || typeof own !== 'string') return {name: named, app: undefined}
    if (runs !== undefined && typeof runs !== 'string') return {name: named, app: undefined}
    const directory = cleanPath(own.startsWith('/') ? own : joinPath(cwd, own))
    const env = [
      ...variablesOf(app.env),
      ...variablesOf(environment === undefined ? undefined : app[`env_${environment}`]),
    ]
    return {name: named, app: {script, cwd: directory, interpreter: runs, args: wordsOf(args), env}}
  })
}

function isObject(value: Literal): value is LiteralObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function variablesOf(value: Literal | undefined): readonly (readonly [string, string])[] {
  if (value === undefined || !isObject(value)) return []
  return Object.entries(value).flatMap(([name, one]) =>
    typeof one === 'string' || typeof one === 'number' ? [[name, String(one)] as const] : [],
  )
}

function wordsOf(value: Literal): readonly string[] | undefined {
  if (typeof value === 'string') return /["'\\]/.test(value) ? undefined : value.split(' ').filter(word => word !== '')
  if (!Array.isArray(value)) return undefined
  const words = value.map(one => (typeof one === 'string' || typeof one === 'number' ? String(one) : undefined))
  return words.every(word => word !== undefined) ? words : undefined
}

/** A script that is in no directory of its own is looked for in PATH. */
async function startApp(caller: Caller, {script, cwd, interpreter, args, env}: App): Promise<readonly Handover[]> {
  if (args === undefined) return [{kind: 'unknown', reason: `the arguments of ${script} are computed`}]
  const {process} = caller
  const inside = {...caller, process: {...process, cwd, env: new Map([...process.env, ...env])}}
  const path = cleanPath(script.startsWith('/') ? script : joinPath(cwd, script))
  const via = 'argument of pm2-runtime'
  const more = {certainty: 'likely', via} as const
  if (await caller.isMissing(path)) {
    if (!script.includes('/')) return passOn(inside, [script, ...args], more)
    return [{kind: 'file', candidates: [path], via, cwd}]
  }
  const own = INTERPRETERS[/\.(\w+)$/.exec(path)?.[1] ?? '']
  const text = await caller.readText(path)
  const isBinary = text === undefined || text.includes('\0')
  const runs = interpreter === 'none' ? undefined : (interpreter ?? own ?? (isBinary ? undefined : 'node'))
  if (runs === undefined) return passOn(inside, [path, ...args], {...more, search: 'path', runsText: false})
  return [{kind: 'file', candidates: [path], via, cwd}, ...passOn(inside, [runs, path, ...args], more)]
}
