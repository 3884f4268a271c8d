import {describe, expect, test} from '@jest/globals'
import {glibcLibrary, glibcLoader, glibcProgram, muslLoader, muslProgram} from '../../../scripts/incidents/machines.ts'
import {dynamicElf} from '../../../scripts/kernel/dynamic-elf.ts'
import {newWalk} from '../../../src/exec/follow/walk.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {PACKED_PROGRAM} from '../../support/packed-program.ts'
import {arm, DOUBT, doubtOf, followIn, followStart, type Given, native} from './follow-start.ts'

/* What execve and the loader load of one program, as steps, and what hangs on each. */

const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const FILES: MemoryTree = {
  ...Object.fromEntries(['app', 'sh', 'env'].map(name => [`/bin/${name}`, native])),
  [GLIBC]: executable(glibcLoader('amd64')),
  '/lib/x86_64-linux-gnu/libc.so.6': {content: glibcLibrary('amd64', '2.36'), mode: 0o644},
  [MUSL]: executable(muslLoader('amd64')),
  '/lacking': executable(dynamicElf({interp: MUSL, needed: ['libgone.so']})),
  '/packed': executable(PACKED_PROGRAM),
  '/s.sh': executable('#!/bin/env sh\n/gone\n'),
  '/text.sh': executable('exec /bin/app\n'),
  '/glibc/tini': executable(glibcProgram('amd64')),
  '/musl/tini': executable(muslProgram('amd64')),
  '/static/tini': native,
}

const linesOf = async (words: readonly string[], given: Given = {}, files: MemoryTree = {}) =>
  (await followStart(words, {...FILES, ...files}, given)).steps

test('a script, its interpreter and what that hands over to hang on each other', async () => {
  expect(await linesOf(['/s.sh'])).toEqual([
    '- /s.sh | program: command in /e.sh | certain',
    '0 /bin/env | interpreter: interpreter of /s.sh | certain',
    '1 /bin/sh /s.sh | program: argument of env | certain',
    '2 /gone | program: last command in /s.sh | certain | missing',
  ])
})

describe('the libraries', () => {
  const LACKS = `0 libgone.so | library: needed by /lacking | certain | missing-library`
  const LOADED = [
    '- /lacking | program: command in /e.sh | certain',
    `0 ${MUSL} | loader: loader of /lacking | certain`,
  ]
  test.each<[what: string, given: Given, lines: readonly string[]]>([
    ['are asked for', {}, [LACKS]],
    ['of a likely one', {certainty: 'likely'}, [LACKS.replace('certain', 'likely')]],
    ['of one that may be another', {maybe: DOUBT}, [LACKS.replace('certain', 'certain maybe')]],
    ['of one of which only the file is looked at', {shallow: true}, []],
  ])('%s', async (_, given, lines) => {
    expect((await linesOf(['/lacking'], given)).slice(2)).toEqual(lines)
  })

  test('hang on the program, not on its loader', async () => {
    expect(await linesOf(['/lacking'])).toEqual([...LOADED, LACKS])
  })
})

describe('a program that is started again', () => {
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const walk = () => newWalk({rootfs: memoryRootfs({...FILES, '/arm': arm}), platform}, DEFAULT_LIMITS)

  test('with the same weight is told once', async () => {
    const both = walk()
    await followIn(both, ['/lacking'])
    const {steps} = await followIn(both, ['/lacking'], {via: 'exec in /e.sh'})
    expect(steps).toHaveLength(3)
  })

  test.each<[first: Given, then: Given, line: string]>([
    // It failed, and nothing hung on that.
    [{accepted: true}, {via: 'exec in /e.sh'}, '- /arm | program: exec in /e.sh | certain | refused'],
    [{certainty: 'likely'}, {via: 'exec in /e.sh'}, '- /arm | program: exec in /e.sh | certain | refused'],
    [{}, {via: 'exec in /e.sh'}, '- /arm | program: command in /e.sh | certain | refused'],
    [{}, {via: 'exec in /e.sh', accepted: true}, '- /arm | program: command in /e.sh | certain | refused'],
  ])('%j, then %j', async (first, then, line) => {
    const both = walk()
    await followIn(both, ['/arm'], first)
    expect((await followIn(both, ['/arm'], then)).steps).toEqual([line])
  })
})

describe('a program packed by UPX', () => {
  const LACKS = `0 ${GLIBC} | loader: loader of what UPX packed in /packed | certain | missing`
  const lines = async (given: Given, loader?: MemoryTree[string]) => {
    const {[GLIBC]: __, ...others} = FILES
    const {steps, outcome} = await followStart(['/packed'], {...others, ...(loader ? {[GLIBC]: loader} : {})}, given)
    return {lines: steps.slice(1), status: outcome.status, cannotStart: outcome.cannotStart}
  }

  test('ends with 127 where the loader of the program inside is missing', async () => {
    expect(await lines({})).toEqual({lines: [LACKS], status: 'failure', cannotStart: 'told'})
    expect(await lines({certainty: 'likely'})).toMatchObject({lines: [LACKS.replace('certain', 'likely')]})
  })

  test('may start where that may be made', async () => {
    expect(await lines({doubts: [doubtOf(GLIBC, 'made')]})).toEqual({lines: [], status: 'unknown'})
  })

  test('starts where it is there', async () => {
    expect(await lines({}, FILES[GLIBC])).toEqual({lines: [], status: 'unknown'})
  })
})

/*
 * execvp(3) of glibc runs a text that the kernel refuses, that of musl does not, and a static program may have either.
 */
test.each([
  ['/glibc/tini', true],
  ['/musl/tini', false],
  ['/static/tini', true],
])('%s runs a text: %s', async (tini, runs) => {
  const lines = await linesOf([tini, '--', '/text.sh'])
  expect(lines.some(line => line.includes('/text.sh') && line.endsWith('refused'))).toBe(!runs)
  expect(lines.some(line => line.includes('/bin/app | program: exec in /text.sh'))).toBe(runs)
})
