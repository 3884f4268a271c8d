// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are expressions of workflows
import {readdirSync} from 'node:fs'
import {describe, expect, test} from '@jest/globals'
import {evaluate, fill, holds} from '../../scripts/workflows/expressions.ts'
import {isOwnAction, OWN_NAME, ownWorkflow} from '../../scripts/workflows/own-name.ts'
import {SCENARIOS} from '../../scripts/workflows/scenarios.ts'
import {inOrder, legsOf, parseWorkflow} from '../../scripts/workflows/workflow.ts'

const contexts = {
  github: {repository: 'org/app', ref_name: 'v1'},
  steps: {build: {outputs: {digest: 'sha256:1', empty: ''}, outcome: 'failure'}},
  env: {IMAGE: 'ghcr.io/org/app'},
}

test.each([
  ['plain', 'plain'],
  ['${{ env.IMAGE }}@${{ steps.build.outputs.digest }}', 'ghcr.io/org/app@sha256:1'],
  ['${{ steps.none.outputs.digest }}', ''],
  ["${{ github.ref_name == 'v1' && 'yes' || 'no' }}", 'yes'],
  ["${{ format('{0}:{1}', env.IMAGE, 1) }}", 'ghcr.io/org/app:1'],
])('%s is %j', (text, expected) => expect(fill(text, contexts)).toBe(expected))

test('what is no expression, or asks what is not there, is an error', () => {
  expect(() => evaluate('github.', contexts)).toThrow()
  expect(() => evaluate('nothing.at.all', contexts)).toThrow()
  expect(() => evaluate('unknown()', contexts)).toThrow()
})

describe('conditions', () => {
  test.each([
    [undefined, true, false],
    ['always()', true, true],
    ['failure()', false, true],
    ["steps.build.outputs.digest != ''", true, false],
    ["${{ !cancelled() && steps.build.outputs.digest != '' }}", true, true],
    ["${{ !cancelled() && steps.build.outputs.empty != '' }}", false, false],
    [false, false, false],
  ])('%s: %s, and %s after a failure', (condition, after, behind) => {
    expect(holds(condition, contexts, {failed: false})).toBe(after)
    expect(holds(condition, contexts, {failed: true})).toBe(behind)
  })
})

test('jobs come behind what they need, and a matrix has its legs', () => {
  const workflow = parseWorkflow(
    'jobs:\n  b: {needs: a, steps: []}\n  c: {needs: [b, a], steps: []}\n  a: {steps: []}\n',
  )
  expect(inOrder(workflow).map(([name]) => name)).toEqual(['a', 'b', 'c'])
  const job = {steps: [], strategy: {matrix: {x: [1, 2], y: ['a']}}}
  expect(legsOf(job)).toEqual([
    {x: 1, y: 'a'},
    {x: 2, y: 'a'},
  ])
  expect(legsOf({steps: []})).toEqual([{}])
  expect(legsOf({steps: [], strategy: {matrix: {include: [{x: 1}]}}})).toEqual([{x: 1}])
})

test('every example is tried', () => {
  // That of a fleet needs no engine: __tests__/fleet/workflow.test.ts runs it.
  expect(readdirSync('examples/workflows').toSorted()).toEqual([...Object.keys(SCENARIOS), 'fleet.yml'].toSorted())
})

test.each([
  ['./', true],
  [`${OWN_NAME}@v1`, true],
  [`${OWN_NAME}-2@v1`, false],
  ['actions/checkout@v7', false],
])('%s is this action: %s', (uses, expected) => expect(isOwnAction(uses)).toBe(expected))

test.each([
  ['./.github/workflows/ci.yml', '.github/workflows/ci.yml'],
  [`${OWN_NAME}/.github/workflows/fleet.yml@v1`, '.github/workflows/fleet.yml'],
  ['other/repo/.github/workflows/fleet.yml@v1', undefined],
  ['./.github/workflows/../ci.yml', undefined],
])('%s calls %s', (uses, expected) => expect(ownWorkflow(uses)).toBe(expected))
