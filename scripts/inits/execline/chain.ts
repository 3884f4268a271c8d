import type {Random} from '../../kernel/random.ts'
import type {MadeChain, MakeBlock} from './link.ts'
import {LINKS_WITH_BLOCKS} from './links-with-blocks.ts'
import {LINKS_WITH_WORDS} from './links-with-words.ts'
import type {Part} from './text.ts'
import {finalProgram, type Place} from './words.ts'

/** So many of either, in turn: in this order a seed makes the scripts that have been measured. */
const TURNS = [
  [8, 5],
  [1, 5],
  [1, 7],
  [1, 4],
  [1, 7],
] as const
const LINKS = TURNS.flatMap(([blocks, words], turn) => {
  const before = (side: 0 | 1) => TURNS.slice(0, turn).reduce((sum, counts) => sum + counts[side], 0)
  return [
    ...LINKS_WITH_BLOCKS.slice(before(0), before(0) + blocks),
    ...LINKS_WITH_WORDS.slice(before(1), before(1) + words),
  ]
})

/** So many programs one after the other, and one at last. */
export function makeChain(random: Random, most: number, place: Place): MadeChain {
  const parts: Part[] = []
  let {known} = place
  let [mayEnd, isParallel] = [false, false]
  for (let left = random.below(most + 1); left > 0; left--) {
    const link = random.pick(LINKS)(random, {...place, known}, makeBlock)
    parts.push(...link.parts)
    known = [...known, ...(link.knows ?? [])]
    mayEnd ||= link.mayEnd === true
    isParallel ||= link.isParallel === true
    if (link.isEnd) return {parts, mayEnd, isParallel}
  }
  parts.push(...finalProgram(random, {...place, known}))
  return {parts, mayEnd, isParallel}
}

const makeBlock: MakeBlock = (random, place, most = 1) => {
  const made =
    place.depth > 2
      ? {parts: ['true'], mayEnd: false, isParallel: false}
      : makeChain(random, most, {...place, depth: place.depth + 1})
  return {part: made.parts, made}
}
