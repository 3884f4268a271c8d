import {describe, expect, test} from '@jest/globals'
import {platformMissing} from '../../src/rules/platform-missing.ts'
import {findingsOf, testFacts} from '../support/facts.ts'
import {testEntry, testPlatform, testRoot} from '../support/memory-source.ts'

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

  describe.each(['daemon', 'archive'] as const)('what the index names, and the %s does not have', notIn => {
    const absent = ['linux/arm64', 'linux/arm/v7'].map((platform, at) => ({...testEntry(platform, at), notIn}))
    const find = (present: readonly string[], required: readonly string[] | undefined) =>
      findingsOf(
        platformMissing,
        testFacts([], {root: {...testRoot(present), absent}, required: required?.map(testPlatform)}),
      ).map(({level, platform, message, fix}) => [level, platform, message, fix])
    const before = notIn === 'archive' ? ' before you save the image' : ''
    const fix = `Pull the platform${before} (docker pull --platform linux/arm64 …), or check the image in its registry.`

    test('is missing where it is required', () => {
      expect(find(['linux/amd64'], ['linux/amd64', 'linux/arm64', 'linux/s390x'])).toMatchObject([
        ['error', 'linux/arm64', `linux/arm64 is in the index, but the ${notIn} does not have it`, fix],
        ['error', 'linux/s390x', 'linux/s390x is not in the index, which has linux/amd64', expect.anything()],
      ])
    })

    test('is not, where it is not required', () => {
      expect(find(['linux/amd64'], ['linux/amd64'])).toEqual([])
      expect(find(['linux/amd64'], undefined)).toEqual([])
    })

    test('nothing of the index at all', () => {
      expect(find([], undefined)).toEqual([
        ['error', undefined, `the ${notIn} has none of the platforms that the index names`, fix],
      ])
    })
  })
})
