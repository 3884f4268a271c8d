// biome-ignore-all lint/suspicious/noTemplateCurlyInString: words of a command line
import {describe, expect, test} from '@jest/globals'
import type {Identity, Verdict} from '../../src/binary/index.ts'
import type {Step} from '../../src/exec/index.ts'
import {missingProgram} from '../../src/rules/missing-program.ts'
import {notAProgram} from '../../src/rules/not-a-program.ts'
import {notExecutable} from '../../src/rules/not-executable.ts'
import type {Rule} from '../../src/rules/rule.ts'
import {undetermined} from '../../src/rules/undetermined.ts'
import {wrongMachine} from '../../src/rules/wrong-machine.ts'
import {wrongOs} from '../../src/rules/wrong-os.ts'
import {findingsOf, testFacts, testNode, testPlatformFacts, testStep, violationsOf} from '../support/facts.ts'

const EMPTY: Identity = {kind: 'empty'}
const NATIVE: Verdict = {fit: 'native'}
const FOREIGN: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
const COMPAT: Verdict = {
  fit: 'compat',
  level: 'warning',
  expected: 'aarch64',
  actual: 'arm',
  reason: 'it needs AArch32',
}

function messages(rule: Rule, step: Step, user = ''): (readonly [string | undefined, string])[] {
  return violationsOf(rule, [step], 'linux/arm64', user).map(({level, message}) => [
    level === rule.level ? undefined : level,
    message,
  ])
}

describe('wrong-machine', () => {
  test('clean: a native program, a missing one, a script', () => {
    const steps = [
      testStep({node: testNode('/app'), verdict: NATIVE}),
      testStep({obstacle: {kind: 'missing', errno: 'ENOENT', at: '/app'}}),
      testStep({verdict: {fit: 'script', interpreter: '/bin/sh'}}),
    ]
    expect(violationsOf(wrongMachine, steps)).toEqual([])
  })

  test('finds a foreign program, and says where the link leads', () => {
    const step = testStep({
      node: testNode('/opt/app'),
      hops: [{path: '/app', target: 'opt/app'}],
      verdict: FOREIGN,
    })
    expect(violationsOf(wrongMachine, [step])).toEqual([
      {
        rule: 'wrong-machine',
        level: 'error',
        image: 'app:1',
        platform: 'linux/arm64',
        path: '/app',
        message: '/app -> /opt/app is x86-64, expected aarch64 (linux/arm64)',
        evidence: {
          path: '/app',
          resolved: '/opt/app',
          via: 'entrypoint',
          kind: null,
          links: ['/app -> opt/app'],
          expected: 'aarch64',
          actual: 'x86-64',
        },
        fix: expect.stringContaining('linux/arm64'),
        help: expect.stringMatching(/\/docs\/rules\/wrong-machine\.md$/),
      },
    ])
  })

  test('warns of what most kernels run, and of what may not be reached', () => {
    const app = {node: testNode('/app')}
    expect(messages(wrongMachine, testStep({...app, verdict: COMPAT}))).toEqual([
      ['warning', '/app is arm, expected aarch64 (linux/arm64): it needs AArch32'],
    ])
    expect(
      messages(wrongMachine, testStep({...app, verdict: FOREIGN, certainty: 'likely', from: 0, via: 'run by /x.sh'})),
    ).toEqual([['warning', '/app (run by /x.sh) is x86-64, expected aarch64 (linux/arm64)']])
  })
})

