import {expect, test} from '@jest/globals'
import {expectedOneOf, nearestName} from '../../src/lib/nearest.ts'

test.each([
  ['layer-byte', 'layer-bytes'],
  ['layers-bytes', 'layer-bytes'],
  ['layer_entries', 'layer-entries'],
  ['layerbytes', 'layer-bytes'],
  ['entries', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%s: %s', (written, meant) => {
  expect(nearestName(written, ['layer-bytes', 'layer-entries'])).toBe(meant)
})

test.each([
  ['', 'expected pass, fail, got ""'],
  ['PASS', 'expected pass, fail, got "PASS"; did you mean pass?'],
  ['something', 'expected pass, fail, got "something"'],
])('what is expected instead of %j', (written, said) => {
  expect(expectedOneOf(['pass', 'fail'], written)).toBe(said)
})

test.each([
  ['arm46', 'arm64'],
  ['amd46', 'amd64'],
  ['ar', 'arm'],
])('two letters that are exchanged are one mistake: %s', (written, meant) => {
  expect(nearestName(written, ['arm', 'amd64', 'arm64'])).toBe(meant)
})

test('none is near where there is none', () => {
  expect(nearestName('a', [])).toBeUndefined()
})
