import {expect, test} from '@jest/globals'
import type {ExecErrno, Identity, Verdict} from '../../src/binary/index.ts'
import type {Obstacle, Step} from '../../src/exec/index.ts'
import type {LibraryPlace} from '../../src/exec/loader/elsewhere.ts'
import type {PlatformFacts} from '../../src/facts/facts.ts'
import {RULES} from '../../src/rules/index.ts'
import {runRules} from '../../src/rules/run.ts'
import {testFacts, testNode, testPlatformFacts, testStep} from '../support/facts.ts'
import {goldenText} from '../support/golden.ts'

/*
 * Findings on steps, word for word: message, evidence and fix of every rule that looks at a step. Each is told of by
 * one rule alone, or by those that the golden file shows.
 */

const NATIVE: Verdict = {fit: 'native'}
const FOREIGN: Verdict = {fit: 'foreign', expected: 'aarch64', actual: 'x86-64'}
const refused = (errno: ExecErrno, reason: string): Verdict => ({fit: 'refused', errno, reason})

const node = testNode('/app', 0o644)
const APP = testStep({node: testNode('/app'), verdict: NATIVE})
const PLACES = {libx: 'libx.so.1', program: '/opt/app/bin/app'} as const

const NO_PERMISSION = {path: '/bin/app', reason: 'no-execute-permission'} as const
const IS_DIRECTORY = {path: '/usr/bin/app', reason: 'directory'} as const

type Case = readonly [title: string, obstacle: Obstacle, step?: Partial<Step>]

const LIBRARY = {
  ...{library: PLACES.libx, neededBy: PLACES.program, searched: ['/lib', '/usr/lib'], rejected: [], exitCode: 127},
  message: 'error while loading shared libraries',
} as const
const VERSION = {...{library: 'libc.so.6', neededBy: '/app', provider: '/lib/libc.so.6', exitCode: 1}, message: 'm'}
const SYMBOLS = {
  kind: 'missing-symbols',
  neededBy: '/lib/libc.so.6',
  exitCode: 127,
  message: 'undefined symbol',
} as const
const LOADER = {path: '/lib/ld-linux-aarch64.so.1', via: 'loader of /app', role: 'loader', from: 0} as const
const SHELL = {path: '/bin/bash', via: 'interpreter of /app', role: 'interpreter', from: 0} as const
const gone = (at: string, errno: 'ENOENT' | 'ENOTDIR' | 'ELOOP' | 'ENAMETOOLONG' = 'ENOENT') =>
  ({kind: 'missing', errno, at}) as const

