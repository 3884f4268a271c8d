import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {execve} from '../../src/exec/execve.ts'
import {execveInPath} from '../../src/exec/execve-in-path.ts'
import {cleanPath, type Process, resolve, resolveCwd} from '../../src/exec/resolved-path.ts'
import {type Located, locateEntrypoint, locateProgram, withPath} from '../../src/exec/search.ts'
import type {Search} from '../../src/exec/wrappers/handover.ts'
import type {Doubtful, RootFs} from '../../src/image/rootfs.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * What is found at paths that a command may have changed before, and in directories that an engine mounts over.
 */

const native = executable(program({}))
const by = {kind: 'command', name: 'x (y)'} as const
const MOUNT: Doubtful = {by: {kind: 'mount', name: '/m'}, grade: 'made'}
const of = (grade: Doubtful['grade']): Doubtful => ({by, grade})

/** An image, with doubts about some of its paths. */
function doubted(files: MemoryTree, doubts: Readonly<Record<string, Doubtful>>): RootFs {
  const rootfs = memoryRootfs(files)
  return {
    ...rootfs,
    open: node => rootfs.open(node),
    list: node => rootfs.list(node),
    lookup: async path => {
      const found = await rootfs.lookup(path)
      const maybe = doubts[path]
      return maybe ? {...found, maybe} : found
    },
  }
}

const processOf = (name: string, path: string | undefined, uid = 0): Process => ({
  argv: [name],
  cwd: '/srv',
  env: new Map(path === undefined ? [] : [['PATH', path]]),
  user: {uid, gid: uid, groups: [], home: undefined},
})

/** Where it is, or how it is not; by which grade it is doubted. */
function say(located: Located): string {
  const maybe = located.found ? located.resolved.maybe : located.maybe
  const grade = maybe ? ` (${maybe.by.kind === 'mount' ? 'mount' : maybe.grade})` : ''
  if (located.found) return located.path + grade
  const {obstacle} = located
  if (obstacle.kind !== 'not-in-path') return obstacle.kind + grade
  const passed = obstacle.passed.map(({path, reason}) => ` ${path}: ${reason}`)
  return `nowhere${(obstacle.files ?? []).map(file => ` file ${file}`).join('')}${passed.join('')}${grade}`
}

const PATH = '/a:/b'
test.each<
  [title: string, files: MemoryTree, doubts: Readonly<Record<string, Doubtful>>, expected: string, own?: string]
>([
  ['the first', {'/a/x': native, '/b/x': native}, {}, '/a/x'],
  ['the second', {'/b/x': native}, {}, '/b/x'],
  ['nowhere', {}, {}, 'nowhere'],
  ['that may be made there', {}, {'/b/x': of('made')}, 'nowhere (made)'],
  ['that may be made in the first', {}, {'/a/x': of('made'), '/b/x': of('replaced')}, 'nowhere (made)'],
  ['that may be made before the one that is there', {'/b/x': native}, {'/a/x': of('made')}, '/b/x'],
  ['that may be replaced before the one that is there', {'/b/x': native}, {'/a/x': of('replaced')}, '/b/x (replaced)'],
  ['that may be replaced', {'/a/x': native}, {'/a/x': of('replaced')}, '/a/x (replaced)'],
  ['that may be removed, with nothing behind it', {'/a/x': native}, {'/a/x': of('removed')}, '/a/x'],
  [
    'that may be removed, with another behind it',
    {'/a/x': native, '/b/x': native},
    {'/a/x': of('removed')},
    '/a/x (removed)',
  ],
  ['that may be removed, the last', {'/b/x': native}, {'/b/x': of('removed')}, '/b/x'],
  [
    'with permissions that may change',
    {'/a/x': {content: '', mode: 0o644}},
    {'/a/x': of('mode')},
    'nowhere /a/x: no-execute-permission (mode)',
  ],
  ['with permissions in a directory of nobody', {}, {'/a/x': of('mode')}, 'nowhere'],
  ['mounted over, and one behind', {'/a/x': native, '/b/x': native}, {'/a/x': MOUNT}, '/b/x'],
  ['mounted over, and nothing behind', {'/a/x': native}, {'/a/x': MOUNT}, 'nowhere (mount)'],
  ['a directory of PATH that is a file', {'/a': native}, {}, 'nowhere file /a'],
  ['a directory of its name', {'/a/x/y': ''}, {}, 'nowhere /a/x: directory'],
])('%s', async (_, files, doubts, expected) => {
  const rootfs = doubted(files, doubts)
  const process = processOf('x', PATH)
  expect(say(await locateProgram(rootfs, process, 'x'))).toBe(expected)
  expect(say(await locateEntrypoint(rootfs, process, 'x'))).toBe(expected)
})

