import {defined} from '../../../lib/defined.ts'
import {directoryOf} from '../../../lib/paths.ts'
import {type Process, resolve} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart, runServices, type ServiceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import {type Call, callOf, procfileOf, readVariables, type Variables} from './call.ts'
import {parseProcfile} from './entries.ts'
import {FOREMAN, type ProcfileRunner, type RunCommand} from './runners.ts'
import {expanded, startOf} from './starts.ts'

/**
 * The words behind `run`, with the options before and behind it; undefined where an
 * option makes the runner do otherwise.
 */
export function readRun(
  {run, grammar, isCommandFirst}: ProcfileRunner,
  argv: readonly string[],
): (Pick<ReturnType<typeof parseOptions>, 'options' | 'words' | 'unknown'> & {readonly run: RunCommand}) | undefined {
  if (run === undefined) return undefined
  const before = isCommandFirst
    ? {options: [], words: argv.slice(1)}
    : parseOptions(argv, {...grammar, permutes: false})
  const [verb = '', ...behind] = before.words
  if (!run.verb.test(verb)) return undefined
  if (run.grammar === undefined) return {run, options: before.options, words: behind}
  const own = parseOptions([verb, ...behind], run.grammar)
  const unknown = own.unknown ?? own.lacking
  return {run, options: [...before.options, ...own.options], words: own.words, ...defined({unknown})}
}

/** Follows the one command line that a runner runs. */
export async function followRun(
  own: ProcfileRunner,
  runner: Runner,
  process: Process,
  {run, options, words, unknown}: NonNullable<ReturnType<typeof readRun>>,
): Promise<Outcome> {
  if (unknown !== undefined) return endUnknown(runner, `the option ${unknown} of ${own.name} is not understood`)
  const [program = ''] = words
  if (words.length === 0 && !run.takesNothing) return endRefused(runner, own.name, 'it wants a command to run')
  const call = callOf(own, runner, process, options, words)
  const variables = await readVariables(call, call.value(...own.root))
  if (typeof variables === 'string') return endRefused(runner, own.name, variables)
  const {env, unknowns} = variables
  const inside = {...process, env: new Map(env), ...defined({unknownEnv: unknowns})}
  const via = `argument of ${own.name} run`
  if (run.quote === undefined) {
    return runServices(runner, [programStart({...inside, argv: words}, via, {search: 'go', isLast: true})])
  }
  const known = run.knowsProcesses && words.length === 1 ? await processOf(call, inside, variables, program) : undefined
  return runServices(runner, [known ?? startOf(own, inside, run.quote(words), via, 'certain')])
}

/** A process of the Procfile by its name; of two the last. */
async function processOf(
  call: Call,
  inside: Process,
  {own: read}: Variables,
  name: string,
): Promise<ServiceStart | undefined> {
  const {own, runner, process, value} = call
  const root = value(...own.root)
  const file = procfileOf(call, root)
  const text = await readText(runner.view, process, file)
  const entry = parseProcfile(text ?? '').findLast(one => one.name === name)
  if (entry === undefined) return undefined
  const {at: cwd} = await runner.view.place(pathIn(process, root ?? directoryOf(file)))
  const line = own === FOREMAN ? expanded(entry.command, read) : entry.command
  const {maybe} = await resolve(runner.view, process, file)
  return startOf(own, {...inside, cwd, ending: 'closed'}, line, `${name} of ${file}`, maybe ? 'likely' : 'certain')
}
