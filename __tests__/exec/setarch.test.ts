import {describe, expect, test} from '@jest/globals'
import {executable} from '../support/memory-rootfs.ts'
import {start, words} from './start-util-linux.ts'

/*
 * setarch of util-linux 2.38.1 and 2.42.2, and of busybox: what was seen of them, and what their sources say.
 */

describe('setarch', () => {
  const LACKS = 'it wants an architecture or an option'
  const foreign = (build: string, arch: string) => `its build for ${build} knows no architecture ${arch}`
  const odd = (arch: string) => `unknown: the architecture ${arch} of setarch is not known`
  test.each<readonly [argv: string, expected: string, architecture?: string]>([
    ['setarch x86_64 app', 'app'],
    ['setarch i386 -R -B app', 'app'],
    ['setarch athlon app', 'app'],
    ['setarch uname26 app', 'app'],
    ['setarch aarch64 app', foreign('amd64', 'aarch64')],
    ['setarch riscv64 app', foreign('amd64', 'riscv64')],
    ['setarch ppc64 app', foreign('amd64', 'ppc64')],
    ['setarch nosuch app', odd('nosuch')],
    ['setarch x86_64- app', odd('x86_64-')],
    ['setarch  app', odd('')],
    ['setarch -R app', 'app'],
    ['setarch -R -- app', 'app'],
    ['setarch -v -R app', 'app'],
    ['setarch app', odd('app')],
    ['setarch', LACKS],
    ['setarch -v app', LACKS],
    ['setarch --verbose app', LACKS],
    ['setarch --4gb app', LACKS],
    ['setarch --list app', 'setarch --list app'],
    ['setarch -V app', 'setarch -V app'],
    ['setarch x86_64 --help app', 'setarch x86_64 --help app'],
    ['setarch -p 1 --show', 'setarch -p 1 --show'],
    ['setarch --verbose --3gb app', 'app'],
    ['setarch x86_64 -x app', 'unknown: the option -x of setarch is not understood'],
    ['setarch x86_64 -- -R', 'not-in-path'],
    ['setarch x86_64 /text', 'app'],
    ['setarch x86_64', '/bin/sh'],
    ['linux32 -v app', 'app'],
    ['linux32 x86_64 app', 'app'],
    ['linux32 /bin/x86_64 -R app', 'app'],
    ['linux32', '/bin/sh'],
    ['setarch x86_64 app', foreign('arm64', 'x86_64'), 'arm64'],
    ['x86_64 app', foreign('arm64', 'x86_64'), 'arm64'],
    ['setarch aarch64 app', 'app', 'arm64'],
    ['setarch armv7l app', 'app', 'arm64'],
    ['linux32 app', 'app', 'arm64'],
    ['setarch loongarch app', 'app', 'loong64'],
    ['setarch rv64 app', 'app', 'riscv64'],
  ])('%s: %s %s', async (argv, expected, architecture = 'amd64') => {
    expect(await start(words(argv), {architecture})).toBe(expected)
  })

  test.each([
    ['busybox setarch linux64 -R app', 'app'],
    ['busybox setarch linux32 app', 'app'],
    ['busybox setarch linux64', '/bin/sh'],
    ['busybox linux64 -R app', 'app'],
    ['busybox setarch x86_64 app', 'it wants linux32 or linux64'],
    ['busybox setarch linux app', 'it wants linux32 or linux64'],
    ['busybox setarch -R app', 'it wants linux32 or linux64'],
    ['busybox setarch', 'it wants linux32 or linux64'],
    ['busybox setarch linux64 -v app', 'unknown: the option -v of setarch is not understood'],
  ])('%s', async (argv, expected) => {
    expect(await start(words(argv))).toBe(expected)
  })

  test('without a shell', async () => {
    expect(await start(['setarch', 'x86_64'], {files: {'/bin/sh': {link: '/none'}}})).toBe('missing')
    expect(await start(['setarch', 'x86_64'], {files: {'/bin/sh': executable('exec app\n')}})).toBe('text without #!')
  })
})