const OBSTACLES: readonly Case[] = [
  ['a missing program', gone('/app')],
  ['a name that is too long', gone('/app', 'ENAMETOOLONG')],
  ['a loop of links', gone('/app', 'ELOOP')],
  ['a counterpart', {...gone('/opt/amd64'), counterpart: '/opt/arm64'}, {path: '/opt/amd64/app'}],
  ['a missing argument', gone('/run.py'), {path: '/run.py', via: 'argument of python3', role: 'argument'}],
  ['a missing volume', gone('/a', 'ENOTDIR'), {path: '/a/data', via: 'volume', role: 'setup'}],
  ['a missing working directory', gone('/a', 'ENOTDIR'), {path: '/a/b', via: 'working directory', role: 'setup'}],
  ['no PATH', {kind: 'not-in-path', errno: 'ENOENT', searched: [], passed: []}, {path: 'app'}],
  [
    'files in PATH that do not count',
    {
      ...{kind: 'not-in-path', errno: 'ENOENT', searched: ['/bin', '/etc/passwd'], files: ['/etc/passwd', '/x']},
      passed: [NO_PERMISSION, IS_DIRECTORY],
    },
    {path: 'app'},
  ],
  [
    'files that do not count, without PATH',
    {kind: 'not-in-path', errno: 'ENOENT', searched: [], passed: [NO_PERMISSION]},
    {path: 'app'},
  ],
  ['a relative element of PATH', {kind: 'relative-path-element', element: '.', at: '/srv/app'}, {path: 'app'}],
  ['no such user', {kind: 'no-such-user', reason: 'there is no user web'}, {path: '/etc/passwd', role: 'setup'}],
  ['a missing interpreter', gone('/bin/bash'), SHELL],
  ['a missing loader', {...gone(LOADER.path), cause: 'a glibc program in a musl image'}, LOADER],
  ['a missing loader of nobody', gone('/lib/ld.so.1'), {path: '/lib/ld.so.1', role: 'loader', via: 'loader'}],
  ['a missing interpreter of nobody', gone('/bin/sh'), {path: '/bin/sh', role: 'interpreter', via: 'shell'}],
  [
    'an interpreter that is not in PATH',
    {kind: 'not-in-path', errno: 'ENOENT', searched: ['/bin'], passed: []},
    {...SHELL, path: 'bash'},
  ],
  ['a missing version', {...VERSION, kind: 'missing-version', versions: ['GLIBC_2.38', 'GLIBC_2.39']}],
  ['missing symbols', {...SYMBOLS, symbols: ['a', 'b', 'c', 'd', 'e']}],
  ['more of them', {...SYMBOLS, symbols: ['a', 'b', 'c', 'd', 'e', 'f', 'g'], version: 'V_2', cause: 'two releases'}],
  ['missing symbols of a library', {...SYMBOLS, symbols: ['a'], provider: '/lib/ld.so'}],
  [
    'a mixture',
    {
      ...{kind: 'mixed-release', library: '/lib/libc.so.6', neededBy: '/app', provider: '/lib/ld.so'},
      releases: {loader: '2.36', library: '2.41'},
    },
  ],
  ['a missing library', {...LIBRARY, kind: 'missing-library'}],
  ['of a known cause', {...LIBRARY, kind: 'missing-library', cause: 'a glibc program in a musl image'}],
  ['that a runtime brings', {...LIBRARY, kind: 'missing-library', injected: 'the NVIDIA runtime mounts it'}],
  [
    'that was refused',
    {
      ...{...LIBRARY, kind: 'missing-library'},
      rejected: [
        {path: '/lib/libx.so.1', reason: 'it is x86-64'},
        {path: '/usr/lib/libx.so.1', reason: 'it is empty'},
      ],
    },
  ],
  ['arguments', {kind: 'refused-arguments', reason: 'there is no option -x', fix: 'Leave it out.'}, {path: '/tini'}],
  ['a service', {kind: 'refused-arguments', reason: 'no command', isService: true}, {path: '/supervisord'}],
  ['CRLF', {kind: 'bad-shebang', problem: 'carriage-return', errno: 'ENOENT', reason: 'there is no /bin/sh\\r'}],
  ['a line that fails later', {kind: 'bad-shebang', problem: 'hidden', reason: 'it has a byte order mark'}],
  ['a special file', {kind: 'not-executable', errno: 'EACCES', reason: 'special-file', at: '/app'}, {}],
  [
    'a socket',
    {kind: 'not-executable', errno: 'EACCES', reason: 'special-file', at: '/app'},
    {node: {...node, kind: 'fifo'}},
  ],
  ['a directory', {kind: 'not-executable', errno: 'EISDIR', reason: 'directory', at: '/app'}],
  ['no way there', {kind: 'not-executable', errno: 'EACCES', reason: 'no-search-permission', at: '/opt'}],
  ['no permission to read', {kind: 'not-readable', errno: 'EACCES', at: '/app'}, {node, role: 'argument'}],
  ['no permission', {kind: 'not-executable', errno: 'EACCES', reason: 'no-execute-permission', at: '/app'}, {node}],
]

const is = (identity: Identity, verdict: Verdict, more: Partial<Step> = {}): Step =>
  testStep({node: testNode('/app'), identity, verdict, ...more})
const text = {kind: 'text', encoding: 'utf-8', bom: false, hiddenShebang: false, firstLine: 'echo'} as const
const ENOEXEC = refused('ENOEXEC', 'no format of Linux')

