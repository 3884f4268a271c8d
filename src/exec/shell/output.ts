import {joinValues, textsOf, type Value} from '../world/value.ts'
import type {ShellState} from './state.ts'

/** Adds to what was written to standard output; more than a value may be is not known. */
export function print(state: ShellState, text: Value | undefined): void {
  if (state.isMuted) return
  const whole = joinValues([state.output, text ?? {unknown: '$(…)'}])
  const isTooLong = textsOf(whole).some(one => one.length > state.budget.mostOf('value'))
  state.output = isTooLong ? {unknown: '$(…)'} : whole
}
