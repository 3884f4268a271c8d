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
  '/srv/here': executable('x'),
  '/srv/sub/there': executable('x'),
  '/closed': {kind: 'directory', mode: 0o700},
  '/closed/app': executable('x'),
  '/closed/srv/app': executable('x'),
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
    ['app', PATH, '/srv', ROOT, '/bin/app'],
    ['plain', PATH, '/srv', ROOT, '/usr/bin/plain'],
    ['dir', PATH, '/srv', ROOT, '/usr/bin/dir'],
    ['gone', PATH, '/srv', ROOT, 'not in PATH'],
    ['plain', '/bin', '/srv', ROOT, 'not in PATH, /bin/plain no-execute-permission'],
    // It is taken, and execve then refuses it.
    ['pipe', PATH, '/srv', ROOT, '/bin/pipe'],
    ['', PATH, '/srv', ROOT, 'not in PATH'],
    ['.', PATH, '/srv', ROOT, 'not in PATH'],
    ['..', PATH, '/srv', ROOT, 'not in PATH'],
    ['app', '', '/bin', ROOT, 'not in PATH'],
    ['app', '/usr/../bin', '/', ROOT, '/bin/app'],
    ['app', '/nowhere/../bin', '/', ROOT, '/bin/app'],
    ['here', ':/bin', '/srv', ROOT, 'relative-path-element'],
    ['there', 'sub', '/srv', ROOT, 'relative-path-element'],
    ['here', '"/srv"', '/', ROOT, 'not in PATH'],
    ['/bin/app', '', '/', ROOT, '/bin/app'],
    ['./here', '', '/srv', ROOT, './here'],
    ['sub/there', '', '/srv', ROOT, 'sub/there'],
    ['../link', '', '/srv', ROOT, '../link'],
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
    ['./app', '', '/closed/srv', APP, './app'],
    ['../app', '', '/closed/srv', APP, 'EACCES no-search-permission /closed'],
  ])('%p in PATH=%s at %s', async (name, path, cwd, user, expected) => {
    const process = {argv: [name], cwd, env: new Map([['PATH', path]]), user}
    expect(say(await locateEntrypoint(rootfs, process, name))).toBe(expected)
  })
})

describe("execvp's look-up", () => {
  test.each([
    ['app', PATH, '/srv', '/bin/app'],
    ['plain', PATH, '/srv', '/usr/bin/plain'],
    ['pipe', PATH, '/srv', 'not in PATH, /bin/pipe special-file'],
    // Unlike the runtime it takes what an empty element leads to.
    ['here', ':/bin', '/srv', 'here'],
    ['there', 'sub', '/srv', 'sub/there'],
    ['', PATH, '/srv', 'not in PATH'],
  ])('%p in PATH=%s at %s', async (name, path, cwd, expected) => {
    const process = {argv: [name], cwd, env: new Map([['PATH', path]]), user: ROOT}
    expect(say(await locateProgram(rootfs, process, name))).toBe(expected)
  })
})
