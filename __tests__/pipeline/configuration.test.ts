import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {configurationOf} from '../../src/pipeline/configuration.ts'
import {DEFAULTS, parseOptions, type RawOptions} from '../../src/pipeline/options.ts'

const WRITTEN: RawOptions = {
  ...DEFAULTS,
  ...{image: ['app:1'], metadata: '', baseline: '', platforms: [], rules: [], ignore: [], dockerfile: []},
}
const digestOf = (more: Partial<RawOptions>): string => configurationOf(parseOptions({...WRITTEN, ...more})).digest

/** Choices of which each pair is another configuration. */
const DIFFERENT: readonly Partial<RawOptions>[] = [
  {},
  {scope: 'essential'},
  {scope: 'entrypoint'},
  {platforms: ['linux/amd64']},
  {platforms: ['linux/arm64']},
  {platforms: ['linux/amd64', 'linux/arm64']},
  {ignore: ['/opt/**']},
  {ignore: ['/opt/**', '/srv/**']},
  {baseline: 'app:0'},
  {baseline: 'app:0', baselineRequired: 'true'},
  {baseline: 'app:00'},
  {failOn: 'warning'},
  {failOn: 'never'},
  {onUndetermined: 'fail'},
  {rules: ['wrong-machine=off']},
  {rules: ['wrong-machine=warning']},
  // At its own level a rule has lighter findings, too: at a level that is set it has none.
  {rules: ['wrong-machine=error']},
  {rules: ['wrong-os=off']},
  {limits: ['layer-bytes=128GiB']},
  {limits: ['layer-bytes=129GiB']},
  {dockerfile: ['Dockerfile']},
]

test('different configurations have different digests', () => {
  expect(new Set(DIFFERENT.map(digestOf)).size).toBe(DIFFERENT.length)
})

describe('equal configurations have equal digests', () => {
  test.each<[string, Partial<RawOptions>, Partial<RawOptions>]>([
    ['of other images', {}, {image: ['app:2', 'lib:1']}],
    ['read from elsewhere, at another pace', {}, {source: 'registry', cache: 'true', concurrency: '9', timeout: '2h'}],
    [
      'platforms in another order',
      {platforms: ['linux/amd64', 'linux/arm64']},
      {platforms: ['linux/arm64', 'linux/amd64']},
    ],
    ['a platform by another name', {platforms: ['linux/arm64']}, {platforms: ['linux/arm64/v8', 'linux/arm64']}],
    ['a reason to ignore', {ignore: ['/opt/**']}, {ignore: ['/opt/** # an SDK']}],
    ['the last level of a rule', {rules: ['undetermined=off']}, {rules: ['undetermined=note', 'undetermined=off']}],
    ['a limit at its default', {}, {limits: ['layer-bytes=64GiB']}],
  ])('%s', (_, one, other) => {
    expect(digestOf(one)).toBe(digestOf(other))
  })

  test('lists in any order, with anything twice', () => {
    const list = (...texts: string[]) =>
      fc.shuffledSubarray(texts).chain(some => fc.tuple(fc.constant(some), shuffledTwice(some)))
    fc.assert(
      fc.property(
        list('linux/amd64', 'linux/arm64', 'linux/riscv64', 'linux/arm/v7'),
        list('/a/**', '/b', '**/c'),
        list('wrong-machine=off', 'undetermined=error', 'page-size=note'),
        ([platforms, morePlatforms], [ignore, moreIgnore], [rules, moreRules]) => {
          expect(digestOf({platforms: morePlatforms, ignore: moreIgnore, rules: moreRules})).toBe(
            digestOf({platforms, ignore, rules}),
          )
        },
      ),
    )
  })
})

function shuffledTwice(texts: readonly string[]): fc.Arbitrary<string[]> {
  const all = [...texts, ...texts]
  return fc.shuffledSubarray(all, {minLength: all.length, maxLength: all.length})
}