describe('where programs look that hand over', () => {
  const find = async (files: MemoryTree, path: string | undefined, name = 'x', tried: readonly string[] = []) =>
    say(await locateProgram(memoryRootfs(files), processOf(name, path, 1000), name, tried))

  test.each<[title: string, files: MemoryTree, path: string | undefined, expected: string]>([
    ['the working directory', {'/srv/x': native}, ':/a', 'x'],
    ['without a PATH', {'/usr/bin/x': native}, undefined, '/usr/bin/x'],
    ['without a PATH, /bin first', {'/bin/x': native, '/usr/bin/x': native}, undefined, '/bin/x'],
    ['not a FIFO', {'/a/x': {kind: 'fifo', mode: 0o755}, '/b/x': native}, PATH, '/b/x'],
    ['a FIFO alone', {'/a/x': {kind: 'fifo', mode: 0o755}}, PATH, 'nowhere /a/x: special-file'],
    [
      'behind a closed directory',
      {'/a': {kind: 'directory', mode: 0o700}, '/a/x': native, '/b/x': native},
      PATH,
      '/b/x',
    ],
  ])('%s', async (_, files, path, expected) => {
    expect(await find(files, path)).toBe(expected)
  })

  test('further on than what was tried', async () => {
    const files = {'/a/x': native, '/b/x': native}
    expect(await find(files, PATH, 'x', ['/a/x'])).toBe('/b/x')
    expect(await find(files, PATH, 'x', ['/a/x', '/b/x'])).toBe('nowhere')
    expect(await find(files, PATH, '')).toBe('nowhere')
    expect(await find(files, PATH, '/b/x')).toBe('/b/x')
  })

  test('permissions of a path that may change', async () => {
    const rootfs = doubted({'/a/x': {content: '', mode: 0o644}}, {'/a/x': of('mode')})
    expect(say(await locateProgram(rootfs, processOf('/a/x', ''), '/a/x'))).toBe('not-executable (mode)')
    const gone = doubted({}, {'/a/x': of('mode')})
    expect(say(await locateProgram(gone, processOf('/a/x', ''), '/a/x'))).toBe('missing')
  })

  test('another PATH', () => {
    const env = new Map([
      ['A', '1'],
      ['PATH', '/a'],
    ])
    expect(withPath(env, undefined)).toBe(env)
    expect([...withPath(env, '/b')]).toEqual([
      ['A', '1'],
      ['PATH', '/b'],
    ])
  })
})

