import {defined} from '../../../lib/defined.ts'
import {directoryOf} from '../../../lib/paths.ts'
import {type Process, resolve} from '../../resolved-path.ts'
import type {Outcome} from '../../world/call.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {runServices, type ServiceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import {type Call, callOf, procfileOf, readVariables} from './call.ts'
import {parseFormation, parseProcfile} from './entries.ts'
import {followRun, readRun} from './run-command.ts'
import {FOREMAN, type ProcfileRunner} from './runners.ts'
import {expanded, startOf} from './starts.ts'

/** Follows a runner of Procfiles: each process of its Procfile, which end together; or the one command it runs. */
export async function followProcfile(own: ProcfileRunner, runner: Runner, process: Process): Promise<Outcome> {
  const run = readRun(own, process.argv)
  if (run) return followRun(own, runner, process, run)
  const {name, grammar, command, isCommandFirst} = own
  const [program = name, first = '', ...behind] = process.argv
  if (isCommandFirst && !command?.test(first)) return endUnknown(runner, `${name} ${first} is not followed`)
  const parsed = parseOptions(isCommandFirst ? [program, ...behind] : process.argv, grammar)
  const {options, words, unknown: odd} = parsed
  if (odd !== undefined) return endUnknown(runner, `the option ${odd} of ${name} is not understood`)
  const [verb = '', ...operands] = isCommandFirst ? [first, ...words] : words
  if (command && !command.test(verb)) return endUnknown(runner, `${name} ${verb} is not followed`)
  if (own.takesFile && words.length > 1) return endRefused(runner, name, 'it takes one Procfile')
  const starts = await readStarts(callOf(own, runner, process, options, command ? operands : words))
  if (typeof starts === 'string') return endRefused(runner, name, starts)
  return 'status' in starts ? starts : runServices(runner, starts)
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
          return startOf(own, {...inside, ending: 'closed'}, line, `${name} of ${file}`, certainty)
        }),
  )
}

/** More of one kind add nothing. */
const MOST = 3

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
