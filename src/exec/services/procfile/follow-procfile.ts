import {defined} from '../../../lib/defined.ts'
import {directoryOf} from '../../../lib/paths.ts'
import {cleanPath, type Process, resolve} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {type ParsedOptions, parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {programStart, runServices, type ServiceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import {parseFormation, parseProcfile} from './entries.ts'
import {rubyCommand} from './ruby-command.ts'
import {FOREMAN, type ProcfileRunner} from './runners.ts'

/** What a runner was called with. */
interface Call {
  readonly own: ProcfileRunner
  readonly runner: Runner
  readonly process: Process
  readonly value: (...names: readonly string[]) => string | undefined
  readonly has: (...names: readonly string[]) => boolean
  readonly operands: readonly string[]
}

/** Follows a runner of Procfiles: each process of its Procfile, which end together. */
export async function followProcfile(own: ProcfileRunner, runner: Runner, process: Process): Promise<Outcome> {
  const {name, grammar, command, isCommandFirst} = own
  const [program = name, first = '', ...behind] = process.argv
  if (isCommandFirst && !command?.test(first)) return endUnknown(runner, `${name} ${first} is not followed`)
  const parsed = parseOptions(isCommandFirst ? [program, ...behind] : process.argv, grammar)
  const {options, words, unknown: odd} = parsed
  if (odd !== undefined) return endUnknown(runner, `the option ${odd} of ${name} is not understood`)
  const [verb = '', ...operands] = isCommandFirst ? [first, ...words] : words
  if (command && !command.test(verb)) return endUnknown(runner, `${name} ${verb} is not followed`)
  const has = (...names: readonly string[]) => options.some(([option]) => names.includes(option))
  const call = {own, runner, process, value: lastValue(options), has, operands: command ? operands : words}
  const starts = await readStarts(call)
  if (typeof starts === 'string') return endRefused(runner, name, starts)
  return 'status' in starts ? starts : runServices(runner, starts)
}

function lastValue(options: ParsedOptions['options']): Call['value'] {
  return (...names) => options.findLast(([option]) => names.includes(option))?.[1]
}

/** What is started; in words why nothing is. */
async function readStarts(call: Call): Promise<readonly ServiceStart[] | Outcome | string> {
  const {own, runner, process, value, operands} = call
  const root = value(...own.root)
  const file = procfileOf(call, root)
  if (file === '-') return endUnknown(runner, `${own.name} reads its Procfile from its input`)
  const place = await resolve(runner.view, process, file)
  const text = await readText(runner.view, process, file)
  if (text === undefined) {
    return place.maybe ? endUnknown(runner, `${file} may be made when the container runs`) : `there is no ${file}`
  }
  const entries = parseProcfile(text, own.isOfGo)
  const names = entries.map(({name}) => name)
  if (own.isOfGo && entries.length === 0) return `${file} has no processes`
  if (own !== FOREMAN && new Set(names).size < names.length) return `${file} has two processes of one name`
  const chosen = chosenNames(call)
  const missing = own.knowsNames ? chosen.find(name => !names.includes(name)) : undefined
  if (missing !== undefined) return `${file} has no process ${missing}`
  if (own === FOREMAN && operands.length > 1) return 'it takes one process'
  const variables = await readVariables(call, root)
  if (typeof variables === 'string') return variables
  const {env, own: read, unknowns, port} = variables
  const directory = root === undefined ? (own.runsAtFile ? directoryOf(file) : '') : root
  const at = own.runsAtFile ? pathIn(process, directory) : process.cwd
  const cwd = (await runner.view.place(at)).at
  const countOf = countsOf(call, chosen)
  const leftOut = (value(...(own.leavesOut ?? [])) ?? '').split(',')
  const step = Number(value(...own.port.step) ?? 100)
  const certainty = place.maybe ? 'likely' : 'certain'
  return entries.flatMap(({name, command}, index) =>
    leftOut.includes(name)
      ? []
      : Array.from({length: Math.min(countOf(name), MOST)}, (_, at) => {
          const nth = `${name}.${at + 1}`
          const given = [
            ...(port === undefined ? [] : [['PORT', String(port + step * index + own.port.instance * at)] as const]),
            ...(own.nameVariable === undefined ? [] : [[own.nameVariable, own.isOfGo ? name : nth] as const]),
          ]
          const inside = {...process, cwd, env: new Map([...env, ...given]), ...defined({unknownEnv: unknowns})}
          const line = own === FOREMAN ? expanded(command, new Map([...read, ...given])) : command
          return startOf(own, inside, line, `${name} of ${file}`, certainty)
        }),
  )
}

/** More of one kind are no news. */
const MOST = 3

function startOf(
  own: ProcfileRunner,
  process: Process,
  command: string,
  via: string,
  certainty: 'certain' | 'likely',
): ServiceStart {
  const argv = own === FOREMAN ? rubyCommand(command) : ['/bin/sh', '-c', command]
  const isDirect = argv[0] !== '/bin/sh' || argv[1] !== '-c'
  const search = isDirect ? 'execvp' : 'path'
  return programStart({...process, argv}, via, {search, isLast: true, certainty, runsText: isDirect})
}

/** foreman replaces what it has read itself, wherever its name stands. */
function expanded(command: string, variables: ReadonlyMap<string, string>): string {
  return [...variables].reduce((text, [name, value]) => text.replaceAll(`$${name}`, () => value), command)
}

function procfileOf({own, process, value, operands}: Call, root: string | undefined): string {
  const variable = own.fileVariable === undefined ? undefined : process.env.get(own.fileVariable)
  const named = (own.takesFile ? operands[0] : value(...own.file)) ?? (variable || undefined)
  if (named === '-') return named
  // foreman looks for a file that is named where it is called, honcho in its directory.
  const isInRoot = own.name === 'honcho' || (own === FOREMAN && named === undefined)
  const base = isInRoot && root !== undefined ? pathIn(process, root) : process.cwd
  return cleanPath(pathIn({cwd: base}, named ?? 'Procfile'))
}

function chosenNames({own, process, value, operands}: Call): readonly string[] {
  const variable = own.choiceVariable === undefined ? undefined : process.env.get(own.choiceVariable)
  const listed = value(...(own.chooses ?? [])) ?? variable ?? ''
  return [...(own.takesFile || own.isOfGo ? [] : operands), ...listed.split(',').map(one => one.trim())].filter(Boolean)
}

function countsOf({own, value}: Call, chosen: readonly string[]): (name: string) => number {
  const formation = value(...(own.counts ?? []))
  if (own === FOREMAN) {
    const [only] = chosen
    return parseFormation(only === undefined ? (formation ?? 'all=1') : `${only}=1`, 0)
  }
  const counts = parseFormation(formation ?? '', 1)
  return name => (chosen.length === 0 || chosen.includes(name) ? counts(name) : 0)
}

interface Variables {
  readonly env: ReadonlyMap<string, string>
  /** Those that it has read itself. */
  readonly own: ReadonlyMap<string, string>
  readonly unknowns?: ReadonlySet<string>
  /** Of the first process; undefined where only the run knows it. */
  readonly port: number | undefined
}

async function readVariables(call: Call, root: string | undefined): Promise<Variables | string> {
  const {own, runner, process, value} = call
  const env = new Map(process.env)
  const read = new Map<string, string>()
  const unknowns = new Set(process.unknownEnv)
  const isNamed = value('e', 'env') !== undefined
  // Files that foreman is told of are where it is called.
  const base = root === undefined || own.isOfGo || (own === FOREMAN && isNamed) ? process.cwd : pathIn(process, root)
  for (const path of own.envFiles(process, {named: value('e', 'env')})) {
    const text = await readText(runner.view, process, pathIn({cwd: base}, path))
    if (text === undefined && own === FOREMAN && isNamed) return `there is no ${path}`
    for (const [name, said] of own.parseEnv(text ?? '')) {
      if (own.isWeak && env.has(name)) continue
      if (said === undefined) unknowns.add(name)
      else {
        env.set(name, said)
        read.set(name, said)
        unknowns.delete(name)
      }
    }
  }
  const asked = value(...own.port.options)
  const text = own === FOREMAN || own.isOfGo ? (asked ?? env.get('PORT')) : (env.get('PORT') ?? asked)
  const hasNone = own.isOfGo && call.has('N', 'no-port')
  const port = unknowns.has('PORT') || hasNone ? undefined : Number.parseInt(text ?? '5000', 10)
  return {
    env,
    own: read,
    port: Number.isNaN(port) ? undefined : port,
    ...(unknowns.size === 0 ? {} : {unknowns}),
  }
}
