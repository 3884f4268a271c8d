import {describe, expect, test} from '@jest/globals'
import type {Step} from '../../src/exec/index.ts'
import type {Cause, Doubtful} from '../../src/image/rootfs.ts'
import {missingInterpreter} from '../../src/rules/missing-interpreter.ts'
import {missingProgram} from '../../src/rules/missing-program.ts'
import {doubtOf} from '../../src/rules/support/doubt.ts'
import {testStep, violationsOf} from '../support/facts.ts'

const NPM: Cause = {kind: 'command', name: 'npm in /e.sh'}
const VOLUME: Cause = {kind: 'volume', name: 'the volume /data'}
const MOUNT: Cause = {kind: 'mount', name: "the engine's mount of /dev"}
const ENGINE: Cause = {kind: 'engine', name: 'the engine'}

const OBSTACLES = {
  missing: {kind: 'missing', errno: 'ENOENT', at: '/app'},
  'not in PATH': {kind: 'not-in-path', errno: 'ENOENT', searched: ['/bin'], passed: []},
  foreign: {kind: 'refused', errno: 'ENOEXEC', reason: 'x86-64'},
  'not executable': {kind: 'not-executable', errno: 'EACCES', reason: 'no-execute-permission', at: '/app'},
  'no user': {kind: 'no-such-user', reason: 'there is no user app for gosu'},
} as const satisfies Readonly<Record<string, Step['obstacle']>>

describe('what may be otherwise, by what', () => {
  test.each<[keyof typeof OBSTACLES, Cause, Doubtful['grade'], string]>([
    ['missing', NPM, 'made', 'npm in /e.sh may make it'],
    ['missing', NPM, 'replaced', 'npm in /e.sh may make it'],
    ['not in PATH', NPM, 'made', 'npm in /e.sh may make it'],
    ['foreign', NPM, 'replaced', 'npm in /e.sh may replace it'],
    ['foreign', {kind: 'command', name: 'rm in /e.sh'}, 'removed', 'rm in /e.sh may remove it'],
    ['foreign', NPM, 'made', 'npm in /e.sh may put another before it in PATH'],
    ['not executable', NPM, 'mode', 'npm in /e.sh may change its permissions'],
    ['not executable', NPM, 'replaced', 'npm in /e.sh may replace it'],
    ['not in PATH', NPM, 'mode', 'npm in /e.sh may change its permissions'],
    ['no user', {kind: 'command', name: 'useradd in /e.sh'}, 'replaced', 'useradd in /e.sh may add the user'],
    ['missing', VOLUME, 'made', 'the volume /data may contain it'],
    ['foreign', VOLUME, 'made', 'the volume /data may contain another'],
    ['no user', {kind: 'volume', name: 'the volume /etc'}, 'made', 'the volume /etc may contain other users'],
    ['missing', MOUNT, 'replaced', "the engine's mount of /dev may contain it"],
    ['foreign', MOUNT, 'replaced', "the engine's mount of /dev may contain another"],
    ['missing', ENGINE, 'made', 'the engine may add it when the container starts'],
    ['missing', {kind: 'directory', name: 'cd in /e.sh'}, 'replaced', 'cd in /e.sh may lead to another directory'],
  ])('%s, %j, %s: %s', (obstacle, by, grade, clause) => {
    expect(doubtOf({obstacle: OBSTACLES[obstacle], maybe: {by, grade}})).toEqual({by: by.name, clause})
  })

  test('what is certain has none', () => {
    expect(doubtOf({obstacle: OBSTACLES.missing})).toBeUndefined()
  })
})

test('the finding is a note that ends with it', () => {
  const step = testStep({obstacle: OBSTACLES.missing, maybe: {by: VOLUME, grade: 'made'}})
  const [finding] = violationsOf(missingProgram, [step])
  expect(finding).toMatchObject({level: 'note', evidence: {maybe: 'the volume /data'}})
  expect(finding?.message).toMatch(/^\/app \(entrypoint\) .*; the volume \/data may contain it$/)
})

describe('what a script has removed', () => {
  const by: Cause = {kind: 'command', name: 'rm in /e.sh'}
  const removed = {kind: 'missing', errno: 'ENOENT', at: '/app', removedBy: by} as const

  test('says who takes it away, and nothing of the image', () => {
    const [finding] = violationsOf(missingProgram, [testStep({obstacle: removed})])
    expect(finding?.message).toBe('/app (entrypoint) is not there any more: rm in /e.sh removes it')
    expect(finding?.fix).toBe('Keep /app until it has started: rm in /e.sh removes it before.')
  })

  test('with its directory', () => {
    const [finding] = violationsOf(missingProgram, [testStep({path: '/srv/app', obstacle: {...removed, at: '/srv'}})])
    expect(finding?.message).toBe('/srv/app (entrypoint) is not there any more: rm in /e.sh removes /srv')
  })

  test('an interpreter, or a loader', () => {
    const step = testStep({role: 'interpreter', path: '/app', via: 'interpreter of /x', obstacle: removed})
    const [finding] = violationsOf(missingInterpreter, [step])
    expect(finding?.message).toBe('/app (interpreter of /x) is not there any more: rm in /e.sh removes it')
    expect(finding?.fix).toBe('Keep /app until it has started: rm in /e.sh removes it before.')
  })
})
