import {unknownVariable, variableOf, withoutVariables} from '../process-variables.ts'
import type {Outcome} from '../world/call.ts'
import type {Value} from '../world/value.ts'
import {type Chain, ChainProblem, startNext} from './chain.ts'
import {blockOf, fullBlockOf, operandsOf, optionsOf} from './command-line.ts'
import {globbed} from './glob.ts'
import {hasLetter, lastOf, numberOf, type Options, optionValue} from './options.ts'
import {type Substitution, type Substitutions, substitute} from './substitute.ts'
import {PLAIN, type Transform, transform} from './transform.ts'
import {positionalsOf} from './variables.ts'
import type {Words} from './words.ts'

/** What a directive makes of the words that it is given, and those behind it. */
interface Directive {
  readonly substitutions: Substitutions
  readonly rest: Words
  /** Variables that are not set any more. */
  readonly unset?: readonly string[]
}

const DIRECTIVES: Readonly<Record<string, (chain: Chain) => Directive | Promise<Directive>>> = {
  define,
  importas,
  elglob,
  elgetpositionals,
  multidefine,
}

/**
 * `define`, `importas`, `elglob`, `elgetpositionals`, `multidefine`: what they find stands in the rest of the words.
 */
export async function substitution(chain: Chain): Promise<Outcome> {
  const directive = await DIRECTIVES[chain.name]?.(chain)
  if (!directive) throw new Error(`${chain.name} is not a substitution`)
  const {rest, substitutions, unset = []} = directive
  return substituted(chain, rest, substitutions, unset)
}

/** `multisubstitute { directives } rest`: all at once. */
export async function multisubstitute(chain: Chain): Promise<Outcome> {
  const {block, rest} = blockOf(chain, chain.words)
  const [, words] = operandsOf(rest, 0)
  const all = new Map<string, Substitution>()
  const unset: string[] = []
  for (let left = block; left.length > 0; ) {
    const [name, ...behind] = left
    const own = typeof name === 'string' && Object.hasOwn(DIRECTIVES, name) ? name : undefined
    if (own === undefined) throw new ChainProblem('unknown', 'has a directive that is not understood')
    const directive = await DIRECTIVES[own]?.({...chain, name: own, words: behind})
    if (!directive) break
    for (const [key, value] of directive.substitutions) {
      if (all.has(key)) throw new ChainProblem('refused', `${JSON.stringify(key)} is defined twice`)
      all.set(key, value)
    }
    unset.push(...(directive.unset ?? []))
    left = directive.rest
  }
  return substituted(chain, words, all, unset)
}

function substituted(
  chain: Chain,
  words: Words,
  substitutions: Substitutions,
  unset: readonly string[],
): Promise<Outcome> {
  const {budget} = chain.runner.view.world
  const process = withoutVariables(chain.process, name => unset.includes(name))
  return startNext(chain, {words: substitute(words, substitutions, budget), as: 'argument', process})
}

/** `define -s -n -C -d DELIMITERS key value` */
function define(chain: Chain): Directive {
  const options = optionsOf(chain, 'NnsCcd:')
  const [[key, value = ''], rest] = operandsOf(options.rest, 2, 2)
  return {substitutions: new Map([[keyOf(key), transformed(chain, value, transformOf(options))]]), rest}
}

/** `importas -i -u -D DEFAULT key variable`, since 2.9.6 `importas -S variable`. */
function importas(chain: Chain): Directive {
  const options = optionsOf(chain, 'SiuD:NnsCcd:')
  const isSame = hasLetter(options, 'S')
  const [[key, other], rest] = operandsOf(options.rest, isSame ? 1 : 2, isSame ? 1 : 2)
  const variable = isSame ? key : other
  const name = keyOf(key)
  if (typeof variable !== 'string') return {substitutions: new Map([[name, undefined]]), rest}
  const set = variableOf(chain.process, variable)
  // It insists on a variable: that may be given to the container.
  const asked = set ?? (hasLetter(options, 'i') ? unknownVariable(variable) : optionValue(options, 'D'))
  const found = asked === undefined ? [] : transformed(chain, asked, transformOf(options))
  const unset = set !== undefined && hasLetter(options, 'u') ? [variable] : []
  return {substitutions: new Map([[name, found]]), rest, unset}
}

