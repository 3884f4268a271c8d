import {LIMITS} from '../../budget.ts'
import {mayRead} from '../../permission.ts'
import {absolutePath, type Call, type Outcome} from '../call.ts'

/** In bytes: a larger file is not read for what `cat` prints. */
const MAX_TEXT = 64 * 1024

/** `echo WORD…`; what shells print differently (options, backslashes) is not known. */
export async function echo(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  if (!words) return silent(call)
  const isPlain = words[0] === '-n'
  const rest = isPlain ? words.slice(1) : words
  if (rest[0]?.match(/^-[neE]+$/) || rest.some(word => word.includes('\\'))) return silent(call)
  if (rest.reduce((sum, word) => sum + word.length + 1, 0) > LIMITS.value.most) return silent(call)
  return printed(call, rest.join(' ') + (isPlain ? '' : '\n'))
}

/** `printf FORMAT WORD…` with `%s`, `%%` and the plain escapes, XCU printf. */
export async function printf(call: Call): Promise<Outcome> {
  const words = knownWords(call)
  const [format, ...rest] = words ?? []
  if (format === undefined || format.startsWith('-')) return silent(call)
  const pieces = format.match(/%s|%%|\\[nt\\]|[^%\\]+|[%\\]/g) ?? []
  if (pieces.some(piece => piece === '%' || piece === '\\')) return silent(call)
  const takes = pieces.filter(piece => piece === '%s').length
  let text = ''
  let args = rest
  do {
    for (const piece of pieces) {
      if (text.length > LIMITS.value.most) return silent(call)
      if (piece === '%s') {
        text += args[0] ?? ''
        args = args.slice(1)
      } else text += ESCAPES[piece] ?? piece
    }
  } while (args.length > 0 && takes > 0)
  return printed(call, text)
}

const ESCAPES: Readonly<Record<string, string>> = {'%%': '%', '\\n': '\n', '\\t': '\t', '\\\\': '\\'}

/** `cat FILE…`, and what it is given. */
export async function cat(call: Call): Promise<Outcome> {
  const words = knownWords(call)?.filter(word => !/^-[uAbeEnstTv]+$/.test(word))
  if (!words) return silent(call)
  if (words.length === 0) return call.input === undefined ? silent(call) : printed(call, call.input)
  let text = ''
  for (const word of words) {
    if (word === '-') {
      if (call.input === undefined) return silent(call)
      text += call.input
      continue
    }
    const place = await call.view.place(absolutePath(call, word) ?? '/')
    if (absolutePath(call, word) === undefined || place.maybe || place.content?.kind === 'unknown') return silent(call)
    if (place.node?.kind !== 'file') return {world: call.view.world, status: place.node ? 'unknown' : 'failure'}
    if (!mayRead(place.node, call.user)) return {world: call.view.world, status: 'failure'}
    if (place.node.size > MAX_TEXT) return silent(call)
    const bytes = await (await call.view.open(place.node)).read(0, place.node.size)
    if (bytes.includes(0)) return silent(call)
    text += new TextDecoder().decode(bytes)
    if (text.length > LIMITS.value.most) return silent(call)
  }
  return printed(call, text)
}

/** Every word, where all are known. */
export function knownWords({words}: Call): readonly string[] | undefined {
  const known = words.filter(word => typeof word === 'string')
  return known.length === words.length ? known : undefined
}

export function printed({view}: Call, output: string): Outcome {
  return {world: view.world, status: 'success', output}
}

/** It prints something that nobody knows, and leaves the files as they are. */
export function silent({view}: Call): Outcome {
  return {world: view.world, status: 'unknown'}
}
