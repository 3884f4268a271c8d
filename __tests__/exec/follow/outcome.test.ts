import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm, DOUBT, doubtOf, followStart, type Given, native} from './follow-start.ts'

/*
 * What a shell, or another caller, is told of the end of a program: that it cannot start is a failure only where it is
 * certain, and one that nobody depends on is not told.
 */

const FILES: MemoryTree = {
  ...Object.fromEntries(['app', 'tini', 'env', 'sh'].map(name => [`/bin/${name}`, native])),
  '/arm': arm,
  '/tini': arm,
  '/plain': {content: 'exec /bin/app\n', mode: 0o644},
  '/page': {content: '<!DOCTYPE html>\n<title>404 Not Found</title>\n', mode: 0o644},
  '/program': {content: 'x', mode: 0o644},
  '/dynamic': executable(dynamicElf({interp: '/lib64/ld-linux-x86-64.so.2', needed: []})),
  '/mixed': executable(dynamicElf({interp: '/arm', needed: []})),
  '/s.sh': executable('#!/none\n'),
  '/arm.sh': executable('#!/tini\n'),
  '/empty': executable(''),
}
const TOLD = {output: '', status: 'failure', cannotStart: 'told'} as const
const SILENT = {...TOLD, cannotStart: 'silent'} as const
const UNKNOWN = {output: '', status: 'unknown'} as const

/** A step of what is started by `/e.sh`. */
const step = (path: string, wrong?: string, how = 'certain') =>
  [`- ${path}`, 'program: command in /e.sh', how, ...(wrong === undefined ? [] : [wrong])].join(' | ')

describe('a program that is not there', () => {
  const GONE = '- /gone is not in the image, and may be made before'
  const perhaps = {...UNKNOWN, isPassedOver: false}
  const passed = {...UNKNOWN, isPassedOver: true}
  test.each<[what: string, given: Given, outcome: object, steps: readonly string[], passedOver?: string]>([
    ['fails', {}, TOLD, [step('/gone', 'missing')]],
    ['that may fail', {accepted: true}, SILENT, [step('/gone', 'missing', 'certain accepted')]],
    ['that was looked for', {guarded: true}, SILENT, []],
    ['on which nothing depends', {tolerated: true}, SILENT, []],
    [
      'in a place where it may have been made',
      {doubts: [doubtOf('/gone', 'made')]},
      perhaps,
      [step('/gone', 'missing', 'certain maybe')],
    ],
    ['of a caller that may be another', {maybe: DOUBT}, perhaps, [step('/gone', 'missing', 'certain maybe')]],
    [
      'that may fail, or be made',
      {accepted: true, maybe: DOUBT},
      perhaps,
      [step('/gone', 'missing', 'certain accepted maybe')],
    ],
    ['that was looked for, and may be made', {guarded: true, maybe: DOUBT}, passed, [], GONE],
    ['that nothing depends on, and may be made', {tolerated: true, maybe: DOUBT}, passed, [], GONE],
    // What is put there is what the script ends as.
    [
      'that it ends as, and may be replaced',
      {guarded: true, maybe: DOUBT, via: 'exec in /e.sh'},
      perhaps,
      ['- /gone | program: exec in /e.sh | certain maybe | missing'],
    ],
    [
      'the last one, that may be replaced',
      {guarded: true, maybe: DOUBT, via: 'last command in /e.sh'},
      perhaps,
      ['- /gone | program: last command in /e.sh | certain maybe | missing'],
    ],
    ['one before the last command', {guarded: true, maybe: DOUBT, via: 'the last command in /e.sh'}, passed, [], GONE],
    [
      'that it ends as, and may be made',
      {guarded: true, maybe: {...DOUBT, grade: 'made'}, via: 'exec in /e.sh'},
      passed,
      [],
      GONE,
    ],
    ['that it ends as, and may fail', {tolerated: true, maybe: DOUBT, via: 'exec in /e.sh'}, passed, [], GONE],
  ])('%s', async (_, given, outcome, steps, passedOver = '') => {
    const followed = await followStart(['/gone'], FILES, given)
    expect(followed.outcome).toEqual(outcome)
    expect(followed.steps).toEqual(steps)
    expect(followed.passedOver).toEqual(passedOver === '' ? [] : [passedOver])
    expect(followed.started).toEqual([])
  })

  test('what a script has looked for is told where it is there, and cannot be executed', async () => {
    const followed = await followStart(['/plain'], FILES, {guarded: true})
    expect([followed.outcome, followed.steps]).toEqual([TOLD, [step('/plain', 'not-executable')]])
  })

  test('by a bare name', async () => {
    const followed = await followStart(['gone'], FILES)
    expect([followed.outcome, followed.steps]).toEqual([TOLD, [step('gone', 'not-in-path')]])
  })
})

