import {describe, expect, test} from '@jest/globals'
import {labelsOf} from '../../scripts/inits/labels.ts'
import type {StartedProcess} from '../../scripts/inits/model.ts'
import {MutantTally} from '../../scripts/inits/mutant-tally.ts'
import {compareOrder} from '../../scripts/inits/order.ts'
import {compareStarts} from '../../scripts/inits/starts.ts'
import {compareSupervision} from '../../scripts/inits/supervision/compare.ts'
import {compareSurroundings} from '../../scripts/inits/surroundings.ts'
import {standIn} from '../../scripts/start-scripts/stand-in.ts'
import type {Execution} from '../../scripts/start-scripts/tracer.ts'
import type {Process, Step} from '../../src/exec/index.ts'
import {executable} from '../support/memory-rootfs.ts'

const LABELS = labelsOf({'/run/a': executable(standIn('a')), '/run/b': executable(standIn('b')), '/text': 'text'})
const LAST_BYTES: Readonly<Record<string, Uint8Array>> = {a: standIn('a').slice(-64), b: standIn('b').slice(-64)}

/** A stand-in that was started. */
function execution(label: string, more: Partial<Execution> = {}): Execution {
  return {
    ...{pid: 2, parent: 1, errno: 0, path: `/run/${label}`, exe: `/run/${label}`, argv: [`/run/${label}`, 'x']},
    ...{lastBytes: LAST_BYTES[label] ?? new Uint8Array(), uid: 1000, gid: 1000, groups: [1000, 2000], cwd: '/srv'},
    env: new Map([
      ['PATH', '/bin'],
      ['HOME', '/home/svc'],
      ['A', '1'],
    ]),
    ...more,
  }
}

function started(more: Partial<Process> = {}): StartedProcess {
  const {env} = execution('a')
  const user = {uid: 1000, gid: 1000, groups: [2000], home: '/home/svc'}
  return {path: '/run/a', process: {argv: ['/run/a', 'x'], cwd: '/srv', env, user, ...more}}
}

function step(label: string, more: Partial<Step> = {}): Step {
  const path = `/run/${label}`
  const node = {path, kind: 'file', mode: 0o755, uid: 0, gid: 0, size: 1} as const
  const own = {path, via: 'x', role: 'program', certainty: 'certain', hops: [], argv: [path, 'x'], node} as const
  return {...own, ...more}
}

test('stand-ins of a tree', () => {
  expect([...LABELS]).toEqual([
    ['/run/a', 'a'],
    ['/run/b', 'b'],
  ])
})

