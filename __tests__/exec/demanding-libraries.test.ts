import {expect, test} from '@jest/globals'
import {hex} from '../support/bytes.ts'
import {buildElf, type ElfOptions} from '../support/elf-builder.ts'
import {findingsOfImage} from '../support/image-findings.ts'
import {executable} from '../support/memory-rootfs.ts'

/** A dynamic program that needs `libouter.so`, which needs `libinner.so`: what is said of the libraries. */
async function findings(platform: string, own: ElfOptions, outer: ElfOptions, inner: ElfOptions) {
  const file = (options: ElfOptions) => executable(buildElf({type: 'dyn', ...own, ...options}))
  const loader = own.interpreter ?? ''
  const found = await findingsOfImage({
    platform,
    scope: 'entrypoint',
    config: {entrypoint: ['/app']},
    files: {
      '/app': file({needed: ['libouter.so'], rpath: '/lib'}),
      [loader]: file({soname: loader.slice(loader.lastIndexOf('/') + 1), versionDefinitions: ['GLIBC_2.17']}),
      '/lib/libouter.so': file({needed: ['libinner.so'], rpath: '/lib', ...outer}),
      '/lib/libinner.so': file({soname: 'libinner.so', ...inner}),
    },
  })
  return found.map(({level, rule, path, message}) => [level, rule, path, message])
}

const ARM64: ElfOptions = {machine: 183, align: 0x10000, interpreter: '/lib/ld-linux-aarch64.so.1'}
const SMALL: ElfOptions = {align: 0x1000}

const misaligned = (path: string) => [
  'warning',
  'page-size',
  path,
  `${path} (library of /app) is aligned to 4096 bytes, and cannot be loaded on linux/arm64 kernels with pages of 64 KiB`,
]

test.each([
  ['libraries aligned for every page', {}, {}, []],
  ['a library that is not', SMALL, {}, [misaligned('/lib/libouter.so')]],
  ['a library of a library', {}, SMALL, [misaligned('/lib/libinner.so')]],
  ['both', SMALL, SMALL, [misaligned('/lib/libouter.so'), misaligned('/lib/libinner.so')]],
])('%s', async (_, outer, inner, expected) => {
  expect(await findings('linux/arm64', ARM64, outer, inner)).toEqual(expected)
})

const GLIBC: ElfOptions = {interpreter: '/lib64/ld-linux-x86-64.so.2'}
const MUSL: ElfOptions = {interpreter: '/lib/ld-musl-x86_64.so.1'}
/** GNU_PROPERTY_X86_ISA_1_NEEDED: the baseline, v2 and v3. */
const V3: ElfOptions = {gnuProperty: hex('040000001000000005000000474e5500028000c0040000000700000000000000')}

const tooNew = (level: string, promised = 'v1') => [
  level,
  'variant-too-new',
  '/lib/libinner.so',
  `/lib/libinner.so (library of /app) needs x86-64-v3, but linux/amd64${promised === 'v1' ? '' : `/${promised}`} promises only ${promised} (gnu-property: x86 ISA needed: 0x7)`,
]

test.each([
  // glibc elf/dl-load.c, sysdeps/x86/dl-prop.h: `CPU ISA level is lower than required`
  ['glibc refuses it', 'linux/amd64', GLIBC, [tooNew('error')]],
  ['and on v2', 'linux/amd64/v2', GLIBC, [tooNew('error', 'v2')]],
  ['the platform promises it', 'linux/amd64/v3', GLIBC, []],
  ['musl reads no such note: some of it may never be reached', 'linux/amd64', MUSL, [tooNew('warning')]],
])('a library for x86-64-v3: %s', async (_, platform, own, expected) => {
  expect(await findings(platform, own, {}, V3)).toEqual(expected)
})
