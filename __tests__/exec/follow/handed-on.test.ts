import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {DOUBT, doubtOf, followStart, type Given, native} from './follow-start.ts'

/* What a program passes on of its own start to what it starts. */

const NAMES = ['app', 'tini', 'env', 'sh', 'setsid', 'gosu', 'node', 'nice', 'bash', 'private', 'npm']
const FILES: MemoryTree = {
  ...Object.fromEntries(NAMES.map(name => [`/bin/${name}`, native])),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'svc:x:1000:\n',
  '/private': {content: native.toString(), mode: 0o700, uid: 1},
  '/gone.sh': executable('#!/bin/sh\n/gone\n'),
  '/binary.sh': executable('#!/bin/sh\n. /bin/app\nexec /bin/app\n'),
  '/text': executable('exec /bin/nice\n'),
}

/** Without the first, which is what was started. */
async function behind(words: readonly string[], given: Given = {}, files: MemoryTree = {}): Promise<readonly string[]> {
  const {steps, unknowns} = await followStart(words, {...FILES, ...files}, given)
  return [...steps.slice(1), ...unknowns.map(line => `unknown: ${line}`)]
}

describe('how certain it is', () => {
  test.each<[what: string, given: Given, line: string]>([
    ['nothing is in doubt', {}, '0 /bin/app | program: argument of env | certain'],
    ['a likely one', {certainty: 'likely'}, '0 /bin/app | program: argument of env | likely'],
    ['one that may be another', {maybe: DOUBT}, '0 /bin/app | program: argument of env | certain maybe'],
    ['what hangs on it is likely', {rest: 'likely'}, '0 /bin/app | program: argument of env | likely'],
    ['nothing hangs on what it starts', {rest: 'tolerated'}, '0 /bin/app | program: argument of env | likely'],
    ['it may fail', {accepted: true}, '0 /bin/app | program: argument of env | certain accepted'],
  ])('%s', async (_, given, line) => {
    expect(await behind(['env', 'app'], given)).toEqual([line])
  })
})

describe('what it starts is not there', () => {
  const MISSING = '0 /gone | program: argument of env | certain | missing'
  test.each<[what: string, given: Given, lines: readonly string[], outcome: object]>([
    ['nothing else', {}, [MISSING], {status: 'failure', cannotStart: 'told'}],
    ['it was looked for', {guarded: true}, [], {status: 'failure', cannotStart: 'silent'}],
    ['nothing depends on it', {tolerated: true}, [], {status: 'failure', cannotStart: 'silent'}],
    ['nothing depends on what it starts', {rest: 'tolerated'}, [], {status: 'failure'}],
    [
      'whether something does is not known',
      {rest: 'likely'},
      [MISSING.replace('certain', 'likely')],
      {status: 'failure'},
    ],
    [
      'it may fail',
      {accepted: true},
      [MISSING.replace('certain', 'certain accepted')],
      {
        ...{status: 'failure', cannotStart: 'silent'},
      },
    ],
  ])('%s', async (_, given, lines, expected) => {
    const {steps, outcome} = await followStart(['env', '/gone'], FILES, given)
    const {place: __, output: ___, ...found} = outcome
    expect([steps.slice(1), found]).toEqual([lines, expected])
  })
})

