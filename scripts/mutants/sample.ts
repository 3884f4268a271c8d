import type {Ignorer} from '@stryker-mutator/api/ignore'
import {seededRandom} from '../kernel/random.ts'

/** Where something of a file's top level begins and ends, as Babel has it. */
interface TopLevel {
  readonly node: {readonly type: string; readonly start: number; readonly end: number}
  readonly parent?: {readonly type: string} | null
}

/**
 * Takes changes of about one in `oneIn` functions, all of each, and leaves out the rest: which ones depends on the seed
 * and on where a function stands in its file, not on the order of files.
 */
export function sampleFunctions({oneIn, seed}: {readonly oneIn: number; readonly seed: number}): Ignorer {
  return {
    shouldIgnore(path) {
      const {node, parent} = path as TopLevel
      if (parent?.type !== 'Program') return undefined
      const place = Math.imul(node.start + 1, 0x9e3779b1) ^ Math.imul(node.end + 1, 0x85ebca6b) ^ seed
      return seededRandom(place).oneIn(oneIn) ? undefined : 'not in the sample'
    },
  }
}
