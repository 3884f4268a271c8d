import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {LIMITS} from '../../src/lib/limits.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * A busybox that starts its own applets: what was seen of Debian's static busybox 1.35, in a root that has no other
 * program, and in one that has programs of the same names.
 */

const OLD = ['[', 'ash', 'cat', 'chroot', 'echo', 'env', 'ls', 'setpriv', 'sh', 'timeout', 'true']
const NAMES = [...OLD, 'busybox'].sort()
const busybox = (build: string, {names = NAMES, more = 0} = {}) =>
  executable(
    Buffer.concat([
      program({}),
      Buffer.from(`\0BusyBox v1.35.0 (${build})\0\0${names.join('\0')}\0`),
      Buffer.alloc(more),
    ]),
  )
const DEBIAN = busybox('Debian 1:1.35.0-4')
const OTHER = busybox('2024-01-01 00:00:00 UTC')
const arm = executable(program({machine: 183}))

/** What is started last, and what is wrong for certain, or why it is not known. */
async function start(argv: readonly string[], files: MemoryTree): Promise<string> {
  const config = imageConfig({cmd: argv, env: ['PATH=/bin']})
  const tree = {'/bin/app': executable(program({})), ...files}
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {steps, undetermined} = await readStartup({config, rootfs: memoryRootfs(tree), platform})
  const failed = steps.find(({obstacle, certainty}) => obstacle !== undefined && certainty === 'certain')
  if (failed?.obstacle) return 'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  return steps
    .map(
      ({path, argv: words = [], certainty, obstacle}) =>
        `${certainty === 'certain' ? '' : `${certainty} `}${path} ${words.join(' ')}${obstacle ? ` ${obstacle.kind}` : ''}`,
    )
    .join(' > ')
}

const ALONE = {'/bin/busybox': DEBIAN}

describe('the applet that it is called for', () => {
  const OWN = 'likely /bin/busybox /bin/busybox cat /x'
  test.each<readonly [argv: string, expected: string, files?: MemoryTree]>([
    ['busybox cat /x', '/bin/busybox busybox cat /x'],
    ['busybox /bin/cat /x', '/bin/busybox busybox /bin/cat /x'],
    ['busybox busybox cat /x', '/bin/busybox busybox busybox cat /x'],
    ['busybox busybox nosuch', 'it has no applet "nosuch"'],
    ['busybox nosuch', 'it has no applet "nosuch"'],
    ['busybox --', 'it has no applet "--"'],
    ['busybox -- cat /x', 'it has no applet "--"'],
    ['busybox --list', '/bin/busybox busybox --list'],
    ['busybox --help', '/bin/busybox busybox --help'],
    ['busybox', '/bin/busybox busybox'],
    // Up to 1.26 its own name was not in the table.
    ['busybox busybox cat /x', '/bin/busybox busybox busybox cat /x', {'/bin/busybox': busybox('x', {names: OLD})}],
    ['toybox toybox cat /x', 'it has no applet "toybox"', {'/bin/toybox': busybox('x', {names: OLD})}],
    // Each runs cat, which is nowhere else.
    ['busybox env cat /x', `/bin/busybox busybox env cat /x > ${OWN}`],
    ['busybox timeout 5 cat /x', `/bin/busybox busybox timeout 5 cat /x > ${OWN}`],
    ['busybox setpriv cat /x', `/bin/busybox busybox setpriv cat /x > ${OWN}`],
    ['busybox env nosuch', 'not-in-path'],
    ['busybox env /bin/cat /x', 'missing'],
    // Of a build that is not known it may be what is in PATH.
    [
      'busybox env cat /x',
      `/bin/busybox busybox env cat /x > ${OWN} > likely /bin/cat cat /x refused`,
      {'/bin/busybox': OTHER, '/bin/cat': arm},
    ],
    ['busybox env cat /x', `/bin/busybox busybox env cat /x > ${OWN}`, {'/bin/busybox': OTHER}],
    ['busybox env app /x', '/bin/busybox busybox env app /x > /bin/app app /x', {'/bin/busybox': OTHER}],
    [
      'busybox cat',
      'unknown: whether busybox has an applet "cat" is not known: /bin/busybox has more than 16 MiB (limit busybox-bytes)',
      {'/bin/busybox': busybox('x', {more: LIMITS['busybox-bytes'].most})},
    ],
    ['cat /x', '/bin/cat cat /x', {'/bin/cat': {link: 'busybox'}, '/bin/busybox': DEBIAN}],
    ['mybox cat /x', '/bin/mybox mybox cat /x', {'/bin/mybox': DEBIAN}],
  ])('%s: %s %#', async (argv, expected, files = ALONE) => {
    expect(await start(argv.split(' '), files)).toBe(expected)
  })

  test.each<readonly [text: string, expected: string]>([
    // Without a name it shows its usage, and ends well.
    ['busybox && exec app', '/bin/app app'],
    ['busybox || exec app', 'likely /bin/busybox /bin/busybox busybox'],
    ['busybox nosuch && exec app', 'it has no applet "nosuch"'],
    ['busybox nosuch || exec app', '/bin/app app'],
    ['env cat /x', 'likely /bin/busybox /bin/busybox cat /x'],
    ['exec env -i cat /x', 'likely /bin/busybox /bin/busybox cat /x'],
  ])('in a script: %s', async (text, expected) => {
    const said = await start(['/bin/sh', '-c', text], {'/bin/sh': {link: 'busybox'}, '/bin/busybox': DEBIAN})
    expect(said.split(' > ').at(-1)).toBe(expected)
  })
})
