import {readdir, readlink, stat} from 'node:fs/promises'
import {describe, expect, test} from '@jest/globals'
import {namelessFile} from '../../../src/source/archive/spool.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

const MIB = 2 ** 20
const limit = {name: 'archive-bytes', most: 1000 * MIB} as const
const options = () => ({folder: temporaryFolder('spool'), signal: new AbortController().signal, limit})
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

async function* pieces(...chunks: readonly Uint8Array[]) {
  yield* chunks
}

describe('a file without a name', () => {
  const zeros = new Uint8Array(MIB)
  const last = new Uint8Array(MIB).fill(65, MIB - 1)
  test.each<[what: string, chunks: readonly Uint8Array[]]>([
    ['nothing', []],
    ['text', [Buffer.from('one'), Buffer.from('two')]],
    ['zeros at the start', [zeros, Buffer.from('text')]],
    ['zeros between', [Buffer.from('text'), zeros, zeros, Buffer.from('text')]],
    ['zeros at the end', [Buffer.from('text'), zeros]],
    ['zeros alone', [zeros, new Uint8Array(7)]],
    ['a piece that is zeros up to its last byte', [last, last]],
    ['pieces of no bytes', [new Uint8Array(), Buffer.from('a'), new Uint8Array()]],
  ])('reads as what was written: %s', async (_, chunks) => {
    const file = await namelessFile(pieces(...chunks), options())
    const whole = Buffer.concat(chunks)
    expect(file.size).toBe(whole.length)
    expect(whole.equals(await file.read(0, whole.length + 10))).toBe(true)
    await file.close()
  })

  test('takes no room on the disk for zeros', async () => {
    const before = await blocksOf(Array.from({length: 64}, () => zeros))
    const written = await blocksOf(Array.from({length: 64}, () => new Uint8Array(MIB).fill(1)))
    expect(before).toBeLessThan(1000)
    expect(written).toBeGreaterThan(100_000)
  })

  test('of more than the limit is refused, zeros or not', async () => {
    const small = {...options(), limit: {...limit, most: MIB}}
    await expect(namelessFile(pieces(zeros, new Uint8Array(1)), small)).rejects.toMatchObject({code: 'unsupported'})
    const file = await namelessFile(pieces(zeros), small)
    expect(text(await file.read(MIB - 1, 9))).toBe('\0')
    await file.close()
  })
})

/** In blocks of 512 bytes: what a file without a name takes, which only the process that has it open can see. */
async function blocksOf(chunks: readonly Uint8Array[]): Promise<number> {
  const before = await openFiles()
  const file = await namelessFile(pieces(...chunks), options())
  const [fd = ''] = (await openFiles()).filter(name => !before.includes(name))
  const {blocks} = await stat(`/proc/self/fd/${fd}`)
  await file.close()
  return blocks
}

async function openFiles(): Promise<readonly string[]> {
  const names = await readdir('/proc/self/fd')
  const targets = await Promise.all(names.map(name => readlink(`/proc/self/fd/${name}`).catch(() => '')))
  return names.filter((_, at) => targets[at]?.includes('verify-image-arch-'))
}