describe('as whom, where and with which variables', () => {
  const user = started().process.user
  const compare = (processes: readonly StartedProcess[], really: Partial<Execution> = {}) =>
    compareSurroundings(processes, {executions: [execution('a', really)]}, LABELS, ['A=1']).map(
      ({kind, about}) => `${kind}: ${about}`,
    )

  test.each<readonly [string, readonly StartedProcess[], Partial<Execution>]>([
    ['all as it is', [started()], {}],
    ['not said to start at all, which another comparison tells', [], {}],
    ['another program', [{...started(), path: '/run/b'}], {}],
    ['with other words', [started({argv: ['/run/a', 'y'], cwd: '/'})], {}],
    ['one of two fits', [started({cwd: '/'}), started()], {}],
    ['it was refused', [started({cwd: '/'})], {errno: 8}],
    ['groups of root', [started({user: {...user, uid: 0, gid: 0, groups: []}})], {uid: 0, gid: 0}],
    [
      'whose ids may have changed',
      [started({user: {...user, uid: 5, maybe: {by: {kind: 'command', name: 'x'}, grade: 'mode'}}})],
      {},
    ],
    [
      'a variable that only the run knows',
      [started({unknownEnv: new Set(['A']), env: new Map(started().process.env).set('A', '2')})],
      {},
    ],
    [
      'a PATH that only the run knows',
      [started({unknownPath: true, env: new Map(started().process.env).set('PATH', '/x')})],
      {},
    ],
    ['what a shell sets', [started({env: new Map(started().process.env).set('PWD', '/')})], {}],
    ['words that only the run knows', [started({argv: ['/run/a'], unknownWord: 'how it ended'})], {}],
  ])('agree: %s', (_, processes, really) => {
    expect(compare(processes, really)).toEqual([])
  })

  test.each<readonly [string, Partial<Process>, string]>([
    ['user', {user: {...user, uid: 0}}, 'it runs as another user: a ["x"]: really 1000:1000, said 0:1000'],
    ['group', {user: {...user, gid: 0}}, 'it runs as another user: a ["x"]: really 1000:1000, said 1000:0'],
    ['groups', {user: {...user, groups: []}}, 'it runs in other groups: a ["x"]: really 2000, said '],
    ['directory', {cwd: '/'}, 'it runs in another directory: a ["x"]: really /srv, said /'],
    ['PATH', {env: new Map(started().process.env).set('PATH', '/x')}, 'PATH is another: a ["x"]: really /bin, said /x'],
    [
      'a variable of the container',
      {env: new Map([...started().process.env].slice(0, 2))},
      'A is another: a ["x"]: really 1, said nothing',
    ],
    [
      'a variable of its own',
      {env: new Map(started().process.env).set('B', '2')},
      'B is another: a ["x"]: really nothing, said 2',
    ],
  ])('contradict: %s', (_, more, line) => {
    expect(compare([started(more)])).toContain(line)
  })

  test('HOME is not compared where /etc/passwd was not read for it', () => {
    const env = new Map([...started().process.env].filter(([name]) => name !== 'HOME'))
    expect(compare([started({env, user: {...user, unread: '1000:1000'}})])).toEqual([])
    expect(compare([started({env})])).toEqual(['HOME is another: a ["x"]: really /home/svc, said nothing'])
  })
})

describe('in which order', () => {
  const compare = (said: readonly string[], really: readonly string[], isWaited = (_: string) => true) =>
    compareOrder(
      said.map(label => step(label)),
      {executions: really.map(label => execution(label))},
      LABELS,
      isWaited,
    )

  test.each([
    ['the same', ['a', 'b'], ['a', 'b']],
    ['one again', ['a', 'b'], ['a', 'b', 'a']],
    ['one did not start', ['a', 'b'], ['b']],
  ])('agree: %s', (_, said, really) => {
    expect(compare(said, really)).toEqual([])
  })

  test('contradict', () => {
    const about = 'really b, a; said a, b'
    expect(compare(['a', 'b'], ['b', 'a'])).toEqual([{kind: 'it is started in another order', about}])
  })

  test('of what is not waited for nothing is said', () => {
    expect(compare(['a', 'b'], ['b', 'a'], label => label === 'a')).toEqual([])
  })
})

