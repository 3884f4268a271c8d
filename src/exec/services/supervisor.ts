import type {Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import type {Runner} from '../wrappers/handover.ts'

/** A program that starts others beside each other, as files of the image say, and stays. */
export interface Supervisor {
  readonly names: readonly string[]
  /** What it reads, and what it starts, for docs/execve.md. */
  readonly reads: string
  readonly starts: string
  /** Whether the file that runs is it, where others have its name, too. */
  isFile?(runner: Pick<Runner, 'file' | 'multiCall'>): boolean
  /** Follows it: what it starts goes through `runner.run`. */
  follow(runner: Runner, process: Process): Promise<Outcome>
}

/** A supervisor that is a script, and known by its name and by what stands in it. */
export interface ScriptSupervisor extends Supervisor {
  /** What runs it: `python3`. */
  readonly interpreter: RegExp
  /** What its text holds; another program of the same name is not it. */
  readonly marks: readonly RegExp[]
}