describe('a program that cannot be executed', () => {
  /* With the permission a shell would run the text, and not the page of an error; the kernel refuses both. */
  test.each<[path: string, given: Given, verdict: string | undefined]>([
    ['/plain', {}, 'foreign'],
    ['/plain', {runsText: true}, undefined],
    ['/page', {runsText: true}, 'foreign'],
    ['/gone', {runsText: true}, undefined],
    ['/bin', {}, undefined],
  ])('%s, %j', async (path, given, fit) => {
    const {walk} = await followStart([path], FILES, given)
    expect(walk.steps).toHaveLength(1)
    const verdict = walk.steps[0]?.verdict
    expect(verdict === undefined ? undefined : verdict.fit === 'native' ? 'native' : 'foreign').toBe(fit)
  })
})

describe('a program that is there', () => {
  test.each<[path: string, given: Given, outcome: object]>([
    ['/arm', {}, {status: 'failure', cannotStart: 'told'}],
    ['/arm', {accepted: true}, {status: 'failure', cannotStart: 'silent'}],
    ['/arm', {maybe: DOUBT}, {status: 'unknown'}],
    ['/arm', {doubts: [doubtOf('/arm')]}, {status: 'unknown'}],
    ['/dynamic', {}, TOLD],
    ['/dynamic', {accepted: true}, SILENT],
    ['/dynamic', {maybe: DOUBT}, UNKNOWN],
    ['/dynamic', {doubts: [doubtOf('/lib64', 'made')]}, UNKNOWN],
    ['/mixed', {}, TOLD],
    ['/s.sh', {}, TOLD],
    ['/s.sh', {doubts: [doubtOf('/none', 'made')]}, UNKNOWN],
    ['/empty', {}, TOLD],
    ['/empty', {runsText: true}, UNKNOWN],
  ])('%s, %j', async (path, given, outcome) => {
    const {place: _, ...found} = (await followStart([path], FILES, given)).outcome
    expect(found).toEqual(outcome)
  })

  test.each<[path: string, given: Given, place: object]>([
    ['/bin/app', {}, {path: '/bin/app', isSure: true}],
    ['app', {}, {path: '/bin/app', isSure: true}],
    ['app', {doubts: [doubtOf('/bin/app', 'mode')]}, {path: '/bin/app', isSure: false}],
    ['app', {doubts: [doubtOf('/bin/app', 'removed')]}, {path: '/bin/app', isSure: false}],
    ['./bin/app', {isWholePath: true}, {path: './bin/app', isSure: true}],
    // A loader reads it, whatever its permissions.
    ['/plain', {mapped: {by: '/ld'}}, {path: '/plain', isSure: false}],
  ])('where %s was found, %j', async (path, given, place) => {
    expect((await followStart([path], FILES, given)).outcome.place).toEqual(place)
  })

  test('where nothing was found there is no place', async () => {
    expect((await followStart(['gone'], FILES)).outcome.place).toBeUndefined()
  })

  test('what one of another machine would start is looked at, and it has failed', async () => {
    const {outcome, steps, started} = await followStart(['/tini', '--', '/gone'], FILES)
    expect(outcome).toMatchObject({status: 'failure', cannotStart: 'told'})
    expect(steps.map(line => line.split(' | ').at(-1))).toEqual(['refused', 'missing'])
    expect(started).toEqual([])
  })

  test('what its loader keeps from starting starts nothing', async () => {
    const {steps} = await followStart(['/s.sh', '/gone'], FILES)
    expect(steps).toHaveLength(2)
  })

  test('a script whose interpreter is of another machine is looked at as if that started', async () => {
    const {steps} = await followStart(['/arm.sh'], {
      ...FILES,
      '/bin/sh': arm,
      '/arm.sh': executable('#!/bin/sh\n/gone\n'),
    })
    expect(steps.map(line => line.split(' | ').at(-1))).toEqual(['certain', 'refused', 'missing'])
  })
})
