import {describe, expect, test} from '@jest/globals'
import type {Identity, Verdict} from '../../src/binary/index.ts'
import type {Obstacle, Step} from '../../src/exec/index.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'

/** Every way in which a step can fail. The compiler asks for a new kind here when the model learns one. */
const OBSTACLES: {readonly [K in Obstacle['kind']]: readonly (readonly [Partial<Step>, string])[]} = {
  missing: (['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'] as const).flatMap(errno => [
    [{role: 'program', obstacle: {kind: 'missing', errno, at: '/x'}}, 'missing-program'],
    [{role: 'argument', obstacle: {kind: 'missing', errno, at: '/x'}}, 'missing-program'],
    [{role: 'setup', obstacle: {kind: 'missing', errno, at: '/x'}}, 'missing-program'],
    [{role: 'interpreter', obstacle: {kind: 'missing', errno, at: '/x'}}, 'missing-interpreter'],
    [{role: 'loader', obstacle: {kind: 'missing', errno, at: '/x'}}, 'missing-interpreter'],
  ]),
  'not-in-path': [
    [{role: 'program', obstacle: {kind: 'not-in-path', errno: 'ENOENT', searched: [], passed: []}}, 'missing-program'],
    [
      {role: 'interpreter', obstacle: {kind: 'not-in-path', errno: 'ENOENT', searched: [], passed: []}},
      'missing-interpreter',
    ],
  ],
  'not-executable': (['no-execute-permission', 'no-search-permission', 'directory', 'special-file'] as const).map(
    reason => [{obstacle: {kind: 'not-executable', errno: 'EACCES', reason, at: '/x'}}, 'not-executable'],
  ),
  'not-readable': [[{obstacle: {kind: 'not-readable', errno: 'EACCES', at: '/x'}}, 'not-executable']],
  'relative-path-element': [[{obstacle: {kind: 'relative-path-element', element: '.', at: '/x'}}, 'missing-program']],
  'no-such-user': [[{role: 'setup', obstacle: {kind: 'no-such-user', reason: 'no user app'}}, 'missing-program']],
  'refused-arguments': [
    [{role: 'setup', obstacle: {kind: 'refused-arguments', reason: 'it wants an option'}}, 'refused-arguments'],
  ],
  'bad-shebang': [
    [
      {obstacle: {kind: 'bad-shebang', problem: 'carriage-return', errno: 'ENOENT', reason: '/bin/sh\r'}},
      'bad-shebang',
    ],
    [{obstacle: {kind: 'bad-shebang', problem: 'nested-too-deep', errno: 'ELOOP', reason: 'six'}}, 'bad-shebang'],
  ],
  refused: [
    [refused({fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}), 'wrong-machine'],
    [refused({fit: 'refused', errno: 'ENOEXEC', reason: 'empty'}), 'not-a-program'],
    [refused({fit: 'refused', errno: 'ENOEXEC', reason: 'too long'}, SCRIPT()), 'bad-shebang'],
    [
      {...refused({fit: 'refused', errno: 'ELIBBAD', reason: 'no ELF file'}, SCRIPT()), role: 'loader'},
      'not-a-program',
    ],
  ],
  crashes: [[{identity: EMPTY(), verdict: crash(), obstacle: crashObstacle()}, 'not-a-program']],
  'missing-library': [
    [
      {
        obstacle: {
          kind: 'missing-library',
          library: 'libx.so',
          neededBy: '/app',
          searched: [],
          rejected: [],
          exitCode: 127,
          message: '',
        },
      },
      'missing-library',
    ],
  ],
  'missing-version': [
    [
      {
        obstacle: {
          kind: 'missing-version',
          library: 'libc.so.6',
          neededBy: '/app',
          versions: ['GLIBC_2.38'],
          provider: '/lib/libc.so.6',
          exitCode: 1,
          message: '',
        },
      },
      'libc-too-old',
    ],
  ],
  'mixed-release': [
    [
      {
        obstacle: {
          kind: 'mixed-release',
          library: '/lib/libc.so.6',
          neededBy: '/app',
          provider: '/lib/ld.so',
          releases: {loader: '2.36', library: '2.41'},
        },
      },
      'libc-too-old',
    ],
  ],
  'missing-symbols': [
    [
      {obstacle: {kind: 'missing-symbols', symbols: ['f'], neededBy: '/app', exitCode: 127, message: ''}},
      'libc-too-old',
    ],
  ],
}

function EMPTY(): Identity {
  return {kind: 'empty'}
}
function SCRIPT(): Identity {
  return {kind: 'script', line: '#!', shebang: {kind: 'refused', errno: 'ENOEXEC', reason: 'too long'}}
}
function crash(): Verdict {
  return {fit: 'crashes', signal: 'SIGSEGV', reason: 'no entry'}
}
function crashObstacle(): Obstacle {
  return {kind: 'crashes', signal: 'SIGSEGV', reason: 'no entry'}
}
function refused(verdict: Verdict, identity: Identity = EMPTY()): Partial<Step> {
  return {identity, verdict, obstacle: {kind: 'refused', errno: 'ENOEXEC', reason: 'no'}}
}

function findingsOf(step: Partial<Step>) {
  const startup = {steps: [testStep(), testStep({node: testNode('/x'), from: 0, ...step})]}
  return runRules(RULES, testFacts([testPlatformFacts('linux/arm64', startup)]), new Map())
}

describe.each(Object.entries(OBSTACLES))('a step with the obstacle %s', (_, cases) => {
  test.each(cases.map(([step, rule]) => [JSON.stringify(step), step, rule] as const))(
    '%s is told once',
    (_text, step, rule) => {
      const level = step.obstacle?.kind === 'mixed-release' ? 'warning' : 'error'
      expect(findingsOf(step).map(finding => [finding.rule, finding.level])).toEqual([[rule, level]])
    },
  )

  test.each(cases.map(([step, rule]) => [JSON.stringify(step), step, rule] as const))(
    '%s warns where the step is not sure to be taken',
    (_text, step, rule) => {
      expect(findingsOf({...step, certainty: 'likely'}).map(finding => [finding.rule, finding.level])).toEqual([
        [rule, 'warning'],
      ])
    },
  )
})
