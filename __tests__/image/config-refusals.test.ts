import {describe, expect, test} from '@jest/globals'
import type {ImageConfig} from '../../src/image/config.ts'
import {configRefusals} from '../../src/image/config-refusals.ts'
import {imageConfig} from '../support/image-config.ts'

const refusalsOf = (config: Partial<ImageConfig>): readonly string[] =>
  configRefusals(imageConfig(config)).map(({by, problem}) => `${by}: ${problem}`)

test.each<[string, Partial<ImageConfig>]>([
  ['nothing', {}],
  ['what builders write', {workingDir: '/srv', env: ['PATH=/bin', 'EMPTY='], volumes: ['/data', '/data/']}],
  ['variables without a value', {env: ['A', '']}],
])('%s is refused by nobody', (_, config) => {
  expect(refusalsOf(config)).toEqual([])
})

describe('what an engine or its runtime refuses', () => {
  test.each<[string, Partial<ImageConfig>, readonly string[]]>([
    [
      'a relative working directory',
      {workingDir: 'srv'},
      ['both: its working directory "srv" is not an absolute path'],
    ],
    ['the same with a dot', {workingDir: './srv'}, ['both: its working directory "./srv" is not an absolute path']],
    ['a variable without a name', {env: ['A=1', '=x']}, ['both: its environment has "=x", a variable without name']],
    ['a NUL byte', {cmd: ['/app', 'a\0b']}, ['both: its Cmd has a NUL byte: "a\\u0000b"']],
    [
      'relative volumes',
      {volumes: ['data', '/abs', './a']},
      ['docker-cp: its volume "./a" is not an absolute path', 'docker-cp: its volume "data" is not an absolute path'],
    ],
  ])('%s', (_, config, expected) => {
    expect(refusalsOf(config)).toEqual(expected)
  })
})
