import {expect, test} from '@jest/globals'
import type {Facts} from '../../src/facts/facts.ts'
import {goldenText} from '../support/golden.ts'
import {testEntry, testPlatform, testRoot} from '../support/memory-source.ts'
import {foreignFile} from '../support/scan-facts.ts'
import {
  AMD64,
  ARM64,
  baseline,
  FOREIGN,
  formatFindings,
  GOOD,
  image,
  images,
  leg,
  malformed,
  NEW,
  OLD,
  onePlatform,
  platformOf,
  referrer,
  TWO,
  withRoot,
} from '../support/whole-images.ts'

const INDEXES: Readonly<Record<string, () => Facts>> = {
  'lost, of none': () => ({...images([]), baseline: baseline([AMD64, 7])}),
  'lost twice': () => ({
    ...images([
      {...GOOD, created: NEW},
      {index: AMD64, digest: 2, created: OLD},
    ]),
    baseline: baseline(['linux/s390x', 7], ['linux/s390x', 8], [ARM64, 9], ['linux/arm/v7', 10]),
  }),
  'dropped on purpose': () => ({
    ...images([GOOD], {required: [testPlatform(ARM64)]}),
    baseline: baseline(['linux/s390x', 7], [ARM64, 9]),
  }),
  'an artifact is not lost': () => ({
    ...withRoot({referrers: [referrer({claimed: testPlatform('linux/s390x')})]}),
    baseline: baseline(['linux/s390x', 7], [ARM64, 9]),
  }),
  'no baseline': () => ({...images([GOOD]), baseline: {found: false, reference: 'app:0', reason: 'not found'}}),
  unchanged: () => ({...images(TWO), baseline: baseline([AMD64, 1], [ARM64, 7], ['linux/s390x', 8])}),
  'unchanged, with times': () => ({
    ...images([
      {...GOOD, created: OLD},
      {index: AMD64, digest: 2, created: NEW},
    ]),
    baseline: baseline([ARM64, 1], [AMD64, 7]),
  }),
  'all unchanged': () => ({...images(TWO), baseline: baseline([AMD64, 1], [ARM64, 2])}),
  'none of the baseline': () => ({...images([GOOD]), baseline: baseline()}),
  older: () =>
    images([
      {...GOOD, created: OLD},
      {index: AMD64, digest: 2, created: NEW},
    ]),
  'a month older': () =>
    images([
      {...GOOD, created: '2026-10-02T00:00:00Z'},
      {index: AMD64, digest: 2, created: NEW},
    ]),
  'a second less': () =>
    images([
      {...GOOD, created: '2026-10-02T00:00:01Z'},
      {index: AMD64, digest: 2, created: NEW},
    ]),
  'of 1980': () =>
    images([
      {...GOOD, created: '1980-01-01T00:00:00Z'},
      {index: AMD64, digest: 2, created: NEW},
    ]),
  'of the first day': () =>
    images([
      {...GOOD, created: '2013-01-01T00:00:00Z'},
      {index: AMD64, digest: 2, created: NEW},
    ]),
  'one digest twice': () => images([GOOD, GOOD]),
  'two digests': () => images([GOOD, {index: ARM64, digest: 2}]),
  'two that nobody asked for': () =>
    images([GOOD, {index: ARM64, digest: 2}, {index: AMD64, digest: 3}], {required: [testPlatform(AMD64)]}),
  twins: () =>
    images([
      {...GOOD, layers: [5], created: OLD},
      {...GOOD, digest: 2, layers: [5], created: OLD},
    ]),
  'twins that were not read': () => ({
    images: [
      image([platformOf({...GOOD, layers: [5]})], {
        root: {...testRoot([]), entries: [testEntry(ARM64, 1), testEntry(ARM64, 2)]},
      }),
    ],
  }),
  'a missing platform': () => images([GOOD], {required: [AMD64, ARM64].map(testPlatform)}),
  'a missing platform of none': () => images([], {required: [testPlatform(AMD64)]}),
  'a missing platform of a manifest': () => ({
    images: [image([platformOf(GOOD)], {root: testRoot([ARM64], 'manifest'), required: [testPlatform(AMD64)]})],
  }),
  'a missing platform of several digests': () => ({
    images: [AMD64, ARM64].map((name, at) => leg(name, at + 1, {required: [testPlatform('linux/s390x')]})),
  }),
  'an empty index': () => images([]),
  'malformed platforms': () => ({
    images: [
      image([], {
        root: {
          ...testRoot([]),
          entries: [malformed('linux', 'aarch64'), malformed('linux', 'arm', '9x'), malformed('Linux', 'amd64')],
        },
      }),
    ],
  }),
  'the same manifest': () => images([GOOD, {index: AMD64, digest: 1, verdict: FOREIGN}]),
  'the same layers': () =>
    images([
      {...GOOD, layers: [1, 2], verdict: FOREIGN},
      {index: AMD64, digest: 2, layers: [1, 2]},
    ]),
  'the same layers, by files': () =>
    images([
      {...GOOD, layers: [1], scan: {foreign: [foreignFile('/x/y', {place: 'path'})]}},
      {index: AMD64, digest: 2, layers: [1]},
    ]),
  'other layers': () =>
    images([
      {...GOOD, layers: [1, 2], verdict: FOREIGN},
      {index: AMD64, digest: 2, layers: [1]},
      {index: 'linux/s390x', digest: 3, layers: [1, 3]},
    ]),
  'the same programs': () =>
    images([
      {...GOOD, layers: [1], scan: {content: {digest: 'c', count: 7}, foreign: [foreignFile('/x/y')]}},
      {index: AMD64, digest: 2, layers: [2], scan: {content: {digest: 'c', count: 7}}},
    ]),
  'what both run': () =>
    images([
      {...GOOD, layers: [1], verdict: {fit: 'compat', level: 'warning', expected: 'a', actual: 'b', reason: 'c'}},
      {index: AMD64, digest: 2, layers: [1]},
    ]),
  'what only some run': () =>
    images([
      {...GOOD, layers: [1], verdict: {fit: 'compat', level: 'error', expected: 'a', actual: 'b', reason: 'c'}},
      {index: AMD64, digest: 2, layers: [1]},
    ]),
  'entries that are set aside': () =>
    withRoot({
      referrers: [
        referrer({what: 'an artifact'}),
        referrer({what: 'an artifact', claimed: testPlatform(AMD64)}),
        referrer({what: 'an artifact', claimed: testPlatform(ARM64), hidesImage: true}),
        referrer({what: 'an artifact', hidesImage: true}),
      ],
    }),
  'a marked entry': () => onePlatform({entry: {...testEntry(ARM64, 1), marked: 'an attestation'}}),
  'configs that say something else': () =>
    images([
      {index: ARM64, digest: 1, config: AMD64},
      {index: 'linux/arm/v6', digest: 2, config: 'linux/arm/v7'},
      {index: AMD64, digest: 3, config: 'windows/amd64'},
    ]),
  refusals: () =>
    onePlatform({
      refusals: (['both', 'classic', 'containerd', 'docker-cp'] as const).map(by => ({by, problem: 'it is odd'})),
    }),
  ambiguities: () => ({
    images: [
      image([{...platformOf(GOOD), ambiguities: [{document: 'the config', problem: 'engines take the last Cmd'}]}], {
        root: {...testRoot([ARM64]), ambiguities: [{document: 'the index', problem: 'engines fold letter case'}]},
      }),
    ],
  }),
  unreadable: () =>
    images([GOOD], {
      unreadable: [
        {entry: testEntry(AMD64, 2), code: 'blob-missing', message: 'there is no manifest'},
        {
          entry: {...testEntry(AMD64, 3), unread: {code: 'blob-missing', message: 'there is no config'}},
          code: 'blob-missing',
          message: 'there is no config',
        },
      ],
    }),
  'not held by the daemon': () => withRoot({absent: [{...testEntry(AMD64, 4), notIn: 'daemon'}]}),
  'a HEALTHCHECK in the dark': () =>
    onePlatform({healthcheck: {argv: ['/check'], steps: [], unknowns: [{reason: '/check runs "$X"'}]}}),
}

test('findings on indexes and platforms are word for word', () => {
  const actual = formatFindings(INDEXES)
  expect(actual).toBe(goldenText('rules/golden/indexes.txt', actual))
})
