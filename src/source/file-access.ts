import {type FileHandle, open} from 'node:fs/promises'
import type {RandomAccess} from '../lib/bytes.ts'

/** In bytes: what is read at once of a file that streams. */
const CHUNK = 256 * 1024

/** A file of this machine; to be closed. */
export interface OpenedFile extends RandomAccess {
  close(): Promise<void>
}

/** Opens a file for reading at random. Throws what node throws: ENOENT and its like. */
export async function openFile(path: string): Promise<OpenedFile> {
  const handle = await open(path, 'r')
  try {
    const {size} = await handle.stat()
    return handleAccess(handle, size)
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

/** Random access to the first `size` bytes of a file that is open. */
export function handleAccess(handle: FileHandle, size: number): OpenedFile {
  return {
    size,
    read: (offset, length) => readAt(handle, offset, Math.min(length, size - offset)),
    close: () => handle.close(),
  }
}

/** A file from its start to its end; opened when the first chunk is requested, and closed whatever happens. */
export async function* streamFile(path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openFile(path)
  try {
    yield* streamAccess(file)
  } finally {
    await file.close()
  }
}

/** The bytes of a file, or of a part of one, from start to end. */
export async function* streamAccess(file: RandomAccess): AsyncGenerator<Uint8Array, void, undefined> {
  for (let offset = 0; offset < file.size; ) {
    const chunk = await file.read(offset, CHUNK)
    if (chunk.length === 0) return
    offset += chunk.length
    yield chunk
  }
}

/** Up to `length` bytes of a file from `offset`; fewer only where it ends. */
async function readAt(handle: FileHandle, offset: number, length: number): Promise<Uint8Array> {
  if (offset < 0 || length <= 0) return new Uint8Array()
  const bytes = Buffer.allocUnsafeSlow(length)
  let filled = 0
  while (filled < length) {
    const {bytesRead} = await handle.read(bytes, filled, length - filled, offset + filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return bytes.subarray(0, filled)
}
