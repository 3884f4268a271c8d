import {unknownVariable, variableOf, withoutVariables, withVariable} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import {absolutePath} from '../world/call.ts'
import {textOf} from '../world/text.ts'
import type {Value} from '../world/value.ts'
import {parseOptions} from '../wrappers/options.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {operandsOf, optionsOf} from './command-line.ts'
import {hasLetter, numberOf, optionValue} from './options.ts'
import {popPositionals, positionalsOf, pushPositionals, withPositionals} from './variables.ts'
import type {Words} from './words.ts'

/** `exec -c -l -a NAME program` */
export async function execProgram(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'cla:')
  const [, words] = operandsOf(options.rest, 0)
  const process = hasLetter(options, 'c') ? withoutVariables(chain.process, () => true) : chain.process
  return startNext(chain, {words, as: 'argument', process})
}

/** `emptyenv`: no variables; `-p` keeps PATH, `-c` takes away execline's own, `-P` and `-o` bring back older ones. */
export async function emptyenv(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'plcoP')
  const [, words] = operandsOf(options.rest, 0)
  const {process} = chain
  const next = (changed: typeof process) => startNext(chain, {words, as: 'argument', process: changed})
  if (hasLetter(options, 'c')) {
    const isOwn = (name: string) => /^(ELGETOPT_|EXECLINE_|FD\d|#|[0-9]|[!?]$)/.test(name)
    return next(withoutVariables(process, isOwn))
  }
  if (hasLetter(options, 'P') || hasLetter(options, 'o')) {
    const popped = hasLetter(options, 'P') ? popPositionals(process) : process
    return next(hasLetter(options, 'o') ? popPositionals(popped, /^ELGETOPT_/) : popped)
  }
  const kept = [...(hasLetter(options, 'p') ? ['PATH'] : []), ...(hasLetter(options, 'l') ? ['LD_LIBRARY_PATH'] : [])]
  return next(withoutVariables(process, name => !kept.includes(name)))
}

/** `envfile FILE rest`: the variables that a file of lines `name=value` sets. */
export async function envfile(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'iI')
  const [[file], words] = operandsOf(options.rest, 1)
  const {view} = chain.runner
  const path = absolutePath(chain.process, file)
  const text = path === undefined ? undefined : await textOf(view, await view.place(path))
  const lines = text?.split('\n').filter(line => line.trim() !== '' && !line.startsWith('#'))
  const pairs = lines?.map(line => /^([^=\s\\"']+)=([^\\"'\s#=]*)$/.exec(line))
  let {process} = chain
  if (pairs?.every(pair => pair !== null)) {
    for (const [, name = '', value = ''] of pairs) process = withVariable(process, name, value)
    return startNext(chain, {words, as: 'argument', process})
  }
  // It may set any of those that are set, and more, which are then not known.
  for (const name of process.env.keys()) process = withVariable(process, name, unknownVariable(name))
  return startNext(chain, {words, as: 'argument', process, certainty: 'likely', guarded: true})
}

/** `shift -n COUNT -b BLOCKS rest` */
export async function shift(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'n:b:')
  const [, words] = operandsOf(options.rest, 0)
  const isPlain = !hasLetter(options, 'n') && !hasLetter(options, 'b')
  const count = isPlain ? 1 : hasLetter(options, 'n') ? numberOf(optionValue(options, 'n')) : 0
  const blocks = hasLetter(options, 'b') ? numberOf(optionValue(options, 'b')) : 0
  if (count === undefined || blocks === undefined) throw new ChainProblem('refused', 'it wants a number')
  const {words: all} = positionals(chain)
  let left: Words = all.slice(count)
  for (let at = 0; at < blocks; at++) {
    const end = left.indexOf('')
    if (end < 0) throw new ChainProblem('refused', 'there are fewer blocks than it shifts')
    left = left.slice(end + 1)
  }
  return startNext(chain, {words, as: 'argument', process: withPositionals(chain.process, left)})
}

/** `runblock NUMBER`: becomes one of the blocks that the positional parameters hold. */
export async function runblock(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'Prn:')
  const [[operand], before] = operandsOf(options.rest, 1, 1)
  const number = numberOf(operand)
  const skipped = hasLetter(options, 'n') ? numberOf(optionValue(options, 'n')) : 0
  const isRest = hasLetter(options, 'r')
  if (number === undefined || skipped === undefined || (number === 0 && !isRest)) {
    throw new ChainProblem('refused', 'it wants the number of a block')
  }
  let left: Words = positionals(chain).words.slice(skipped)
  for (let at = isRest ? 0 : 1; at < number; at++) {
    const end = left.indexOf('')
    if (end < 0) throw new ChainProblem('refused', 'there is no such block')
    left = left.slice(end + 1)
  }
  const end = left.indexOf('')
  if (!isRest && end < 0) throw new ChainProblem('refused', 'there is no such block')
  const block = isRest ? left : left.slice(0, end).map(unquoteOnce)
  const process = hasLetter(options, 'P') ? chain.process : popPositionals(chain.process)
  return startNext(chain, {words: [...before, ...block], as: 'block', process})
}

function unquoteOnce(word: Value): Value {
  return typeof word === 'string' && word.startsWith(' ') ? word.slice(1) : word
}

function positionals({process}: Chain): {readonly words: Words; readonly zero: Value | undefined} {
  const found = positionalsOf(process)
  if (found) return found
  throw variableOf(process, '#') === undefined
    ? new ChainProblem('refused', 'the variable # is not set')
    : new ChainProblem('unknown', 'reads positional parameters that only the run knows')
}

/** `elgetopt OPTIONS rest`: the options among the positional parameters become variables. */
export async function elgetopt(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'D:')
  const [[letters = ''], words] = operandsOf(options.rest, 1)
  const {words: all} = positionals(chain)
  const texts = all.filter(word => typeof word === 'string')
  if (texts.length < all.length || typeof letters !== 'string') {
    throw new ChainProblem('unknown', 'reads options that only the run knows')
  }
  const short = letters.replace(/^:/, '')
  const read = parseOptions(['', ...texts], {short})
  if (read.unknown !== undefined || read.lacking !== undefined) {
    throw new ChainProblem('refused', `there is an option ${read.unknown ?? read.lacking} that it does not take`)
  }
  const ifNone = optionValue(options, 'D') ?? '1'
  let process = pushPositionals(chain.process, /^ELGETOPT_/)
  for (const [letter, value] of read.options) process = withVariable(process, `ELGETOPT_${letter}`, value ?? ifNone)
  process = withPositionals(process, read.words)
  return startNext(chain, {words, as: 'argument', process})
}
