import {unknownVariable, withoutVariables, withVariable} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import type {Status} from '../world/value.ts'
import {bothOutputs, type Chain, ChainProblem, eitherOf, startNext} from './chain.ts'
import {blockOf, fullBlockOf, operandsOf, optionsOf} from './command-line.ts'
import {hasLetter, numberOf, optionValue} from './options.ts'
import type {Words} from './words.ts'

/** `foreground { block } rest`: the block first, then the rest, whatever became of it. */
export async function foreground(chain: Chain): Promise<Outcome> {
  const {block, rest} = blockOf(chain, chain.words)
  return inSequence(chain, await startNext(chain, {words: block, as: 'block', need: 'nothing'}), rest)
}

/** The rest, with `?` as the exit code of what ran before. */
async function inSequence(chain: Chain, before: Outcome, rest: Words): Promise<Outcome> {
  const code = before.status === 'success' ? '0' : unknownVariable('?')
  const process = withVariable(chain.process, '?', code)
  const after = await startNext(chain, {words: rest, as: 'argument', world: before.world, process})
  return {...withoutOutput(after), ...bothOutputs(before.output, after.output)}
}

function withoutOutput({output: _, ...outcome}: Outcome): Outcome {
  return outcome
}

/** `if { block } rest`: the chain ends where the block fails. */
export async function ifProgram(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'nXtx:')
  const isNegated = hasLetter(options, 'n')
  const code = hasLetter(options, 'x') ? numberOf(optionValue(options, 'x')) : 1
  if (code === undefined) throw new ChainProblem('refused', 'its option -x wants an exit code')
  if (code > 255) throw new ChainProblem('refused', `${code} is not an exit code`)
  const endsWell = (hasLetter(options, 't') && !hasLetter(options, 'x')) || (hasLetter(options, 'x') && code === 0)
  const {block, rest} = blockOf(chain, options.rest)
  const before = await startNext(chain, {
    words: block,
    as: 'block',
    need: isNegated || endsWell ? 'start' : 'all',
    isFollowed: true,
  })
  if (before.cannotStart) return before
  const status = isNegated ? negate(before.status) : before.status
  if (status === 'failure' && (endsWell || isConstant(block))) {
    return {...before, status: endsWell ? 'success' : 'failure'}
  }
  // What the block asks for may be given to the container: the chain is followed as if it was.
  const certainty = status !== 'success' && endsWell ? 'likely' : 'certain'
  const after = await startNext(chain, {words: rest, as: 'argument', world: before.world, certainty})
  const end = status === 'success' ? after.status : 'unknown'
  return {...withoutOutput(after), status: end, ...bothOutputs(before.output, after.output)}
}

/** Whether it is plain that nothing from outside makes it end otherwise. */
function isConstant([name]: Words): boolean {
  return name === 'false' || name === 'true' || name === 'exit' || name === 's6-false' || name === 's6-true'
}

function negate(status: Status): Status {
  return status === 'unknown' ? status : status === 'success' ? 'failure' : 'success'
}

/** `ifelse { condition } { then } else` */
export async function ifelse(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'nX')
  const condition = blockOf(chain, options.rest)
  if (condition.rest.length === 0) throw new ChainProblem('refused', 'it wants a second block')
  const then = blockOf(chain, condition.rest)
  const before = await startNext(chain, {words: condition.block, as: 'block', need: 'start'})
  if (before.cannotStart) return before
  const status = hasLetter(options, 'n') ? negate(before.status) : before.status
  return branch(chain, before, status, [
    {words: then.block, as: 'block'},
    {words: then.rest, as: 'argument'},
  ])
}

/** `ifte { then } { else } condition` */
export async function ifte(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'nX')
  const then = blockOf(chain, options.rest)
  if (then.rest.length === 0) throw new ChainProblem('refused', 'it wants a second block')
  const otherwise = blockOf(chain, then.rest)
  const [, condition] = operandsOf(otherwise.rest, 0)
  const before = await startNext(chain, {words: condition, as: 'argument', need: 'start'})
  if (before.cannotStart) return before
  const status = hasLetter(options, 'n') ? negate(before.status) : before.status
  return branch(chain, before, status, [
    {words: then.block, as: 'block'},
    {words: otherwise.block, as: 'block'},
  ])
}

interface Way {
  readonly words: Words
  readonly as: 'block' | 'argument'
}

async function branch(chain: Chain, before: Outcome, status: Status, ways: readonly [Way, Way]): Promise<Outcome> {
  const {world} = before
  const [then, otherwise] = ways
  const after =
    status === 'unknown'
      ? await eitherOf(
          chain,
          world,
          ways.map(way => guarded => startNext(chain, {...way, world, guarded})),
        )
      : await startNext(chain, {...(status === 'success' ? then : otherwise), world})
  return {...withoutOutput(after), ...bothOutputs(before.output, after.output)}
}

/** `ifthenelse { condition } { then } { else } rest`: one of the blocks, then the rest. */
export async function ifthenelse(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'Xs')
  const condition = blockOf(chain, options.rest)
  if (condition.rest.length === 0) throw new ChainProblem('refused', 'it wants a second block')
  const then = blockOf(chain, condition.rest)
  const otherwise = blockOf(chain, then.rest)
  const {rest} = otherwise
  const before = await startNext(chain, {words: condition.block, as: 'block', need: 'start'})
  if (before.cannotStart) return before
  const {world, status, output} = before
  const blocks = [then.block, otherwise.block] as const
  // `-s`: the block becomes the rest.
  if (hasLetter(options, 's')) {
    return branch(chain, before, status, [
      {words: [...blocks[0], ...rest], as: 'block'},
      {words: [...blocks[1], ...rest], as: 'block'},
    ])
  }
  const run = (words: Words, guarded = false) => startNext(chain, {words, as: 'block', need: 'nothing', world, guarded})
  const ran =
    status === 'unknown'
      ? await eitherOf(
          chain,
          world,
          blocks.map(words => guarded => run(words, guarded)),
        )
      : await run(status === 'success' ? blocks[0] : blocks[1])
  return inSequence(chain, {...withoutOutput(ran), ...bothOutputs(output, ran.output)}, rest)
}

/** `tryexec { program } rest`: the rest where the program cannot be executed. */
export async function tryexec(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'ncla:')
  const {block, rest} = fullBlockOf(chain, options.rest)
  const isNegated = hasLetter(options, 'n')
  if (isNegated && rest.length === 0)
    throw new ChainProblem('refused', 'its option -n wants a program behind the block')
  const process = hasLetter(options, 'c') ? withoutVariables(chain.process, () => true) : chain.process
  const tried = {words: isNegated ? rest : block, as: isNegated ? 'argument' : 'block', process} as const
  const other = {words: isNegated ? block : rest, as: isNegated ? 'block' : 'argument'} as const
  let outcome: Outcome = {world: chain.runner.view.world, status: 'unknown'}
  await chain.runner.rehearse(async () => {
    outcome = await startNext(chain, {...tried, need: 'start'})
  })
  if (outcome.cannotStart) return startNext(chain, other)
  return startNext(chain, tried)
}
