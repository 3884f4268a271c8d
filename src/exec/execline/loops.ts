import {MAX_ROUNDS} from '../budget.ts'
import {unknownVariable, withVariable} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import type {Value} from '../world/value.ts'
import type {World} from '../world/world.ts'
import {type Chain, ChainProblem, eitherOf, startNext} from './chain.ts'
import {blockOf, fullBlockOf, operandsOf, optionsOf, variableName} from './command-line.ts'
import {hasLetter, lastOf, type Options, optionValue} from './options.ts'
import {substitute} from './substitute.ts'
import type {Words} from './words.ts'

/** `forx variable { values } command`: the command once for each value. */
export async function forx(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'pP:o:x:Ee')
  checkCodes(options)
  const [[variable], behind] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const {block, rest} = blockOf(chain, behind)
  const {world} = chain.runner.view
  if (block.length === 0 || rest.length === 0) return {world, status: 'success', output: ''}
  const isKnown = block.length <= MAX_ROUNDS && block.every(word => typeof word === 'string' || !word.isWords)
  return isKnown ? inRounds(chain, options, name, block, rest) : sometimes(chain, options, name, rest, world)
}

/** `forstdin variable command`: the command once for each line of standard input. */
export async function forstdin(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'pP:NnCc0d:o:x:Ee')
  checkCodes(options)
  const [[variable], rest] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const {input, view} = chain.runner
  const lines = typeof input === 'string' ? linesOf(input, options) : undefined
  if (!lines || lines.length > MAX_ROUNDS) return sometimes(chain, options, name, rest, view.world)
  if (lines.length === 0) return {world: view.world, status: 'failure', output: ''}
  return inRounds(chain, options, name, lines, rest)
}

/** `forbacktickx variable { block } command`: the command once for each line that the block prints. */
export async function forbacktickx(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'pP:NnCc0d:o:x:Ee')
  checkCodes(options)
  const [[variable], behind] = operandsOf(options.rest, 1)
  const name = variableName(variable)
  const {block, rest} = fullBlockOf(chain, behind)
  const before = await startNext(chain, {words: block, as: 'block', need: 'start'})
  if (before.cannotStart) return before
  const {output, world} = before
  const lines = typeof output === 'string' ? linesOf(output, options) : undefined
  if (!lines || lines.length > MAX_ROUNDS) return sometimes(chain, options, name, rest, world)
  // Each round begins with fdmove, which is there: that the rest of it cannot be started is an exit code.
  if (lines.length === 0) return {world, status: 'failure', output: ''}
  return inRounds(chain, options, name, lines, rest, {from: world, isWrapped: true})
}

/** `loopwhilex command`: again and again while it succeeds. */
export async function loopwhilex(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'no:x:')
  checkCodes(options)
  const [, words] = operandsOf(options.rest, 0)
  const first = await startNext(chain, {words, as: 'argument', need: 'perhaps'})
  if (first.cannotStart) return first
  return {world: await afterMore(chain, words, first.world), status: 'unknown'}
}

/** Once for each value, as long as no exit code may end the loop. */
async function inRounds(
  chain: Chain,
  options: Options,
  name: string,
  values: Words,
  words: Words,
  {from, isWrapped = false}: {readonly from?: World; readonly isWrapped?: boolean} = {},
): Promise<Outcome> {
  let world = from ?? chain.runner.view.world
  const mayEnd = hasLetter(options, 'o') || hasLetter(options, 'x')
  for (const [index, value] of values.entries()) {
    const certainty = mayEnd && index > 0 ? 'likely' : 'certain'
    const round = await startRound(chain, options, name, value, words, {world, certainty, isWrapped})
    if (round.cannotStart && !isWrapped && !imports(options)) return round
    world = round.world
  }
  return {world, status: mayEnd ? 'unknown' : 'success'}
}

/** Any number of times, with a value that only the run knows. */
async function sometimes(chain: Chain, options: Options, name: string, words: Words, world: World): Promise<Outcome> {
  const value = unknownVariable(name)
  const round = (guarded: boolean) => startRound(chain, options, name, value, words, {world, guarded})
  const outcome = await eitherOf(chain, world, [round, async () => ({world, status: 'unknown'})])
  return {world: joinWorlds(world, outcome.world), status: 'unknown'}
}

function startRound(
  chain: Chain,
  options: Options,
  name: string,
  value: Value,
  words: Words,
  {
    isWrapped,
    ...how
  }: {
    readonly world: World
    readonly certainty?: 'certain' | 'likely'
    readonly guarded?: boolean
    readonly isWrapped?: boolean
  },
): Promise<Outcome> {
  const {budget} = how.world
  const own = imports(options) ? substitute(words, new Map([[name, [value]]]), budget) : words
  const process = withVariable(chain.process, name, imports(options) ? undefined : value)
  const need = isWrapped || imports(options) ? 'nothing' : 'perhaps'
  return startNext(chain, {words: own, as: 'argument', need, process, ...how})
}

/** `-E`: importas is started, and becomes what is run. */
function imports(options: Options): boolean {
  return lastOf(options, 'Ee') === 'E'
}

/** The files after further rounds, of which nothing is reported. */
async function afterMore(chain: Chain, words: Words, world: World): Promise<World> {
  let next = world
  await chain.runner.rehearse(async () => {
    next = (await startNext(chain, {words, as: 'argument', need: 'nothing', world})).world
  })
  return joinWorlds(world, next)
}

/** The lines of a text, each ended by one of the delimiters. */
function linesOf(text: string, options: Options): readonly string[] | undefined {
  const delimiters = lastOf(options, '0d') === 'd' ? optionValue(options, 'd') : '\n'
  if (typeof delimiters !== 'string' || delimiters === '' || lastOf(options, '0d') === '0') return undefined
  const lines: string[] = []
  let line = ''
  for (const character of text) {
    line += character
    if (!delimiters.includes(character)) continue
    lines.push(line)
    line = ''
  }
  const chomps = lastOf(options, 'Nn') !== 'N'
  const kept = lastOf(options, 'Cc') === 'C' ? lines.filter(one => one.length > 1) : lines
  const ended = kept.map(one => (chomps ? one.slice(0, -1) : one))
  // Of a last line without an end only those know that do not chomp.
  return line === '' || chomps ? ended : [...ended, line]
}

function checkCodes(options: Options): void {
  for (const letter of ['o', 'x']) {
    const codes = optionValue(options, letter)
    if (typeof codes === 'string' && !/^\d+([\s,;]+\d+)*[\s,;]*$/.test(codes)) {
      throw new ChainProblem('refused', `it does not take ${JSON.stringify(codes)} for exit codes`)
    }
  }
}
