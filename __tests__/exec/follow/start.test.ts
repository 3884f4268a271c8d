import {describe, expect, test} from '@jest/globals'
import {isSureAt, seeker, wholePath} from '../../../src/exec/follow/locate.ts'
import {passedLimit} from '../../../src/exec/follow/passed-limit.ts'
import {causeOf, keyOf, type Start, stepOf, wordsOf} from '../../../src/exec/follow/start.ts'
import {newWalk} from '../../../src/exec/follow/walk.ts'
import type {Process} from '../../../src/exec/resolved-path.ts'
import type {Step} from '../../../src/exec/steps.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const USER = {uid: 0, gid: 0, groups: [], home: undefined}
const processOf = (argv: readonly string[], more: Partial<Process> = {}): Process => ({
  ...{argv, cwd: '/srv', env: new Map([['PATH', '/bin']]), user: USER},
  ...more,
})
const startOf = (more: Partial<Start> = {}): Start => ({
  ...({process: processOf(['a']), search: 'execvp', via: 'cmd', certainty: 'certain'} as const),
  ...{from: undefined, depth: 0, isFirst: true, guarded: false, runsText: false, shallow: false, tolerated: false},
  ...{accepted: false, isLast: true, umask: 0o22, world: {} as Start['world']},
  ...more,
})

test('what a step has of its start', () => {
  expect(stepOf(startOf())).toEqual({via: 'cmd', certainty: 'certain'})
  const service = {name: 'web', of: 'runit'}
  expect(stepOf(startOf({from: 0, certainty: 'likely', service, accepted: true}))).toEqual({
    ...{via: 'cmd', certainty: 'likely', from: 0, service, accepted: true},
  })
})

describe('whether the same is started again', () => {
  const key = keyOf(startOf())
  test.each<[what: string, start: Partial<Start>, isSame: boolean]>([
    ['nothing is other', {}, true],
    ['by another way', {via: 'entrypoint', from: 3, depth: 2}, true],
    ['words that are known', {words: ['a']}, true],
    ['words that are not', {words: ['a', {reason: 'x'} as never]}, false],
    ['other words', {process: processOf(['a', 'b'])}, false],
    ['in another directory', {process: processOf(['a'], {cwd: '/'})}, false],
    ['as another user', {process: processOf(['a'], {user: {...USER, uid: 1}})}, false],
    ['with another variable', {process: processOf(['a'], {env: new Map([['PATH', '/sbin']])})}, false],
    ['mapped by a loader', {mapped: {by: '/ld'} as never}, false],
  ])('%s', (_what, start, isSame) => {
    expect(keyOf(startOf(start)) === key).toBe(isSame)
  })
})

test.each([
  ['/usr/bin/npm', '"$@" in /entrypoint.sh', 'npm in /entrypoint.sh'],
  ['npm', 'command in /a in /b', 'npm in /a in /b'],
  ['npm', 'argument of tini', 'npm (argument of tini)'],
  ['npm', 'in /x', 'npm (in /x)'],
])('%s, %s: the changes are by %s', (name, via, expected) => {
  expect(causeOf(name, via)).toEqual({kind: 'command', name: expected})
})

describe('the words of a program, some of which are not known', () => {
  const open = {reason: 'x'} as never
  test.each<[what: string, words: Start['words'], argv: readonly string[], expected: Start['words']]>([
    ['all are known', undefined, ['a', 'b'], undefined],
    ['as they are', ['a', open], ['a', 'b'], ['a', open]],
    ['a script, behind its interpreter', ['a', open], ['/bin/sh', 'a', 'b'], ['/bin/sh', 'a', open]],
    ['with an argument', ['a', open], ['/bin/sh', '-e', '/p/a', 'b'], ['/bin/sh', '-e', '/p/a', open]],
  ])('%s', (_what, words, argv, expected) => {
    const start = startOf({process: processOf(['a', 'b']), ...(words ? {words} : {})})
    expect(wordsOf(start, processOf(argv))).toEqual(expected)
  })
})

test.each([
  ['/bin/a', '/bin/a'],
  ['a', '/srv/a'],
  ['./a', '/srv/a'],
  ['b/./a', '/srv/b/./a'],
  ['../a', '/srv/../a'],
])('%s by its whole path: %s', (path, expected) => {
  expect(wholePath(startOf(), path)).toBe(expected)
})

test('who looks for it has a PATH of its own, or that of the process', () => {
  expect(seeker(startOf()).env.get('PATH')).toBe('/bin')
  expect(seeker(startOf({path: '/sbin'})).env.get('PATH')).toBe('/sbin')
  expect(startOf({path: '/sbin'}).process.env.get('PATH')).toBe('/bin')
})

test('a place is sure where nothing may have made, changed or removed it', () => {
  const doubt = {by: {kind: 'command', name: 'x'}, grade: 'made'} as const
  const place = {path: '/a', hops: []}
  expect(isSureAt(place)).toBe(true)
  for (const kind of ['maybe', 'mode', 'gone']) expect(isSureAt({...place, [kind]: doubt})).toBe(false)
})

describe('limits of what is followed', () => {
  const steps = (count: number): Step[] => Array.from({length: count}, () => ({}) as Step)
  const files = (count: number): Set<string> => new Set(Array.from({length: count}, (_, at) => String(at)))
  test.each<
    [what: string, found: {readonly depth?: number; readonly steps?: number; readonly files?: number}, told: string]
  >([
    ['nothing', {}, ''],
    ['at each', {depth: 24, steps: 2000, files: 200}, ''],
    ['deep', {depth: 25}, 'more than 24 programs hand over to each other (limit start-depth)'],
    ['many', {steps: 2001}, 'more than 2,000 programs are started (limit start-steps)'],
    [
      'many files',
      {files: 201},
      'more than 200 files belong to the start (limit start-files; raise it with limits: start-files=400)',
    ],
    [
      'all of it',
      {depth: 25, steps: 2001, files: 201},
      'more than 24 programs hand over to each other (limit start-depth)',
    ],
  ])('%s', (_what, found, told) => {
    const machine = {rootfs: memoryRootfs({}), platform: {os: 'linux', architecture: 'amd64', variant: ''}}
    const walk = {...newWalk(machine, DEFAULT_LIMITS), steps: steps(found.steps ?? 0), files: files(found.files ?? 0)}
    const passed = passedLimit(walk, startOf({depth: found.depth ?? 0}))
    expect(passed ?? '').toBe(told)
  })
})
