import type {Random} from '../../kernel/random.ts'
import type {Part} from './text.ts'
import type {Place} from './words.ts'

/** A command line, and what is to be known of it. */
export interface MadeChain {
  readonly parts: readonly Part[]
  readonly mayEnd: boolean
  readonly isParallel: boolean
}

/** Makes a block, of so many programs at most. */
export type MakeBlock = (random: Random, place: Place, most?: number) => {readonly part: Part; readonly made: MadeChain}

/** Makes a program that becomes the next one, with its words. */
export type Link = (random: Random, place: Place, block: MakeBlock) => Made

/** Words before the rest; the keys that the rest knows. */
export interface Made {
  readonly parts: readonly Part[]
  readonly knows?: readonly string[]
  readonly mayEnd?: boolean
  readonly isParallel?: boolean
  /** Nothing stands behind it. */
  readonly isEnd?: boolean
}
