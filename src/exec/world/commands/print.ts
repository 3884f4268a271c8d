import {absolutePath, type Call, ends, hasOption, inOrder, longestValue, type Outcome, readArguments} from '../call.ts'
import {doubtfulCall, doubtfulWord} from '../files.ts'
import {isOpenable, textOf, writeText} from '../text.ts'
import {joinValues, type Value} from '../value.ts'

/** `echo WORD…`; what shells print differently (options, backslashes) is not known. */
export async function echo(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  if (!words) return ends(call, 'success')
  const isPlain = words[0] === '-n'
  const rest = isPlain ? words.slice(1) : words
  if (rest[0]?.match(/^-[neE]+$/) || rest.some(word => word.includes('\\'))) return ends(call, 'success')
  if (rest.reduce((sum, word) => sum + word.length + 1, 0) > longestValue(call)) return ends(call, 'success')
  return printed(call, rest.join(' ') + (isPlain ? '' : '\n'))
}

/** `printf FORMAT WORD…` with `%s`, `%d` of a plain number, `%%` and the plain escapes, XCU printf. */
export async function printf(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  const [first, ...others] = words ?? []
  const [format, ...rest] = first === '--' ? others : [first, ...others]
  if (format === undefined) return ends(call, words ? 'failure' : 'unknown')
  if (format.startsWith('-')) return ends(call, 'unknown')
  const pieces = format.match(/%s|%d|%%|\\[nt\\"]|[^%\\]+|[%\\]/g) ?? []
  if (pieces.some(piece => piece === '%' || piece === '\\')) return ends(call, 'unknown')
  const takes = pieces.filter(piece => piece === '%s' || piece === '%d').length
  let text = ''
  let args = rest
  do {
    for (const piece of pieces) {
      if (text.length > longestValue(call)) return ends(call, 'success')
      if (piece === '%s' || piece === '%d') {
        const arg = args[0] ?? (piece === '%d' ? '0' : '')
        if (piece === '%d' && !/^-?(0|[1-9]\d*)$/.test(arg)) return ends(call, 'unknown')
        text += arg
        args = args.slice(1)
      } else text += ESCAPES[piece] ?? piece
    }
  } while (args.length > 0 && takes > 0)
  return printed(call, text)
}

const ESCAPES: Readonly<Record<string, string>> = {'%%': '%', '\\n': '\n', '\\t': '\t', '\\\\': '\\', '\\"': '"'}

/** `cat FILE…`, and what it is given. */
export async function cat(call: Call): Promise<Outcome> {
  const words = knownWords(call)?.filter(word => !/^-[uAbeEnstTv]+$/.test(word))
  const isPlain = words?.length === call.words.length
  if (!words || words.some(word => word.startsWith('--'))) return ends(call, 'unknown')
  if (words.length === 0) return call.input === undefined ? ends(call, 'unknown') : printed(call, call.input)
  let text: Value = isPlain ? '' : UNKNOWN
  for (const word of words) {
    if (word === '-') {
      text = joinValues([text, call.input ?? UNKNOWN])
      continue
    }
    const path = absolutePath(call, word)
    if (path === undefined) return ends(call, word === '' ? 'failure' : 'unknown')
    const place = await call.view.place(path)
    if (place.maybe || (place.mode && call.user.uid !== 0)) return ends(call, 'unknown')
    if (!place.node || place.node.kind === 'directory') return ends(call, 'failure')
    if (place.node.kind !== 'file') return ends(call, 'unknown')
    if (!isOpenable(call, place)) return ends(call, 'failure')
    text = joinValues([text, (await textOf(call.view, place)) ?? UNKNOWN])
    if (typeof text === 'string' && text.length > longestValue(call)) text = UNKNOWN
  }
  return printed(call, text)
}

const UNKNOWN: Value = {unknown: 'cat'}

/** `tee FILE…`: what it reads goes into the files and on to its output. */
export async function tee(call: Call): Promise<Outcome> {
  // coreutils 9.1 src/tee.c
  const parsed = readArguments(call.words, {short: 'aip', long: ['append', 'ignore-interrupts', 'output-error[=]']})
  if (!parsed) return doubtfulCall(call)
  const appends = hasOption(parsed, 'a', 'append')
  const outcome = await inOrder(call, parsed.operands, async (operand, inner) => {
    if (operand === '') return ends(inner, 'failure')
    const path = absolutePath(inner, operand)
    if (path === undefined) return doubtfulWord(inner, operand)
    if (path.startsWith('/dev/') || path.startsWith('/proc/')) return ends(inner, 'success')
    return writeText(inner, path, call.input, appends)
  })
  return call.input === undefined ? outcome : {...outcome, output: call.input}
}

/** Every word, where all are known. */
export function knownWords({words}: Call): readonly string[] | undefined {
  const known = words.filter(word => typeof word === 'string')
  return known.length === words.length ? known : undefined
}

export function printed({view}: Call, output: Value): Outcome {
  return {world: view.world, status: 'success', output}
}