describe('which services are started', () => {
  const refused = {kind: 'refused', errno: 'ENOEXEC', reason: 'x'} as const
  const run = '/srv/service/b/run'
  const failed: Execution = execution('b', {
    errno: 8,
    path: './run',
    cwd: '/srv/service/b',
    lastBytes: new Uint8Array(),
  })
  const compare = (steps: readonly Step[], executions: readonly Execution[], unknowns: readonly string[] = []) =>
    compareSupervision(
      {argv: [], steps, unknowns: unknowns.map(reason => ({reason}))},
      {executions, first: 1, ends: new Map(), outcome: 'timeout', output: ''},
      LABELS,
    ).map(({kind}) => kind)

  test.each<readonly [string, readonly Step[], readonly Execution[], readonly string[]]>([
    ['as it is', [step('a')], [execution('a')], []],
    ['it is likely, and does not start', [step('a', {certainty: 'likely'})], [], []],
    ['it fails', [step('b', {path: run, obstacle: refused})], [failed], []],
    ['not followed', [], [execution('a')], ['x']],
    ['it does not start, and is said to', [step('a')], [], ['it does not start, and is said to']],
    ['a service is ignored', [], [execution('a')], ['it starts, and nothing is said of it']],
    [
      'its words are others',
      [step('a', {argv: ['/run/a']})],
      [execution('a')],
      ['it does not start, and is said to', 'it starts, and nothing is said of it'],
    ],
    [
      'it starts, and is said to fail',
      [step('a', {obstacle: refused})],
      [execution('a')],
      ['it starts, and is said to fail'],
    ],
    ['execute bits are not looked at', [], [failed], ['it fails, and nothing is said of it']],
    ['a failure is made up', [step('b', {path: run, obstacle: refused})], [], ['it does not fail, and is said to']],
  ])('%s', (_, steps, executions, kinds) => {
    const unknowns = kinds.length === 1 && kinds[0] === 'x' ? kinds : []
    const got = compare(steps, executions, unknowns)
    for (const kind of unknowns.length > 0 ? [] : kinds) expect(got).toContain(kind)
    if (kinds.length === 0 || unknowns.length > 0) expect(got).toEqual([])
  })
})

test('mutants that no case shows', () => {
  const tally = new MutantTally()
  for (let index = 0; index < 50; index++) {
    tally.count('is never found', false)
    tally.count('is found once', index === 7)
    if (index > 0) tally.count('is changed too seldom', false)
  }
  expect(tally.escaped()).toEqual(['is never found'])
  expect(tally.tell()).toContain('mutant "is found once": found in 1 of 50 answers that it changes')
})

describe('a search in PATH that the end of the run has cut', () => {
  const failed = (pid: number) => execution('a', {pid, errno: 2, path: '/opt/a', argv: ['a', 'y']})
  const found = (pid: number) => execution('a', {pid, argv: ['a', 'y']})
  const kindsOf = (executions: readonly Execution[], outcome: string, ends: ReadonlyMap<number, string>) =>
    compareStarts(
      {startup: {argv: [], steps: [step('a', {argv: ['a', 'y']})], unknowns: []}, processes: []},
      {executions, first: 1, ends, outcome, output: ''},
      LABELS,
    ).map(({kind}) => kind)
  const FAILS = 'it fails, and nothing is said of it'

  test('is no failure', () => {
    expect(kindsOf([failed(2), found(2), failed(3)], 'timeout', new Map([[2, '0']]))).toEqual([])
  })

  test.each<[string, readonly Execution[], string, ReadonlyMap<number, string>]>([
    ['one that was over is', [failed(2), found(2), failed(3)], 'timeout', new Map([[3, '127']])],
    ['so is one in a run that was over', [failed(2), found(2), failed(3)], '0', new Map()],
    ['and one that was never found', [failed(3)], 'timeout', new Map()],
  ])('%s', (_, executions, outcome, ends) => {
    expect(kindsOf(executions, outcome, ends)).toContain(FAILS)
  })
})

describe('what is said to start behind a program of which nothing is known', () => {
  const kindsOf = (outcome: string, from: number, executions = [execution('a')]) =>
    compareStarts(
      {startup: {argv: [], steps: [step('a'), step('b')], unknowns: [{from, reason: 'x'}]}, processes: []},
      {executions, first: 1, ends: new Map(), outcome, output: ''},
      LABELS,
    ).map(({kind}) => kind)
  const NOT_STARTED = 'it does not start, and is said to'

  test('need not, where the run failed', () => expect(kindsOf('1', 0)).toEqual([]))
  test.each(['0', 'timeout'])('starts, where the run ended so: %s', outcome => {
    expect(kindsOf(outcome, 0)).toEqual([NOT_STARTED])
  })
  test('nor is what stands before it left out', () => expect(kindsOf('1', 1)).toEqual([NOT_STARTED]))
  test('what did start is no disagreement', () => {
    expect(kindsOf('0', 0, [execution('a'), execution('b')])).toEqual([])
  })
})
