import {expect, test} from '@jest/globals'
import {readYamlLiteral} from '../../src/exec/wrappers/yaml-literal.ts'

test.each<[text: string, value: unknown]>([
  ['apps:\n- script: a.js\n', {apps: [{script: 'a.js'}]}],
  ['base: &b {script: a.js}\napps:\n- <<: *b\n', {base: {script: 'a.js'}, apps: [{script: 'a.js'}]}],
  ['a: 1\n---\nb: 2\n', undefined],
  ['a: 1\na: 2\n', undefined],
  // A key that is no plain value.
  ['? [a]\n: 1\n', undefined],
  ['a: &k x\n*k : 1\n', undefined],
  ['a: *none\n', undefined],
  ['a: [1\n', undefined],
  // What is merged is no mapping.
  ['<<:', undefined],
  ['<<: 1\n', undefined],
  ['a:\n  <<: [1, 2]\n', undefined],
  ['', undefined],
])('%j', (text, value) => {
  expect(readYamlLiteral(text)).toEqual(value)
})
