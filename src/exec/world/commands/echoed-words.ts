import type {Call} from '../call.ts'
import type {Value} from '../value.ts'

/** Options that change nothing of what `echo` prints. */
const SILENT = /^(-[rx]|--no-run-if-empty|--exit)$/

/**
 * `xargs -n1`: without a command, or with `echo`, it prints the words that it reads, so many on each line. Undefined
 * where it starts something else, or what it reads is not known. XCU xargs.
 */
export function echoedWords({words, input}: Pick<Call, 'words' | 'input'>): Value | undefined {
  if (typeof input !== 'string') return undefined
  let most = Number.POSITIVE_INFINITY
  let skips = false
  const rest = words.filter((word): word is string => typeof word === 'string')
  if (rest.length < words.length) return undefined
  for (; rest[0]?.startsWith('-'); rest.shift()) {
    const [option = ''] = rest
    const count = /^(?:-n|--max-args=)(\d*)$/.exec(option)
    if (option === '-r' || option === '--no-run-if-empty') skips = true
    else if (count) most = Number(count[1] || rest.splice(1, 1)[0])
    else if (!SILENT.test(option)) return undefined
  }
  if (!(most > 0) || rest.some((word, at) => (at === 0 ? word !== 'echo' : /^-|\\/.test(word)))) return undefined
  const read = splitWords(input)
  // busybox' echo has no options, and that of others prints them where they do not come first.
  if (read?.some(word => /^-[neE]+$/.test(word) || word.includes('\\')) !== false) return undefined
  const lines: string[] = []
  for (let at = 0; at < read.length; at += most) {
    lines.push([...rest.slice(1), ...read.slice(at, at + most)].join(' '))
  }
  if (lines.length === 0 && !skips) lines.push(rest.slice(1).join(' '))
  return lines.map(line => `${line}\n`).join('')
}

/** By blanks and newlines, with quotes and backslashes of its own; undefined where a quote does not end. */
function splitWords(text: string): readonly string[] | undefined {
  const words = text.match(/(?:"[^"\n]*"|'[^'\n]*'|\\[\s\S]|[^\s"'\\])+/g) ?? []
  const left = text.replaceAll(/(?:"[^"\n]*"|'[^'\n]*'|\\[\s\S]|[^\s"'\\])+/g, '')
  if (/["'\\]/.test(left)) return undefined
  return words.map(word =>
    word.replaceAll(/"([^"\n]*)"|'([^'\n]*)'|\\([\s\S])/g, (_, double, single, escaped) => double ?? single ?? escaped),
  )
}
