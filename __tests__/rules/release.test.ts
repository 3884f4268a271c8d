import {describe, expect, test} from '@jest/globals'
import type {Baseline, ImageFacts} from '../../src/facts/facts.ts'
import {baselineOf, entriesOf, releasesOf} from '../../src/rules/support/release.ts'
import {testRoot} from '../support/memory-source.ts'

/** `NAME REFERENCE PLATFORM…`; `-` for an image that has no name in a registry. */
function image(text: string, baseline?: Baseline): ImageFacts {
  const [name = '', reference = '', ...platforms] = text.split(' ')
  return {
    ...(name === '-' ? {} : {name}),
    ...(baseline ? {baseline} : {}),
    ...{reference, root: testRoot(platforms), required: undefined, platforms: [], unreadable: []},
  } as ImageFacts
}

const baselineNamed = (reference: string) => ({reference, root: testRoot([])}) as Baseline

describe('images that are looked at as one', () => {
  test.each<[what: string, images: readonly string[], releases: readonly string[]]>([
    ['none', [], []],
    ['one', ['a a:1 linux/amd64'], ['a:1 alone: a:1']],
    ['one digest', ['a a@1 linux/amd64'], ['a@1 alone: a@1']],
    ['two digests of a repository', ['a a@1 linux/amd64', 'a a@2 linux/arm64'], ['a@1 joined: a@1 a@2']],
    ['three', ['a a@1 x/1', 'a a@2 x/2', 'a a@3 x/3'], ['a@1 joined: a@1 a@2 a@3']],
    ['of two repositories', ['a a@1 x/1', 'b b@2 x/2'], ['a@1 alone: a@1', 'b@2 alone: b@2']],
    [
      'two of each of two repositories',
      ['a a@1 x/1', 'b b@1 x/1', 'a a@2 x/2', 'b b@2 x/2'],
      ['a@1 joined: a@1 a@2', 'b@1 joined: b@1 b@2'],
    ],
    ['a tag beside a digest', ['a a:1 x/1', 'a a@2 x/2'], ['a:1 alone: a:1', 'a@2 alone: a@2']],
    [
      'a whole index beside digests',
      ['a a@1 x/1 x/2', 'a a@2 x/3', 'a a@3 x/4'],
      ['a@1 alone: a@1', 'a@2 joined: a@2 a@3'],
    ],
    ['a digest without a platform', ['a a@1', 'a a@2 x/2'], ['a@1 alone: a@1', 'a@2 alone: a@2']],
    ['what has no name', ['- x@1 x/1', '- x@2 x/2'], ['x@1 alone: x@1', 'x@2 alone: x@2']],
  ])('%s', (_, images, releases) => {
    const facts = {images: images.map(text => image(text))}
    expect(
      releasesOf(facts).map(
        ({reference, isJoined, images: joined}) =>
          `${reference} ${isJoined ? 'joined' : 'alone'}: ${joined.map(one => one.reference).join(' ')}`,
      ),
    ).toEqual(releases)
  })

  test('their platforms, each with its image', () => {
    const [release] = releasesOf({images: [image('a a@1 linux/amd64'), image('a a@2 linux/arm64')]})
    const entries = release ? entriesOf(release) : []
    expect(entries.map(one => [one.image.reference, one.entry.platform.architecture])).toEqual([
      ['a@1', 'amd64'],
      ['a@2', 'arm64'],
    ])
  })
})

describe('what a release is compared with', () => {
  const [own, other, all] = ['own', 'other', 'all'].map(baselineNamed)
  test.each<[what: string, of: readonly (Baseline | undefined)[], ofAll: Baseline | undefined, string | undefined]>([
    ['nothing', [undefined, undefined], undefined, undefined],
    ['that of all', [undefined, undefined], all, 'all'],
    ['its own', [own, undefined], all, 'own'],
    ['the own one of any part', [undefined, other], all, 'other'],
    ['the first of them', [own, other], all, 'own'],
    ['its own, where there is none of all', [own, undefined], undefined, 'own'],
  ])('%s', (_, [first, second], ofAll, expected) => {
    const facts = {
      images: [image('a a@1 linux/amd64', first), image('a a@2 linux/arm64', second)],
      ...(ofAll ? {baseline: ofAll} : {}),
    }
    const [release] = releasesOf(facts)
    expect(release && baselineOf(release, facts)?.reference).toBe(expected)
  })
})
