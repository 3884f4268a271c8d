import {describe, expect, test} from '@jest/globals'
import {Budget, OverBudget} from '../../../src/exec/budget.ts'
import {keyOf, type Start} from '../../../src/exec/follow/start.ts'
import {newWalk, type Walk} from '../../../src/exec/follow/walk.ts'
import {EMPTY_WORLD} from '../../../src/exec/world/world.ts'
import type {RootFs} from '../../../src/image/rootfs.ts'
import {DEFAULT_LIMITS, LIMITS} from '../../../src/lib/limits.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {followIn, followStart, native} from './follow-start.ts'

/* What is not followed, and what is said then: nothing is certain of the files any more. */

const FILES: MemoryTree = {
  ...Object.fromEntries(['app', 'sh', 'env', 'touch', 'npm'].map(name => [`/bin/${name}`, native])),
  '/app': native,
  '/ape': executable("MZqFpD='\n\nsomething'\nexec /gone\n"),
}
const ANYTHING = {status: 'unknown'}
const platform = {os: 'linux', architecture: 'amd64', variant: ''}
const walkOf = (rootfs: RootFs = memoryRootfs(FILES)): Walk => newWalk({rootfs, platform}, DEFAULT_LIMITS)
const user = {uid: 0, gid: 0, groups: [], home: '/root'}

test('no word at all starts nothing, and changes nothing', async () => {
  const {outcome, doubts, steps, unknowns} = await followStart([], FILES)
  expect({outcome, doubts, steps, unknowns}).toEqual({outcome: ANYTHING, doubts: [], steps: [], unknowns: []})
})

describe('a PATH that only the run knows', () => {
  const given = {process: {unknownPath: true}, from: 3}
  test('is not looked in', async () => {
    const {outcome, doubts, steps, unknowns} = await followStart(['app'], FILES, given)
    expect([outcome, steps, doubts]).toEqual([ANYTHING, [], ['/ made app in /e.sh']])
    expect(unknowns).toEqual(['3 app is looked for in a PATH that only the run knows'])
  })

  test.each([
    ['a path', '/app', 'execvp'],
    ['a name that is taken for a path', 'app', 'path'],
  ] as const)('%s needs none', async (_, name, search) => {
    const {started, unknowns} = await followStart([name], FILES, {...given, search})
    expect([started, unknowns]).toEqual([['/app'], []])
  })
})

test('what is being followed is not followed again', async () => {
  const walk = walkOf()
  const process = {argv: ['/app'], cwd: '/', env: new Map([['PATH', '/bin']]), user}
  walk.active.add(keyOf({process}))
  const {outcome, doubts, steps} = await followIn(walk, ['/app'])
  expect([outcome, steps, doubts]).toEqual([ANYTHING, [], ['/ made app in /e.sh']])
  expect((await followIn(walk, ['/app', 'x'])).steps).toHaveLength(1)
  expect(walk.active.size).toBe(1)
})

test('over a limit of the walk it is told where', async () => {
  const {outcome, doubts, steps, unknowns} = await followStart(['/app'], FILES, {depth: 25, from: 2})
  expect([outcome, steps, doubts]).toEqual([ANYTHING, [], ['/ made app in /e.sh']])
  expect(unknowns).toEqual(['2 more than 24 programs hand over to each other (limit start-depth)'])
})

describe('what a program takes of the files', () => {
  const world = {...EMPTY_WORLD, budget: new Budget({...DEFAULT_LIMITS, 'script-files': 2})}
  const touch = ['touch', '/a', '/b', '/c']
  const MORE = 'takes more than 2 changed files, which is more than is followed'

  test('over the limit: of the first program it is told', async () => {
    const walk = walkOf()
    const {outcome, doubts, unknowns} = await followIn(walk, touch, {world, depth: 0, from: 0})
    expect([outcome, doubts]).toEqual([ANYTHING, ['/ made touch in /e.sh']])
    expect(unknowns).toEqual([expect.stringContaining(`0 touch ${MORE}`)])
    expect(walk.active.size).toBe(0)
  })

  test('of another one its caller tells', async () => {
    const walk = walkOf()
    await expect(followIn(walk, touch, {world, depth: 1})).rejects.toThrow(OverBudget)
    expect([walk.unknowns, walk.active.size]).toEqual([[], 0])
  })

  test('an image that cannot be read is not passed over', async () => {
    const rootfs: RootFs = {...memoryRootfs(FILES), open: () => Promise.reject(new Error('the layer cannot be read'))}
    for (const depth of [0, 1])
      await expect(followIn(walkOf(rootfs), ['/app'], {depth})).rejects.toThrow('the layer cannot be read')
  })
})

describe('a program of which nothing is known', () => {
  const later: Partial<Start> = {isLast: true}
  test.each<[words: readonly string[], given: Partial<Start>, doubts: readonly string[]]>([
    [['/app'], {}, ['/ made app in /e.sh']],
    [['/app'], later, ['/ made app in /e.sh in the end']],
    [['/app'], {via: 'argument of tini'}, ['/ made app (argument of tini)']],
    [['/gone'], {}, []],
    [['/app'], {isOpaque: true}, []],
    [['env', '/app'], later, ['/ made app (argument of env) in the end']],
  ])('may make anything: %j, %j', async (words, given, doubts) => {
    expect((await followStart(words, FILES, given)).doubts).toEqual(doubts)
  })

  test('an Actually Portable Executable', async () => {
    const {outcome, doubts, unknowns, steps} = await followStart(['/ape'], FILES, {runsText: true, isLast: true})
    expect(outcome).toMatchObject(ANYTHING)
    expect(doubts).toEqual(['/ made ape in /e.sh in the end'])
    expect(unknowns).toEqual(['0 /ape is an Actually Portable Executable, and what its script starts is not followed'])
    expect(steps).toEqual(['- /ape | program: command in /e.sh | certain'])
  })
})

test('the limits that are named here are those of the table', () => {
  expect(LIMITS['start-depth'].most).toBe(24)
})
