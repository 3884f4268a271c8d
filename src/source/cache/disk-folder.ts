import {randomUUID} from 'node:crypto'
import {mkdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {errorCode} from '../../errors.ts'
import type {EntryFolder} from './layer-records.ts'

/**
 * A folder of this machine, made when something is written to it. What is written is there as a whole or not at all.
 */
export function diskFolder(folder: string): EntryFolder {
  return {
    async read(name) {
      try {
        return await readFile(join(folder, name))
      } catch (thrown) {
        if (errorCode(thrown) === 'ENOENT') return undefined
        throw thrown
      }
    },
    async write(name, bytes) {
      await mkdir(folder, {recursive: true, mode: 0o700})
      const draft = join(folder, `${name}.${randomUUID()}`)
      try {
        await writeFile(draft, bytes, {mode: 0o600})
        await rename(draft, join(folder, name))
      } finally {
        await rm(draft, {force: true})
      }
    },
  }
}
