import {expect, test} from '@jest/globals'
import {findMalformedPlatform, type Platform} from '../../src/platform/index.ts'

function read(text: string): Platform {
  const [os = '', architecture = '', variant = ''] = text.split('/')
  return {os, architecture, variant, osVersion: '1'}
}

test.each(['linux/amd64', 'aix/ppc64', 'linux/arm64/v8', 'linux/arm/v5', 'linux/riscv64/anything', 'windows/amd64'])(
  '%s is one',
  text => expect(findMalformedPlatform(read(text))).toBeUndefined(),
)

test.each<[text: string, reason: string, meant: string | undefined]>([
  ['linx/amd64', 'no system is called "linx"', undefined],
  ['linux/sparc9', 'no architecture is called "sparc9"', undefined],
  ['linux/armv7', 'no architecture is called "armv7"', 'linux/arm/v7'],
  ['linux/arm32v6', 'no architecture is called "arm32v6"', 'linux/arm/v6'],
  ['linux/arm64v8', 'no architecture is called "arm64v8"', 'linux/arm64'],
  ['linux/arm64/v7', 'no arm64 host has the variant "v7"', 'linux/arm/v7'],
  ['linux/arm64/v5', 'no arm64 host has the variant "v5"', 'linux/arm/v5'],
  ['linux/arm64/v4', 'no arm64 host has the variant "v4"', 'linux/arm64'],
  ['linux/arm64/v77', 'no arm64 host has the variant "v77"', 'linux/arm64'],
  ['linux/arm64/xv7', 'no arm64 host has the variant "xv7"', 'linux/arm64'],
  ['linux/arm/v9', 'no arm host has the variant "v9"', 'linux/arm'],
  ['linux/amd64/v7', 'no amd64 host has the variant "v7"', 'linux/amd64'],
])('%s: %s', (text, reason, meant) => {
  expect(findMalformedPlatform(read(text))).toEqual({reason, meant: meant === undefined ? undefined : read(meant)})
})
