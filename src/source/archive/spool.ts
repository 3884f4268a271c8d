import {randomUUID} from 'node:crypto'
import {open, unlink} from 'node:fs/promises'
import {join} from 'node:path'
import {messageOf, SourceError} from '../../errors.ts'
import type {RandomAccess} from '../../lib/bytes.ts'
import {decompress} from '../../lib/decompress.ts'
import {FormatError} from '../../lib/format-error.ts'
import {type OpenedFile, readAt, streamAccess} from '../file-access.ts'
import {aborted} from '../registry/network-error.ts'

/** In bytes. */
const SIZE_LIMIT = 64 * 2 ** 30

/**
 * Unpacks a compressed file, which cannot be read by seeking, into one without a name: it is gone when it is closed, or this process ends in whichever way.
 */
export async function spool(file: RandomAccess, folder: string, signal: AbortSignal): Promise<OpenedFile> {
  const path = join(folder, `verify-image-arch-${randomUUID()}`)
  const handle = await open(path, 'wx+', 0o600).catch((thrown: unknown) => {
    throw new SourceError(
      'unavailable',
      `a compressed archive cannot be unpacked into ${folder}: ${messageOf(thrown)}`,
      {cause: thrown},
    )
  })
  try {
    await unlink(path)
    let size = 0
    for await (const chunk of decompress(streamAccess(file))) {
      if (signal.aborted) throw aborted()
      size += chunk.length
      if (size > SIZE_LIMIT) throw new FormatError('unsupported', `unpacks to more than ${SIZE_LIMIT} bytes`)
      await handle.writeFile(chunk)
    }
    return {
      size,
      read: (offset, length) => readAt(handle, offset, Math.min(length, size - offset)),
      close: () => handle.close(),
    }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}
