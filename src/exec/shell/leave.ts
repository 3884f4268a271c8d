import {isBash} from './dialect.ts'
import type {ShellState, Status, Value} from './state.ts'

/** `break`, `continue`, `return`, `exit`. */
export function leave(name: string, operand: Value | undefined, state: ShellState): Status {
  switch (name) {
    case 'break':
    case 'continue': {
      // Outside of a loop all shells go on, bash with a message.
      if (state.loops === 0) return 'success'
      const count = typeof operand === 'string' && /^[1-9]\d*$/.test(operand) ? Number(operand) : 1
      state.flow = name
      state.levels = Math.min(count, state.loops)
      return 'success'
    }
    case 'return': {
      const status = statusOf(operand, state)
      // Outside of a function and of a file that is read in it is not to be called.
      if (!state.isInFunction && isBash(state.dialect)) {
        state.isMisused = true
        return 'failure'
      }
      state.flow = state.isInFunction ? 'return' : status === 'failure' ? 'exit-failure' : 'exit'
      return status
    }
    default: {
      const status = statusOf(operand, state)
      state.flow = status === 'failure' ? 'exit-failure' : 'exit'
      return status
    }
  }
}

function statusOf(operand: Value | undefined, {last}: ShellState): Status {
  if (operand === undefined) return last
  if (typeof operand !== 'string') return operand.not === '0' ? 'failure' : 'unknown'
  return /^0+$/.test(operand) ? 'success' : 'failure'
}
