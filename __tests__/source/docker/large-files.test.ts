import {describe, expect, test} from '@jest/globals'
import {bytesAccess} from '../../../src/lib/bytes.ts'
import {LargeFiles} from '../../../src/source/docker/large-files.ts'

const BOUND = {name: 'container-file-bytes', most: 100} as const

/** Large files, and what was copied and removed of them. */
function ground() {
  const done: string[] = []
  const files = new LargeFiles({folder: '/tmp', signal: new AbortController().signal, bound: BOUND})
  const failing = new Set<string>()
  const read = (path: string, size: number, offset = 0): Promise<Uint8Array> => {
    const node = {path, kind: 'file', mode: 0o755, uid: 0, gid: 0, size} as const
    const copy = async () => {
      done.push(`copy ${path}`)
      if (failing.has(path)) throw new Error(`no ${path}`)
      const bytes = bytesAccess(new Uint8Array(size).fill(path.charCodeAt(0)))
      return {...bytes, close: async () => void done.push(`close ${path}`)}
    }
    return files.read(node, copy, offset, 1)
  }
  return {files, read, done, failing}
}

describe('large files', () => {
  test('are copied once, and removed at the end', async () => {
    const {files, read, done} = ground()
    expect(await read('a', 60)).toEqual(Buffer.from('a').subarray())
    expect([...(await read('a', 60, 59))]).toEqual([97])
    expect(await Promise.all([read('b', 40), read('b', 40)])).toHaveLength(2)
    expect(done).toEqual(['copy a', 'copy b'])
    await files.close()
    expect(done).toEqual(['copy a', 'copy b', 'close a', 'close b'])
    await files.close()
    expect(done).toHaveLength(4)
  })

  test('go in the order of their use where there are more', async () => {
    const {read, done} = ground()
    await read('a', 40)
    await read('b', 40)
    await read('a', 40)
    await read('c', 21)
    expect(done).toEqual(['copy a', 'copy b', 'copy c', 'close b'])
    await read('b', 40)
    expect(done.slice(4)).toEqual(['copy b', 'close a'])
  })

  test('stay as long as they are read', async () => {
    const {files, read, done} = ground()
    const all = await Promise.all([read('a', 60), read('b', 60), read('c', 60)])
    expect(all.map(([byte]) => byte)).toEqual([97, 98, 99])
    expect(done.filter(what => what.startsWith('close')).length).toBeLessThanOrEqual(2)
    await files.close()
    expect(done.filter(what => what.startsWith('close')).sort()).toEqual(['close a', 'close b', 'close c'])
  })

  test('are copied again after a failure', async () => {
    const {read, done, failing} = ground()
    failing.add('a')
    await expect(read('a', 60)).rejects.toThrow('no a')
    failing.clear()
    expect([...(await read('a', 60))]).toEqual([97])
    expect(done).toEqual(['copy a', 'copy a'])
  })

  test('of more than the bound are not copied', async () => {
    const {read, done} = ground()
    await expect(read('a', 101)).rejects.toMatchObject({
      message: 'a has 101 bytes, and docker cp reads at most 100 bytes (limit container-file-bytes)',
    })
    expect(done).toEqual([])
  })
})
