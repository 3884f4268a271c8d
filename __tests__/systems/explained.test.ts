import {describe, expect, test} from '@jest/globals'
import {type Explained, explain, filesOf} from '../../scripts/systems/explained.ts'
import type {Finding} from '../../src/rules/finding.ts'

const ENTRY: Explained = {
  rule: 'foreign-executable',
  level: 'warning',
  systems: ['node-modules'],
  files: ['/app/node_modules/tool/*.node'],
  says: 'x86-64',
  why: 'it is so',
}

function finding(change: Partial<Finding> = {}): Finding {
  return {
    rule: 'foreign-executable',
    level: 'warning',
    image: 'oci:system',
    path: '/app/node_modules/tool/a.node',
    message: '/app/node_modules/tool/a.node is x86-64',
    evidence: {},
    help: '',
    ...change,
  }
}

describe('what explains a finding', () => {
  test.each([
    ['one file', finding()],
    [
      'a group of which all files are named',
      finding({evidence: {files: ['/app/node_modules/tool/.b.node'], filesLeftOut: 0}}),
    ],
  ])('%s', (_, given) => {
    expect(explain(given, 'node-modules', [ENTRY])).toBe(ENTRY)
  })

  test.each([
    ['another rule', finding({rule: 'missing-library'})],
    ['an error', finding({level: 'error'})],
    ['a note, where a warning is expected', finding({level: 'note'})],
    ['another file', finding({path: '/app/node_modules/other/a.node'})],
    ['a file deeper down', finding({path: '/app/node_modules/tool/lib/a.node'})],
    ['another message', finding({message: 'it is riscv64'})],
    ['a group with one more file', finding({evidence: {files: ['/app/node_modules/tool/a.node', '/usr/bin/b']}})],
    [
      'a group that does not list all its files',
      finding({evidence: {files: ['/app/node_modules/tool/a.node'], filesLeftOut: 1}}),
    ],
    ['an empty group', finding({evidence: {files: []}})],
  ])('not %s', (_, given) => {
    expect(explain(given, 'node-modules', [ENTRY])).toBeUndefined()
  })

  test('not in another system', () => {
    expect(explain(finding(), 'base', [ENTRY])).toBeUndefined()
  })
})

test('the files of a finding are those of its group, or its own', () => {
  expect(filesOf(finding())).toEqual(['/app/node_modules/tool/a.node'])
  expect(filesOf(finding({evidence: {files: ['/a', '/b']}}))).toEqual(['/a', '/b'])
})
