import type {Outcome} from '../world/call.ts'
import {alternativesOf, type Value} from '../world/value.ts'
import {type Chain, ChainProblem, eitherOf, startNext} from './chain.ts'
import {blockOf, operandsOf, optionsOf} from './command-line.ts'
import {hasLetter} from './options.ts'
import {unknownVariable, withVariable} from './variables.ts'
import type {Words} from './words.ts'

/** `case VALUE { pattern { block } … } rest`: the first block whose pattern matches all of the value, else the rest. */
export async function caseProgram(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'sSeEnNi')
  const [[value = ''], behind] = operandsOf(options.rest, 1)
  const {block, rest} = blockOf(chain, behind)
  const {world} = chain.runner.view
  const isPlain = !['s', 'e', 'i'].some(letter => hasLetter(options, letter))
  const ways: {readonly words: Words; readonly as: 'block' | 'argument'}[] = []
  for (let left = block; left.length > 0; ) {
    const [pattern, ...words] = left
    if (words.length === 0) throw new ChainProblem('refused', 'a block does not end')
    const branch = blockOf(chain, words)
    left = branch.rest
    const matched = isPlain ? matches(pattern, value) : undefined
    if (matched === false) continue
    ways.push({words: branch.block, as: 'block'})
    if (matched === true) {
      return run(ways)
    }
  }
  ways.push({words: rest, as: 'argument'})
  return run(ways)

  function run(possible: typeof ways): Promise<Outcome> {
    // `-N`: the parts of the value that the pattern's groups match are the positional parameters.
    const process = hasLetter(options, 'N') ? withVariable(chain.process, '#', unknownVariable('#')) : chain.process
    const [only] = possible
    if (only && possible.length === 1) return startNext(chain, {...only, process})
    return eitherOf(
      chain,
      world,
      possible.map(way => guarded => startNext(chain, {...way, process, guarded})),
    )
  }
}

/** Whether an extended regular expression without operators, but for `|` and `.*`, matches all of a value. */
function matches(pattern: Value | undefined, value: Value): boolean | undefined {
  if (pattern === '.*') return true
  const texts = alternativesOf(value)
  if (typeof pattern !== 'string' || !texts || !/^[\w/:, =@%|-]*$/.test(pattern)) return undefined
  const choices = pattern.split('|')
  const found = texts.map(text => choices.includes(text))
  return found.every(one => one === found[0]) ? found[0] : undefined
}