describe('not-a-program', () => {
  test('clean: a program, and a script whose line is refused (another rule tells that)', () => {
    const script: Identity = {
      kind: 'script',
      line: '#!',
      shebang: {kind: 'refused', errno: 'EACCES', reason: 'no name'},
    }
    const steps = [
      testStep({node: testNode('/app'), verdict: NATIVE, identity: EMPTY}),
      testStep({identity: script, verdict: {fit: 'refused', errno: 'EACCES', reason: 'no name'}}),
    ]
    expect(violationsOf(notAProgram, steps)).toEqual([])
  })

  test('finds what execve refuses, and what dies at once', () => {
    const refused: Verdict = {fit: 'refused', errno: 'ENOEXEC', reason: 'empty file'}
    expect(messages(notAProgram, testStep({node: testNode('/app'), identity: EMPTY, verdict: refused}))).toEqual([
      [undefined, expect.stringMatching(/^\/app is not a program for linux\/arm64: .*ENOEXEC/)],
    ])
    const crashes: Verdict = {fit: 'crashes', signal: 'SIGSEGV', reason: 'a shared library'}
    expect(messages(notAProgram, testStep({node: testNode('/app'), identity: EMPTY, verdict: crashes}))).toEqual([
      [undefined, expect.stringContaining('SIGSEGV: a shared library')],
    ])
  })
})

describe('wrong-os', () => {
  test('clean', () => expect(violationsOf(wrongOs, [testStep({verdict: NATIVE})])).toEqual([]))

  test('finds a FreeBSD program', () => {
    const verdict: Verdict = {fit: 'wrong-os', os: 'FreeBSD', reason: 'EI_OSABI is 9'}
    expect(messages(wrongOs, testStep({node: testNode('/app'), verdict}))).toEqual([
      [undefined, '/app is a program for FreeBSD, expected one for linux/arm64: EI_OSABI is 9'],
    ])
  })
})

describe('missing-program', () => {
  test('clean', () => expect(violationsOf(missingProgram, [testStep({node: testNode('/app')})])).toEqual([]))

  test.each([
    [{kind: 'missing', errno: 'ENOENT', at: '/app'}, '/app (entrypoint) is not in the image: there is no such file'],
    [{kind: 'missing', errno: 'ENOENT', at: '/opt/app'}, '/app (entrypoint) is not in the image: there is no /opt/app'],
    [
      {kind: 'missing', errno: 'ENOTDIR', at: '/a'},
      '/app (entrypoint) is not in the image: /a is a file, not a directory',
    ],
    [
      {kind: 'missing', errno: 'ELOOP', at: '/a'},
      '/app (entrypoint) is not in the image: too many symbolic links at /a',
    ],
    [
      {kind: 'not-in-path', errno: 'ENOENT', searched: ['/usr/bin', '/bin'], passed: []},
      '/app (entrypoint) is in no directory of PATH: PATH is /usr/bin:/bin',
    ],
  ] as const)('finds %j', (obstacle, message) => {
    expect(messages(missingProgram, testStep({obstacle}))).toEqual([[undefined, message]])
  })
})

test.each([
  ['${APP}', 'entrypoint', 'Name the program itself, or write the shell form: the exec form expands no variables.'],
  ['$APP', 'cmd', 'Name the program itself, or write the shell form: the exec form expands no variables.'],
  ['npm start', 'cmd', 'Write each word by itself: ["npm","start"]. The exec form splits no words.'],
  ['/app --port 1', 'entrypoint', 'Write each word by itself: ["/app","--port","1"]. The exec form splits no words.'],
  ['curl  x', 'healthcheck', 'Write each word by itself: ["curl","x"]. The exec form splits no words.'],
  [
    '[“node”,',
    'last command in sh -c',
    'Write the exec form as JSON, with plain double quotes: ["…", "…"]. With other quotes it is run as the text of a shell.',
  ],
  [
    '[/app]',
    'last command in sh -c',
    'Write the exec form as JSON, with plain double quotes: ["…", "…"]. With other quotes it is run as the text of a shell.',
  ],
  // A name may have blanks, a script may have any name.
  [
    '/opt/My App/run',
    'cmd',
    'Copy /opt/My App/run into the image for this platform, too, or correct what names it (cmd).',
  ],
  ['$X', 'exec in /e.sh', 'Copy $X into the image for this platform, too, or correct what names it (exec in /e.sh).'],
])('missing-program says how the command line of %s was meant', (path, via, fix) => {
  const step = testStep({path, via, obstacle: {kind: 'missing', errno: 'ENOENT', at: path}})
  expect(violationsOf(missingProgram, [step]).map(one => one.fix)).toEqual([fix])
})

