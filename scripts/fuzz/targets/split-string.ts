// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are variables of env
import {splitString} from '../../../src/exec/wrappers/split-string.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const VARIABLES = new Map([
  ['HOME', '/root'],
  ['EMPTY', ''],
])

/** The argument of `env -S`. */
export const target: FuzzTarget = {
  name: 'split-string',
  seeds: () =>
    texts('node --flag', "\"a b\" 'c\\'d' ${HOME}/x", 'a\\_b "c\\_d"', '# comment', 'a\\c b', '${EMPTY} \\$x\\n'),
  limit: 400,
  millisecondsPerKiB: 20,
  run: input => {
    const words = splitString(Buffer.from(input).toString('utf8'), VARIABLES)
    if (words === undefined) return undefined
    const quoted = words.map(word => `'${word.replace(/[\\']/g, '\\$&')}'`).join(' ')
    holds(JSON.stringify(splitString(quoted, VARIABLES)) === JSON.stringify(words), 'quoted words are the same words')
    return words
  },
}
