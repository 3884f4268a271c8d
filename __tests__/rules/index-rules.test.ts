import {describe, expect, test} from '@jest/globals'
import type {Baseline, Facts, ImageFacts, PlatformFacts} from '../../src/facts/facts.ts'
import type {PlatformEntry} from '../../src/image/source.ts'
import {configPlatformMismatch} from '../../src/rules/config-platform-mismatch.ts'
import {identicalPlatforms} from '../../src/rules/identical-platforms.ts'
import {platformDuplicate} from '../../src/rules/platform-duplicate.ts'
import {platformLost} from '../../src/rules/platform-lost.ts'
import {platformMalformed} from '../../src/rules/platform-malformed.ts'
import {platformMissing} from '../../src/rules/platform-missing.ts'
import {platformStale} from '../../src/rules/platform-stale.ts'
import {platformUnreadable} from '../../src/rules/platform-unreadable.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {findingsOf, testNode, testStep} from '../support/facts.ts'
import {imageConfig} from '../support/image-config.ts'
import {testDigest, testEntry, testPlatform, testRoot} from '../support/memory-source.ts'

/** One platform: what the index says, what the config says, when it was built, of which layers. */
interface Shape {
  readonly index: string
  readonly digest?: number
  readonly config?: string
  readonly created?: string
  readonly layers?: readonly number[]
  readonly foreign?: boolean
}

function platformFacts({index, digest = 1, config = index, created, layers = [], foreign}: Shape): PlatformFacts {
  const verdict = foreign ? ({fit: 'foreign', expected: 'a', actual: 'b'} as const) : ({fit: 'native'} as const)
  return {
    entry: testEntry(index, digest),
    config: imageConfig({platform: testPlatform(config), created, diffIds: layers.map(testDigest)}),
    layers: [],
    programs: [],
    essential: [],
    startup: {argv: ['/app'], steps: [testStep({node: testNode('/app'), verdict})], unknowns: []},
  }
}

function image(shapes: readonly Shape[], more: Partial<ImageFacts> = {}): ImageFacts {
  const platforms = shapes.map(shape => platformFacts(shape))
  const root = {...testRoot([]), entries: platforms.map(({entry}) => entry)}
  return {reference: 'app:1', name: 'app', root, required: undefined, platforms, unreadable: [], ...more}
}

function baseline(entries: readonly (readonly [string, number])[]): Baseline {
  const found = entries.map(([platform, digest]): PlatformEntry => testEntry(platform, digest))
  return {found: true, reference: 'app:0', root: {...testRoot([]), entries: found}}
}

function check(rule: Rule, facts: Facts) {
  return findingsOf(rule, facts).map(({platform, level, message}) => ({platform, level, message}))
}
const one = (rule: Rule, shapes: readonly Shape[], more: Partial<ImageFacts> = {}) =>
  check(rule, {images: [image(shapes, more)]})
const TWO: readonly Shape[] = [
  {index: 'linux/amd64', digest: 1},
  {index: 'linux/arm64', digest: 2},
]

describe('platform-lost', () => {
  test('clean: the same platforms, more of them, other spellings, no baseline', () => {
    expect(one(platformLost, TWO)).toEqual([])
    const before = baseline([
      ['linux/amd64', 7],
      ['linux/arm64/v8', 8],
    ])
    expect(check(platformLost, {images: [image(TWO)], baseline: before})).toEqual([])
  })

  test('finds what is gone, and says since when and what stands there now', () => {
    const before = baseline([
      ['linux/amd64', 7],
      ['linux/arm/v7', 8],
    ])
    const facts = {images: [image([{index: 'linux/amd64', created: '2026-11-01T00:00:00Z'}])], baseline: before}
    expect(check(platformLost, facts)).toEqual([
      {
        platform: 'linux/arm/v7',
        level: 'error',
        message: `linux/arm/v7 was in app:0 (${testDigest(8)}) and is not here since 2026-11-01T00:00:00Z: this image has linux/amd64`,
      },
    ])
  })

  test('a platform that is not in an explicit list was dropped on purpose', () => {
    const before = baseline([
      ['linux/amd64', 7],
      ['linux/arm/v7', 8],
      ['linux/s390x', 9],
    ])
    const required = ['linux/amd64', 'linux/s390x'].map(testPlatform)
    const found = check(platformLost, {images: [image([{index: 'linux/amd64'}], {required})], baseline: before})
    expect(found.map(({platform, level}) => [platform, level])).toEqual([
      ['linux/arm/v7', 'note'],
      ['linux/s390x', 'error'],
    ])
  })

  test('no baseline yet is a note', () => {
    const facts: Facts = {images: [image(TWO)], baseline: {found: false, reference: 'app:0', reason: 'not found'}}
    expect(check(platformLost, facts)).toEqual([
      {
        platform: undefined,
        level: 'note',
        message: 'app:0 does not exist, so there is nothing to compare with (a first release)',
      },
    ])
  })
})