describe('the user that it changes to', () => {
  const NOBODY = 'user of gosu'
  const line = (how: string) => [`0 /etc/passwd | setup: ${NOBODY} | ${how} | no-such-user`]
  test.each<[what: string, given: Given, lines: readonly string[], outcome: object]>([
    ['is not there', {}, line('certain'), {status: 'failure', output: ''}],
    ['is not there, of a likely one', {certainty: 'likely'}, line('likely'), {status: 'failure', output: ''}],
    ['is not there, where nothing hangs on it', {rest: 'likely'}, line('likely'), {status: 'failure', output: ''}],
    ['may be made', {maybe: DOUBT}, line('certain maybe'), {status: 'unknown', output: ''}],
    // Then it goes on.
    [
      'may have been added',
      {doubts: [doubtOf('/etc/passwd')]},
      [...line('certain maybe'), '0 /bin/app | program: argument of gosu | certain'],
      {status: 'unknown'},
    ],
  ])('%s', async (_, given, lines, expected) => {
    const {steps, outcome} = await followStart(['gosu', 'nobody', '/bin/app'], FILES, given)
    const {place: __, ...found} = outcome
    expect([steps.slice(1), found]).toEqual([lines, expected])
  })

  /* As whom it runs is not certain: nor is what he may execute. */
  test.each<[doubts: Given['doubts'], how: string]>([
    [[], 'certain'],
    [[doubtOf('/etc/group')], 'certain maybe'],
  ])('may have other groups: %j', async (doubts = [], how) => {
    const closed = {'/bin/own': {content: '', mode: 0o750, uid: 0, gid: 7}} as const
    expect(await behind(['gosu', 'svc', '/bin/own'], {doubts}, closed)).toEqual([
      `0 /bin/own | program: argument of gosu | ${how} | not-executable`,
    ])
  })
})

describe('a command line that it refuses', () => {
  const line = (how: string) => [`0 tini | setup: command line of tini | ${how} | refused-arguments`]
  test.each<[what: string, given: Given, lines: readonly string[], outcome: object]>([
    ['ends it', {}, line('certain'), {status: 'failure', cannotStart: 'told'}],
    ['of one on which nothing depends', {tolerated: true}, [], {status: 'failure', cannotStart: 'silent'}],
    ['of which only the start counts', {rest: 'tolerated'}, [], {status: 'failure'}],
    ['of a likely one', {certainty: 'likely'}, line('likely'), {status: 'failure', cannotStart: 'told'}],
    ['of which it is not known whether it counts', {rest: 'likely'}, line('likely'), {status: 'failure'}],
    ['of what may be another', {maybe: DOUBT}, line('certain maybe'), {status: 'unknown'}],
  ])('%s', async (_, given, lines, expected) => {
    const {steps, outcome} = await followStart(['tini'], FILES, {...given, process: {ending: 'closed'}})
    const {place: __, output, ...found} = outcome
    expect([steps.slice(1), found, output]).toEqual([lines, expected, ''])
  })
})

/* setsid(2) is refused to the leader of a group, which the first process is: setsid(1) forks, and its parent ends. */
describe('the first process', () => {
  const FORKS = 'unknown: %d setsid forks where it is the first process, and the container ends with it'
  test.each<[words: string, given: Given, at: number | undefined]>([
    ['setsid app', {isFirst: true}, 0],
    ['setsid app', {}, undefined],
    ['env setsid app', {isFirst: true}, 1],
    ['nice env setsid app', {isFirst: true}, 2],
    ['env setsid app', {}, undefined],
    // It starts another one, and stays the first itself.
    ['npm start', {isFirst: true}, undefined],
    ['tini setsid app', {isFirst: true}, undefined],
  ])('%s, %j', async (words, given, at) => {
    const told = (await behind(words.split(' '), given)).filter(line => line.includes('forks where'))
    expect(told).toEqual(at === undefined ? [] : [FORKS.replace('%d', `${at}`)])
  })
})

describe('a script that it starts', () => {
  test('reports what is missing, and not where the script is only looked at', async () => {
    const MISSING = '1 /gone | program: last command in /gone.sh | certain | missing'
    expect(await behind(['/gone.sh'])).toEqual(['0 /bin/sh | interpreter: interpreter of /gone.sh | certain', MISSING])
    expect((await behind(['/gone.sh'], {tolerated: true})).slice(1)).toEqual([])
    expect((await behind(['/gone.sh'], {rest: 'tolerated'})).slice(1)).toEqual([])
  })

  test('tells what it cannot read in, unless nothing hangs on that', async () => {
    const told = async (given: Given) =>
      (await behind(['/binary.sh'], given)).filter(line => line.startsWith('unknown'))
    expect(await told({})).toEqual(['unknown: 1 /binary.sh reads /bin/app in, which is not text'])
    expect(await told({guarded: true})).toEqual([])
    expect(await told({shallow: true})).toEqual([])
  })
})
