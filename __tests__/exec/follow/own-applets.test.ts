import {expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {ownApplets} from '../../../src/exec/follow/own-applets.ts'
import {newWalk} from '../../../src/exec/follow/walk.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD} from '../../../src/exec/world/world.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {executable, memoryRootfs} from '../../support/memory-rootfs.ts'

/*
 * Debian's static busybox takes its own applets before PATH, by whatever name it is called; of other builds it is open.
 */

const busybox = (build: string) =>
  executable(Buffer.concat([program({}), Buffer.from(`\0BusyBox v1.36.1 (${build})\0`)]))
const DEBIAN = busybox('Debian 1:1.36.1-9')
const FILES = {
  ...{'/bin/busybox': DEBIAN, '/bin/copy': DEBIAN, '/bin/other': busybox('2024-01-01 00:00:00 UTC')},
  ...{'/bin/toybox': executable(program({})), '/bin/sh': executable(program({}))},
}

test.each([
  [undefined, true, {}],
  ['/bin/busybox', false, {busybox: '/bin/busybox'}],
  ['/bin/busybox', true, {busybox: '/bin/busybox'}],
  ['/bin/copy', false, {}],
  ['/bin/copy', true, {busybox: '/bin/copy', file: 'busybox', multiCall: '/bin/copy'}],
  ['/bin/other', true, {perhapsBusybox: '/bin/other', file: 'busybox', multiCall: '/bin/other'}],
  ['/bin/toybox', false, {perhapsBusybox: '/bin/toybox'}],
  ['/bin/sh', true, {}],
  ['/gone/busybox', true, {perhapsBusybox: '/gone/busybox'}],
  ['/gone/sh', true, {}],
])('%s, asked for: %s', async (file, isAsked, expected) => {
  const rootfs = memoryRootfs(FILES)
  const walk = newWalk({rootfs, platform: {os: 'linux', architecture: 'amd64', variant: ''}}, DEFAULT_LIMITS)
  expect(await ownApplets(walk, viewWorld(rootfs, EMPTY_WORLD), file, isAsked)).toEqual(expected)
})