describe('platform-unreadable', () => {
  test('clean', () => expect(one(platformUnreadable, TWO)).toEqual([]))

  test('finds a child that is gone', () => {
    const unreadable = [
      {entry: testEntry('linux/arm64', 2), code: 'blob-missing' as const, message: 'there is no manifest'},
    ]
    expect(one(platformUnreadable, [{index: 'linux/amd64'}], {unreadable})).toEqual([
      {
        platform: 'linux/arm64',
        level: 'error',
        message: 'linux/arm64 is in the index and cannot be read: there is no manifest',
      },
    ])
  })
})

describe('platform-malformed', () => {
  const entry = (os: string, architecture: string, variant = ''): PlatformEntry => ({
    ...testEntry('linux/amd64', 1),
    platform: {os, architecture, variant},
  })
  const found = (...[os, architecture, variant]: Parameters<typeof entry>) =>
    one(platformMalformed, [], {root: {...testRoot([]), entries: [entry(os, architecture, variant)]}}).map(
      ({message}) => message,
    )

  test.each([
    ['linux', 'amd64', ''],
    ['linux', 'amd64', 'v3'],
    ['linux', 'arm', ''],
    ['linux', 'arm', 'v5'],
    ['linux', 'arm', '7'],
    ['linux', 'arm64', 'v8'],
    ['linux', 'arm64', 'v9.2'],
    ['linux', 'aarch64', ''],
    ['linux', 'x86_64', ''],
    ['linux', 'ppc64le', 'power9'],
    ['linux', 'loong64', ''],
    ['windows', 'amd64', ''],
    ['wasip1', 'wasm', ''],
  ])('clean: %s/%s/%s', (os, architecture, variant) => {
    expect(found(os, architecture, variant)).toEqual([])
  })

  test.each([
    [
      'linux',
      'arm64',
      'v7',
      'no client matches linux/arm64/v7: no arm64 host has the variant "v7"; probably linux/arm/v7 is meant',
    ],
    [
      'linux',
      'armv7',
      '',
      'no client matches linux/armv7: no architecture is called "armv7"; probably linux/arm/v7 is meant',
    ],
    [
      'linux',
      'arm64v8',
      '',
      'no client matches linux/arm64v8: no architecture is called "arm64v8"; probably linux/arm64 is meant',
    ],
    [
      'linux',
      'amd64',
      'v9',
      'no client matches linux/amd64/v9: no amd64 host has the variant "v9"; probably linux/amd64 is meant',
    ],
    [
      'linux',
      'arm',
      'v9',
      'no client matches linux/arm/v9: no arm host has the variant "v9"; probably linux/arm is meant',
    ],
    ['linux', 'sparky', '', 'no client matches linux/sparky: no architecture is called "sparky"'],
    ['lunix', 'amd64', '', 'no client matches lunix/amd64: no system is called "lunix"'],
  ])('finds %s/%s/%s', (os, architecture, variant, message) => {
    expect(found(os, architecture, variant)).toEqual([message])
  })
})

describe('platform-duplicate', () => {
  test('clean: different platforms, different variants, Windows of two versions', () => {
    expect(one(platformDuplicate, [...TWO, {index: 'linux/arm/v7'}, {index: 'linux/arm/v6'}])).toEqual([])
    expect(
      one(platformDuplicate, [
        {index: 'windows(10.0.17763.1)/amd64', digest: 1},
        {index: 'windows(10.0.20348.1)/amd64', digest: 2},
      ]),
    ).toEqual([])
  })

  test('finds two manifests for one platform; one manifest twice is a note', () => {
    expect(
      one(platformDuplicate, [
        {index: 'linux/arm', digest: 1},
        {index: 'linux/arm/v7', digest: 2},
      ]),
    ).toMatchObject([
      {platform: 'linux/arm', level: 'warning', message: expect.stringContaining('has 2 different manifests')},
    ])
    expect(one(platformDuplicate, [{index: 'linux/arm64'}, {index: 'linux/arm64/v8'}])).toMatchObject([
      {level: 'note', message: expect.stringContaining('stands 2 times')},
    ])
  })
})

