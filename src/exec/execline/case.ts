import {unknownVariable, withVariable} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import {alternativesOf, type Value} from '../world/value.ts'
import {type Chain, ChainProblem, eitherOf, startNext} from './chain.ts'
import {blockOf, operandsOf, optionsOf} from './command-line.ts'
import {hasLetter, lastOf} from './options.ts'
import type {Words} from './words.ts'

/** `case VALUE { pattern { block } … } rest`: the first block whose pattern matches the value, else the rest. */
export async function caseProgram(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'sSeEnNi')
  const [[value = ''], behind] = operandsOf(options.rest, 1)
  const {block, rest} = blockOf(chain, behind)
  const {world} = chain.runner.view
  const isPlain = !['s', 'e', 'i'].some(letter => hasLetter(options, letter))
  const exports = lastOf(options, 'Nn') === 'N'
  const ways: Way[] = []
  for (let left = block; left.length > 0; ) {
    const [pattern, ...words] = left
    if (words.length === 0) throw new ChainProblem('refused', 'a block does not end')
    const branch = blockOf(chain, words)
    left = branch.rest
    const matched = isPlain ? matches(pattern, value) : undefined
    if (matched === false) continue
    const process = exports ? withMatch(chain.process, isPlain ? pattern : undefined) : chain.process
    ways.push({words: branch.block, as: 'block', process})
    if (matched === true) return run(ways)
  }
  return run([...ways, {words: rest, as: 'argument', process: chain.process}])

  function run(possible: readonly Way[]): Promise<Outcome> {
    const [only] = possible
    if (only && possible.length === 1) return startNext(chain, only)
    return eitherOf(
      chain,
      world,
      possible.map(way => guarded => startNext(chain, {...way, guarded})),
    )
  }
}

interface Way {
  readonly words: Words
  readonly as: 'block' | 'argument'
  readonly process: Chain['process']
}

/**
 * Of `-N`: the pattern, and the parts of the value that its groups match, are the positional parameters. A plain
 * pattern has no groups.
 */
function withMatch(process: Chain['process'], plain: Value | undefined): Chain['process'] {
  if (typeof plain === 'string' && isPlainPattern(plain)) {
    return withVariable(withVariable(process, '#', '0'), '0', plain)
  }
  return ['#', '0', ...DIGITS].reduce((before, name) => withVariable(before, name, unknownVariable(name)), process)
}

const DIGITS = '123456789'.split('')

function isPlainPattern(pattern: string): boolean {
  return pattern === '.*' || /^[\w/:, =@%|-]*$/.test(pattern)
}

/**
 * Whether the extended regular expression `^PATTERN$` without operators, but for `|` and `.*`, matches a value. What
 * stands before the first `|` is held to the beginning alone, what stands behind the last to the end alone.
 */
function matches(pattern: Value | undefined, value: Value): boolean | undefined {
  if (pattern === '.*') return true
  const texts = alternativesOf(value)
  if (typeof pattern !== 'string' || !texts || !isPlainPattern(pattern)) return undefined
  const choices = pattern.split('|')
  // C libraries differ in what an empty one is.
  if (choices.length > 1 && choices.includes('')) return undefined
  const [first = '', last = ''] = [choices[0], choices.at(-1)]
  const found = texts.map(text =>
    choices.length === 1
      ? text === first
      : text.startsWith(first) || text.endsWith(last) || choices.slice(1, -1).some(choice => text.includes(choice)),
  )
  return found.every(one => one === found[0]) ? found[0] : undefined
}
