import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const native = program({})
const APE = executable(Buffer.from("MZqFpD='\n\0\0'\nexit 0\n"))

/** What is known of each step's file: path, kind, verdict and obstacle. */
async function start(config: Partial<ImageConfig>, files: MemoryTree) {
  const {steps, unknowns} = await readStartup({
    config: imageConfig({env: ['PATH=/bin'], ...config}),
    rootfs: memoryRootfs({'/bin/sh': executable(native), '/bin/tini': executable(native), ...files}),
    platform: AMD64,
  })
  return [
    ...steps.map(({path, identity, verdict, obstacle}) =>
      [path, identity?.kind, verdict?.fit, obstacle?.kind].map(word => word ?? '-').join(' '),
    ),
    ...unknowns.map(({reason}) => `unknown: ${reason}`),
  ]
}

describe('a file without execute permission is read all the same', () => {
  test.each<[string, Partial<ImageConfig>, MemoryTree, string[]]>([
    ['native', {entrypoint: ['/app']}, {'/app': {content: native}}, ['/app elf native not-executable']],
    [
      'another machine',
      {entrypoint: ['/app']},
      {'/app': {content: program({machine: 183})}},
      ['/app elf foreign not-executable'],
    ],
    ['an archive', {entrypoint: ['/app']}, {'/app': '!<arch>\n'}, ['/app ar refused not-executable']],
    ['a script', {entrypoint: ['/app']}, {'/app': '#!/bin/sh\n'}, ['/app script script not-executable']],
    [
      'an interpreter',
      {entrypoint: ['/app']},
      {'/app': executable('#!/lib/x\n'), '/lib/x': {content: program({machine: 183})}},
      ['/app script script -', '/lib/x elf foreign not-executable'],
    ],
    [
      'for another user only',
      {entrypoint: ['/app'], user: '1000'},
      {'/app': executable(program({machine: 183}), 0o700)},
      ['/app elf foreign not-executable'],
    ],
    [
      'text that a wrapper would run',
      {entrypoint: ['tini', '/app']},
      {'/app': 'exec /bin/sh\n'},
      ['/bin/tini elf native -', '/app text - not-executable'],
    ],
    ['a directory', {entrypoint: ['/dir']}, {'/dir/x': ''}, ['/dir - - not-executable']],
    [
      'a handover of a foreign program without permission is not followed',
      {entrypoint: ['/tini', '/none']},
      {'/tini': {content: program({machine: 183})}},
      ['/tini elf foreign not-executable'],
    ],
  ])('%s', async (_, config, files, expected) => {
    expect(await start(config, files)).toEqual(expected)
  })
})

describe('what a shell runs and the kernel refuses', () => {
  test.each<[string, Partial<ImageConfig>, MemoryTree, string[]]>([
    ['an APE as the program', {entrypoint: ['/app']}, {'/app': APE}, ['/app ape refused refused']],
    [
      'an APE by a wrapper',
      {entrypoint: ['tini', '/app']},
      {'/app': APE},
      [
        '/bin/tini elf native -',
        '/app ape - -',
        'unknown: /app is an Actually Portable Executable, and what its script starts is not followed',
      ],
    ],
    [
      'a text by a wrapper',
      {entrypoint: ['tini', '/app']},
      {'/app': executable(':\n')},
      ['/bin/tini elf native -', '/app text - -'],
    ],
    [
      'a saved page by a wrapper',
      {entrypoint: ['tini', '/app']},
      {'/app': executable('404: Not Found')},
      ['/bin/tini elf native -', '/app text refused refused'],
    ],
  ])('%s', async (_, config, files, expected) => {
    expect(await start(config, files)).toEqual(expected)
  })
})
