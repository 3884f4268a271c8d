import {describe, expect, test} from '@jest/globals'
import {followOneOf, takeBack} from '../../../src/exec/follow/one-of.ts'
import {add, newWalk, note, passOver, type Walk, weightOf} from '../../../src/exec/follow/walk.ts'
import type {Step} from '../../../src/exec/steps.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

/*
 * What is found on the way, and what one of several ways finds: of steps that are given.
 */

const walkOf = (): Walk =>
  newWalk({rootfs: memoryRootfs({}), platform: {os: 'linux', architecture: 'amd64', variant: ''}}, DEFAULT_LIMITS)
const stepOf = (path: string, more: Partial<Step> = {}): Step => ({
  ...{path, via: 'entrypoint', role: 'program', certainty: 'certain', hops: [], argv: [path]},
  ...more,
})
const told = ({steps}: Walk): readonly string[] =>
  steps.map(
    ({path, certainty, from = '-', argv = [], accepted}) =>
      `${from} ${argv.join(' ') || path} ${certainty}${accepted ? ' accepted' : ''}`,
  )

test.each([
  [2, {certainty: 'certain'}],
  [1, {certainty: 'likely'}],
  [0, {certainty: 'certain', accepted: true}],
  [0, {certainty: 'likely', accepted: true}],
] as const)('a weight of %d: %j', (weight, step) => {
  expect(weightOf(step)).toBe(weight)
})

describe('a step that is there already', () => {
  const first = stepOf('/a')
  test.each<[what: string, step: Step, place: number]>([
    ['the same', stepOf('/a'), 0],
    ['another path', stepOf('/b'), 1],
    ['another role', stepOf('/a', {role: 'argument'}), 1],
    ['another reason', stepOf('/a', {via: 'cmd'}), 1],
    ['from another step', stepOf('/a', {from: 0}), 1],
    ['other words', stepOf('/a', {argv: ['/a', 'x']}), 1],
    ['another obstacle', stepOf('/a', {obstacle: {kind: 'missing', errno: 'ENOENT', at: '/a'}}), 1],
  ])('%s', (_what, step, place) => {
    const walk = walkOf()
    add(walk, first)
    expect(add(walk, step)).toBe(place)
    expect(walk.steps).toHaveLength(place + 1)
  })

  test('is replaced by one of more weight, and by no other', () => {
    const walk = walkOf()
    add(walk, stepOf('/a', {certainty: 'likely'}))
    add(walk, stepOf('/a', {accepted: true}))
    expect(told(walk)).toEqual(['- /a likely'])
    add(walk, stepOf('/a'))
    add(walk, stepOf('/a', {certainty: 'likely'}))
    expect(told(walk)).toEqual(['- /a certain'])
  })

  test('the files of a walk are counted by where paths lead', () => {
    const walk = walkOf()
    add(walk, stepOf('/a'))
    add(walk, stepOf('/link', {node: {path: '/a'} as NonNullable<Step['node']>}))
    expect([...walk.files]).toEqual(['/a'])
  })
})

test('what is not known is told once of each step', () => {
  const walk = walkOf()
  note(walk, undefined, 'x')
  note(walk, undefined, 'x')
  note(walk, 0, 'x')
  note(walk, 0, 'y')
  passOver(walk, 0, 'x')
  passOver(walk, 0, 'x')
  expect(walk.unknowns).toEqual([{reason: 'x'}, {from: 0, reason: 'x'}, {from: 0, reason: 'y'}])
  expect(walk.passedOver).toEqual([{from: 0, reason: 'x'}])
})

test('what is taken back is as it was', async () => {
  const walk = walkOf()
  add(walk, stepOf('/a', {certainty: 'likely'}))
  note(walk, 0, 'before')
  walk.started.set('a', {first: 0, last: 0})
  const taken = await takeBack(walk, async () => {
    add(walk, stepOf('/a'))
    add(walk, stepOf('/b'))
    note(walk, 1, 'within')
    passOver(walk, 1, 'passed')
    walk.started.set('b', {first: 1, last: 1})
  })
  expect(told(walk)).toEqual(['- /a likely'])
  expect(walk.unknowns).toEqual([{from: 0, reason: 'before'}])
  expect(walk.passedOver).toEqual([])
  expect([...walk.started.keys()]).toEqual(['a'])
  expect(taken.steps.map(({path}) => path)).toEqual(['/b'])
  expect([taken.unknowns, taken.passedOver]).toEqual([[{from: 1, reason: 'within'}], [{from: 1, reason: 'passed'}]])
  expect([...taken.raised].map(([index, {certainty}]) => [index, certainty])).toEqual([[0, 'certain']])
})

describe('one of several ways', () => {
  type Way = (walk: Walk) => void
  const walkAfter = async (before: readonly Step[], ...ways: readonly Way[]): Promise<Walk> => {
    const walk = walkOf()
    for (const step of before) add(walk, step)
    await followOneOf(
      walk,
      ways.map(way => async () => way(walk)),
    )
    return walk
  }

  test('what all find is as certain as it is, anything else is likely', async () => {
    const walk = await walkAfter(
      [stepOf('/sh')],
      walk => {
        add(walk, stepOf('/a', {from: 0}))
        add(walk, stepOf('/b', {from: 0}))
      },
      walk => {
        add(walk, stepOf('/c', {from: 0}))
        add(walk, stepOf('/b', {from: 0}))
      },
    )
    expect(told(walk)).toEqual(['- /sh certain', '0 /a likely', '0 /b certain', '0 /c likely'])
  })

  test('what is common has the words that all have in front', async () => {
    const walk = await walkAfter(
      [],
      walk => void add(walk, stepOf('/a', {argv: ['/a', '-x', 'one', 'end']})),
      walk => void add(walk, stepOf('/a', {argv: ['/a', '-x', 'two', 'end']})),
    )
    expect(told(walk)).toEqual(['- /a -x certain'])
  })

  test('what hangs on a step hangs on it where it then is', async () => {
    const walk = await walkAfter(
      [stepOf('/sh')],
      walk => void add(walk, stepOf('/a', {from: 0})),
      walk => {
        const b = add(walk, stepOf('/b', {from: 0}))
        const c = add(walk, stepOf('/c', {from: b}))
        note(walk, c, 'not known of c')
        passOver(walk, b, 'passed over in b')
      },
    )
    expect(told(walk)).toEqual(['- /sh certain', '0 /a likely', '0 /b likely', '2 /c likely'])
    expect(walk.unknowns).toEqual([{from: 3, reason: 'not known of c'}])
    expect(walk.passedOver).toEqual([{from: 2, reason: 'passed over in b'}])
  })

  test('a step from before is raised only where all raise it', async () => {
    const before = [stepOf('/a', {certainty: 'likely'})]
    const raise: Way = walk => void add(walk, stepOf('/a'))
    const pass: Way = () => undefined
    expect(told(await walkAfter(before, raise, pass))).toEqual(['- /a likely'])
    expect(told(await walkAfter(before, pass, raise))).toEqual(['- /a likely'])
    expect(told(await walkAfter(before, raise, raise))).toEqual(['- /a certain'])
  })

  test('none at all finds nothing', async () => {
    expect(told(await walkAfter([stepOf('/a')]))).toEqual(['- /a certain'])
  })
})
