import {readFileSync} from 'node:fs'
import {expect, test} from '@jest/globals'
import {isNewEnough} from '../../src/bin/node-version.ts'

test.each([
  ['22.15.0', true],
  ['22.23.3', true],
  ['23.8.0', true],
  ['23.11.1', true],
  ['24.0.0', true],
  ['26.10.0', true],
  ['100.0.0-nightly', true],
  ['22.14.0', false],
  ['23.0.0', false],
  ['23.7.0', false],
  ['22.9.9', false],
  ['20.19.6', false],
  ['18.20.8', false],
  ['9.11.2', false],
  ['', false],
])('node %s: %s', (version, expected) => expect(isNewEnough(version)).toBe(expected))

test('package.json says the same', () => {
  const {engines}: {engines: unknown} = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(engines).toEqual({node: '^22.15.0 || >=23.8.0'})
})
