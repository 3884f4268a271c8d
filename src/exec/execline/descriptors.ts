import type {Outcome} from '../world/call.ts'
import type {Value} from '../world/value.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {operandsOf, optionsOf} from './command-line.ts'
import {numberOf} from './options.ts'
import type {Words} from './words.ts'

/** How a program of execline moves descriptors: its options, and how many numbers it takes. */
const MOVES: Readonly<Record<string, {readonly short?: string; readonly numbers: number}>> = {
  fdblock: {short: 'n', numbers: 1},
  fdclose: {numbers: 1},
  fdmove: {short: 'c', numbers: 2},
  fdreserve: {numbers: 1},
  fdswap: {numbers: 2},
  piperw: {numbers: 2},
}

/** `fdmove -c TO FROM rest` and its like: input and output are others then. */
export async function descriptors(chain: Chain): Promise<Outcome> {
  const {short, numbers = 1} = MOVES[chain.name] ?? {}
  const words = short === undefined ? chain.words : optionsOf(chain, short).rest
  const [operands, rest] = operandsOf(words, numbers)
  const moved = operands.map(word => descriptorOf(word))
  if (chain.name === 'fdblock' || chain.name === 'fdreserve') return startNext(chain, {words: rest, as: 'argument'})
  // What is moved away is closed; `-c` copies.
  const changed = chain.name === 'fdmove' ? moved.slice(0, words.length < chain.words.length ? 1 : 2) : moved
  const isInput = changed.includes(0) || changed.includes(undefined)
  const outcome = await startNext(chain, {words: rest, as: 'argument', ...(isInput ? {input: {value: undefined}} : {})})
  const isOutput = changed.includes(1) || moved.includes(1) || changed.includes(undefined)
  if (!isOutput) return outcome
  const {output: _, ...others} = outcome
  return moved[0] === 1 && moved[1] === 2 ? {...others, output: ''} : others
}

function descriptorOf(word: Value): number | undefined {
  const number = numberOf(word)
  if (number === undefined && typeof word === 'string') {
    throw new ChainProblem('refused', `it does not take ${JSON.stringify(word)} for a descriptor`)
  }
  return number
}

/** `heredoc -d DESCRIPTOR TEXT rest` */
export async function heredoc(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'd')
  const [[descriptor = '', text], words]: readonly [Words, Words] = operandsOf(options.rest, 2)
  const number = descriptorOf(descriptor)
  const input = number === 0 ? {input: {value: typeof text === 'string' ? text : undefined}} : {}
  return startNext(chain, {words, as: 'argument', ...input})
}
