import {describe, expect, test} from '@jest/globals'
import type {Verdict} from '../../src/binary/index.ts'
import type {EssentialFile} from '../../src/exec/index.ts'
import type {PlatformFacts} from '../../src/facts/facts.ts'
import {foreignExecutable} from '../../src/rules/foreign-executable.ts'
import {RULES} from '../../src/rules/index.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {runRules} from '../../src/rules/run.ts'
import {undetermined} from '../../src/rules/undetermined.ts'
import {findingsOf, testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'

const FOREIGN: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
const NATIVE: Verdict = {fit: 'native'}

function file(role: EssentialFile['role'], path: string, verdict: Verdict): EssentialFile {
  return {role, path, hops: [], node: testNode(path), identity: {kind: 'empty'}, verdict}
}

function found(rule: Rule, more: Partial<PlatformFacts>) {
  const facts = {
    ...testPlatformFacts('linux/arm64', {steps: [testStep({node: testNode('/app'), verdict: NATIVE})]}),
    ...more,
  }
  return findingsOf(rule, testFacts([facts])).map(({path, level, message}) => ({path, level, message}))
}

describe('undetermined', () => {
  const beyond = '/lib/ld-linux-aarch64.so.1 has more than 16 MiB (limit loader-bytes)'
  const loader = file('loader', '/lib/ld-linux-aarch64.so.1', NATIVE)

  test('clean: a loader that was read whole', () => {
    expect(found(undetermined, {essential: [loader]})).toEqual([])
  })

  test('finds a loader of more than is read', () => {
    expect(found(undetermined, {essential: [{...loader, beyond}]})).toEqual([
      {
        path: '/lib/ld-linux-aarch64.so.1',
        level: 'warning',
        message: `where /lib/ld-linux-aarch64.so.1 looks for libc.so.6 is not known: ${beyond}`,
      },
    ])
  })

  test('says nothing more of the loader of what starts', () => {
    const steps = [
      testStep({node: testNode('/app'), verdict: NATIVE}),
      testStep({role: 'loader', node: loader.node, verdict: NATIVE}),
    ]
    const {startup} = testPlatformFacts('linux/arm64', {steps})
    expect(found(undetermined, {startup, essential: [{...loader, beyond}]})).toEqual([])
  })
})

describe('foreign-executable', () => {
  test.each<[string, readonly EssentialFile[]]>([
    ['nothing there', []],
    ['all native', [file('shell', '/bin/sh', NATIVE), file('loader', '/lib/ld-linux-aarch64.so.1', NATIVE)]],
    [
      'i386 on amd64',
      [
        file('loader', '/lib/ld-linux.so.2', {
          fit: 'compat',
          level: 'warning',
          actual: 'i386',
          expected: 'x86-64',
          reason: '',
        }),
      ],
    ],
  ])('clean: %s', (_, essential) => {
    expect(found(foreignExecutable, {essential})).toEqual([])
  })

  test('finds a foreign shell under a right program', () => {
    expect(found(foreignExecutable, {essential: [file('shell', '/bin/sh', FOREIGN)]})).toEqual([
      {path: '/bin/sh', level: 'error', message: '/bin/sh (the shell) is x86-64, expected aarch64 (linux/arm64)'},
    ])
  })

  test('a foreign loader beside one of the platform is a note, a foreign shell is not', () => {
    const essential = [
      file('shell', '/bin/sh', FOREIGN),
      file('loader', '/lib64/ld-linux-x86-64.so.2', FOREIGN),
      file('loader', '/lib/ld-linux-aarch64.so.1', NATIVE),
    ]
    expect(found(foreignExecutable, {essential}).map(({path, level}) => [path, level])).toEqual([
      ['/bin/sh', 'error'],
      ['/lib64/ld-linux-x86-64.so.2', 'note'],
    ])
  })

  test('what stands in the chain is told there', () => {
    const startup = {
      argv: ['/bin/sh'],
      steps: [testStep({path: '/bin/sh', node: testNode('/bin/sh'), verdict: FOREIGN})],
      unknowns: [],
    }
    expect(found(foreignExecutable, {startup, essential: [file('shell', '/bin/sh', FOREIGN)]})).toEqual([])
  })
})

describe('the HEALTHCHECK', () => {
  const check = (more: Partial<PlatformFacts>) => {
    const facts = {
      ...testPlatformFacts('linux/arm64', {steps: [testStep({node: testNode('/app'), verdict: NATIVE})]}),
      ...more,
    }
    return runRules(RULES, testFacts([facts]), new Map()).map(({rule, level, path}) => [rule, level, path])
  }
  const chain = (...steps: Parameters<typeof testStep>[0][]) => ({
    argv: ['/probe'],
    steps: steps.map(step => testStep({via: 'healthcheck', ...step})),
    unknowns: [],
  })

  test('warns of what would stop a program', () => {
    expect(check({healthcheck: chain({path: '/probe', node: testNode('/probe'), verdict: FOREIGN})})).toEqual([
      ['wrong-machine', 'warning', '/probe'],
    ])
    expect(
      check({healthcheck: chain({path: '/curl', obstacle: {kind: 'missing', errno: 'ENOENT', at: '/curl'}})}),
    ).toEqual([['missing-program', 'warning', '/curl']])
  })

  test('says nothing twice', () => {
    const startup = {argv: ['/app'], steps: [testStep({node: testNode('/app'), verdict: FOREIGN})], unknowns: []}
    expect(check({startup, healthcheck: chain({path: '/app', node: testNode('/app'), verdict: FOREIGN})})).toEqual([
      ['wrong-machine', 'error', '/app'],
    ])
  })

  test('that cannot be followed is a note', () => {
    expect(check({healthcheck: {...chain(), unknowns: [{reason: '"$PROBE" is set nowhere'}]}})).toEqual([
      ['undetermined', 'note', undefined],
    ])
  })
})
