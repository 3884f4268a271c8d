import {variableOf} from '../process-variables.ts'
import type {Value} from '../world/value.ts'
import {type Chain, ChainProblem} from './chain.ts'
import {type Options, readOptions} from './options.ts'
import {takeBlock, type Words} from './words.ts'

/** The options of a program of execline. Throws where it takes none such. */
export function optionsOf({words}: Pick<Chain, 'words'>, short: string): Options {
  const read = readOptions(words, short)
  if (!('problem' in read)) return read
  // A later version may know it.
  if (read.problem === 'is not understood')
    throw new ChainProblem('unknown', `has an option ${read.option} that ${read.problem}`)
  throw new ChainProblem('refused', `its option ${read.option} wants an argument`)
}

/** The block that its command line goes on with. Throws where it does not end. */
export function blockOf(chain: Chain, words: Words): {readonly block: Words; readonly rest: Words} {
  const taken = takeBlock(words)
  if (!taken) throw new ChainProblem('refused', 'a block does not end')
  const {unquoted} = taken
  const strict = variableOf(chain.process, 'EXECLINE_STRICT')
  if (unquoted !== undefined && typeof strict === 'string' && /^\d+$/.test(strict) && Number(strict) > 1) {
    const word = typeof unquoted === 'string' ? unquoted : unquoted.unknown
    throw new ChainProblem(
      'refused',
      `${JSON.stringify(word)} in a block is not quoted, and EXECLINE_STRICT is ${strict}`,
    )
  }
  return taken
}

/** A block that must not be empty. */
export function fullBlockOf(chain: Chain, words: Words): {readonly block: Words; readonly rest: Words} {
  const taken = blockOf(chain, words)
  if (taken.block.length === 0) throw new ChainProblem('refused', 'its block is empty')
  return taken
}

/** So many words before the rest. Throws where there are fewer; `atLeast` says how many must stand there with it. */
export function operandsOf(words: Words, count: number, atLeast = count + 1): readonly [Words, Words] {
  if (words.length < atLeast) throw new ChainProblem('refused', 'it wants more arguments')
  return [words.slice(0, count), words.slice(count)]
}

/** A variable that it sets. */
export function variableName(word: Value | undefined): string {
  if (typeof word !== 'string') throw new ChainProblem('unknown', 'sets a variable that only the run knows')
  if (word === '' || word.includes('='))
    throw new ChainProblem('refused', `it does not take ${JSON.stringify(word)} for a variable`)
  return word
}
