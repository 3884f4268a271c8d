/** Node's own gunzip of files, all at once: what reading layers cannot be faster than. */
import {createReadStream} from 'node:fs'
import {createGunzip} from 'node:zlib'
import {peakMemory, processorTime} from './peak-memory.ts'

const CHUNK = 256 * 1024

await Promise.all(
  process.argv.slice(2).map(async path => {
    let size = 0
    for await (const chunk of createReadStream(path, {highWaterMark: CHUNK}).pipe(createGunzip({chunkSize: CHUNK})))
      size += chunk.length
    return size
  }),
)
console.log(JSON.stringify({memory: peakMemory(), processor: processorTime()}))
