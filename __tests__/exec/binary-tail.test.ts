import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * Scripts with binary data behind the line where they end, as makeself 2.4.5 of Debian bookworm makes them (with and
 * without gzip): they run, by themselves and behind `sh -c`. dash 0.5.12 and bash 5.2 refuse what has a NUL in its
 * first line, and no other; execvp(3) of glibc refuses none.
 */

const native = executable(program({}))
const arm = executable(program({machine: 183}))
const TAIL = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3, 0xed, 0x29, 0x0a, 0x27, 0x28, 0x0a, 0])

const behind = (text: string, tail: Uint8Array = TAIL) => executable(Buffer.concat([Buffer.from(text), tail]))

const BASE: MemoryTree = {
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': arm,
  '/usr/bin/env': native,
}

/** The last that is started, what is wrong, or why it is not known. */
async function start(argv: readonly string[], files: MemoryTree): Promise<string> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: argv, env: ['PATH=/bin:/usr/bin']}),
    rootfs: memoryRootfs({...BASE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const failed = steps.find(({obstacle, certainty}) => obstacle !== undefined && certainty === 'certain')
  if (failed?.obstacle) {
    return `${failed.path}: ${'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind}`
  }
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  const last = steps.findLast(({role, certainty}) => certainty === 'certain' && role !== 'argument')
  return (last?.argv ?? [last?.path]).join(' ')
}

describe('a shell script with an archive behind it', () => {
  test.each<[what: string, text: string, expected: string]>([
    ['ends before it', 'app install\nexit 0\n', '/bin/sh'],
    ['ends before it, as its last program does', 'app install\nexit $?\n', 'app install'],
    ['becomes a program before it', 'exec app "$0"\n', 'app /tool'],
    ['ends for certain in both ways', 'if [ -e /x ]; then exec app; else exit 1; fi\n', '/bin/sh'],
    ['does not end', 'app install\n', 'unknown: /tool is not text from line 3 on'],
    ['may go on', '[ -n "$A" ] || exec app\n', 'app'],
    ['may go on as the run says', '[ "$(cat /proc/x)" = a ] && exit 0\n', 'unknown: /tool is not text from line 3 on'],
    ['starts a program of another machine', 'arm install\nexit $?\n', '/bin/arm: aarch64, expected x86-64'],
    ['does not get to one', 'exit 0\narm\n', '/bin/sh'],
  ])('%s', async (_, text, expected) => {
    expect(await start(['/tool'], {'/tool': behind(`#!/bin/sh\n${text}`)})).toBe(expected)
  })

  test('also without a first line, where a shell starts it', async () => {
    expect(await start(['sh', '-c', '/tool'], {'/tool': behind('exec app x\n')})).toBe('app x')
    expect(await start(['env', '/tool'], {'/tool': behind('exec app x\n')})).toBe('app x')
    const isLate = behind(`exec app x\n${'#\n'.repeat(40_000)}`)
    expect(await start(['sh', '-c', '/tool'], {'/tool': isLate})).toBe('app x')
    expect(await start(['/tool'], {'/tool': isLate})).toBe('/tool: text without #!')
    expect(await start(['/tool'], {'/tool': behind('exec app x\n')})).toMatch(/^\/tool: unknown file/)
    // Not in the first line.
    expect(await start(['sh', '-c', '/tool'], {'/tool': behind('exec app x', Buffer.from('\0\n'))})).toMatch(
      /unknown file/,
    )
  })

  test('whose size is over the limit of a script', async () => {
    const large = Buffer.alloc(3 << 20, 'A\n')
    expect(await start(['/tool'], {'/tool': behind('#!/bin/sh\nexec app\n', large)})).toBe('app')
    expect(await start(['/tool'], {'/tool': behind('#!/bin/sh\ntrue\n', large)})).toMatch(/^unknown: .*takes more than/)
  })
})

describe('a text that cannot be parsed to its end', () => {
  test.each<[text: string, expected: string]>([
    ['exec app one\n) (\n', 'app one'],
    ['app one\nexit $?\nif then\n', 'app one'],
    ['arm\nexit $?\n)\n', '/bin/arm: aarch64, expected x86-64'],
    // Of the line itself nothing is run.
    ['exit 0; )\n', 'unknown: sh -c cannot be read as a shell script: line 1: unexpected )'],
    ['true\n)\nexec app\n', 'unknown: sh -c cannot be read as a shell script: line 2: unexpected )'],
    ["exec app\necho 'not\nclosed\n", 'app'],
  ])('%j', async (text, expected) => {
    expect(await start(['sh', '-c', text], {})).toBe(expected)
  })
})