describe('execve of what is found, and of what stands behind it', () => {
  const text = executable('echo\n')
  const lost = executable('#!/nowhere\n')
  const loops: MemoryTree = {'/a/x': {link: '/a/y'}, '/a/y': {link: '/a/x'}}
  const ask = async (
    search: Search,
    files: MemoryTree,
    {path = '/a/x', name = 'x', runsText = false, doubts = {}} = {},
  ) => {
    const machine = {rootfs: doubted(files, doubts), platform: {os: 'linux', architecture: 'amd64', variant: ''}}
    const {outcome, loads} = await execveInPath(machine, {process: processOf(name, PATH), search, runsText}, path)
    const [program] = loads
    return `${program?.path} ${outcome}${program?.resolved.maybe ? ' perhaps' : ''}`
  }

  test.each<[title: string, search: Search, files: MemoryTree, expected: string]>([
    ['what starts', 'execvp', {'/a/x': native, '/b/x': native}, '/a/x started'],
    ['execvp: after ENOENT', 'execvp', {'/a/x': lost, '/b/x': native}, '/b/x started'],
    ['execvp: not after ENOEXEC', 'execvp', {'/a/x': text, '/b/x': native}, '/a/x ENOEXEC'],
    ['dash: after any', 'dash', {'/a/x': text, '/b/x': native}, '/b/x started'],
    ['busybox: not after ENOEXEC', 'ash', {'/a/x': text, '/b/x': native}, '/a/x ENOEXEC'],
    ['busybox: after others', 'ash', {'/a/x': lost, '/b/x': native}, '/b/x started'],
    ['a path: not', 'path', {'/a/x': lost, '/b/x': native}, '/a/x ENOENT'],
    ['the runtime: not', 'go', {'/a/x': lost, '/b/x': native}, '/a/x ENOENT'],
    ['the first failure, where nothing starts', 'dash', {'/a/x': lost, '/b/x': text}, '/a/x ENOENT'],
    ['nothing behind it', 'execvp', {'/a/x': lost}, '/a/x ENOENT'],
    ['a loop of links', 'execvp', loops, '/a/x ELOOP'],
  ])('%s', async (_, search, files, expected) => {
    expect(await ask(search, files)).toBe(expected)
  })

  test('a name with a slash is looked for nowhere', async () => {
    const files = {'/a/x': lost, '/b/x': native}
    expect(await ask('dash', files, {name: '/a/x'})).toBe('/a/x ENOENT')
  })

  test('a shell runs a text itself', async () => {
    expect(await ask('dash', {'/a/x': text, '/b/x': native}, {runsText: true})).toBe('/a/x ENOEXEC')
  })

  test('what a command may have replaced in PATH may start', async () => {
    const doubts = {'/b/x': of('replaced')}
    expect(await ask('execvp', {'/a/x': lost}, {doubts})).toBe('/a/x ENOENT perhaps')
    expect(await ask('execvp', {'/a/x': lost}, {doubts: {'/b/x': of('removed')}})).toBe('/a/x ENOENT')
    expect(await ask('go', {'/a/x': lost}, {doubts})).toBe('/a/x ENOENT')
    expect(await ask('execvp', {'/a/x': lost}, {doubts, name: '/a/x'})).toBe('/a/x ENOENT')
  })

  test('an empty path is nothing that can be executed', async () => {
    const machine = {rootfs: memoryRootfs({}), platform: {os: 'linux', architecture: 'amd64', variant: ''}}
    const {outcome, loads} = await execve(machine, processOf('', ''), '')
    expect(outcome).toBe('ENOENT')
    expect(loads[0]).toEqual({
      ...{role: 'program', path: '', resolved: {path: '', hops: []}},
      obstacle: {kind: 'missing', errno: 'ENOENT', at: ''},
    })
  })
})

describe('what a process sees at a path', () => {
  test.each<[grade: Doubtful['grade'], expected: object]>([
    ['made', {maybe: of('made')}],
    ['removed', {gone: of('removed')}],
    ['mode', {mode: of('mode')}],
    ['replaced', {maybe: of('replaced'), mode: of('replaced')}],
  ])('that may be %s', async (grade, expected) => {
    const {path, hops, obstacle, ...doubts} = await resolve(doubted({}, {'/x': of(grade)}), processOf('x', ''), '/x')
    expect(obstacle).toEqual({kind: 'missing', errno: 'ENOENT', at: '/x'})
    expect(doubts).toEqual(expected)
  })

  test.each([
    ['/a', 'ok'],
    ['/nowhere/x', 'made'],
    ['/f', 'ENOTDIR /f'],
    ['/f/x', 'ENOTDIR /f'],
    ['/l', 'ELOOP /l'],
    [`/${'n'.repeat(255)}`, 'made'],
    [`/${'n'.repeat(256)}`, `ENAMETOOLONG ${'n'.repeat(256)}`],
  ])('as a working directory: %s', async (cwd, expected) => {
    const rootfs = memoryRootfs({'/a': {kind: 'directory'}, '/f': '', '/l': {link: '/l'}})
    const {node, obstacle} = await resolveCwd(rootfs, cwd)
    const told = obstacle?.kind === 'missing' ? `${obstacle.errno} ${obstacle.at}` : node ? 'ok' : 'made'
    expect(told).toBe(expected)
  })

  test.each([
    ['/a/./b//c/', '/a/b/c'],
    ['/a/../b', '/b'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['a/..', '.'],
    ['../a', '../a'],
    ['../../a', '../../a'],
    ['a/../../b', '../b'],
    ['./a', 'a'],
    ['', '.'],
    ['/', '/'],
  ])('%j is %j', (path, expected) => {
    expect(cleanPath(path)).toBe(expected)
  })
})
