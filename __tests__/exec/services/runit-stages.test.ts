import {expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'

const RUNSVDIR_START = executable('#!/bin/sh\nPATH=/bin\nexec env - PATH=$PATH runsvdir -P /etc/service "log: ..."\n')

const BASE: MemoryTree = {
  ...Object.fromEntries(['sh', 'env', 'runsvdir', 'runsv', 'runit-init'].map(name => [`/bin/${name}`, native])),
  '/sbin/runit': native,
  '/etc/runit/1': executable('#!/bin/sh\nexit 0\n'),
  '/etc/runit/2': RUNSVDIR_START,
  '/etc/service/web': {link: '/etc/sv/web'},
  '/etc/sv/web/run': native,
}

test.each<[string, MemoryTree, readonly string[]]>([
  [
    'all stages, and the services',
    {'/etc/runit/3': executable('#!/bin/sh\nexit 0\n')},
    [
      '/sbin/runit | -',
      '/etc/runit/1 | stage 1 of runit',
      '/bin/sh | stage 1 of runit',
      '/etc/runit/2 | -',
      '/bin/sh | -',
      '/bin/env | -',
      '/bin/runsvdir | -',
      '/bin/runsv | web of runsvdir',
      './run | web of runsv',
      '/etc/runit/3 | - | likely',
      '/bin/sh | - | likely',
    ],
  ],
  [
    'a first stage that is foreign does not keep the second from starting',
    {'/etc/runit/1': arm64, '/etc/runit/2': native},
    ['/sbin/runit | -', '/etc/runit/1 | stage 1 of runit | foreign', '/etc/runit/2 | -'],
  ],
  [
    'no second stage',
    {'/etc/runit/2': {link: 'none'}},
    ['/sbin/runit | -', '/etc/runit/1 | stage 1 of runit', '/bin/sh | stage 1 of runit', '/etc/runit/2 | - | missing'],
  ],
  [
    'a first stage that may ask for no second',
    {'/etc/runit/1': executable('#!/bin/sh\n[ -e /run/x ] && exit 100\n'), '/etc/runit/2': arm64},
    [
      '/sbin/runit | -',
      '/etc/runit/1 | stage 1 of runit',
      '/bin/sh | stage 1 of runit',
      '/etc/runit/2 | - | likely | foreign',
    ],
  ],
  ['no runit', {'/sbin/runit': {kind: 'directory'}}, ['/sbin/runit | - | not-executable']],
])('runit-init: %s', async (_, files, steps) => {
  expect(await followServices(['runit-init'], {...BASE, ...files})).toEqual(steps)
})

test('runsvdir-start of Debian is followed as the script that it is', async () => {
  const files = {...BASE, '/usr/sbin/runsvdir-start': RUNSVDIR_START, '/etc/sv/web/run': arm64}
  expect(await followServices(['/usr/sbin/runsvdir-start'], files)).toEqual([
    '/bin/sh | -',
    '/bin/env | -',
    '/bin/runsvdir | -',
    '/bin/runsv | web of runsvdir',
    './run | web of runsv | foreign',
  ])
})

test('stages run where the container does', async () => {
  const files = {...BASE, '/srv/own': arm64, '/etc/runit/2': executable('#!/bin/sh\nexec ./own\n')}
  const lines = await followServices(['env', '-C', '/srv', 'runit-init'], files)
  expect(lines.at(-1)).toBe('./own | - | foreign')
})
