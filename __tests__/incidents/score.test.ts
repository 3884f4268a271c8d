import {describe, expect, test} from '@jest/globals'
import {
  type Answer,
  MANIFEST_TOOLS,
  TOOLS,
  type ToolName,
  type ToolResult,
} from '../../scripts/incidents/compare/tools.ts'
import type {CaseResult} from '../../scripts/incidents/results.ts'
import type {Verdict} from '../../scripts/incidents/run.ts'
import {type Mark, manifestTools, ours, scoreOf, tool} from '../../scripts/incidents/score.ts'

const PASSED: ToolResult = {broken: 'passed', repaired: 'passed'}
const NOTHING: Verdict = {level: 'none', rules: [], repaired: 'passed'}

function result(
  id: string,
  verdict: Partial<Verdict>,
  tools: Partial<Record<ToolName, ToolResult>> = {},
  kind: CaseResult['kind'] = 'incident',
): CaseResult {
  const own = {...NOTHING, ...verdict}
  return {
    name: id,
    id,
    kind,
    images: {broken: [], repaired: []},
    ours: {entrypoint: NOTHING, essential: own, image: own},
    tools: {...(Object.fromEntries(TOOLS.map(name => [name, PASSED])) as Record<ToolName, ToolResult>), ...tools},
  }
}

describe('a mark', () => {
  test.each<[Answer, Answer, Mark, Mark]>([
    ['stopped', 'passed', 'caught', 'caught'],
    ['passed', 'passed', 'missed', 'missed'],
    ['stopped', 'stopped', 'both', 'both'],
    ['unclear', 'unclear', 'both', 'missed'],
    ['unclear', 'passed', 'caught', 'missed'],
    ['stopped', 'unclear', 'both', 'caught'],
    ['passed', 'stopped', 'missed', 'missed'],
    ['could-not-look', 'could-not-look', 'could-not-look', 'could-not-look'],
    // An absent platform of a system that cannot be looked into: what it would do with the mended one is not known.
    ['stopped', 'could-not-look', 'could-not-look', 'could-not-look'],
  ])('%s, and mended %s: %s, and %s where what is unclear may pass', (broken, repaired, strict, lenient) => {
    const row = result('INC-001', {}, {'shell-step': {broken, repaired}})
    expect([tool('', 'shell-step').mark(row), tool('', 'shell-step', false).mark(row)]).toEqual([strict, lenient])
  })

  test.each<[Partial<Verdict>, Mark]>([
    [{level: 'error'}, 'caught'],
    [{level: 'warning'}, 'warning'],
    [{level: 'warning', repaired: 'warned'}, 'warning'],
    [{level: 'error', repaired: 'stopped'}, 'both'],
    [{}, 'missed'],
  ])('of ours: %j is %s', (verdict, expected) => {
    expect(ours('', 'essential').mark(result('INC-001', verdict))).toBe(expected)
  })

  test('one manifest tool is enough, and one that stops the mended image too does not spoil it', () => {
    const both: ToolResult = {broken: 'stopped', repaired: 'stopped'}
    const row = result('INC-001', {}, {crane: both, skopeo: {broken: 'stopped', repaired: 'passed'}})
    expect(manifestTools('').mark(row)).toBe('caught')
    expect(manifestTools('').good(row)).toBe('stopped')
    expect(MANIFEST_TOOLS.map(id => tool('', id).mark(row))).toEqual(['missed', 'missed', 'both', 'caught'])
  })
})

test('an incident counts once, and as caught where every way of it is; a control counts as a good image only', () => {
  const rows = [
    result('INC-001', {level: 'error'}),
    {...result('INC-001', {level: 'none'}), name: 'INC-001 (another way)'},
    result('INC-002', {level: 'warning'}),
    result('INC-003', {level: 'error', repaired: 'warned'}),
    result('a/b#1', {level: 'error', repaired: 'stopped'}, {}, 'control'),
  ]
  expect(scoreOf(ours('x', 'essential'), rows)).toEqual({
    name: 'x',
    caught: 2,
    warned: 1,
    couldNotLook: 0,
    goodStopped: 1,
    goodWarned: 1,
  })
})