/** `elgetpositionals -P NUMBER`: `#`, `@`, `0`, `1` … */
function elgetpositionals(chain: Chain): Directive {
  const options = optionsOf(chain, 'P:')
  const least = hasLetter(options, 'P') ? numberOf(optionValue(options, 'P')) : 0
  if (least === undefined || least > 4000) throw new ChainProblem('refused', 'its option -P wants a number')
  const found = positionalsOf(chain.process)
  if (!found) throw new ChainProblem('unknown', 'reads positional parameters that are not set')
  return {substitutions: positionalSubstitutions(found.zero ?? '', found.words, least, found.words), rest: options.rest}
}

/** What `$#`, `$@`, `$0`, `$1` … stand for. */
export function positionalSubstitutions(zero: Value, words: Words, least: number, all: Words): Substitutions {
  const count = Math.max(words.length, least)
  const single = Array.from({length: count}, (_, index) => [String(index + 1), [words[index] ?? '']] as const)
  return new Map<string, Substitution>([['#', [String(words.length)]], ['0', [zero]], ['@', all], ...single])
}

/** `multidefine value { variables }`: the value is split, and each variable stands for one of its words. */
function multidefine(chain: Chain): Directive {
  const options = optionsOf(chain, '0rNnCcd:')
  const [[value = ''], behind] = operandsOf(options.rest, 1)
  const {block, rest} = fullBlockOf(chain, behind)
  const found = transformed(chain, value, {...transformOf(options), splits: true})
  const substitutions = new Map<string, Substitution>()
  for (const [index, key] of block.entries()) {
    if (key === '') continue
    const name = keyOf(key)
    if (substitutions.has(name)) throw new ChainProblem('refused', `${JSON.stringify(name)} is defined twice`)
    const word = found?.[index]
    const lacking = hasLetter(options, '0') ? [] : ['']
    const isLast = index === block.length - 1 && hasLetter(options, 'r')
    substitutions.set(
      name,
      found && (isLast && word !== undefined ? found.slice(index) : word === undefined ? lacking : [word]),
    )
  }
  return {substitutions, rest}
}

/** `elglob key pattern`: the files that match; where it has nothing that matches, itself. */
async function elglob(chain: Chain): Promise<Directive> {
  const options = optionsOf(chain, 'vwsme0nd:')
  const [[key, pattern = ''], rest] = operandsOf(options.rest, 2, 2)
  return {substitutions: new Map([[keyOf(key), await globbed(chain, options, pattern)]]), rest}
}

function keyOf(key: Value | undefined): string {
  if (typeof key !== 'string') throw new ChainProblem('unknown', 'defines a variable that only the run knows')
  if (key === '') throw new ChainProblem('refused', 'it defines a variable without a name')
  return key
}

function transformOf(options: Options): Transform {
  const delimiters = optionValue(options, 'd')
  return {
    delimiters: typeof delimiters === 'string' ? delimiters : PLAIN.delimiters,
    crunches: lastOf(options, 'Cc') === 'C',
    chomps: lastOf(options, 'Nn') === 'n',
    splits: hasLetter(options, 's'),
  }
}

/** The words of a value; undefined where only the run knows them. */
function transformed(chain: Chain, value: Value, how: Transform): Substitution {
  if (typeof value === 'object') return how.splits ? undefined : [value]
  const words = transform(value, how, chain.runner.view.world.budget)
  if (!words) throw new ChainProblem('refused', `${JSON.stringify(value)} is not a netstring`)
  return words
}
