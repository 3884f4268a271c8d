import {expect} from '@jest/globals'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {readTar, readTarFile} from '../../src/lib/tar.ts'
import type {TarEntry} from '../../src/lib/tar-entry.ts'
import {collect, inChunks} from './streams.ts'

/** An entry with its content, without what depends on where it lies. */
export interface SeenEntry
  extends Partial<Omit<TarEntry, 'content' | 'xattrs' | 'offset' | 'sparse' | 'start' | 'startAtHand' | 'body'>> {
  readonly text: string
}

/** Walks a tar in every way there is, which must give the same. */
export async function walkTar(tar: Uint8Array): Promise<readonly SeenEntry[]> {
  const [first, ...others] = await Promise.all([
    seeEntries(readTar(inChunks(tar))),
    seeEntries(readTar(inChunks(tar, 7))),
    seeEntries(readTar(inChunks(tar, 512))),
    seeEntries(readTarFile(bytesAccess(tar))),
  ])
  for (const other of others) expect(other).toEqual(first)
  const unread = await Promise.all([
    seeEntries(readTar(inChunks(tar, 100)), false),
    seeEntries(readTarFile(bytesAccess(tar)), false),
  ])
  for (const other of unread) expect(other.map(({name}) => name)).toEqual(first?.map(({name}) => name))
  return first ?? []
}

export async function seeEntries(walked: AsyncIterable<TarEntry>, withBody = true): Promise<readonly SeenEntry[]> {
  const seen: SeenEntry[] = []
  for await (const {content, xattrs, offset: _offset, sparse: _sparse, start, startAtHand, body, ...entry} of walked) {
    const atHand = startAtHand(20)
    // What is at hand is what would be waited for; it may belong to the reader behind.
    const early = atHand === undefined ? undefined : Buffer.from(atHand).toString('latin1')
    const head = withBody ? Buffer.from(await start(20)).toString('latin1') : ''
    const text = withBody ? (await collect(body())).toString('latin1') : ''
    expect(head).toBe(text.slice(0, 20))
    if (early !== undefined) expect(early).toHaveLength(Math.min(20, content.length))
    if (early !== undefined && withBody) expect(early).toBe(head)
    seen.push({...entry, ...(xattrs.size > 0 ? {xattrs: Object.fromEntries(xattrs)} : {}), text})
  }
  return seen
}

/** The names of a tar's entries. */
export const tarNames = async (tar: Uint8Array): Promise<readonly (string | undefined)[]> =>
  (await walkTar(tar)).map(({name}) => name)