describe('not-executable', () => {
  test('clean', () => expect(violationsOf(notExecutable, [testStep({node: testNode('/app')})])).toEqual([]))

  test.each([
    ['no-execute-permission', '', 'has no execute permission for root (mode 0644)'],
    ['no-execute-permission', 'app:app', 'has no execute permission for user app:app (mode 0644)'],
    ['no-search-permission', 'app', 'cannot be reached by user app: /app has no search permission'],
    ['directory', '', 'is a directory'],
  ] as const)('finds %s', (reason, user, message) => {
    const step = testStep({
      node: testNode('/app', 0o644),
      obstacle: {kind: 'not-executable', errno: 'EACCES', reason, at: '/app'},
    })
    expect(messages(notExecutable, step, user)).toEqual([[undefined, `/app (entrypoint) ${message}`]])
  })
})

describe('a file without execute permission that would not start with it', () => {
  const obstacle = {kind: 'not-executable', errno: 'EACCES', reason: 'no-execute-permission', at: '/app'} as const
  const step = testStep({node: testNode('/app', 0o644), obstacle})

  test('is both: a Go archive', () => {
    const identity: Identity = {kind: 'ar', flavour: 'go-package'}
    const archive = {...step, identity, verdict: {fit: 'refused', errno: 'ENOEXEC', reason: 'ar archive'}} as const
    const is = 'ar archive (go build of a non-main package)'
    expect(violationsOf(notExecutable, [archive]).map(({message, fix}) => [message, fix])).toEqual([
      [
        `/app (entrypoint) has no execute permission for root (mode 0644), and would not start with it: it is ${is}`,
        'Replace /app first: chmod alone leads to the next failure.',
      ],
    ])
    expect(messages(notAProgram, archive)).toEqual([
      [
        undefined,
        `/app is not a program for linux/arm64: ${is} (go build of a package that is not main writes an archive); its mode is 0644, and with execute permission execve fails with ENOEXEC`,
      ],
    ])
  })

  test('is both: a program of another machine', () => {
    const foreign = {...step, identity: EMPTY, verdict: FOREIGN}
    expect(messages(notExecutable, foreign)).toEqual([
      [
        undefined,
        '/app (entrypoint) has no execute permission for root (mode 0644), and would not start with it: it is empty file',
      ],
    ])
    expect(messages(wrongMachine, foreign)).toEqual([[undefined, '/app is x86-64, expected aarch64 (linux/arm64)']])
  })

  test('a native program only lacks the permission', () => {
    const native = {...step, identity: EMPTY, verdict: NATIVE}
    expect(violationsOf(notExecutable, [native]).map(({message, fix}) => [message, fix])).toEqual([
      [
        '/app (entrypoint) has no execute permission for root (mode 0644)',
        'COPY --chmod=0755 … /app, or chmod 0755 it before it is copied.',
      ],
    ])
    expect(messages(notAProgram, native)).toEqual([])
  })
})

describe('undetermined', () => {
  test('clean', () => expect(violationsOf(undetermined, [testStep()])).toEqual([]))

  test('finds each place where the chain ends in the dark', () => {
    const startup = {
      argv: ['/x.sh'],
      steps: [testStep({path: '/x.sh'})],
      unknowns: [{from: 0, reason: '/x.sh runs "$SERVER"'}, {reason: 'something else'}],
    }
    const found = findingsOf(undetermined, testFacts([testPlatformFacts('linux/arm64', startup)]))
    expect(found.map(({path, message}) => [path, message])).toEqual([
      ['/x.sh', '/x.sh runs "$SERVER"'],
      [undefined, 'something else'],
    ])
  })

  test('finds what of a program is beyond a limit', () => {
    const programs = [{path: '/app', variant: [], beyond: ['it has more than 256 notes (limit elf-notes)']}]
    const facts = {...testPlatformFacts('linux/arm64', {}), programs}
    expect(
      findingsOf(undetermined, testFacts([facts])).map(({level, path, message}) => [level, path, message]),
    ).toEqual([
      [
        'warning',
        '/app',
        'what /app says of its system and processor is not all known: it has more than 256 notes (limit elf-notes)',
      ],
    ])
  })
})
