import type {LimitName} from '../../src/lib/limits.ts'
import type {ImageFolder} from './image-folder.ts'

/** How an image comes to the program. */
export const CARRIERS = ['layout', 'archive', 'registry'] as const
export type Carrier = (typeof CARRIERS)[number]

/** How a run may end. A finding is the rule that is to be in the report. */
export type Outcome =
  | 'verified'
  | 'could-not-check'
  | {readonly rule: string}
  /** Any of these: what makes no sense to anybody has no right meaning, and still ends as one of them. */
  | 'ended'

/** An image, or a server, that nobody means well with. */
export interface Shape {
  readonly name: string
  /** The limit that it comes near to or goes over. */
  readonly limit?: LimitName
  /** Beyond it a value is one of many that nobody knows, and the limit is not named. */
  readonly isUnnamed?: true
  readonly outcome: Outcome
  /** What the report or the message has to say. */
  readonly says?: RegExp
  /** GiB that stream by: each may take its own time of a processor, beside what every trial may take. */
  readonly streams?: number
  /** All where nothing is said. */
  readonly carriers?: readonly Carrier[]
  /** Further options of the command. */
  readonly options?: readonly string[]
  /** Writes the image; `setRoot` names it. */
  readonly make: (image: ImageFolder) => Promise<void>
}

/** A registry that answers as nobody should, or a folder of Dockerfiles: what is not carried as an image. */
export interface Scene {
  readonly name: string
  readonly limit?: LimitName
  readonly isUnnamed?: true
  readonly outcome: Outcome
  /** GiB that stream by: each may take its own time of a processor, beside what every trial may take. */
  readonly streams?: number
  readonly says?: RegExp
  /** Prepares it, in a folder of its own, and gives the arguments of the command. */
  readonly prepare: (folder: string) => Promise<Prepared>
}

export interface Prepared {
  readonly args: readonly string[]
  /** Where the command runs; a folder of its own where nothing is said. */
  readonly cwd?: string
  /** What PATH and other variables are, where they matter. */
  readonly env?: Readonly<Record<string, string>>
  readonly stop: () => Promise<void>
}
