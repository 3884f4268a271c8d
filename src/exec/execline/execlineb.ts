import {mayRead} from '../permission.ts'
import {variableOf, withVariable} from '../process-variables.ts'
import {resolve} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {optionsOf} from './command-line.ts'
import {lastOf, numberOf, type Options, optionValue} from './options.ts'
import {type ParsedScript, parseScript} from './parse.ts'
import {substitute} from './substitute.ts'
import {positionalSubstitutions} from './substitutions.ts'
import {pushPositionals, withPositionals} from './variables.ts'
import type {Words} from './words.ts'

/**
 * `execlineb [options] FILE words` and `execlineb -c SCRIPT words`:
 * https://skarnet.org/software/execline/execlineb.html
 */
export async function execlineb(chain: Chain): Promise<Outcome> {
  const options = optionsOf(chain, 'pPqwWec:S:s:')
  const script = optionValue(options, 'c')
  const [file, ...behind] = options.rest
  if (script === undefined && file === undefined) throw new ChainProblem('refused', 'it wants a script')
  const zero = script === undefined ? file : (chain.process.argv[0] ?? 'execlineb')
  const words = script === undefined ? behind : options.rest
  const text = script ?? (await readScript(chain, file))
  if (typeof text !== 'string' && !(text instanceof Uint8Array)) {
    throw new ChainProblem('unknown', 'runs a script that only the run knows')
  }
  const {budget} = chain.runner.view.world
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const parsed = parseScript(bytes, budget)
  const isFixed = (script === undefined || chain.process.ending !== undefined) && !bytes.includes(DOLLAR)
  return becomeScript(isFixed ? closed(chain) : chain, options, parsed, zero ?? '', words)
}

/** No word of a script without substitutions comes from elsewhere. */
const DOLLAR = 0x24

function closed(chain: Chain): Chain {
  return {...chain, process: {...chain.process, ending: 'closed'}}
}

/** The file is a step of its own, unless the kernel has opened it already. */
async function readScript(chain: Chain, file: Words[number] | undefined): Promise<Uint8Array | undefined> {
  if (typeof file !== 'string') return undefined
  const {runner, process} = chain
  const {view} = runner
  await runner.run({kind: 'file', candidates: [file], via: `argument of ${chain.name}`, cwd: process.cwd}, view.world)
  const {node, maybe} = await resolve(view, process, file)
  if (node?.kind !== 'file' || maybe?.grade === 'replaced' || !mayRead(node, process.user)) return undefined
  view.world.budget?.check('bytes', node.size)
  return (await view.open(node)).read(0, node.size)
}

async function becomeScript(
  chain: Chain,
  options: Options,
  parsed: ParsedScript,
  zero: Words[number],
  words: Words,
): Promise<Outcome> {
  const {world} = chain.runner.view
  if (!parsed.ok) throw new ChainProblem('refused', parsed.problem)
  if (parsed.words.length === 0) return {world, status: 'success', output: ''}
  const strict = lastOf(options, 'qwW')
  const level = strict === 'q' ? undefined : strict === 'w' ? '1' : '2'
  const process = strict === undefined ? chain.process : withVariable(chain.process, 'EXECLINE_STRICT', level)
  const how = lastOf(options, 'pPSs')
  if (how === 'P') return startNext(chain, {words: parsed.words, as: 'argument', process})
  if (how === 'p' || how === undefined) {
    // In the older of two scripts that call each other they are kept under other names.
    const pushed = how === 'p' ? process : pushPositionals(process)
    return startNext(chain, {words: parsed.words, as: 'argument', process: withPositionals(pushed, words, zero)})
  }
  const least = numberOf(optionValue(options, how))
  if (least === undefined || least > 4000) throw new ChainProblem('refused', `its option -${how} wants a number`)
  const isStrict = Number(variableOf(process, 'EXECLINE_STRICT') ?? 0) > 1
  if (isStrict && words.length < least) throw new ChainProblem('refused', `it wants ${least} arguments`)
  const all = how === 's' ? words.slice(least) : words
  const substitutions = positionalSubstitutions(zero, words, least, all)
  // A word that stands for any number of words may be any of those behind it.
  const isOpen = words.some(word => typeof word === 'object' && word.isWords)
  if (isOpen) throw new ChainProblem('unknown', 'is given words that only the run knows')
  const own = substitute(parsed.words, substitutions, world.budget)
  return startNext(chain, {words: own, as: 'argument', process})
}
