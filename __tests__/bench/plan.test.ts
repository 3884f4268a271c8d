import {readdirSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {parseVersion} from '../../bench/whole/machine.ts'
import {PLAN} from '../../bench/whole/plan.ts'

test('a whole run has every benchmark, once', () => {
  const files = readdirSync('bench').filter(name => name.endsWith('.ts') && name !== 'run.ts')
  expect(files.length).toBeGreaterThan(5)
  expect(PLAN.map(({bench}) => `${bench}.ts`).toSorted()).toEqual(files.toSorted())
})

test.each([
  ['Docker version 28.2.2, build e6534b4', '28.2.2'],
  ['file-5.44\nmagic file from /etc/magic\n', '5.44'],
  ['0.20.6\n', '0.20.6'],
  ['golang-github-google-go-containerregistry (0.20.6+ds1-1) unstable; urgency=medium', '0.20.6'],
  ['could not determine build information\n', undefined],
])('the version in %j', (answer, expected) => expect(parseVersion(answer)).toBe(expected))
