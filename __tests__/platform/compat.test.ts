import {expect, test} from '@jest/globals'
import {compatRules, EM, type Platform} from '../../src/platform/index.ts'

const on = (os: string, architecture: string): Platform => ({os, architecture, variant: ''})

test.each<
  [os: string, architecture: string, rules: readonly (readonly [level: string, machines: readonly number[]])[]]
>([
  [
    'linux',
    'amd64',
    [
      ['warning', [EM.EM_386, 6]],
      ['error', [EM.EM_X86_64]],
    ],
  ],
  [
    'linux',
    'x86_64',
    [
      ['warning', [EM.EM_386, 6]],
      ['error', [EM.EM_X86_64]],
    ],
  ],
  [
    'linux',
    'arm64',
    [
      ['warning', [EM.EM_ARM]],
      ['error', [EM.EM_ARM]],
    ],
  ],
  ['linux', 'arm', [['error', [EM.EM_AARCH64]]]],
  ['windows', 'amd64', []],
  ['linux', 'nothing', []],
])('what else the kernel of %s/%s may start', (os, architecture, rules) => {
  expect(compatRules(on(os, architecture)).map(({level, machines}) => [level, machines])).toEqual(rules)
})
