import {describe, expect, test} from '@jest/globals'
import {type Located, locateEntrypoint, locateProgram} from '../../src/exec/search.ts'
import {executable, memoryRootfs} from '../support/memory-rootfs.ts'

const ROOT = {uid: 0, gid: 0, groups: [], home: '/root'}
const APP = {uid: 1000, gid: 1000, groups: [100], home: undefined}

const rootfs = memoryRootfs({
  '/bin/app': executable('x'),
  '/bin/plain': {content: 'x', mode: 0o644},
  '/usr/bin/plain': executable('x'),
  '/bin/dir': {kind: 'directory'},
  '/usr/bin/dir': executable('x'),
  '/bin/gone': {link: '/nowhere'},
  '/bin/pipe': {kind: 'fifo', mode: 0o755},
  '/bin/owner': {content: 'x', mode: 0o700},
  '/bin/other': {content: 'x', mode: 0o001},
  '/bin/group': {content: 'x', mode: 0o010, gid: 100},
  '/bin/mine': {content: 'x', mode: 0o077, uid: 1000},
  '/work/here': executable('x'),
  '/work/sub/there': executable('x'),
  '/closed': {kind: 'directory', mode: 0o700},
  '/closed/app': executable('x'),
  '/closed/work/app': executable('x'),
  '/link': {link: '/bin/app'},
})

function say(located: Located): string {
  if (located.found) return located.path
  const {obstacle} = located
  if (obstacle.kind === 'not-executable') return `${obstacle.errno} ${obstacle.reason} ${obstacle.at}`
  if (obstacle.kind === 'missing') return `${obstacle.errno} ${obstacle.at}`
  if (obstacle.kind === 'not-in-path') {
    return ['not in PATH', ...obstacle.passed.map(({path, reason}) => `${path} ${reason}`)].join(', ')
  }
  return obstacle.kind
}

const PATH = '/bin:/usr/bin'

describe("the runtime's look-up of argv[0]", () => {
  test.each([
    ['app', PATH, '/work', ROOT, '/bin/app'],
    ['plain', PATH, '/work', ROOT, '/usr/bin/plain'],
    ['dir', PATH, '/work', ROOT, '/usr/bin/dir'],
    ['gone', PATH, '/work', ROOT, 'not in PATH'],
    ['plain', '/bin', '/work', ROOT, 'not in PATH, /bin/plain no-execute-permission'],
    // It is taken, and execve then refuses it.
    ['pipe', PATH, '/work', ROOT, '/bin/pipe'],
    ['', PATH, '/work', ROOT, 'not in PATH'],
    ['.', PATH, '/work', ROOT, 'not in PATH'],
    ['..', PATH, '/work', ROOT, 'not in PATH'],
    ['app', '', '/bin', ROOT, 'not in PATH'],
    ['app', '/usr/../bin', '/', ROOT, '/bin/app'],
    ['app', '/nowhere/../bin', '/', ROOT, '/bin/app'],
    ['here', ':/bin', '/work', ROOT, 'relative-path-element'],
    ['there', 'sub', '/work', ROOT, 'relative-path-element'],
    ['here', '"/work"', '/', ROOT, 'not in PATH'],
    ['/bin/app', '', '/', ROOT, '/bin/app'],
    ['./here', '', '/work', ROOT, './here'],
    ['sub/there', '', '/work', ROOT, 'sub/there'],
    ['../link', '', '/work', ROOT, '../link'],
    ['/bin', '', '/', ROOT, 'EISDIR directory /bin'],
    ['/bin/plain', '', '/', ROOT, 'EACCES no-execute-permission /bin/plain'],
    ['/bin/gone', '', '/', ROOT, 'ENOENT /nowhere'],
    ['/bin/app/', '', '/', ROOT, 'ENOTDIR /bin/app'],
    ['/nothing', '', '/', ROOT, 'ENOENT /nothing'],
    ['/bin/owner', '', '/', ROOT, '/bin/owner'],
    ['/bin/other', '', '/', ROOT, '/bin/other'],
    ['/bin/owner', '', '/', APP, 'EACCES no-execute-permission /bin/owner'],
    ['/bin/other', '', '/', APP, '/bin/other'],
    ['/bin/group', '', '/', APP, '/bin/group'],
    // The owner's bits alone count for the owner.
    ['/bin/mine', '', '/', APP, 'EACCES no-execute-permission /bin/mine'],
    ['/closed/app', '', '/', APP, 'EACCES no-search-permission /closed'],
    ['/closed/nothing', '', '/', APP, 'EACCES no-search-permission /closed'],
    ['app', '/closed:/bin', '/', APP, '/bin/app'],
    // The runtime goes to the directory as root, and what is in it is reached from there.
    ['./app', '', '/closed/work', APP, './app'],
    ['../app', '', '/closed/work', APP, 'EACCES no-search-permission /closed'],
  ])('%p in PATH=%s at %s', async (name, path, cwd, user, expected) => {
    const process = {argv: [name], cwd, env: new Map([['PATH', path]]), user}
    expect(say(await locateEntrypoint(rootfs, process, name))).toBe(expected)
  })
})

describe("execvp's look-up", () => {
  test.each([
    ['app', PATH, '/work', '/bin/app'],
    ['plain', PATH, '/work', '/usr/bin/plain'],
    ['pipe', PATH, '/work', 'not in PATH, /bin/pipe special-file'],
    // Unlike the runtime it takes what an empty element leads to.
    ['here', ':/bin', '/work', 'here'],
    ['there', 'sub', '/work', 'sub/there'],
    ['', PATH, '/work', 'not in PATH'],
  ])('%p in PATH=%s at %s', async (name, path, cwd, expected) => {
    const process = {argv: [name], cwd, env: new Map([['PATH', path]]), user: ROOT}
    expect(say(await locateProgram(rootfs, process, name))).toBe(expected)
  })
})
