import {unknownVariable} from '../process-variables.ts'
import {cleanPath, joinPath} from '../resolved-path.ts'
import type {Value} from '../world/value.ts'
import type {Caller, Handover} from './handover.ts'
import {COMPUTED, type Literal, type LiteralObject, readLiteral} from './js-literal.ts'
import {type App, startApp} from './pm2-app.ts'
import {readPm2Words} from './pm2-words.ts'

/** Where a name has one of these, what is behind it does not matter: pm2 lib/Common.js isConfigFile(). */
const CONFIG = /\.(json|ya?ml|config\.[cm]?js)/

/** `pm2-runtime FILE`: a script or a program, or a configuration of several. pm2 lib/Common.js, lib/API.js. */
export async function pm2Runtime(caller: Caller): Promise<readonly Handover[]> {
  const {argv, cwd} = caller.process
  const {options, operands, args, unknown, isHelp} = readPm2Words(argv.slice(1))
  if (isHelp) return []
  const [first, second] = operands
  const file = first === 'start' ? second : first
  if (first === 'start' && unknown !== undefined) return refuseLikely(`its command start has no option ${unknown}`)
  if (file === undefined) return [{kind: 'unknown', reason: 'what pm2-runtime starts only the run knows'}]
  if (!CONFIG.test(file)) {
    return startApp(caller, {script: file, cwd, interpreter: options.get('--interpreter'), args, env: []})
  }
  const text = await caller.readText(file.startsWith('/') ? file : joinPath(cwd, file))
  if (text === undefined) return [{kind: 'file', candidates: [file], via: 'argument of pm2-runtime', cwd}]
  const config = !file.includes('.json') && /\.ya?ml/.test(file) ? await readYaml(text) : readLiteral(text)
  if (config === undefined)
    return [{kind: 'unknown', reason: `${file}, which pm2-runtime reads, is not one document of YAML`}]
  const computed = {kind: 'unknown', reason: `what pm2-runtime starts ${file} computes`} as const
  const apps = readApps(config, cwd, options.get('--env'))
  if (apps === undefined) return [computed]
  const only = options.get('--only')?.split(/[, ]/)
  const chosen = apps.filter(({name, isNamed}) => only === undefined || (isNamed && only.includes(name ?? '')))
  const handovers: Handover[] = []
  for (const {app} of chosen) handovers.push(...(app === undefined ? [computed] : await startApp(caller, app)))
  if (chosen.length > 0) return handovers
  return apps.some(({isNamed}) => !isNamed) ? [computed] : refuseLikely(`${file} has no app for it to start`)
}

function refuseLikely(reason: string): readonly Handover[] {
  return [{kind: 'refused', via: 'command line of pm2-runtime', reason, certainty: 'likely'}]
}

/** YAML is parsed by a file of its own in the bundle, which only such a text loads. */
async function readYaml(text: string): Promise<Literal | undefined> {
  const {readYamlLiteral} = await import('./yaml-literal.ts')
  return readYamlLiteral(text)
}

interface NamedApp {
  readonly name: string | undefined
  /** False where its name may be any. */
  readonly isNamed: boolean
  /** Undefined where it is computed. */
  readonly app: App | undefined
}

function readApps(config: Literal, cwd: string, environment: string | undefined): readonly NamedApp[] | undefined {
  const listed = isObject(config) ? (config.apps ?? config.pm2 ?? config) : config
  const apps = Array.isArray(listed) ? (listed as readonly Literal[]) : [listed as Literal]
  if (apps.some(app => !isObject(app) && app !== COMPUTED)) return undefined
  return apps.map(app => {
    if (!isObject(app)) return {name: undefined, isNamed: false, app: undefined}
    const {name, cwd: own = '.', args = ''} = app
    const script = app.script ?? app.cmd ?? app.command ?? app.exec
    const runs = app.exec_interpreter ?? app.interpreter
    const named = {name: typeof name === 'string' ? name : nameOf(script), isNamed: name !== COMPUTED}
    if (typeof script !== 'string' || typeof own !== 'string') return {...named, app: undefined}
    if (runs !== undefined && typeof runs !== 'string') return {...named, app: undefined}
    const directory = cleanPath(own.startsWith('/') ? own : joinPath(cwd, own))
    const more = environment === undefined ? undefined : app[`env_${environment}`]
    const env = [...variablesOf(app.env), ...variablesOf(more)]
    return {...named, app: {script, cwd: directory, interpreter: runs, args: wordsOf(args), env}}
  })
}

/** An app without a name has that of its script. */
function nameOf(script: Literal | undefined): string | undefined {
  const name = typeof script === 'string' ? script.split('/').at(-1) : undefined
  return name?.replace(/(?<=.)\.[^.]*$/, '')
}

function isObject(value: Literal): value is LiteralObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function variablesOf(value: Literal | undefined): readonly (readonly [string, Value])[] {
  if (value === undefined || !isObject(value)) return []
  return Object.entries(value).map(([name, one]) => {
    const isPlain = typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' || one === null
    return [name, isPlain ? String(one) : unknownVariable(name)] as const
  })
}

/** One word of a text; those that versions 6 and 7 of pm2 read in the same way. */
const WORD = /\s*(?:"([^"]*)"|'([^']*)'|([\w-]+=(?:"[^"]*"|'[^']*')|[^\s"']+))(?=\s|$)/y

function wordsOf(value: Literal): readonly string[] | undefined {
  if (typeof value === 'string') return splitWords(value.trimEnd())
  if (!Array.isArray(value)) return undefined
  const words = (value as readonly Literal[]).map(one =>
    typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean' ? String(one) : undefined,
  )
  return words.every(word => word !== undefined) ? words : undefined
}

function splitWords(text: string): readonly string[] | undefined {
  const words: string[] = []
  for (let at = 0; at < text.length; ) {
    WORD.lastIndex = at
    const found = WORD.exec(text)
    if (!found) return undefined
    words.push(found[1] ?? found[2] ?? found[3] ?? '')
    at = WORD.lastIndex
  }
  return words.filter(word => word.trim() !== '')
}
