import {expect, test} from '@jest/globals'
import {exceedsVariant, type Platform, variantPromise} from '../../src/platform/index.ts'

function read(text: string): Platform {
  const [os = '', architecture = '', variant = ''] = text.split('/')
  return {os, architecture, variant}
}

test.each<[text: string, level: string, explicit: boolean]>([
  ['linux/amd64', 'v1', true],
  ['linux/amd64/v3', 'v3', true],
  ['linux/arm', 'v7', true],
  ['linux/arm/v6', 'v6', true],
  ['linux/arm64', 'v8', true],
  ['linux/riscv64', 'rva20u64', false],
  ['linux/riscv64/rva22u64', 'rva22u64', true],
  ['linux/ppc64le', 'power8', false],
])('%s promises %s', (text, level, explicit) => {
  expect(variantPromise(read(text))).toEqual({level, explicit})
})

test.each(['linux/386', 'linux/s390x', 'linux/nothing'])('%s promises nothing', text => {
  expect(variantPromise(read(text))).toBeUndefined()
  expect(exceedsVariant(read(text), 'v1')).toBeUndefined()
})

test.each<[text: string, level: string, exceeds: boolean | undefined]>([
  ['linux/amd64', 'v1', false],
  ['linux/amd64', 'v2', true],
  ['linux/amd64/v3', 'v2', false],
  ['linux/amd64', 'v9', undefined],
  ['linux/amd64/v9', 'v2', undefined],
  ['linux/arm/v7', 'v6', false],
  ['linux/arm/v6', 'v7', true],
  ['linux/arm/v8', 'v8', false],
  ['linux/arm64', 'v8.1', true],
  // v9.2 has all of v8.7: the Arm architecture's own numbering, in which its place in a list says nothing.
  ['linux/arm64/v9.2', 'v8.7', false],
  ['linux/arm64/v9.2', 'v8.8', true],
  // The vector of arm64 has 32-bit arm's v7, too; a level is compared with those of its own architecture.
  ['linux/arm64', 'v7', undefined],
  ['linux/arm64', 'v99', undefined],
  ['linux/arm64/v99', 'v8', undefined],
  ['linux/riscv64', 'rva20u64', false],
  ['linux/riscv64', 'rva22u64', true],
  ['linux/ppc64le/power9', 'power8', false],
  ['linux/ppc64le/power9', 'power10', true],
])('a program for %s that needs %s', (text, level, exceeds) => {
  expect(exceedsVariant(read(text), level)).toBe(exceeds)
})
