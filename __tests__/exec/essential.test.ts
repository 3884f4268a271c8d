import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {readEssentialFiles} from '../../src/exec/index.ts'
import {LIMITS} from '../../src/lib/limits.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

const EM_AARCH64 = 183

/** A loader in which these directories stand, as in glibc's. */
function glibc(directories: readonly string[], machine = 62) {
  return executable(glibcFile(directories, machine))
}

function glibcFile(directories: readonly string[], machine = 62): Buffer {
  const content = Buffer.concat([
    dynamicElf({needed: [], soname: 'ld.so', defines: ['GLIBC_2.36']}),
    Buffer.from(`\0${directories.map(directory => `${directory}/\0`).join('')}`),
  ])
  content.writeUInt16LE(machine, 18)
  return content
}

const native = executable(program({}))
const narrow = executable(program({wide: false}))
const arm64 = executable(program({machine: EM_AARCH64}))
const library = executable(buildElf({type: 'dyn', soname: 'libx.so'}))
const AMD64_LOADER = '/lib64/ld-linux-x86-64.so.2'
const ARM64_LOADER = '/lib/ld-linux-aarch64.so.1'

const DEBIAN: MemoryTree = {
  '/bin': {link: 'usr/bin'},
  '/usr/bin/sh': {link: 'dash'},
  '/usr/bin/dash': native,
  '/lib64/ld-linux-x86-64.so.2': glibc(['/lib/x86_64-linux-gnu', '/lib']),
  '/lib/x86_64-linux-gnu/libc.so.6': native,
  '/lib/libc.so.6': native,
}

describe('what any program or shell stands on', () => {
  test.each<[what: string, files: MemoryTree, platform: string, expected: string[]]>([
    ['nothing', {}, 'amd64', []],
    [
      'Debian',
      DEBIAN,
      'amd64',
      [
        'shell /bin/sh = /usr/bin/dash: native',
        `loader ${AMD64_LOADER}: native`,
        'libc /lib/x86_64-linux-gnu/libc.so.6: native',
      ],
    ],
    [
      'Debian for another machine',
      DEBIAN,
      'arm64',
      [
        'shell /bin/sh = /usr/bin/dash: foreign',
        `loader ${AMD64_LOADER}: foreign`,
        'libc /lib/x86_64-linux-gnu/libc.so.6: foreign',
      ],
    ],
    [
      'Alpine: one file is loader and libc',
      {'/bin/busybox': native, '/bin/sh': {link: '/bin/busybox'}, '/lib/ld-musl-x86_64.so.1': native},
      'amd64',
      ['shell /bin/sh = /bin/busybox: native', 'loader /lib/ld-musl-x86_64.so.1: native'],
    ],
    [
      'the next directory where the first has no libc',
      {[AMD64_LOADER]: glibc(['/lib/x86_64-linux-gnu', '/usr/lib64']), '/usr/lib64/libc.so.6': arm64},
      'amd64',
      [`loader ${AMD64_LOADER}: native`, 'libc /usr/lib64/libc.so.6: foreign'],
    ],
    [
      'two architectures beside each other',
      {
        ...DEBIAN,
        [ARM64_LOADER]: glibc(['/lib/aarch64-linux-gnu'], EM_AARCH64),
        '/lib/aarch64-linux-gnu/libc.so.6': arm64,
      },
      'amd64',
      [
        'shell /bin/sh = /usr/bin/dash: native',
        `loader ${AMD64_LOADER}: native`,
        'libc /lib/x86_64-linux-gnu/libc.so.6: native',
        `loader ${ARM64_LOADER}: foreign`,
        'libc /lib/aarch64-linux-gnu/libc.so.6: foreign',
      ],
    ],
    [
      'a file once',
      {'/bin/sh': {link: AMD64_LOADER}, [AMD64_LOADER]: native},
      'amd64',
      [`shell /bin/sh = ${AMD64_LOADER}: native`],
    ],
    [
      'a libc that is not a program, and a shell that is none',
      {'/bin/sh': library, [AMD64_LOADER]: glibc(['/lib']), '/lib/libc.so.6': library},
      'amd64',
      ['shell /bin/sh: crashes', `loader ${AMD64_LOADER}: native`, 'libc /lib/libc.so.6: native'],
    ],
    [
      'a loader of 64 bits in which no directories are found',
      {[AMD64_LOADER]: native, '/lib64/libc.so.6': native, '/lib/libc.so.6': arm64},
      'amd64',
      [`loader ${AMD64_LOADER}: native`, 'libc /lib64/libc.so.6: native'],
    ],
    [
      'one of 32 bits, which does not look into lib64',
      {'/lib/ld-linux.so.2': narrow, '/lib64/libc.so.6': native, '/lib/libc.so.6': narrow},
      '386',
      ['loader /lib/ld-linux.so.2: native', 'libc /lib/libc.so.6: native'],
    ],
    ['a loader that is no ELF', {[AMD64_LOADER]: executable('x')}, 'amd64', [`loader ${AMD64_LOADER}: refused`]],
    ['a shell that is a script', {'/bin/sh': executable('#!/bin/ash\n')}, 'amd64', ['shell /bin/sh: script']],
    ['no files', {'/bin/sh/x': '', [AMD64_LOADER]: {link: '/nowhere'}}, 'amd64', []],
  ])('%s', async (_, files, architecture, expected) => {
    const found = await readEssentialFiles(memoryRootfs(files), {os: 'linux', architecture, variant: ''})
    const said = found.map(({role, path, node, verdict}) => {
      const at = node.path === path ? path : `${path} = ${node.path}`
      return `${role} ${at}: ${verdict.fit}`
    })
    expect(said).toEqual(expected)
  })

  describe('a loader of more than is read', () => {
    const LARGEST = LIMITS['loader-bytes'].most
    // What is read of it names its directories: they stand in its first MiB, and debug information behind them.
    const loaderOf = (size: number) => {
      const start = glibcFile(['/lib/x86_64-linux-gnu'])
      return executable(Buffer.concat([start, Buffer.alloc(size - start.length)]))
    }
    test.each<[what: string, path: string, size: number, beyond: string | undefined]>([
      ['at the limit', AMD64_LOADER, LARGEST, undefined],
      ['beyond it', AMD64_LOADER, LARGEST + 1, `${AMD64_LOADER} has more than 16 MiB (limit loader-bytes)`],
      // It is the libc itself.
      ['of musl', '/lib/ld-musl-x86_64.so.1', LARGEST + 1, undefined],
    ])('%s', async (_, path, size, beyond) => {
      const files = {[path]: loaderOf(size), '/lib/x86_64-linux-gnu/libc.so.6': arm64}
      const found = await readEssentialFiles(memoryRootfs(files), {os: 'linux', architecture: 'amd64', variant: ''})
      const libc = path === AMD64_LOADER ? [['libc', 'foreign', undefined]] : []
      const seen = found.map(file => [file.role, file.verdict.fit, file.beyond])
      expect(seen).toEqual([['loader', 'native', beyond], ...libc])
    })
  })

  test('the links on the way are told', async () => {
    const [shell] = await readEssentialFiles(memoryRootfs(DEBIAN), {os: 'linux', architecture: 'amd64', variant: ''})
    expect(shell?.hops).toEqual([
      {path: '/bin', target: 'usr/bin'},
      {path: '/usr/bin/sh', target: 'dash'},
    ])
  })

  test('nothing for another system', async () => {
    const platform = {os: 'windows', architecture: 'amd64', variant: ''}
    expect(await readEssentialFiles(memoryRootfs(DEBIAN), platform)).toEqual([])
  })
})
