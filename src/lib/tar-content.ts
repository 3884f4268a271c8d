import type {ByteInput} from './byte-input.ts'
import {FormatError} from './format-error.ts'
import type {TarEntry} from './tar-entry.ts'
import {BLOCK} from './tar-header.ts'

export function readStart(
  input: ByteInput,
  content: TarEntry['content'],
  limit: number,
): Uint8Array | Promise<Uint8Array> {
  if (input.position !== content.offset) throw new Error('the start of a tar entry was asked for too late')
  const length = Math.min(limit, content.length)
  const start = input.peek(length)
  if (start instanceof Uint8Array && start.length === length) return start
  return Promise.resolve(start).then(bytes => {
    if (bytes.length < length) throw cutOff(content.offset, 'a body')
    return bytes
  })
}

export async function* readBody(
  input: ByteInput,
  content: TarEntry['content'],
): AsyncGenerator<Uint8Array, void, undefined> {
  if (input.position !== content.offset)
    throw new Error('the body of a tar entry was read twice, or after the next entry')
  const end = content.offset + content.length
  while (input.position < end) {
    const chunk = await input.next(end - input.position)
    if (chunk.length === 0) throw cutOff(content.offset, 'a body')
    yield chunk
  }
}

/** Goes on to the next header. The padding behind the last body may be missing. */
export async function skipTo(input: ByteInput, end: number, entry: TarEntry): Promise<void> {
  const rest = entry.content.offset + entry.content.length - input.position
  if (rest > 0 && (await input.skip(rest)) < rest)
    throw cutOff(entry.offset, `the body of ${JSON.stringify(entry.name)}`)
  await input.skip(end - input.position)
}

export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK
}

export function cutOff(offset: number, what: string): FormatError {
  return new FormatError('malformed', `tar is cut off inside ${what} at offset ${offset}`)
}
