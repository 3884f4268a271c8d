import {gunzipSync, gzipSync} from 'node:zlib'
import {dir, file, hard, link, opaque, rootFsOf} from '../../../__tests__/support/layers.ts'
import {all} from '../../../__tests__/support/streams.ts'
import {decodeRecord} from '../../../src/rootfs/content/decode-record.ts'
import {encodeRecord} from '../../../src/rootfs/content/encode-record.ts'
import {LayerPool} from '../../../src/rootfs/index.ts'
import {PROGRAMS} from '../seeds/programs.ts'
import {type FuzzTarget, holds} from '../target.ts'

const LAYERS = [
  [dir('bin'), file('bin/app', '#!/bin/sh\n'), link('bin/l', 'app'), hard('bin/h', 'bin/app'), opaque('etc')],
  [file('lib/x.so', Buffer.from(PROGRAMS[0] ?? '').toString('latin1')), file('etc/passwd', 'root:x:0:0::/:/bin/sh\n')],
]
const RECORDS = (await Promise.all(LAYERS.map(recordOf))).flat()

/** What the cache keeps of a layer. It has a checksum, which tells no record that a former version wrote wrongly. */
export const target: FuzzTarget = {
  name: 'layer-record',
  seeds: () => [...RECORDS, ...RECORDS.map(record => record.subarray(0, -20)), Buffer.from('\0\0\0\u0002{}')],
  limit: 6000,
  millisecondsPerKiB: 60,
  words: ['null', '[]', '{}', '-1', '1e9', '9007199254740993', '"..":', '"__proto__":'],
  run: input => {
    holds(decodeRecord(input) === undefined, 'what is not compressed is not a record')
    const record = decodeRecord(gzipSync(input, {level: 1}))
    if (!record) return undefined
    const written = encodeRecord(record)
    const again = written && decodeRecord(written)
    holds(again !== undefined, 'a record that was read can be written, and read again')
    return record
  },
}

/** The unpacked records of a layer, as a run leaves them. */
async function recordOf(layer: (typeof LAYERS)[number]): Promise<readonly Uint8Array[]> {
  const saved: Uint8Array[] = []
  const pool = new LayerPool({
    records: {load: async () => undefined, save: async (_, record) => void saved.push(record)},
  })
  const rootfs = rootFsOf([layer], {pool})
  await all(rootfs.survey({id: 'fuzz/1', inspect: async ({size}) => size}))
  rootfs.close()
  return saved.map(record => gunzipSync(record))
}
