import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'

const BASE: MemoryTree = Object.fromEntries(
  ['sh', 'cp', 'runsvdir', 'runsv', 'runsvinit', 's6-svscan', 's6-supervise'].map(name => [`/bin/${name}`, native]),
)

const follow = (entrypoint: readonly string[], files: MemoryTree) => followServices(entrypoint, {...BASE, ...files})

describe('runsvdir', () => {
  test('starts runsv for each service directory, and that runs it', async () => {
    expect(
      await follow(['runsvdir', '-P', '/etc/service'], {
        '/etc/service/web': {link: '/etc/sv/web'},
        '/etc/service/.hidden/run': arm64,
        '/etc/service/README': 'no directory',
        '/etc/sv/web/run': executable('#!/bin/sh\nexec /app\n'),
        '/etc/sv/web/log/run': native,
        '/app': arm64,
      }),
    ).toEqual([
      '/bin/runsv | web of runsvdir',
      './run | web of runsv',
      '/bin/sh | web of runsv',
      '/app | web of runsv | foreign',
      './run | web/log of runsv',
    ])
  })

  test.each([
    ['an execute bit that is missing', {'/s/a/run': '#!/bin/sh\nexec /app\n'}, './run | a of runsv | not-executable'],
    ['no run file', {'/s/a/x': ''}, './run | a of runsv | missing'],
    ['a text without #!', {'/s/a/run': executable('exec /app\n')}, './run | a of runsv | refused'],
  ])('%s', async (_, files, line) => {
    expect(await follow(['runsvdir', '/s'], files)).toEqual(['/bin/runsv | a of runsvdir', line])
  })

  test('a service that is down is only likely, and may be empty', async () => {
    expect(await follow(['runsvdir', '/s'], {'/s/a/down': '', '/s/a/run': arm64, '/s/b/down': ''})).toEqual([
      '/bin/runsv | a of runsvdir',
      './run | a of runsv | likely | foreign',
      '/bin/runsv | b of runsvdir',
    ])
  })

  test('what ends a service is likely', async () => {
    expect(await follow(['runsvdir', '/s'], {'/s/a/run': native, '/s/a/finish': arm64})).toEqual([
      '/bin/runsv | a of runsvdir',
      './run | a of runsv',
      './finish | a of runsv | likely | foreign',
    ])
  })

  test('refuses a directory that is not there', async () => {
    expect(await follow(['runsvdir', '/none'], {})).toEqual(['runsvdir | - | refused-arguments'])
  })
})

test('what one start script makes may be there for another, what a program does is not waited for', async () => {
  const files = {
    '/s/a/run': executable('#!/bin/sh\ncp /real /made\nexec /real\n'),
    '/s/b/run': executable('#!/bin/sh\nexec /made\n'),
    '/s/c/run': executable('#!/bin/sh\nexec /missing\n'),
    '/real': native,
  }
  const steps = await follow(['s6-svscan', '/s'], files)
  expect(steps.filter(step => step.includes('missing') || step.includes('/made'))).toEqual([
    '/made | b of s6-supervise | missing | maybe by cp in ./run',
    '/missing | c of s6-supervise | missing',
  ])
})

test('s6-svscan starts a supervisor for each service and its log', async () => {
  expect(await follow(['s6-svscan', '-t0', '/s'], {'/s/a/run': native, '/s/a/log/run': arm64})).toEqual([
    '/bin/s6-supervise | a of s6-svscan',
    './run | a of s6-supervise',
    '/bin/s6-supervise | a/log of s6-svscan',
    './run | a/log of s6-supervise | foreign',
  ])
})

test('s6-svscan beside a dangling symlink: what it starts depends on its version', async () => {
  expect(await follow(['s6-svscan', '/s'], {'/s/a/run': native, '/s/gone': {link: '/none'}})).toEqual([
    '/bin/s6-supervise | a of s6-svscan | likely',
    './run | a of s6-supervise | likely',
    'whether s6-svscan starts services beside the dangling symlink /s/gone depends on its version',
  ])
})

test('runsvinit starts runsvdir in /etc/service', async () => {
  expect(await follow(['runsvinit'], {'/etc/service/a/run': native})).toEqual([
    '/bin/runsvdir | -',
    '/bin/runsv | a of runsvdir',
    './run | a of runsv',
  ])
})

test('nobody knows how many words finish is given', async () => {
  const script = executable('#!/bin/sh\nexec ./tool "$#"\n')
  const steps = await follow(['s6-supervise', '/s/a'], {'/s/a/run': script, '/s/a/finish': script, '/s/a/tool': native})
  expect(steps.filter(step => step.startsWith('./tool'))).toEqual([
    './tool | /s/a of s6-supervise',
    './tool | /s/a of s6-supervise | likely',
  ])
})

// Each walk is held to ../golden/service-directory.txt: what is refused, and in which words.
describe('command lines', () => {
  const files = {'/s/a/run': native, '/s/a/log/run': arm64, '/s/a/finish': arm64, '/etc/service/b/run': native}

  test.each([
    ['runsvdir'],
    ['runsvdir', '/none'],
    ['runsvdir', '/s', 'log: ....'],
    ['runsvdir', '-P'],
    ['runsvdir', '-x', '/s'],
    ['runsv'],
    ['runsv', '/s/a'],
    ['runsv', 's/a/'],
    ['runsv', '/none'],
    ['runsv', '/s/a', 'more'],
    ['runsvinit'],
    ['runsvinit', '/s'],
    ['s6-svscan'],
    ['s6-svscan', '/s'],
    ['s6-svscan', '-c', '10', '-t', '0', '/s'],
    ['s6-svscan', '-X', '3', 's'],
    ['s6-svscan', '/s', '/s'],
    ['s6-svscan', '-q', '/s'],
    ['s6-svscan', '/none'],
    ['s6-supervise'],
    ['s6-supervise', '/s/a'],
    ['s6-supervise', '/none'],
    ['s6-supervise', '/s/a', 'more'],
  ])('%s %s %s %s', async (...words) => {
    expect(Array.isArray(await follow(words, files))).toBe(true)
  })

  test.each(['/s/a', '/s/a/', 's/a//', '/s/a/.', '/s/a/log/..'])('the name of the service in %s', async directory => {
    expect(await follow(['runsv', directory], files)).toEqual([
      './run | a of runsv',
      './finish | a of runsv | likely | foreign',
      './run | a/log of runsv | foreign',
    ])
  })

  test('runsvinit without runsvdir', async () => {
    expect(await followServices(['/bin/runsvinit'], {'/bin/runsvinit': native})).toHaveLength(1)
  })
})
