import {describe, expect, test} from '@jest/globals'
import {platformMissing} from '../../src/rules/platform-missing.ts'
import {findingsOf, testFacts} from '../support/facts.ts'
import {testPlatform, testRoot} from '../support/memory-source.ts'

function check(
  present: readonly string[],
  required: readonly string[] | undefined,
  kind: 'index' | 'manifest' = 'index',
) {
  const facts = testFacts([], {root: testRoot(present, kind), required: required?.map(testPlatform)})
  return findingsOf(platformMissing, facts).map(({platform, message}) => [platform, message])
}

describe('clean', () => {
  test.each([
    [
      ['linux/amd64', 'linux/arm64'],
      ['linux/amd64', 'linux/arm64'],
    ],
    [['linux/amd64', 'linux/arm64'], ['linux/arm64']],
    [['linux/amd64', 'linux/arm64'], undefined],
    [['linux/arm64/v8'], ['linux/arm64']],
    [['linux/arm64'], ['linux/arm64/v8']],
    [['linux/arm'], ['linux/arm/v7']],
    [['linux/amd64'], ['linux/x86_64']],
  ])('%j has %j', (present, required) => {
    expect(check(present, required)).toEqual([])
  })

  test('one manifest where its platform is asked for', () => {
    expect(check(['linux/amd64'], ['linux/amd64'], 'manifest')).toEqual([])
  })
})

describe('finds', () => {
  test('each platform that is not in the index', () => {
    expect(check(['linux/amd64'], ['linux/amd64', 'linux/arm64', 'linux/arm/v7'])).toEqual([
      ['linux/arm64', 'linux/arm64 is not in the index, which has linux/amd64'],
      ['linux/arm/v7', 'linux/arm/v7 is not in the index, which has linux/amd64'],
    ])
  })

  test.each([
    [['linux/arm/v6'], 'linux/arm/v7'],
    [['linux/amd64/v3'], 'linux/amd64'],
    [['linux/mips64'], 'linux/mips64le'],
    [['windows/amd64'], 'linux/amd64'],
  ])('%j is not %s', (present, required) => {
    expect(check(present, [required])).toHaveLength(1)
  })

  test('one manifest where two platforms are asked for', () => {
    expect(check(['linux/amd64'], ['linux/amd64', 'linux/arm64'], 'manifest')).toEqual([
      [
        'linux/arm64',
        'linux/arm64 is missing: the reference is the manifest of one platform, linux/amd64, not an index',
      ],
    ])
  })

  test('an index without any platform, whatever was asked for', () => {
    expect(check([], undefined)).toEqual([[undefined, 'the index names no platform']])
    expect(check([], ['linux/amd64'])).toEqual([
      ['linux/amd64', 'linux/amd64 is not in the index, which has no platform at all'],
    ])
  })
})
