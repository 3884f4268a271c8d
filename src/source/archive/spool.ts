import {randomUUID} from 'node:crypto'
import {type FileHandle, open, unlink} from 'node:fs/promises'
import {join} from 'node:path'
import {cancelled, messageOf, SourceError} from '../../errors.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {decompress} from '../../lib/decompress.ts'
import {defined} from '../../lib/defined.ts'
import {type Bound, overLimit} from '../../lib/over-limit.ts'
import {Excess} from '../../rootfs/index.ts'
import {handleAccess, type OpenedFile, streamAccess} from '../file-access.ts'

/**
 * Unpacks a compressed file, which cannot be read by seeking, into one without a name: it is gone when it is closed,
 * or this process ends in whichever way.
 */
export async function spool(file: RandomAccess, {frames, excess, ...options}: SpoolOptions): Promise<OpenedFile> {
  const counting = excess && new Excess(excess).countPass()
  return namelessFile(decompress(streamAccess(file), {...counting, ...defined({frames})}), options)
}

export interface SpoolOptions extends NamelessFileOptions {
  /** `zstd-frames`, where it may have been raised. */
  readonly frames?: Bound
  /** `image-excess-bytes`: the tar is not an image's layer, and what it unpacks to takes as long, and disk too. */
  readonly excess?: Bound
}

export interface NamelessFileOptions {
  readonly folder: string
  readonly signal: AbortSignal
  readonly limit: Bound
}

/**
 * Writes what comes into a file without a name. Throws a FormatError where more than `limit` comes. Zeros are left out:
 * the file reads as zeros there, and those that a small archive unpacks to fill no disk.
 */
export async function namelessFile(
  chunks: AsyncIterable<Uint8Array>,
  {folder, signal, limit}: NamelessFileOptions,
): Promise<OpenedFile> {
  const path = join(folder, `verify-image-arch-${randomUUID()}`)
  const cannotWrite = (thrown: unknown): never => {
    throw new SourceError('unavailable', `a temporary file cannot be written into ${folder}: ${messageOf(thrown)}`, {
      hint: 'Make room there, or name another folder for temporary files (RUNNER_TEMP of the action, TMPDIR).',
      cause: thrown,
    })
  }
  const handle = await open(path, 'wx+', 0o600).catch(cannotWrite)
  try {
    await unlink(path)
    let size = 0
    for await (const chunk of chunks) {
      if (signal.aborted) throw cancelled()
      size += chunk.length
      if (size > limit.most) throw overLimit(limit, most => `it unpacks to more than ${most}`)
      if (!isZeros(chunk)) await writeAt(handle, chunk, size - chunk.length).catch(cannotWrite)
    }
    await handle.truncate(size).catch(cannotWrite)
    return handleAccess(handle, size)
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

const ZEROS = Buffer.alloc(64 * 1024)

function isZeros(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const piece = bytes.subarray(at, at + ZEROS.length)
    if (ZEROS.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false
  }
  return true
}

async function writeAt(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const {bytesWritten} = await handle.write(bytes, done, bytes.length - done, position + done)
    done += bytesWritten
  }
}
