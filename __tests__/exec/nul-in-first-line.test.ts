import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * A text whose first line has a NUL, and no `#!`. Measured with env of coreutils 9.1 over dash 0.5.12, bash 5.2.15 and
 * busybox 1.35 of Debian bookworm: execvp(3) of glibc gives it to /bin/sh unseen, busybox runs it by itself, dash and
 * bash end with 126 where the NUL is in the first 128 bytes of what they start, bash also where it is in the first 80
 * of a script that it reads. What is run is run without its NULs.
 */

const native = executable(program({}))
const arm = executable(program({machine: 183}))

const BASE: MemoryTree = {
  '/usr/bin/env': native,
  '/bin/app': native,
  '/bin/arm': arm,
  '/bin/dash': native,
  '/bin/bash': native,
  '/bin/busybox': native,
}

const SHELLS = {dash: '/bin/dash', bash: '/bin/bash', ash: '/bin/busybox'} as const

async function start(argv: readonly string[], text: string, sh: keyof typeof SHELLS): Promise<string> {
  const {steps, undetermined} = await readStartup({
    config: imageConfig({entrypoint: argv, env: ['PATH=/bin:/usr/bin']}),
    rootfs: memoryRootfs({
      ...BASE,
      '/bin/sh': {link: SHELLS[sh]},
      '/bin/ash': {link: SHELLS.ash},
      '/tool': executable(Buffer.from(text, 'latin1')),
    }),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  const failed = steps.find(({obstacle, certainty}) => obstacle !== undefined && certainty === 'certain')?.obstacle
  if (failed) return 'reason' in failed ? failed.reason : failed.kind
  return undetermined ?? (steps.findLast(({role}) => role === 'program')?.argv ?? []).join(' ')
}

const REFUSED = '/tool is not a script (a NUL in its first line)'
const UNKNOWN = /^unknown file/

test.each<[argv: readonly string[], sh: keyof typeof SHELLS, text: string, expected: string | RegExp]>([
  [['env', '/tool', 'x'], 'dash', 'exec app "$1"\0\n', 'app x'],
  [['env', '/tool', 'x'], 'ash', 'exec app "$1"\0\n', 'app x'],
  [['env', '/tool', 'x'], 'bash', 'exec app "$1"\0\n', REFUSED],
  [['env', '/tool'], 'dash', '\0\0ex\0ec app one\n', 'app one'],
  [['env', '/tool'], 'dash', '\0\nexec app one\n', UNKNOWN],
  [['env', '/tool'], 'dash', 'exec arm\0', 'aarch64, expected x86-64'],
  [['env', '/tool'], 'dash', '#\0\nexec arm\n', 'aarch64, expected x86-64'],
  [['env', '/tool'], 'dash', 'exec \x01\0\n', UNKNOWN],
  // What is in the line behind is no matter, as before.
  [['env', '/tool'], 'bash', 'exec app one\n\0', 'app one'],
  [['/bin/dash', '-c', '/tool'], 'dash', 'exec app one\0\n', UNKNOWN],
  [['/bin/bash', '-c', '/tool'], 'dash', 'exec app one\0\n', UNKNOWN],
  [['/bin/ash', '-c', '/tool'], 'dash', 'exec app one\0\n', 'app one'],
  [['/bin/dash', '-c', '/tool'], 'dash', `exec app one #${'y'.repeat(113)}\0\n`, UNKNOWN],
  [['/bin/dash', '-c', '/tool'], 'dash', `exec app one #${'y'.repeat(114)}\0\n`, 'app one'],
  [['/bin/dash', '/tool'], 'bash', 'exec app one\0\n', 'app one'],
  [['/bin/ash', '/tool'], 'bash', 'exec app one\0\n', 'app one'],
  [['/bin/bash', '/tool'], 'bash', `exec app one #${'y'.repeat(65)}\0\n`, REFUSED],
  [['/bin/bash', '/tool'], 'bash', `exec app one #${'y'.repeat(66)}\0\n`, 'app one'],
  [['env', '/tool'], 'bash', `exec app one #${'y'.repeat(66)}\0\n`, 'app one'],
  // The kernel does none of it.
  [['/tool'], 'dash', 'exec app one\0\n', UNKNOWN],
  // UTF-16, as an editor writes it.
  [['/bin/dash', '-c', '/tool'], 'dash', '\xff\xfee\0x\0i\0t\0\n\0', /^UTF-16 text/],
])('%j, where /bin/sh is %s: %j', async (argv, sh, text, expected) => {
  expect(await start(argv, text, sh)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected))
})
