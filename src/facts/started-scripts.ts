import type {Step} from '../exec/index.ts'

export interface StartedScript {
  readonly path: string
  /** The step of the interpreter. */
  readonly program: Step
}

/** The scripts that an interpreter is started with, where nothing can keep it from that. */
export function startedScripts(steps: readonly Step[], interpreter: RegExp): readonly StartedScript[] {
  return steps.flatMap(step => {
    const other = step.from === undefined ? undefined : steps[step.from]
    if (other === undefined || !isSure(step) || !isSure(other)) return []
    // A file that it is to run; or a script whose first line names it.
    if (step.role === 'argument' && interpreter.test(other.path)) return [{path: step.node?.path ?? '', program: other}]
    const isInterpreter = step.role === 'interpreter' && interpreter.test(step.path) && other.role === 'program'
    return isInterpreter ? [{path: other.node?.path ?? '', program: step}] : []
  })
}

export function isSure({certainty, accepted, maybe, service, obstacle, node}: Step): boolean {
  const isTaken = certainty === 'certain' && accepted !== true && service === undefined
  return isTaken && maybe === undefined && obstacle === undefined && node !== undefined
}
