import {expect, test} from '@jest/globals'
import {readStartup} from '../../src/exec/index.ts'
import {pageSize} from '../../src/rules/page-size.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {findingsOf, testFacts, testPlatformFacts} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'

const LOADER = '/lib/ld-linux-aarch64.so.1'
const EVERY_PAGE = 0x10000
const SMALL_PAGE = 0x1000

/** A glibc program for arm64 that needs `libouter.so`, which needs `libinner.so`: the findings, with their chains. */
async function findings(outer: number, inner: number) {
  const file = (options: ElfOptions) => executable(buildElf({machine: 183, type: 'dyn', align: EVERY_PAGE, ...options}))
  const rootfs = memoryRootfs({
    '/app': file({interpreter: LOADER, needed: ['libouter.so'], rpath: '/lib'}),
    [LOADER]: file({soname: 'ld-linux-aarch64.so.1', versionDefinitions: ['GLIBC_2.17']}),
    '/lib/libouter.so': file({align: outer, needed: ['libinner.so'], rpath: '/lib'}),
    '/lib/libinner.so': file({align: inner, soname: 'libinner.so'}),
  })
  const platform = {os: 'linux', architecture: 'arm64', variant: ''}
  const startup = await readStartup({config: imageConfig({entrypoint: ['/app']}), rootfs, platform})
  const facts = {...testPlatformFacts('linux/arm64', {}), startup}
  return findingsOf(pageSize, testFacts([facts])).map(({level, path, message}) => [level, path, message])
}

const warned = (path: string) => [
  'warning',
  path,
  `${path} (library of /app) is aligned to 4096 bytes, and cannot be loaded on linux/arm64 kernels with pages of 64 KiB`,
]

test.each([
  ['libraries aligned for every page', EVERY_PAGE, EVERY_PAGE, []],
  ['a library that is not', SMALL_PAGE, EVERY_PAGE, [warned('/lib/libouter.so')]],
  ['a library of a library', EVERY_PAGE, SMALL_PAGE, [warned('/lib/libinner.so')]],
  ['both', SMALL_PAGE, SMALL_PAGE, [warned('/lib/libouter.so'), warned('/lib/libinner.so')]],
])('%s', async (_, outer, inner, expected) => {
  expect(await findings(outer, inner)).toEqual(expected)
})
