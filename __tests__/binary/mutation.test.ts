import {expect, describe as group, test} from '@jest/globals'
import {
  describe,
  describeProgram,
  findNotedOs,
  findPageSizeProblem,
  type Identity,
  identify,
  judge,
  judgeLibrary,
  judgeLoader,
  judgeMachine,
  readDynamic,
  readGoBuildInfo,
  readNotes,
  readSections,
  readVariantEvidence,
} from '../../src/binary/index.ts'
import type {Platform} from '../../src/platform/index.ts'
import {bytes, strictAccess} from '../support/bytes.ts'
import {platform} from '../support/platforms.ts'
import {SMALL_PROGRAMS} from '../support/small-programs.ts'

/** No reader asks for more than this at once: the module information of a Go program. In bytes. */
const LARGEST_READ = 1024 * 1024

/** Small files of other kinds. */
const OTHERS: readonly (readonly [name: string, content: Uint8Array])[] = [
  ['script', bytes('#!/usr/bin/env -S node --flag\nconsole.log(1)\n')],
  ['PE', bytes('MZ', new Uint8Array(0x3a), 0x40, 0, 0, 0, 'PE\0\0', 0x64, 0x86, new Uint8Array(16), 0x22, 0x20)],
  ['Mach-O', bytes(0xcf, 0xfa, 0xed, 0xfe, 12, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0)],
  ['fat', bytes(0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, 2, 1, 0, 0, 7, new Uint8Array(16), 1, 0, 0, 12, new Uint8Array(16))],
  [
    'ar',
    bytes('!<arch>\n__.PKGDEF       0           0     0     644     1234      `\ngo object linux arm64 go1.26.1 X\n'),
  ],
  ['xml', bytes('<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>')],
  ['json', bytes('{"message":"Not Found"}')],
  ['lfs', bytes('version https://git-lfs.github.com/spec/v1\noid sha256:4d7a21\nsize 12345\n')],
]

/** All that anything asks of a file; nothing of it may throw. */
async function askEverything(content: Uint8Array, on: Platform): Promise<Identity> {
  const file = strictAccess(content, LARGEST_READ)
  const identity = await identify(file)
  describe(identity)
  judge(identity, on)
  if (identity.kind !== 'elf') return identity
  judgeMachine(identity, on)
  judgeLoader(identity, identity, file.size, on)
  judgeLibrary(identity, identity, file.size)
  findPageSizeProblem(identity, on)
  const go = await readGoBuildInfo(identity, file)
  describeProgram(identity, go)
  findNotedOs(await readNotes(identity, file), identity.header.data)
  await readSections(identity, file)
  await readVariantEvidence(identity, file, on)
  return identity
}

// Every byte of the small programs is put to these values: all of them where bytes
// are structure, some where they are text.
const ALL_VALUES = Array.from({length: 256}, (_, value) => value)
const SOME_VALUES = [0, 1, 4, 0x0a, 0x20, 0x7f, 0x80, 0xff]

group('single-byte changes', () => {
  const measured: {inputs: number; times: number[]} = {inputs: 0, times: []}

  async function mutate(content: Uint8Array, on: Platform, values: (at: number) => readonly number[]): Promise<void> {
    const copy = Uint8Array.from(content)
    for (let at = 0; at < copy.length; at++) {
      const original = copy[at] ?? 0
      for (const value of values(at)) {
        copy[at] = value
        const start = performance.now()
        await askEverything(copy, on).catch((error: unknown) => {
          throw new Error(`byte ${at} = ${value}: ${error instanceof Error ? error.stack : error}`)
        })
        measured.times.push(performance.now() - start)
        measured.inputs++
      }
      copy[at] = original
    }
  }

  test.each(SMALL_PROGRAMS)(
    '%s',
    async (_, on, content) => {
      // Headers and dynamic parts are within the first bytes; text of Go modules and padding is not structure.
      await mutate(content, platform(on), at => (at < 120 ? ALL_VALUES : SOME_VALUES))
    },
    120_000,
  )

  test.each(OTHERS)('%s', async (_, content) => {
    await mutate(content, platform('linux/amd64'), () => SOME_VALUES)
  })

  test('there were many of them, each under a millisecond at the median', () => {
    const median = measured.times.sort((a, b) => a - b)[Math.floor(measured.times.length / 2)]
    expect(measured.inputs).toBeGreaterThan(100_000)
    expect(median).toBeLessThan(1)
  })
})

group('cut at every length', () => {
  test.each(SMALL_PROGRAMS)('%s', async (_, on, content) => {
    const target = platform(on)
    for (let length = 0; length <= content.length; length++) await askEverything(content.subarray(0, length), target)
  })

  test.each(OTHERS)('%s', async (_, content) => {
    const target = platform('linux/amd64')
    for (let length = 0; length <= content.length; length++) await askEverything(content.subarray(0, length), target)
  })
})

test('the programs hold what they are meant to try', async () => {
  const answers = await Promise.all(
    SMALL_PROGRAMS.map(async ([, on, content]) => {
      const file = strictAccess(content, LARGEST_READ)
      const identity = await identify(file)
      if (identity.kind !== 'elf') throw new Error(identity.kind)
      const evidence = await readVariantEvidence(identity, file, platform(on))
      return {
        fit: judge(identity, platform(on)).fit,
        go: (await readGoBuildInfo(identity, file))?.version,
        evidence: evidence.map(({source}) => source).join(' '),
        malformed: (await readDynamic(identity, file))?.malformed,
      }
    }),
  )
  expect(answers).toEqual([
    {fit: 'native', go: undefined, evidence: 'gnu-property', malformed: undefined},
    {fit: 'native', go: 'go1.26.1', evidence: 'go-build-info .ARM.attributes', malformed: undefined},
    {fit: 'native', go: 'go1.16.2', evidence: '', malformed: undefined},
    {fit: 'native', go: undefined, evidence: 'e_flags .MIPS.abiflags', malformed: undefined},
    {fit: 'native', go: undefined, evidence: '.riscv.attributes', malformed: undefined},
  ])
})
