import {describe, expect, test} from '@jest/globals'
import {check} from '../../src/pipeline/check.ts'
import {DEFAULTS, parseOptions} from '../../src/pipeline/options.ts'
import {describeStandIn} from '../../src/rules/support/stand-in.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable} from '../support/memory-rootfs.ts'
import {type MemoryImage, memoryImages, testPlatform} from '../support/memory-source.ts'

// The fix of each error is right for its case.

const elf = (machine: number) => executable(buildElf({machine, align: 0x10000}))
const [X86, ARM] = [elf(62), elf(183)]

async function findingsOn(image: MemoryImage) {
  const options = parseOptions({
    ...DEFAULTS,
    ...{image: ['app:1'], metadata: '', dockerfile: [], ignore: [], baseline: '', platforms: [], rules: []},
  })
  return (await check(options, memoryImages({'app:1': image}).open, {version: '1.0.0'})).findings
}

function one(
  entrypoint: readonly string[],
  files: NonNullable<MemoryImage['platforms'][number]['files']>,
): MemoryImage {
  return {platforms: [{platform: 'linux/arm64', config: {entrypoint: [...entrypoint]}, files}]}
}

test.each<[string, MemoryImage, string, string]>([
  [
    'the program under the name of its platform',
    one(['/app'], {'/app_linux_arm64': ARM}),
    '; the image has /app_linux_arm64',
    'COPY … /app, or name /app_linux_arm64 in its place',
  ],
  [
    'the program with the ending of Windows',
    one(['/srv/app'], {'/srv/app.exe': ARM, '/srv/apple': ARM, '/srv/app.conf': ARM}),
    '; the image has /srv/app.exe',
    'name /srv/app.exe in its place',
  ],
  [
    'a directory over the link /bin',
    one(['/bin/sh'], {'/bin/tool': ARM, '/usr/bin/sh': ARM}),
    '; the image has /usr/bin/sh: a directory stands in place of the link /bin -> usr/bin',
    'Copy into /usr/bin instead of /bin',
  ],
  [
    'the interpreter of a script behind such a directory',
    one(['/run.sh'], {'/run.sh': executable('#!/bin/sh\n'), '/bin/tool': ARM, '/usr/bin/sh': ARM}),
    '; the image has /usr/bin/sh: a directory stands in place of the link /bin -> usr/bin',
    'Copy into /usr/bin instead of /bin',
  ],
  ['nothing instead', one(['/app'], {'/apply': ARM}), 'there is no such file', 'Copy /app into the image'],
  [
    'all programs of another machine',
    one(['/app'], {'/app': X86, '/tool': X86}),
    'expected aarch64',
    'Every program of the image is x86-64. If it is meant for linux/amd64, the index and the config must say so',
  ],
  [
    'one program of another machine',
    one(['/app'], {'/app': X86, '/tool': ARM}),
    'expected aarch64',
    'Build /app for linux/arm64',
  ],
])('%s', async (_, image, says, fix) => {
  const [found] = (await findingsOn(image)).filter(({level}) => level === 'error')
  expect(found?.message).toContain(says)
  expect(found?.fix).toContain(fix)
})

describe('where index and config disagree', () => {
  test.each<[string, typeof X86, string]>([
    [
      'programs of the config',
      X86,
      'Every program of the image is for linux/amd64, as its config says: name linux/amd64',
    ],
    ['programs of the index', ARM, 'The programs are for linux/arm64, so the config is wrong.'],
  ])('%s', async (_, app, fix) => {
    const config = {entrypoint: ['/app'], platform: testPlatform('linux/amd64')}
    const found = await findingsOn({platforms: [{platform: 'linux/arm64', config, files: {'/app': app}}]})
    expect(found.find(({rule}) => rule === 'config-platform-mismatch')?.fix).toContain(fix)
  })
})

test('a layer that is known is named', () => {
  expect(describeStandIn('/bin/sh', {kind: 'merged-usr', directory: '/bin', layer: 1, path: '/usr/bin/sh'})).toEqual({
    clause: '; the image has /usr/bin/sh: layer 1 put a directory over the link /bin -> usr/bin',
    fix: 'Copy into /usr/bin instead of /bin: a layer or an archive with a directory /bin of its own hides the link /bin -> usr/bin.',
    evidence: {instead: ['/usr/bin/sh'], directory: '/bin'},
    layer: 1,
  })
})
