import {baseName} from '../../lib/paths.ts'
import {withVariable} from '../process-variables.ts'
import {cleanPath, joinPath} from '../resolved-path.ts'
import type {Value} from '../world/value.ts'
import {type Caller, type Handover, passOn} from './handover.ts'

/** What runs a script, by its end: pm2 lib/API/interpreter.json. */
const INTERPRETERS: Readonly<Record<string, string>> = {
  ...{js: 'node', sh: 'bash', py: 'python', rb: 'ruby', php: 'php', pl: 'perl', ts: 'bun', tsx: 'bun'},
}

/** Scripts whose interpreter pm2 looks for among its own packages: coffee, lsc. */
const OF_PM2 = ['coffee', 'ls']

/** How much of a file pm2 looks at: lib/tools/isbinaryfile.js. */
const HEAD = 512

/** A program of a configuration, or of the command line. */
export interface App {
  readonly script: string
  readonly cwd: string
  /** By the configuration or the command line; an empty one is as none. */
  readonly interpreter: string | undefined
  /** Undefined where they are computed, or each version of pm2 reads them in its own way. */
  readonly args: readonly string[] | undefined
  readonly env: readonly (readonly [string, Value])[]
}

const VIA = 'argument of pm2-runtime'
const MORE = {certainty: 'likely', via: VIA} as const

/** Starts an app: pm2 lib/Common.js verifyConfs(), prepareAppConf() and resolveInterpreter(), 5.4 to 7.0. */
export async function startApp(caller: Caller, app: App): Promise<readonly Handover[]> {
  if (!app.script.includes(' ')) return startScript(caller, app)
  // A command line is one of a shell.
  const shell = (await findInPath(caller, 'bash')) === undefined ? 'sh' : 'bash'
  return startScript(caller, {...app, script: shell, args: ['-c', app.script]})
}

async function startScript(caller: Caller, {script, cwd, interpreter, args, env}: App): Promise<readonly Handover[]> {
  if (args === undefined) {
    return [{kind: 'unknown', reason: `the arguments of ${script} are computed, or depend on the version of pm2`}]
  }
  const process = env.reduce((inside, [name, value]) => withVariable(inside, name, value), {...caller.process, cwd})
  const inside = {...caller, process}
  const own = cleanPath(script.startsWith('/') ? script : joinPath(cwd, script))
  // A script that is not in its directory is looked for in PATH.
  const path = (await caller.isMissing(own)) ? await findInPath(caller, script) : own
  if (path === undefined) {
    if (!script.includes('/')) return passOn(inside, [script, ...args], MORE)
    return [{kind: 'file', candidates: [own], via: VIA, cwd}]
  }
  const runs = interpreter || (await interpreterOf(caller, path))
  if (typeof runs === 'object') return [runs]
  if (runs === 'none') return passOn(inside, [path, ...args], {...MORE, search: 'path', runsText: false})
  // A directory is a module of node.
  const isDirectory = !(await caller.isMissing(`${path}/.`))
  const reads: readonly Handover[] = isDirectory ? [] : [{kind: 'file', candidates: [path], via: VIA, cwd}]
  // That of its own which it takes where PATH has no node.
  const node = runs === 'node' && (await findInPath(caller, 'node')) === undefined ? nodeOf(caller) : runs
  return [...reads, ...passOn(inside, [node, path, ...args], MORE)]
}

/** What runs a script for which none is named: `none` for a program, which is executed itself. */
async function interpreterOf(caller: Caller, path: string): Promise<string | Handover> {
  const end = /[^/.][^/]*\.(\w+)$/.exec(path)?.[1] ?? ''
  const named = Object.hasOwn(INTERPRETERS, end) ? INTERPRETERS[end] : undefined
  const isLacking = async (name: string) => (await findInPath(caller, name)) === undefined
  if (named === 'python' && (await isLacking('python'))) return (await isLacking('python3')) ? 'python' : 'python3'
  if (end === 'ts' && (await isLacking('bun'))) {
    // Its version 7 takes a node that can read types.
    return {kind: 'unknown', reason: `what pm2-runtime runs ${path} by without bun depends on its version`}
  }
  if (named !== undefined) return named
  if (OF_PM2.includes(end)) return {kind: 'unknown', reason: `pm2-runtime runs ${path} by a program of its own`}
  const head = await caller.readHead(path, HEAD)
  const isDirectory = !(await caller.isMissing(`${path}/.`))
  return isDirectory || (head && !isBinary(head)) ? nodeOf(caller) : 'none'
}

/** The node that runs pm2, wherever it is. */
function nodeOf({path = 'node'}: Caller): string {
  return /^node(js)?$/.test(baseName(path)) ? path : 'node'
}

/** Where PATH has a name; pm2 lib/tools/which.js takes an empty element for none. */
async function findInPath({process, isMissing}: Caller, name: string): Promise<string | undefined> {
  if (name.includes('/')) return undefined
  const directories = (process.env.get('PATH') ?? '').split(':').filter(directory => directory !== '')
  for (const directory of directories) {
    const path = cleanPath(joinPath(directory.startsWith('/') ? directory : joinPath(process.cwd, directory), name))
    if (!(await isMissing(path)) && (await isMissing(`${path}/.`))) return path
  }
  return undefined
}

/** A NUL, or more than a tenth that is no text in UTF-8 of up to three bytes: pm2 lib/tools/isbinaryfile.js. */
function isBinary(head: Uint8Array): boolean {
  if (head.includes(0)) return true
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return false
  const text = Buffer.from(head).toString('latin1')
  const odd = text.replace(/[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\x07-\x0e\x20-\x7f]/g, '')
  return odd.length * 10 > head.length
}
