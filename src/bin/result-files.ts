import {createReadStream} from 'node:fs'
import {type FileHandle, open, readdir, stat} from 'node:fs/promises'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import type {ResultFiles} from '../cli/read-results.ts'
import {errorCode} from '../errors.ts'

/** Files of results on this machine. */
export const RESULT_FILES: ResultFiles = {
  lines: file => createInterface({input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY}),
  list: async name => {
    const found = await stat(name).catch(() => undefined)
    if (found?.isDirectory() !== true) return undefined
    const names = (await readdir(name)).filter(one => one.endsWith('.jsonl'))
    // By code units, so that no locale has a say.
    return names.toSorted().map(one => join(name, one))
  },
  append: async (file, keeps) => {
    if (keeps) await cutLastLine(file)
    const handle = await open(file, keeps ? 'a' : 'w')
    // One line after the other: two that are written at once would be mixed.
    let last: Promise<unknown> = Promise.resolve()
    return {
      write: line => {
        const written = last.then(() => handle.appendFile(line))
        last = written.catch(() => undefined)
        return written
      },
      close: async () => {
        await last
        await handle.close()
      },
    }
  },
}

const BLOCK = 64 * 1024

/**
 * What stands behind the last end of a line was cut off, and would be one line with the next. The file is opened for
 * this alone: Windows cuts nothing off a file that is opened to append to it (EPERM, nodejs/node#3177).
 */
async function cutLastLine(file: string): Promise<void> {
  const handle = await open(file, 'r+').catch(thrown => {
    if (errorCode(thrown) === 'ENOENT') return undefined
    throw thrown
  })
  if (handle === undefined) return
  try {
    await cutBehindLastLine(handle)
  } finally {
    await handle.close()
  }
}

async function cutBehindLastLine(handle: FileHandle): Promise<void> {
  const {size} = await handle.stat()
  const block = Buffer.alloc(BLOCK)
  for (let end = size; end > 0; ) {
    const start = Math.max(0, end - BLOCK)
    const {bytesRead} = await handle.read(block, 0, end - start, start)
    const newline = block.subarray(0, bytesRead).lastIndexOf(0x0a)
    if (newline >= 0) {
      await handle.truncate(start + newline + 1)
      return
    }
    end = start
  }
  await handle.truncate(0)
}