describe('config-platform-mismatch', () => {
  test.each([
    ['linux/amd64', 'linux/amd64'],
    ['linux/arm64', 'linux/arm64/v8'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm/v7', 'linux/arm'],
    ['linux/arm/v6', 'linux/arm'],
    ['linux/amd64/v3', 'linux/amd64'],
  ])('clean: %s with the config %s', (index, config) => {
    expect(one(configPlatformMismatch, [{index, config}])).toEqual([])
  })

  test.each([
    ['linux/arm64', 'linux/amd64', 'error'],
    ['linux/arm/v7', 'linux/amd64', 'error'],
    ['linux/amd64', 'windows/amd64', 'error'],
    ['linux/arm/v6', 'linux/arm/v7', 'error'],
  ])('finds %s with the config %s', (index, config, level) => {
    const expected = index === 'linux/arm/v6' ? 'warning' : level
    expect(
      one(configPlatformMismatch, [{index, config: config === 'linux/arm/v7' ? 'linux/arm/v5' : config}]),
    ).toMatchObject([{platform: index, level: expected}])
  })

  test('a lone manifest has only its config', () => {
    const facts = platformFacts({index: 'linux/arm64', config: 'linux/amd64'})
    const claimed = {...facts, entry: {...facts.entry, claimedBy: 'config' as const}}
    expect(check(configPlatformMismatch, {images: [image([], {platforms: [claimed]})]})).toEqual([])
  })
})

describe('platform-stale', () => {
  test('clean: all rebuilt, none rebuilt, built on one day, built at the epoch', () => {
    const at = (created: string, digest: number, index: string): Shape => ({index, digest, created})
    const day = [at('2026-11-01T00:00:00Z', 1, 'linux/amd64'), at('2026-11-02T00:00:00Z', 2, 'linux/arm64')]
    const epoch = [at('2026-11-01T00:00:00Z', 1, 'linux/amd64'), at('1970-01-01T00:00:00Z', 2, 'linux/arm64')]
    expect(one(platformStale, day)).toEqual([])
    expect(one(platformStale, epoch)).toEqual([])
    for (const before of [
      baseline([
        ['linux/amd64', 7],
        ['linux/arm64', 8],
      ]),
      baseline([
        ['linux/amd64', 1],
        ['linux/arm64', 2],
      ]),
    ]) {
      expect(check(platformStale, {images: [image(day)], baseline: before})).toEqual([])
    }
  })

  test('finds the one that was not rebuilt, with both times', () => {
    const shapes = [
      {index: 'linux/amd64', digest: 1, created: '2026-11-01T00:00:00Z'},
      {index: 'linux/arm64', digest: 2, created: '2026-03-01T00:00:00Z'},
    ]
    const before = baseline([
      ['linux/amd64', 7],
      ['linux/arm64', 2],
    ])
    expect(check(platformStale, {images: [image(shapes)], baseline: before})).toEqual([
      {
        platform: 'linux/arm64',
        level: 'warning',
        message:
          'linux/arm64 is unchanged since app:0, while other platforms have changed (built 2026-03-01T00:00:00Z; the newest platform 2026-11-01T00:00:00Z)',
      },
    ])
    expect(one(platformStale, shapes)).toMatchObject([
      {platform: 'linux/arm64', message: expect.stringContaining('245 days before linux/amd64')},
    ])
  })
})

describe('identical-platforms', () => {
  test.each<[string, readonly Shape[]]>([
    [
      'other layers',
      [
        {index: 'linux/amd64', layers: [1]},
        {index: 'linux/arm64', digest: 2, layers: [2], foreign: true},
      ],
    ],
    [
      'no native program',
      [
        {index: 'linux/amd64', layers: [1]},
        {index: 'linux/arm64', digest: 2, layers: [1]},
      ],
    ],
    [
      'two variants of one architecture',
      [
        {index: 'linux/arm/v6', layers: [1]},
        {index: 'linux/arm/v7', digest: 2, layers: [1], foreign: true},
      ],
    ],
    [
      'no layers',
      [
        {index: 'linux/amd64', digest: 1},
        {index: 'linux/arm64', digest: 2, foreign: true},
      ],
    ],
  ])('clean: %s', (_, shapes) => {
    expect(one(identicalPlatforms, shapes)).toEqual([])
  })

  test.each<[string, readonly Shape[]]>([
    [
      'layers',
      [
        {index: 'linux/amd64', digest: 1, layers: [1, 2]},
        {index: 'linux/arm64', digest: 2, layers: [1, 2], foreign: true},
      ],
    ],
    [
      'manifest',
      [
        {index: 'linux/amd64', digest: 1},
        {index: 'linux/arm64', digest: 1, foreign: true},
      ],
    ],
  ])('finds the same %s', (same, shapes) => {
    expect(one(identicalPlatforms, shapes)).toEqual([
      {
        platform: 'linux/arm64',
        level: 'error',
        message: `linux/arm64 holds the same ${same} as linux/amd64, native programs among them`,
      },
    ])
  })
})

describe('identical-platforms of more than two', () => {
  const many = (count: number): readonly Shape[] => [
    {index: 'linux/amd64', digest: 1, layers: [1]},
    ...['arm64', 'arm/v7', 's390x', 'ppc64le', 'riscv64', '386', 'loong64', 'mips64le', 'arm/v6']
      .slice(0, count)
      .map((name, index) => ({index: `linux/${name}`, digest: index + 2, layers: [1], foreign: true})),
  ]
  const found = (shapes: readonly Shape[]) => findingsOf(identicalPlatforms, {images: [image(shapes)]})

  test.each([
    [2, 'linux/arm64 and linux/arm/v7 hold the same layers as linux/amd64, native programs among them'],
    [3, 'linux/arm64, linux/arm/v7 and linux/s390x hold the same layers as linux/amd64, native programs among them'],
    [
      9,
      'linux/arm64, linux/arm/v7, linux/s390x and 6 more hold the same layers as linux/amd64, native programs among them',
    ],
  ])('%d wrong ones: one finding', (count, message) => {
    const names = many(count)
      .slice(1)
      .map(({index}) => index)
    expect(found(many(count))).toMatchObject([{platform: 'linux/arm64', platforms: names, message}])
  })

  test('two sets: one finding for each', () => {
    const shapes: readonly Shape[] = [
      ...many(2),
      {index: 'linux/s390x', digest: 8, layers: [2]},
      {index: 'linux/riscv64', digest: 9, layers: [2], foreign: true},
    ]
    expect(found(shapes).map(({platform, evidence}) => [platform, evidence.twin])).toEqual([
      ['linux/arm64', 'linux/amd64'],
      ['linux/riscv64', 'linux/s390x'],
    ])
  })

  test('all wrong: the first is the twin of the others', () => {
    const shapes = many(2).map(shape => ({...shape, foreign: true}))
    expect(found(shapes)).toMatchObject([{platforms: ['linux/arm64', 'linux/arm/v7'], evidence: {twin: 'linux/amd64'}}])
  })

  test('a wrong one beside one of its own architecture has a twin of another', () => {
    const shapes: readonly Shape[] = [
      {index: 'linux/arm/v6', digest: 1, layers: [1], foreign: true},
      {index: 'linux/arm/v7', digest: 2, layers: [1], foreign: true},
      {index: 'linux/amd64', digest: 3, layers: [1], foreign: true},
    ]
    expect(found(shapes).map(({platform, platforms, evidence}) => [platform, platforms, evidence.twin])).toEqual([
      ['linux/arm/v7', undefined, 'linux/amd64'],
      ['linux/amd64', undefined, 'linux/arm/v6'],
    ])
  })
})

describe('the legs of a matrix, pushed by digest', () => {
  const leg = (index: string, digest: number): ImageFacts => {
    const required = ['linux/amd64', 'linux/arm64'].map(testPlatform)
    return image([{index, digest}], {reference: `app@${testDigest(digest)}`, required})
  }

  test('are together what will be the index', () => {
    expect(check(platformMissing, {images: [leg('linux/amd64', 1), leg('linux/arm64', 2)]})).toEqual([])
  })

  test('lack a platform together, once', () => {
    expect(check(platformMissing, {images: [leg('linux/amd64', 1), leg('linux/amd64', 2)]})).toEqual([
      {
        platform: 'linux/arm64',
        level: 'error',
        message: 'linux/arm64 is in none of the 2 digests, which have linux/amd64, linux/amd64',
      },
    ])
    expect(check(platformDuplicate, {images: [leg('linux/amd64', 1), leg('linux/amd64', 2)]})).toMatchObject([
      {platform: 'linux/amd64'},
    ])
  })

  test('tags, other repositories and whole indexes are looked at each alone', () => {
    const tagged = [leg('linux/amd64', 1), leg('linux/arm64', 2)].map(part => ({...part, reference: 'app:1'}))
    expect(check(platformMissing, {images: tagged})).toHaveLength(2)
    const elsewhere = [leg('linux/amd64', 1), {...leg('linux/arm64', 2), name: 'other'}]
    expect(check(platformMissing, {images: elsewhere})).toHaveLength(2)
  })
})
