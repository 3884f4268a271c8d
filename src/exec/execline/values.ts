import {unknownVariable, withVariable} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import {mapValue, type Value} from '../world/value.ts'
import type {World} from '../world/world.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {fullBlockOf, operandsOf, optionsOf, variableName} from './command-line.ts'
import {lastOf, optionValue} from './options.ts'
import {substitute} from './substitute.ts'
import type {Words} from './words.ts'

/** Sets a variable for the rest; `imports`: it stands in the words of the rest instead (`-E`). */
function startWithVariable(
  chain: Chain,
  name: string,
  value: Value | undefined,
  words: Words,
  {
    imports,
    world,
    input,
  }: {readonly imports: boolean; readonly world?: World; readonly input?: {readonly value: Value | undefined}},
): Promise<Outcome> {
  const more = {...(world ? {world} : {}), ...(input ? {input} : {})}
  if (!imports) {
    return startNext(chain, {words, as: 'argument', process: withVariable(chain.process, name, value), ...more})
  }
  if (value === undefined) throw new ChainProblem('refused', `the variable ${name} is not set`)
  const {budget} = chain.runner.view.world
  const process = withVariable(chain.process, name, undefined)
  return startNext(chain, {
    words: substitute(words, new Map([[name, [value]]]), budget),
    as: 'argument',
    process,
    ...more,
  })
}

/** `backtick variable { block } rest`: what the block prints is the variable's value. */
export async function backtick(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'iINnxD:Ee')
  const [[variable], behind] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const {block, rest} = fullBlockOf(chain, behind)
  // 2.9.3 starts the block and ends well, 2.9.6 refuses it.
  if (rest.length === 0) throw new ChainProblem('unknown', 'has nothing behind its block, which not each version takes')
  const how = lastOf(options, 'iIxD')
  // Before 2.8 it did not insist unless an option said so.
  const need = how === 'i' ? 'all' : how === undefined ? 'perhaps' : 'start'
  const before = await startNext(chain, {words: block, as: 'block', need, isFollowed: true})
  if (before.cannotStart) return before
  const printed = before.status === 'failure' ? undefined : (before.output ?? unknownVariable(name))
  const value = lastOf(options, 'Nn') === 'N' ? printed : printed && mapValue(printed, text => text.replace(/\n$/, ''))
  const failed = how === 'x' ? undefined : how === 'D' ? optionValue(options, 'D') : unknownVariable(name)
  const known = before.status === 'success' ? value : before.status === 'failure' ? failed : unknownVariable(name)
  return startWithVariable(chain, name, known, rest, {imports: lastOf(options, 'Ee') === 'E', world: before.world})
}

/** `withstdinas variable rest`: all of standard input is the variable's value. */
export async function withstdinas(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'iINnD:Ee')
  const [[variable], rest] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const {input} = chain.runner
  const read = input === undefined ? unknownVariable(name) : input
  const value = lastOf(options, 'Nn') === 'N' ? read : mapValue(read, text => text.replace(/\n$/, ''))
  return startWithVariable(chain, name, value, rest, {imports: lastOf(options, 'Ee') === 'E', input: {value: ''}})
}

/** `getcwd variable rest` */
export async function getcwd(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'Ee')
  const [[variable], rest] = operandsOf(options.rest, 1)
  const imports = lastOf(options, 'Ee') === 'E'
  return startWithVariable(chain, variableName(variable), chain.process.cwd, rest, {imports})
}

/** `getpid variable rest` */
export async function getpid(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'EePp')
  const [[variable], rest] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const imports = lastOf(options, 'Ee') === 'E'
  return startWithVariable(chain, name, unknownVariable(name), rest, {imports})
}

/** `export variable value rest` */
export async function exportProgram(chain: Chain): Promise<Outcome> {
  const [[variable, value = ''], rest] = operandsOf(chain.words, 2)
  if (typeof variable !== 'string') throw new ChainProblem('unknown', 'sets a variable that only the run knows')
  if (variable.includes('='))
    throw new ChainProblem('refused', `it does not take ${JSON.stringify(variable)} for a variable`)
  return startWithVariable(chain, variable, value, rest, {imports: false})
}

/** `unexport variable rest` */
export async function unexport(chain: Chain): Promise<Outcome> {
  const [[variable], rest] = operandsOf(chain.words, 1)
  if (typeof variable !== 'string') throw new ChainProblem('unknown', 'takes away a variable that only the run knows')
  if (variable.includes('='))
    throw new ChainProblem('refused', `it does not take ${JSON.stringify(variable)} for a variable`)
  return startWithVariable(chain, variable, undefined, rest, {imports: false})
}
