import {readFileSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {Ajv2020} from 'ajv/dist/2020.js'
import {parse} from 'yaml'
import {POLICY_SCHEMA, parsePolicy} from '../../src/policy/parse-policy.ts'

const read = (text: string) => parsePolicy(text, {file: 'p.yml', today: '2026-11-29'})
const matchesSchema = new Ajv2020({allowUnionTypes: true}).compile(
  JSON.parse(readFileSync(new URL('../../docs/schema/policy-v1.schema.json', import.meta.url), 'utf8')),
)

const WHOLE = `# yaml-language-server: $schema=${POLICY_SCHEMA}
$schema: ${POLICY_SCHEMA}
version: 1
defaults:
  platforms: [linux/amd64, linux/arm64]
  scope: essential
  on-undetermined: fail
  rules:
    page-size: off
  ignore:
    - /opt/sdk/**
    - {glob: "**/testdata/**", reason: for tests}
images:
  - match: ghcr.io/org/*
    baseline: ":stable"
    baseline-required: true
  - match: [ghcr.io/org/a, oci:b]
    platforms: linux/s390x
suppressions:
  - rule: wrong-machine
    image: ghcr.io/org/emulated
    platform: linux/arm64
    path: /opt/**
    reason: started by box64
    until: 2027-01-31
  - {rule: page-size, reason: old, until: 2026-11-28}
`

describe('what is right', () => {
  test('everything that a file may have, each with its line', () => {
    const policy = read(WHOLE)
    expect(policy).toMatchObject({
      ok: true,
      value: {
        file: 'p.yml',
        digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
        defaults: {
          platforms: {value: [{architecture: 'amd64'}, {architecture: 'arm64'}], from: 'p.yml:5'},
          scope: {value: 'essential', from: 'p.yml:6'},
          onUndetermined: {value: 'fail', from: 'p.yml:7'},
          rules: [{value: ['page-size', 'off'], from: 'p.yml:9'}],
          ignore: [
            {value: {glob: '/opt/sdk/**'}, from: 'p.yml:11'},
            {value: {glob: '**/testdata/**', reason: 'for tests'}, from: 'p.yml:12'},
          ],
        },
        images: [
          {
            globs: ['ghcr.io/org/*'],
            settings: {
              baseline: {value: ':stable', from: 'p.yml:15'},
              baselineRequired: {value: true, from: 'p.yml:16'},
            },
          },
          {globs: ['ghcr.io/org/a', 'oci:b'], settings: {platforms: {value: [{architecture: 's390x'}]}}},
        ],
        suppressions: [
          {
            ...{rule: 'wrong-machine', image: 'ghcr.io/org/emulated', path: '/opt/**', reason: 'started by box64'},
            ...{platform: {architecture: 'arm64'}, until: '2027-01-31', place: 'p.yml:20:5', isExpired: false},
          },
          {rule: 'page-size', place: 'p.yml:26:5', isExpired: true},
        ],
      },
    })
  })

  test.each([
    WHOLE,
    'version: 1\n',
    'version: 1\ndefaults:\nimages:\nsuppressions:\n',
    '{"version": 1, "images": []}',
    'version: 1\nx: &a {rule: page-size, reason: r, until: 2027-01-31}\n'.replace(
      /x: &a (.*)\n/,
      'suppressions: [&a $1, *a]\n',
    ),
  ])('%j, by the schema, too', text => {
    expect(read(text)).toMatchObject({ok: true})
    expect([matchesSchema(parse(text)), matchesSchema.errors ?? []]).toEqual([true, []])
  })

  test('the last day of a suppression is its day', () => {
    const text = 'version: 1\nsuppressions: [{rule: page-size, reason: r, until: 2026-11-29}]'
    expect(read(text)).toMatchObject({value: {suppressions: [{isExpired: false}]}})
  })

  test('comments, the order of keys and the schema do not change the digest; a value does', () => {
    const digestOf = (text: string): string => {
      const policy = read(text)
      return policy.ok ? policy.value.digest : policy.problem
    }
    const one = digestOf('version: 1\ndefaults: {scope: image, on-undetermined: pass}\n')
    const other = '# a comment\ndefaults:\n  on-undetermined: pass\n  scope: image\nversion: 1\n'
    expect(digestOf(`$schema: ${POLICY_SCHEMA}\n${other}`)).toBe(one)
    expect(digestOf(other.replace('scope: image', 'scope: essential'))).not.toBe(one)
  })
})

const IN_IMAGES = (line: string): string => `version: 1\nimages:\n  - match: a\n    ${line}\n`
const IN_SUPPRESSION = (line: string): string =>
  `version: 1\nsuppressions:\n  - rule: page-size\n    reason: r\n    until: 2027-01-31\n    ${line}\n`

/** Files that are wrong: what is said of each, and whether JSON Schema can know it. */
const WRONG: readonly (readonly [text: string, said: string, isBeyondSchema?: 'beyond the schema'])[] = [
  ['', '1:1: expected a mapping with the keys $schema, version, defaults, images, suppressions, got null'],
  ['[]', '1:1: expected a mapping with the keys $schema, version, defaults, images, suppressions, got []'],
  ['hello', '1:1: expected a mapping with the keys $schema, version, defaults, images, suppressions, got "hello"'],
  ['{}', '1:1: expected the key version'],
  ['version: 1\n---\nversion: 1\n', '3:1: expected one document, got 2', 'beyond the schema'],
  ['version: 2', '1:10: version: expected 1, the version of this format, got 2'],
  ['version: "1"', '1:10: version: expected 1, the version of this format, got "1"'],
  ['$schema: https://x\nversion: 1', `1:10: $schema: expected ${POLICY_SCHEMA}, got "https://x"`],
  ['version: 1\ndefault: {}', '2:1: there is no key "default"; did you mean defaults?'],
  ['version: 1\nsuppression: []', '2:1: there is no key "suppression"; did you mean suppressions?'],
  ['version: 1\nfrobnicate: 1', '2:1: there is no key "frobnicate"; the keys are $schema, version, defaults, images'],
  ['version: 1\nversion: 1', '2:1: cannot be parsed as YAML: Map keys must be unique', 'beyond the schema'],
  ['version: 1\n\tdefaults: {}', '2:1: cannot be parsed as YAML', 'beyond the schema'],
  ['version: *x', '1:1: cannot be parsed as YAML: Unresolved alias', 'beyond the schema'],
  ['version: 1\ndefaults: []', '2:11: defaults: expected a mapping with the keys platforms, scope'],
  ['version: 1\ndefaults: {scop: image}', '2:12: defaults: there is no key "scop"; did you mean scope?'],
  ['version: 1\ndefaults: {Scope: image}', '2:12: defaults: there is no key "Scope"; did you mean scope?'],
  ['version: 1\ndefaults: {match: a}', '2:12: defaults: there is no key "match"'],
  [
    'version: 1\ndefaults: {scope: imag}',
    '2:19: defaults.scope: expected entrypoint, essential, image, got "imag"; did you mean image?',
  ],
  ['version: 1\ndefaults: {scope: 1}', '2:19: defaults.scope: expected one of entrypoint, essential, image, got 1'],
  ['version: 1\ndefaults: {scope: }', '2:19: defaults.scope: expected one of entrypoint, essential, image, got null'],
  [
    'version: 1\ndefaults: {on-undetermined: faill}',
    '2:29: defaults.on-undetermined: expected pass, fail, got "faill"; did you mean fail?',
  ],
  ['version: 1\ndefaults: {platforms: []}', '2:23: defaults.platforms: expected at least one of platforms'],
  ['version: 1\ndefaults: {platforms: {}}', '2:23: defaults.platforms: expected a list of platforms'],
  [
    'version: 1\ndefaults: {platforms: [1]}',
    '2:24: defaults.platforms[0]: expected a platform, such as linux/amd64, got 1',
  ],
  [
    'version: 1\ndefaults: {platforms: [linux/amd64, linux/amd46]}',
    '2:37: defaults.platforms[1]: "linux/amd46": no architecture is called "amd46"; did you mean linux/amd64?',
    'beyond the schema',
  ],
  [
    'version: 1\ndefaults: {rules: [page-size]}',
    '2:19: defaults.rules: expected a mapping of rules, such as page-size: off',
  ],
  [
    'version: 1\ndefaults: {rules: {page-siz: off}}',
    '2:20: defaults.rules: there is no rule "page-siz"; did you mean page-size?',
  ],
  [
    'version: 1\ndefaults: {rules: {page-size: of}}',
    '2:31: defaults.rules.page-size: expected error, warning, note, off, got "of"; did you mean off?',
  ],
  [
    'version: 1\ndefaults: {rules: {page-size: false}}',
    '2:31: defaults.rules.page-size: expected one of error, warning',
  ],
  ['version: 1\ndefaults: {ignore: /opt}', '2:20: defaults.ignore: expected a list of globs'],
  ['version: 1\ndefaults: {ignore: [opt]}', '2:21: defaults.ignore[0]: expected an absolute path or glob'],
  ['version: 1\ndefaults: {ignore: [{reason: x}]}', '2:21: defaults.ignore[0]: expected the key glob'],
  ['version: 1\ndefaults: {ignore: [{glob: /a, why: x}]}', '2:32: defaults.ignore[0]: there is no key "why"'],
  [
    'version: 1\ndefaults: {ignore: [{glob: /a, reason: 1}]}',
    '2:40: defaults.ignore[0].reason: expected a text, got 1',
  ],
  ['version: 1\ndefaults: {baseline: 1}', '2:22: defaults.baseline: expected an image or :TAG, got 1'],
  ['version: 1\ndefaults: {baseline: "app@"}', '2:22: defaults.baseline: "app@" has no digest', 'beyond the schema'],
  ['version: 1\ndefaults: {baseline: ":a b"}', '2:22: defaults.baseline: ', 'beyond the schema'],
  [
    'version: 1\ndefaults: {baseline-required: yes}',
    '2:31: defaults.baseline-required: expected true or false, got "yes"',
  ],
  ['version: 1\nimages: {}', '2:9: images: expected a list of rules for images, got {}'],
  ['version: 1\nimages: [a]', '2:10: images[0]: expected a mapping with the keys match, platforms'],
  ['version: 1\nimages:\n  - scope: image', '3:5: images[0]: expected the key match'],
  ['version: 1\nimages:\n  - match: []', '3:12: images[0].match: expected at least one of globs of images'],
  ['version: 1\nimages:\n  - match: 1', '3:12: images[0].match: expected a list of globs of images, got 1'],
  ['version: 1\nimages:\n  - match: "a b"', '3:12: images[0].match: expected a glob of images such as ghcr.io/org/*'],
  [IN_IMAGES('suppressions: []'), '4:5: images[0]: there is no key "suppressions"'],
  [IN_IMAGES('platform: linux/amd64'), '4:5: images[0]: there is no key "platform"; did you mean platforms?'],
  ['version: 1\nsuppressions: {}', '2:15: suppressions: expected a list of suppressions, got {}'],
  [
    'version: 1\nsuppressions: [{}]',
    '2:16: suppressions[0]: expected the key rule and the key reason and the key until',
  ],
  [
    'version: 1\nsuppressions: [{rule: page-siz, reason: r, until: 2027-01-31}]',
    '2:23: suppressions[0].rule: there is no rule "page-siz"; did you mean page-size?',
  ],
  [
    'version: 1\nsuppressions: [{rule: page-size, until: 2027-01-31}]',
    '2:16: suppressions[0]: expected the key reason',
  ],
  [
    'version: 1\nsuppressions: [{rule: page-size, reason: " ", until: 2027-01-31}]',
    '2:42: suppressions[0].reason: expected a text',
  ],
  ['version: 1\nsuppressions: [{rule: page-size, reason: r}]', '2:16: suppressions[0]: expected the key until'],
  [
    'version: 1\nsuppressions: [{rule: page-size, reason: r, until: soon}]',
    '2:52: suppressions[0].until: expected a date such as',
  ],
  [
    'version: 1\nsuppressions: [{rule: page-size, reason: r, until: 20270131}]',
    '2:52: suppressions[0].until: expected a date',
  ],
  [
    'version: 1\nsuppressions: [{rule: page-size, reason: r, until: 2027-02-30}]',
    '2:52: suppressions[0].until: expected a date such as 2027-01-31, got "2027-02-30"',
    'beyond the schema',
  ],
  [IN_SUPPRESSION('platform: linux/amd46'), '6:15: suppressions[0].platform: "linux/amd46"', 'beyond the schema'],
  [IN_SUPPRESSION('path: ""'), '6:11: suppressions[0].path: expected a glob of files'],
  [
    IN_SUPPRESSION('path: [/a]'),
    '6:11: suppressions[0].path: expected a glob of files such as /opt/sdk/**, got ["/a"]',
  ],
  [IN_SUPPRESSION('image: ""'), '6:12: suppressions[0].image: expected a glob of images'],
  [IN_SUPPRESSION('images: a'), '6:5: suppressions[0]: there is no key "images"; did you mean image?'],
  [IN_SUPPRESSION('util: 2027-01-31'), '6:5: suppressions[0]: there is no key "util"; did you mean until?'],
]

describe('what is wrong, with its line and column', () => {
  // A row that has no third value would have jest wait for a callback.
  test.each(WRONG.map(([text, said, beyond]) => [text, said, beyond !== undefined] as const))('%j', (...row) => {
    const [text, said, isBeyondSchema] = row
    const policy = read(text)
    expect(policy).toEqual({ok: false, problem: expect.any(String)})
    if (policy.ok) return
    expect(policy.problem.slice(0, said.length)).toBe(said)
    expect(policy.problem.split('\n')).toHaveLength(1)
    if (!isBeyondSchema) expect(matchesSchema(parse(text))).toBe(false)
  })

  test('all mistakes at once, in the order of the file', () => {
    const text =
      'version: 3\nsuppressions: [{rule: x, reason: r, until: 1}]\ndefaults: {scope: a}\nimages: [{scop: b}]\n'
    const policy = read(text)
    const places = policy.ok ? [] : policy.problem.split('\n').map(line => /^\d+:\d+/.exec(line)?.[0])
    expect(places).toEqual(['1:10', '2:23', '2:44', '3:19', '4:10', '4:11'])
  })

  test('a long value is cut', () => {
    const policy = read(`version: ${'9'.repeat(500)}x`)
    expect(policy.ok ? '' : policy.problem.length).toBeLessThan(200)
  })

  test(`${WRONG.length} wrong files`, () => expect(WRONG.length).toBeGreaterThan(55))
})
