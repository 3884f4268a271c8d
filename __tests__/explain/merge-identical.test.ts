import {expect, test} from '@jest/globals'
import type {ExplainedFinding} from '../../src/explain/cause.ts'
import {mergeIdentical} from '../../src/explain/merge-identical.ts'

const SET: ExplainedFinding = {
  ...{rule: 'identical-platforms', level: 'error', image: 'app:1', platform: 'linux/arm64'},
  platforms: ['linux/arm64', 'linux/s390x'],
  message: 'linux/arm64 and linux/s390x hold the same layers as linux/amd64, native programs among them',
  evidence: {same: 'layers', twin: 'linux/amd64'},
  fix: 'Build each platform by itself.',
  help: 'h',
}
const {platforms: _, ...ONE} = SET

function wrong(platform: string, change: Partial<ExplainedFinding> = {}): ExplainedFinding {
  return {
    ...{rule: 'wrong-machine', level: 'error', image: 'app:1', platform, path: '/app'},
    message: `/app is x86-64, expected another (${platform})`,
    evidence: {actual: 'x86-64', expected: platform},
    ...{fix: `Build /app for ${platform}.`, help: 'h', ...change},
  }
}

const BOTH = [wrong('linux/arm64'), wrong('linux/s390x')]
const SAID = '/app is x86-64 on linux/arm64 and linux/s390x, which hold the same layers as linux/amd64'
const brief = (findings: readonly ExplainedFinding[]) =>
  mergeIdentical(findings).map(({rule, platform, platforms, message, fix}) => [
    rule,
    platforms ?? platform,
    message,
    fix,
  ])

test('one wrong file on each platform of the set: one finding', () => {
  expect(brief([SET, ...BOTH])).toEqual([['wrong-machine', SET.platforms, SAID, SET.fix]])
  expect(mergeIdentical([SET, ...BOTH])[0]?.evidence).toMatchObject({
    actual: 'x86-64',
    identical: {rule: 'identical-platforms', message: SET.message, same: 'layers', twin: 'linux/amd64'},
  })
})

test('of one platform the message is kept, and says why', () => {
  const message = '/app is x86-64, expected another (linux/arm64); linux/arm64 holds the same layers as linux/amd64'
  expect(brief([ONE, wrong('linux/arm64')])).toEqual([['wrong-machine', 'linux/arm64', message, SET.fix]])
})

test('two wrong files: two findings, each in the place of its first', () => {
  const tini = BOTH.map(one => ({...one, path: '/tini'}))
  const other = wrong('linux/386')
  expect(mergeIdentical([SET, ...tini, other, ...BOTH]).map(({path, platform}) => [path, platform])).toEqual([
    ['/tini', 'linux/arm64'],
    ['/app', 'linux/386'],
    ['/app', 'linux/arm64'],
  ])
})

test('a line that is to blame keeps its fix', () => {
  const cause = {kind: 'line', message: 'GOARCH=amd64', file: 'Dockerfile', line: 3} as const
  const blamed = BOTH.map(one => ({...one, cause, fix: 'GOARCH=$TARGETARCH'}))
  expect(brief([SET, ...blamed])).toEqual([['wrong-machine', SET.platforms, SAID, 'GOARCH=$TARGETARCH']])
})

test.each<[string, readonly ExplainedFinding[]]>([
  ['a platform of the set without the file', [SET, wrong('linux/arm64')]],
  ['another machine there', [SET, wrong('linux/arm64'), wrong('linux/s390x', {evidence: {actual: 'riscv64'}})]],
  ['another image', [SET, ...BOTH.map(one => ({...one, image: 'app:2'}))]],
  ['less grave than the set', [SET, ...BOTH.map(one => ({...one, level: 'warning' as const}))]],
  ['a level of the user on the set', [{...SET, level: 'warning', ownLevel: 'error'}, ...BOTH]],
  ['a level of the user on the file', [SET, ...BOTH.map(one => ({...one, ownLevel: 'warning' as const}))]],
  ['no set', BOTH],
])('nothing is put together: %s', (_, findings) => {
  expect(mergeIdentical(findings)).toEqual(findings)
})
