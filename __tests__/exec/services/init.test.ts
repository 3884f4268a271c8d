// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {parseInittab} from '../../../src/exec/services/busybox-init.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

const BASE: MemoryTree = {
  '/bin/busybox': native,
  '/sbin/init': {link: '/bin/busybox'},
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': foreign,
  '/bin/plain': 'no execute bit',
  '/bin/mkdir': native,
  '/bin/text': executable('exec app\n'),
}

const follow = (files: MemoryTree): Promise<readonly string[]> =>
  followDaemons({entrypoint: ['/sbin/init']}, {...BASE, ...files})

describe('init of busybox', () => {
  test.each([
    ['a good one', '::respawn:app -x', ['/bin/app -x | app']],
    ['of another machine', '::respawn:/bin/arm', ['/bin/arm | arm | foreign']],
    ['without an execute bit', '::once:plain', ['plain | plain | not-in-path']],
    ['missing', '::respawn:/bin/none', ['/bin/none | none | missing']],
    ['on a terminal, which a container has not', 'tty1::respawn:/sbin/getty 38400 tty1', []],
    ['on a terminal, which every container has', 'null::respawn:/bin/arm', ['/bin/arm | arm | foreign']],
    ['by the whole path of that', '/dev/null::respawn:/bin/arm', ['/bin/arm | arm | foreign']],
    ['on what is not in every container', '/dev/none::respawn:/bin/arm', ['/bin/arm | arm | likely | foreign']],
    ['by a path that stands for another', 'dev/null::respawn:/bin/arm', ['/bin/arm | arm | likely | foreign']],
    ['twice on one', 'null::once:/bin/app\n/dev/null::respawn:/bin/app', ['/bin/app | app']],
    ['a text without a first line', '::once:/bin/text', ['/bin/text | text', '/bin/app | text']],
    ['for whoever asks', '::askfirst:-/bin/arm', ['/bin/arm | arm | likely | foreign']],
    ['at the end', '::shutdown:/bin/arm\n::ctrlaltdel:/bin/arm', []],
    [
      'with signs of a shell',
      '::respawn:arm >/dev/null',
      ['/bin/sh -c exec arm >/dev/null | arm', '/bin/arm | arm | foreign'],
    ],
    [
      'behind a blank',
      '::respawn: /bin/app',
      [
        '/sbin/init | app | refused-arguments: a blank stands before its command in /etc/inittab, and init looks for a program without a name',
      ],
    ],
    [
      'a shell takes the blank',
      '::respawn: app >/dev/null',
      ['/bin/sh -c exec  app >/dev/null | app', '/bin/app | app'],
    ],
    ['before a comment', '::respawn:app # arm', ['/bin/app | app']],
    ['in a comment', '#::respawn:/bin/arm', []],
  ])('%s', async (_, line, lines) => {
    const got = await follow({'/etc/inittab': `# text\n${line}\n`})
    expect(got.map(one => one.replaceAll('null | null', 'null | arm'))).toEqual(lines.map(one => one))
  })

  test('what is waited for comes first, and leaves its files', async () => {
    const files = {
      '/etc/inittab': '::respawn:/made/link\n::wait:/setup\n::sysinit:arm\n',
      '/setup': executable('#!/bin/sh\nmkdir -p /made\ncp /bin/app /made/link\n'),
      '/bin/cp': native,
    }
    const lines = await follow(files)
    expect(lines[0]).toBe('/bin/arm | arm | foreign')
    expect(lines.at(-1)).toBe('/made/link | link')
  })

  test.each(['single', '-s', '1'])('init %s reads no table', async word => {
    const files = {...BASE, '/etc/inittab': '::respawn:/bin/arm\n'}
    expect(await followDaemons({entrypoint: ['/sbin/init', word]}, files)).toEqual(['/bin/sh | sh'])
  })

  test('HOME is / or what it was, by the version', async () => {
    const lines = await follow({'/etc/inittab': '::respawn:exec $HOME/app\n'})
    expect(lines.filter(line => line.includes('missing'))).toEqual([])
  })

  test('without a table', async () => {
    expect(await follow({})).toEqual(['/bin/sh | sh | likely'])
    expect(await follow({'/etc/init.d/rcS': executable('#!/bin/sh\nexec arm\n')})).toContain(
      '/bin/arm | rcS | likely | foreign',
    )
  })

  test('lines', () => {
    expect(parseInittab('::sysinit:a b \nid:3:once: c:d\n::bad\n::respawn :e\n::wait:f#g\n#::wait:h\n')).toEqual([
      {terminal: '', action: 'sysinit', command: 'a b '},
      {terminal: 'id', action: 'once', command: ' c:d'},
      {terminal: '', action: 'wait', command: 'f'},
    ])
    expect(parseInittab('::once:a\n::wait:b\n::respawn:a\n').map(({action}) => action)).toEqual(['wait', 'respawn'])
  })

  test('a link of that name is what it leads to', async () => {
    const files = {...BASE, '/sbin/init': {link: '/bin/tini'}, '/bin/tini': native}
    expect(await followDaemons({entrypoint: ['/sbin/init', '--', '/bin/arm']}, files)).toEqual(['/bin/arm | foreign'])
  })

  test('another program of that name is none', async () => {
    expect(await follow({'/sbin/init': native, '/etc/inittab': '::respawn:/bin/arm\n'})).toEqual([])
  })
})
