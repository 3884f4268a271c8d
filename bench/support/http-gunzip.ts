/** The bodies of URLs unpacked by node's own gunzip, all at once: what reading a registry cannot be faster than. */
import {get, type IncomingMessage} from 'node:http'
import {createGunzip} from 'node:zlib'
import {peakMemory, processorTime} from './peak-memory.ts'

const CHUNK = 256 * 1024

await Promise.all(
  process.argv.slice(2).map(async url => {
    let size = 0
    for await (const chunk of (await open(url)).pipe(createGunzip({chunkSize: CHUNK}))) size += chunk.length
    return size
  }),
)
console.log(JSON.stringify({memory: peakMemory(), processor: processorTime()}))

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, answer => {
      if (answer.statusCode === 200) resolve(answer)
      else reject(new Error(`${url}: expected 200, got ${answer.statusCode}`))
    }).on('error', reject)
  })
}
