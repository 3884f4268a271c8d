import {resolveUser} from '../credentials.ts'
import {variableOf} from '../process-variables.ts'
import {evaluateTest} from '../shell/condition.ts'
import type {Outcome} from '../world/call.ts'
import {testFile} from '../world/test-file.ts'
import {joinValues, type Status, type Value} from '../world/value.ts'
import {type Chain, ChainProblem} from './chain.ts'
import {optionsOf} from './command-line.ts'
import {hasLetter, lastOf, numberOf, optionValue} from './options.ts'
import {positionalsOf} from './variables.ts'

/** `exit CODE` */
export async function exit(chain: Chain): Promise<Outcome> {
  const [code = '0'] = chain.words
  const number = numberOf(code)
  if (number === undefined && typeof code === 'string') {
    throw new ChainProblem('refused', `it does not take ${JSON.stringify(code)} for an exit code`)
  }
  return ends(chain, number === undefined ? 'unknown' : number % 256 === 0 ? 'success' : 'failure')
}

/** `eltest EXPRESSION`, as test(1), with `-v VARIABLE` and `=~`; a backslash before a word makes it no operator. */
export async function eltest(chain: Chain): Promise<Outcome> {
  const {runner, process, words} = chain
  const isOdd = words.some(word => typeof word === 'string' && (word.startsWith('\\') || word === '=~'))
  if (isOdd) return ends(chain, 'unknown')
  const tester = async (operator: string, operand: string): Promise<Status> => {
    if (operator !== '-v') return testFile(runner.view, process, operator, operand)
    const value = variableOf(process, operand)
    return value === undefined ? 'failure' : typeof value === 'string' ? 'success' : 'unknown'
  }
  return ends(chain, words.length === 0 ? 'failure' : await evaluateTest(words, tester))
}

/** `homeof USER` prints his home directory. */
export async function homeof(chain: Chain): Promise<Outcome> {
  const [user] = chain.words
  if (user === undefined) throw new ChainProblem('refused', 'it wants a user')
  const {view} = chain.runner
  const {maybe} = await view.lookup('/etc/passwd')
  if (typeof user !== 'string' || maybe || /^\d/.test(user)) return {world: view.world, status: 'unknown'}
  const found = await resolveUser(view, user)
  if (!found.ok) return ends(chain, 'failure')
  const {home} = found.value
  return {world: view.world, status: 'success', ...(home === undefined ? {} : {output: `${home}\n`})}
}

/** `dollarat` prints the positional parameters. */
export async function dollarat(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'nd:0')
  const found = positionalsOf(chain.process)
  if (!found && variableOf(chain.process, '#') === undefined) {
    throw new ChainProblem('refused', 'the variable # is not set')
  }
  if (!found) return {world: chain.runner.view.world, status: 'unknown'}
  const delimiter =
    lastOf(options, 'd0') === undefined ? '\n' : lastOf(options, 'd0') === '0' ? '\0' : optionValue(options, 'd')
  const {world} = chain.runner.view
  if (typeof delimiter !== 'string' || delimiter === '') return {world, status: 'success'}
  const end: Value = delimiter.slice(0, 1)
  const last = found.words.length - 1
  const parts = found.words.flatMap((word, index) => (index < last || !hasLetter(options, 'n') ? [word, end] : [word]))
  return {world, status: 'success', output: parts.length === 0 ? '' : joinValues(parts)}
}

function ends({runner}: Chain, status: Status): Outcome {
  return {world: runner.view.world, status, output: ''}
}
