import type {TestFile} from './condition.ts'
import type {Evaluator} from './evaluator.ts'
import type {ShellState} from './state.ts'

/** `-v NAME` asks for a variable, all others of one operand for a file. */
export function testerOf({testFile}: Pick<Evaluator['host'], 'testFile'>, state: ShellState): TestFile {
  return async (operator, operand) => {
    if (operator !== '-v') return testFile(operator, operand, state)
    const value = /^[A-Za-z_]\w*$/.test(operand) ? state.vars.get(operand) : {unknown: operand}
    return value === undefined ? 'failure' : typeof value === 'string' ? 'success' : 'unknown'
  }
}
