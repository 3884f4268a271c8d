import {OverBudget} from '../../../src/exec/budget.ts'
import {parseShell} from '../../../src/exec/shell/parse.ts'
import {SCRIPTS, SHELL_WORDS} from '../seeds/scripts.ts'
import type {FuzzTarget} from '../target.ts'

/** Text of the shell command language. */
export const target: FuzzTarget = {
  name: 'shell-parser',
  seeds: () => SCRIPTS,
  limit: 4000,
  millisecondsPerKiB: 50,
  words: SHELL_WORDS,
  run: input => {
    try {
      return parseShell(Buffer.from(input).toString('utf8'))
    } catch (thrown) {
      if (thrown instanceof OverBudget) return thrown.message
      throw thrown
    }
  },
}
