import {unknownVariable, withVariable} from '../process-variables.ts'
import {changesBetween, withDoubts} from '../shell/race.ts'
import type {Outcome} from '../world/call.ts'
import type {Value} from '../world/value.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {blockOf, fullBlockOf, operandsOf, optionsOf} from './command-line.ts'
import {hasLetter, lastOf} from './options.ts'
import type {Words} from './words.ts'

/** `background { block } rest`: both at once. */
export async function background(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'd')
  const {block, rest} = fullBlockOf(chain, options.rest)
  // With `-d` its child is started by another: execline 2.9.3 does not ask what became of it, 2.9.9 does.
  const isLoose = hasLetter(options, 'd') && rest.length > 0
  const certainty = isLoose ? 'likely' : 'certain'
  const job = await startNext(chain, {words: block, as: 'block', need: 'perhaps', certainty, input: {value: undefined}})
  if (job.cannotStart && !isLoose) return job
  return beside(chain, job, rest)
}

/** `pipeline { block } rest`: what the block prints is the input of the rest; with `-w` the other way round. */
export async function pipeline(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'drw')
  const {block, rest} = blockOf(chain, options.rest)
  // 2.9.3 starts the rest beside nothing, 2.9.6 refuses it.
  if (block.length === 0) throw new ChainProblem('unknown', 'has an empty block, which not each version takes')
  const [, words] = operandsOf(rest, 0)
  const isBackward = lastOf(options, 'rw') === 'w'
  const input = isBackward ? {input: {value: undefined}} : {}
  const loose = hasLetter(options, 'd') ? ({need: 'perhaps', certainty: 'likely'} as const) : {need: 'start' as const}
  const job = await startNext(chain, {words: block, as: 'block', ...loose, ...input})
  if (job.cannotStart && !hasLetter(options, 'd')) return job
  const outcome = await beside(chain, job, words, isBackward ? undefined : {value: job.output})
  return isBackward ? {...withoutOutput(outcome)} : outcome
}

/** What the job has done to the files by now is not known. */
async function beside(
  chain: Chain,
  job: Outcome,
  words: Words,
  input?: {readonly value: Value | undefined},
): Promise<Outcome> {
  const before = chain.runner.view.world
  // A program that may make anything is not taken to make what is started beside it.
  const changes = changesBetween(before, job.world).filter(({below, grade}) => below !== '/' || grade !== 'made')
  const process = withVariable(chain.process, '!', unknownVariable('!'))
  const world = withDoubts(before, changes)
  return startNext(chain, {words, as: 'argument', world, process, ...(input ? {input} : {})})
}

function withoutOutput({output: _, ...outcome}: Outcome): Outcome {
  return outcome
}

/** `wait { pids } rest` */
export async function wait(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'iIaort:')
  if (!options.rest.includes('')) return {world: chain.runner.view.world, status: 'unknown', output: ''}
  const {rest} = blockOf(chain, options.rest)
  const known = withVariable(chain.process, '?', unknownVariable('?'))
  return startNext(chain, {words: rest, as: 'argument', process: hasLetter(options, 'o') ? known : chain.process})
}

/** `trap { signal { block } … } rest`: the rest, and at a signal a block. */
export async function trap(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'x')
  const {block, rest} = fullBlockOf(chain, options.rest)
  const [, words] = operandsOf(rest, 0)
  const handlers: Words[] = []
  for (let left = block; left.length > 0; ) {
    const [signal, ...behind] = left
    if (signal === undefined || behind.length === 0) throw new ChainProblem('refused', 'a block does not end')
    const handler = blockOf(chain, behind)
    handlers.push(handler.block)
    left = handler.rest
  }
  const outcome = await startNext(chain, {words, as: 'argument'})
  for (const handler of handlers) {
    if (handler.length > 0) await startNext(chain, {words: handler, as: 'block', need: 'nothing', guarded: true})
  }
  return outcome
}