const FILES: readonly (readonly [title: string, step: Step])[] = [
  ['a program of another machine', is({kind: 'empty'}, FOREIGN)],
  ['an empty file', is({kind: 'empty'}, ENOEXEC)],
  ['an archive of Go', is({kind: 'ar', flavour: 'go-package'}, ENOEXEC)],
  ['a package of Debian', is({kind: 'ar', flavour: 'debian-package'}, ENOEXEC)],
  ['another archive', is({kind: 'ar', flavour: 'static-library'}, ENOEXEC)],
  ['WebAssembly', is({kind: 'wasm', version: 1, component: false}, ENOEXEC)],
  ['a class of Java', is({kind: 'java-class', major: 61}, ENOEXEC)],
  ['a pointer of Git LFS', is({kind: 'git-lfs-pointer', oid: undefined, size: undefined}, ENOEXEC)],
  ['an archive', is({kind: 'archive', format: 'gzip'}, ENOEXEC)],
  ['text', is(text, ENOEXEC)],
  ['a hidden first line', is({...text, hiddenShebang: true}, ENOEXEC)],
  ['an answer of a server', is({...text, firstLine: '404: Not Found', isError: true}, ENOEXEC)],
  ['a page', is({kind: 'markup', language: 'html', title: 'Not Found'}, ENOEXEC)],
  ['a document', is({kind: 'markup', language: 'html', title: 'Welcome'}, ENOEXEC)],
  ['JSON', is({kind: 'json', message: 'Not Found', isError: true}, ENOEXEC)],
  ['unknown bytes', is({kind: 'unknown', magic: '00'}, ENOEXEC)],
  ['APE', is({kind: 'ape'}, ENOEXEC)],
  ['a crash', is({kind: 'empty'}, {fit: 'crashes', signal: 'SIGSEGV', reason: 'it is mapped nowhere'})],
  ['another system', is({kind: 'empty'}, {fit: 'wrong-os', os: 'FreeBSD', reason: 'EI_OSABI is 9'})],
  [
    'a script that is refused',
    is(
      {kind: 'script', line: '#!', shebang: {kind: 'refused', errno: 'EACCES', reason: 'no name'}},
      {
        ...{fit: 'refused', errno: 'EACCES', reason: 'no name'},
      },
    ),
  ],
  ['by a link', is({kind: 'empty'}, FOREIGN, {hops: [{path: '/app', target: 'x'}], node: testNode('/x')})],
  [
    'a copy',
    is({kind: 'empty'}, FOREIGN, {
      ...{hops: [{path: '/app', target: '/x', isCopy: true}], node: testNode('/x'), from: 0, via: 'run by /e.sh'},
    }),
  ],
]

const place = (kind: LibraryPlace['kind'], path: string, target?: string): LibraryPlace => ({
  ...{kind, path},
  ...(target === undefined ? {} : {target}),
})

/** Where a missing library is all the same. */
const ELSEWHERE: readonly (readonly [title: string, places: readonly LibraryPlace[] | undefined])[] = [
  ['nowhere', []],
  ['not looked for', undefined],
  ['beside the program', [place('same-name', '/opt/app/bin/libx.so.1')]],
  ['in another directory', [place('same-name', '/opt/lib/libx.so.1'), place('other-version', '/x/libx.so.2')]],
  ['at the root', [place('same-name', '/libx.so.1')]],
  ['in three', ['/a', '/b', '/c'].map(path => place('same-name', `${path}/libx.so.1`))],
  ['a dangling link', [place('dangling-link', '/lib/libx.so.1', 'libx.so.1.2')]],
  ['without its link', [place('real-file', '/lib/libx.so.1.2')]],
  ['without its link, elsewhere', [place('real-file', '/opt/lib/libx.so.1.2')]],
  ['without its link, at the root', [place('real-file', '/libx.so.1.2')]],
  ['another version', [place('other-version', '/lib/libx.so.2')]],
]

function told(steps: readonly Step[], more: Partial<PlatformFacts> = {}, user = '') {
  const facts = testFacts([{...testPlatformFacts('linux/arm64', {steps}, user), ...more}])
  return runRules(RULES, facts, new Map()).map(({help: _, image: __, platform: ___, ...finding}) => finding)
}

const taken = (step: Step): readonly Step[] => (step.from === undefined ? [step] : [APP, step])

/** By their golden files. */
const GROUPS: Readonly<Record<string, () => readonly (readonly [title: string, findings: unknown])[]>> = {
  obstacles: () => OBSTACLES.map(([title, obstacle, step]) => [title, told(taken(testStep({...step, obstacle})))]),
  files: () => FILES.map(([title, step]) => [title, told(taken(step))]),
  elsewhere: () =>
    ELSEWHERE.map(([title, places]) => [
      title,
      told([testStep({obstacle: {...LIBRARY, kind: 'missing-library'}})], {
        elsewhere: new Map(places ? [[PLACES.libx, places]] : []),
      }),
    ]),
}

test.each(Object.keys(GROUPS))('findings word for word: %s', name => {
  const actual = `${(GROUPS[name]?.() ?? []).map(row => JSON.stringify(row, null, 1)).join('\n')}\n`
  expect(actual).toBe(goldenText(`rules/golden/${name}.txt`, actual))
})
