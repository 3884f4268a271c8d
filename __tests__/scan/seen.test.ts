import {expect, test} from '@jest/globals'
import fc from 'fast-check'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {parsePlatform} from '../../src/platform/index.ts'
import {scanInspection} from '../../src/scan/seen.ts'
import {buildElf} from '../support/elf-builder.ts'

const platform = parsePlatform('linux/arm64')
if (!platform.ok) throw new Error(platform.problem)
const inspection = scanInspection(platform.value)

/** Beginnings that mean something to some system, and what may come behind them. */
const beginning = fc.constantFrom(
  ...[
    [0x7f, 0x45, 0x4c, 0x46],
    [0x4d, 0x5a],
    [0xcf, 0xfa, 0xed, 0xfe],
    [0xfe, 0xed, 0xfa, 0xce],
    [0xca, 0xfe, 0xba, 0xbe],
  ],
  ...[[0xca, 0xfe, 0xba, 0xbf], [0x23, 0x21], [0x1f, 0x8b], [0x00, 0x61, 0x73, 0x6d], [0x3c, 0x21], []],
)

test('what its look at the first bytes leaves out, the inspection finds nothing in', async () => {
  const contents = fc.oneof(
    fc.tuple(beginning, fc.uint8Array({maxLength: 300})).map(([start, rest]) => Uint8Array.from([...start, ...rest])),
    fc.constantFrom(buildElf(), buildElf({machine: 183}), buildElf({type: 1})),
  )
  let found = 0
  await fc.assert(
    fc.asyncProperty(contents, fc.constantFrom(0o644, 0o755, 0o4711), async (content, mode) => {
      const file = {path: '/x', mode, size: content.length}
      const seen = await inspection.inspect(file, bytesAccess(content))
      if (seen === undefined) return
      found += 1
      expect(inspection.mayFind?.(file, content.subarray(0, 8))).toBe(true)
    }),
    {numRuns: 2000},
  )
  expect(found).toBeGreaterThan(500)
})

test('plain files without an execute bit are left out', () => {
  const file = {path: '/x', mode: 0o644, size: 9}
  for (const text of ['', 'a', 'plain text', '#!/bin/sh', '\0asm\x01\0\0\0', 'PK\x03\x04']) {
    expect(inspection.mayFind?.(file, Buffer.from(text, 'latin1').subarray(0, 8))).toBe(false)
  }
})

test('what is said of many files alike is kept once', async () => {
  const see = (content: Uint8Array) =>
    inspection.inspect({path: '/x', mode: 0o755, size: content.length}, bytesAccess(content))
  const first = await see(buildElf({machine: 62}))
  expect(first).toMatchObject({kind: 'elf', machine: 'x86-64', fit: 'foreign'})
  expect(await see(buildElf({machine: 62}))).toBe(first)
  expect(await see(buildElf({machine: 183}))).toMatchObject({machine: 'aarch64', fit: 'native'})
})
