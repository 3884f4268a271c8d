import {expect, test} from '@jest/globals'
import type {Facts} from '../../src/facts/facts.ts'
import type {Finding, Level} from '../../src/rules/finding.ts'
import {testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {testDigest, testEntry, testRoot} from '../support/memory-source.ts'
import {testReport} from '../support/test-report.ts'

const APP = testPlatformFacts('linux/arm64', {steps: [testStep({node: testNode('/app')})]})
const DARK = testPlatformFacts('linux/arm64', {undetermined: 'a script', unknowns: [{reason: 'a script'}]})

function finding(level: Level, platform = 'linux/arm64'): Finding {
  return {rule: 'wrong-machine', level, image: 'app:1', platform, message: 'no', evidence: {}, help: ''}
}

const build = (facts: Facts, findings: readonly Finding[], failOn: 'error' | 'warning' | 'never' = 'error') =>
  testReport(facts, {findings, configuration: {failOn}})

test.each([
  [[], 'error', 'pass'],
  [['note'], 'warning', 'pass'],
  [['warning'], 'error', 'pass'],
  [['warning'], 'warning', 'fail'],
  [['warning', 'error'], 'error', 'fail'],
  [['error'], 'never', 'fail'],
  [['warning'], 'never', 'pass'],
] as const)('findings %j with fail-on %s: %s', (levels, failOn, verdict) => {
  expect(
    build(
      testFacts([APP]),
      levels.map(level => finding(level)),
      failOn,
    ).verdict,
  ).toBe(verdict)
})

test('what could not be read is never a pass, whatever was said of it', () => {
  const unreadable = [{entry: testEntry('linux/s390x', 3), code: 'blob-missing' as const, message: 'gone'}]
  expect(build(testFacts([APP], {unreadable}), []).verdict).toBe('fail')
})

test('a platform is wrong by an error of its own, dark where its chain is', () => {
  const verdict = (facts: Facts, findings: readonly Finding[]) =>
    build(facts, findings).images[0]?.platforms[0]?.verdict
  expect(verdict(testFacts([APP]), [])).toBe('match')
  expect(verdict(testFacts([APP]), [finding('error')])).toBe('mismatch')
  expect(verdict(testFacts([APP]), [finding('error', 'linux/amd64')])).toBe('match')
  expect(verdict(testFacts([APP]), [finding('warning')])).toBe('match')
  expect(verdict(testFacts([DARK]), [])).toBe('undetermined')
  expect(verdict(testFacts([DARK]), [finding('error')])).toBe('mismatch')
})

test('the baseline tells what changed, each platform once', () => {
  const now = {
    ...testRoot([]),
    entries: [testEntry('linux/amd64', 1), testEntry('linux/arm64', 2), testEntry('linux/s390x', 3)],
  }
  const before = {
    ...testRoot([]),
    entries: [testEntry('linux/amd64', 1), testEntry('linux/arm64/v8', 9), testEntry('linux/arm/v7', 4)],
  }
  const facts = {
    ...testFacts([], {root: now}),
    baseline: {found: true as const, reference: 'app:0', root: before},
  }
  expect(build(facts, []).baseline).toEqual({
    reference: 'app:0',
    digest: testDigest(0xff),
    found: true,
    changed: ['linux/arm64'],
    unchanged: ['linux/amd64'],
    lost: ['linux/arm/v7'],
    added: ['linux/s390x'],
  })
})

test('attestations are counted apart', () => {
  const {descriptor} = testEntry('linux/amd64', 1)
  const referrers = [
    {descriptor, kind: 'attestation' as const},
    {descriptor, kind: 'artifact' as const},
    {descriptor, kind: 'attestation' as const},
    {descriptor, kind: 'index' as const},
  ]
  const report = build(testFacts([APP], {root: {...testRoot([]), referrers}}), [])
  expect(report.images[0]?.otherEntries).toEqual({attestations: 2, artifacts: 1, indexes: 1})
  expect(build(testFacts([APP]), []).images[0]).not.toHaveProperty('otherEntries')
})
