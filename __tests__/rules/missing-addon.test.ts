import {describe, expect, test} from '@jest/globals'
import type {AddonProblem} from '../../src/addons/index.ts'
import {foreignExecutable} from '../../src/rules/foreign-executable.ts'
import {missingAddon} from '../../src/rules/missing-addon.ts'
import {missingLibrary} from '../../src/rules/missing-library.ts'
import type {Rule} from '../../src/rules/rule.ts'
import type {ScanFacts} from '../../src/scan/index.ts'
import {findingsOf, testFacts} from '../support/facts.ts'
import {foreignFile, scannedPlatform} from '../support/scan-facts.ts'

const MODULES = '/app/node_modules'

function problem(name: string, more: Partial<AddonProblem> = {}): AddonProblem {
  const covers = more.outcome?.kind === 'foreign' ? [more.outcome.path] : [`${MODULES}/@${name}/linux-x64`]
  return {
    language: 'node',
    directory: `${MODULES}/${name}`,
    package: `${name}@1.0.0`,
    wanted: [`@${name}/linux-arm64`],
    outcome: {kind: 'missing', present: [`${MODULES}/@${name}/linux-x64`]},
    covers,
    isRequired: true,
    isNeeded: true,
    ...more,
  }
}

const FOREIGN: AddonProblem['outcome'] = {
  kind: 'foreign',
  path: `${MODULES}/a/build/Release/a.node`,
  machine: 'x86-64',
}

function told(rule: Rule, scan: Partial<ScanFacts>, loaded: readonly string[] = []) {
  const loadedPackages = new Set(loaded.map(name => `${MODULES}/${name}`))
  return findingsOf(rule, testFacts([{...scannedPlatform(scan), loadedPackages}])).map(({level, path, message}) => [
    level,
    path,
    message,
  ])
}

const MISSING = `a@1.0.0 in ${MODULES}/a has no add-on for linux/arm64: it needs @a/linux-arm64, and has @a/linux-x64`

describe('missing-addon', () => {
  test.each<[string, Partial<AddonProblem>, readonly string[], readonly unknown[]]>([
    ['what the application depends on', {}, [], ['warning', `${MODULES}/a`, MISSING]],
    ['what starts loads it', {}, ['a'], ['error', `${MODULES}/a`, `${MISSING}; what starts loads it for certain`]],
    [
      'though nothing lists it',
      {isNeeded: false},
      ['a'],
      ['error', `${MODULES}/a`, `${MISSING}; what starts loads it for certain`],
    ],
    ['and it could go without', {isRequired: false}, ['a'], ['warning', `${MODULES}/a`, MISSING]],
    [
      'one of another machine',
      {outcome: FOREIGN},
      [],
      [
        'warning',
        `${MODULES}/a/build/Release/a.node`,
        `a@1.0.0 in ${MODULES}/a loads build/Release/a.node, which is x86-64, expected aarch64 (linux/arm64)`,
      ],
    ],
  ])('%s', (_, more, loaded, expected) => {
    expect(told(missingAddon, {addons: [problem('a', more)]}, loaded)).toEqual([expected])
  })

  test('a module that a configuration names', () => {
    const configured = {
      language: 'php',
      configuredIn: '/etc/php/x.ini',
      directory: '/ext',
      package: 'redis',
      wanted: ['/ext/redis.so'],
      isRequired: false,
    } as const
    const foreign = {kind: 'foreign', path: '/ext/redis.so', machine: 'x86-64'} as const
    const missing = {kind: 'missing', present: []} as const
    expect(told(missingAddon, {addons: [problem('a', {...configured, outcome: missing})]})).toEqual([
      ['warning', '/etc/php/x.ini', '/etc/php/x.ini loads redis, and there is no /ext/redis.so'],
    ])
    expect(told(missingAddon, {addons: [problem('a', {...configured, outcome: foreign})]})).toEqual([
      [
        'warning',
        '/ext/redis.so',
        '/etc/php/x.ini loads /ext/redis.so, which is x86-64, expected aarch64 (linux/arm64)',
      ],
    ])
  })

  test('nothing of what nothing needs', () => {
    expect(told(missingAddon, {addons: [problem('a', {isNeeded: false})]})).toEqual([])
    expect(told(missingAddon, {addons: [problem('a', {isNeeded: false, isRequired: false})]}, ['a'])).toEqual([])
    expect(told(missingAddon, {})).toEqual([])
  })

  test('many are one', () => {
    const addons = ['a', 'b', 'c', 'd'].map(name => problem(name))
    expect(told(missingAddon, {addons: addons.slice(1)}).length).toBe(3)
    expect(told(missingAddon, {addons})).toEqual([
      ['warning', MODULES, `4 packages in ${MODULES} (a@1.0.0, b@1.0.0, c@1.0.0, …) have no add-on for linux/arm64`],
    ])
    expect(told(missingAddon, {addons}, ['a']).map(([level]) => level)).toEqual([
      'error',
      'warning',
      'warning',
      'warning',
    ])
  })

  const files = {
    foreign: [foreignFile(`${MODULES}/@a/linux-x64/bin/a`), foreignFile(`${MODULES}/@a/linux-x64-musl/a`)],
  }
  test('its files are told once', () => {
    expect(told(foreignExecutable, {...files, addons: [problem('a')]}).map(([, path]) => path)).toEqual([
      `${MODULES}/@a/linux-x64-musl/a`,
    ])
    const built = [foreignFile(`${MODULES}/a/build/Release/a.node`)]
    expect(told(foreignExecutable, {foreign: built, addons: [problem('a', {outcome: FOREIGN})]})).toEqual([])
  })

  test('and at all where no finding tells of them', () => {
    expect(told(foreignExecutable, {...files, addons: [problem('a', {isNeeded: false})]}).length).toBe(2)
    const inPath = [foreignFile(`${MODULES}/@a/linux-x64/bin/a`, {place: 'path'})]
    expect(told(foreignExecutable, {foreign: inPath, addons: [problem('a')]}).map(([level]) => level)).toEqual([
      'error',
    ])
  })

  test('a library for the other C library is part of it', () => {
    const path = `${MODULES}/@a/linux-x64/a.node`
    const obstacle = {
      kind: 'missing-library',
      library: 'ld-linux-aarch64.so.1',
      neededBy: path,
      searched: [],
      rejected: [],
      exitCode: 127,
      message: '',
      cause: 'a glibc library in a musl image',
    } as const
    const libraries = {programs: 1, problems: [{path, place: 'elsewhere', obstacle, more: 0} as const]}
    expect(told(missingLibrary, {libraries}).length).toBe(1)
    expect(told(missingLibrary, {libraries, addons: [problem('a')]})).toEqual([])
  })
})
