import {inChunks} from '../../../__tests__/support/streams.ts'
import {bytesAccess} from '../../../src/lib/bytes.ts'
import {FormatError} from '../../../src/lib/format-error.ts'
import {readTar, readTarFile} from '../../../src/lib/tar.ts'
import type {TarEntry} from '../../../src/lib/tar-entry.ts'
import {TARS} from '../seeds/tars.ts'
import {type FuzzTarget, holds} from '../target.ts'

/** The layers' tars: as a stream in pieces of any size, and as a file. */
export const target: FuzzTarget = {
  name: 'tar',
  seeds: () => TARS,
  limit: 12_288,
  millisecondsPerKiB: 30,
  run: async input => {
    const whole = await walk(readTar(inChunks(input)))
    const pieces = await walk(readTar(inChunks(input, 61)))
    const file = await walk(readTarFile(bytesAccess(input)))
    holds(JSON.stringify(pieces) === JSON.stringify(whole), 'pieces of another size, another tar')
    holds(JSON.stringify(file) === JSON.stringify(whole), 'a file is another tar than the stream')
    return whole
  },
}

/** All that a walk gives, and how it ends. */
async function walk(entries: AsyncIterable<TarEntry>): Promise<readonly unknown[]> {
  const seen: unknown[] = []
  try {
    for await (const entry of entries) {
      const {name, kind, mode, uid, gid, size, linkName, device, offset, content, sparse, xattrs} = entry
      const start = Buffer.from(await entry.start(8)).toString('hex')
      let length = 0
      for await (const chunk of entry.body()) length += chunk.length
      holds(length === content.length, `a body of ${length} bytes where ${content.length} were announced`)
      holds(start.length === 2 * Math.min(8, length), 'a start that is not the body’s')
      seen.push([
        name,
        kind,
        mode,
        uid,
        gid,
        size,
        linkName,
        device,
        offset,
        content,
        sparse,
        [...xattrs.keys()],
        start,
      ])
    }
  } catch (thrown) {
    if (!(thrown instanceof FormatError)) throw thrown
    seen.push(`${thrown.code}: ${thrown.message}`)
  }
  return seen
}
