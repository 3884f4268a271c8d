import type {Outcome} from '../world/call.ts'
import {type Runner, refusal} from '../wrappers/handover.ts'

/** What a supervisor starts cannot be followed, and why. */
export function endUnknown(runner: Runner, reason: string): Promise<Outcome> {
  return runner.run({kind: 'unknown', reason}, runner.view.world)
}

/** A supervisor ends before it starts anything, and says why. */
export function endRefused(runner: Runner, name: string, reason: string): Promise<Outcome> {
  return runner.run(refusal(name, reason), runner.view.world)
}
