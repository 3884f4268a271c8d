import {expect, test} from '@jest/globals'
import {testFile} from '../../../src/exec/world/test-file.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD, withDoubt} from '../../../src/exec/world/world.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const rootfs = memoryRootfs({
  '/srv/file': {content: 'x', mode: 0o640},
  '/srv/empty': '',
  '/srv/run': {content: 'x', mode: 0o711},
  '/srv/open': {content: 'x', mode: 0o666},
  '/srv/link': {link: 'file'},
  '/srv/dangling': {link: 'none'},
  '/srv/closed': {kind: 'directory', mode: 0o700},
  '/srv/closed/file': 'x',
  '/srv/shut': {kind: 'directory', mode: 0o600},
  '/srv/fifo': {kind: 'fifo'},
  '/srv/socket': {kind: 'socket'},
  '/srv/block': {kind: 'block-device'},
  '/srv/character': {kind: 'character-device'},
})
const processOf = (uid: number, more: object = {}) => ({
  ...{argv: ['sh'], cwd: '/srv', env: new Map(), user: {uid, gid: uid, groups: [], home: '/'}},
  ...more,
})

/** XCU test: which of these are so, of what stands in /srv. */
test.each<[operator: string, those: readonly string[]]>([
  ['-e', ['file', 'empty', 'run', 'open', 'link', 'closed', 'fifo', 'socket', 'block', 'character']],
  ['-f', ['file', 'empty', 'run', 'open', 'link']],
  ['-d', ['closed']],
  ['-h', ['link', 'dangling']],
  ['-L', ['link', 'dangling']],
  ['-p', ['fifo']],
  ['-S', ['socket']],
  ['-b', ['block']],
  ['-c', ['character']],
])('test %s', async (operator, those) => {
  const names = ['file', 'empty', 'run', 'open', 'link', 'dangling', 'closed', 'fifo', 'socket', 'block', 'character']
  const found = []
  for (const name of [...names, 'none', 'file/below']) {
    const status = await testFile(viewWorld(rootfs, EMPTY_WORLD), processOf(0), operator, name)
    if (status === 'success') found.push(name)
    else expect([name, status]).toEqual([name, 'failure'])
  }
  expect(found).toEqual(those)
})

test.each<[operator: string, path: string, uid: number, status: string]>([
  ['-s', '/srv/file', 0, 'success'],
  ['-s', '/srv/empty', 0, 'failure'],
  // What a filesystem says of the size of a directory.
  ['-s', '/srv/closed', 0, 'unknown'],
  ['-r', '/srv/file', 0, 'success'],
  ['-r', '/srv/file', 7, 'failure'],
  ['-r', '/srv/open', 7, 'success'],
  ['-w', '/srv/open', 7, 'success'],
  ['-w', '/srv/run', 7, 'failure'],
  ['-x', '/srv/run', 7, 'success'],
  ['-x', '/srv/open', 0, 'failure'],
  ['-x', '/srv/closed', 0, 'success'],
  ['-x', '/srv/closed', 7, 'failure'],
  ['-f', '/srv/closed/file', 0, 'success'],
  ['-f', '/srv/closed/file', 7, 'failure'],
  ['-f', '', 0, 'failure'],
  // Of the cwd it would be so.
  ['-e', '', 0, 'failure'],
  ['-d', '', 0, 'failure'],
  ['-d', '.', 0, 'success'],
  // Root may look into each directory, whatever its permissions are.
  ['-x', '/srv/shut', 0, 'success'],
  ['-x', '/srv/fifo', 0, 'failure'],
  ['-x', '/srv/shut', 7, 'failure'],
  ['-f', '/srv/link/', 0, 'failure'],
  ['-O', '/srv/file', 0, 'unknown'],
])('test %s %s by %i: %s', async (operator, path, uid, status) => {
  expect(await testFile(viewWorld(rootfs, EMPTY_WORLD), processOf(uid), operator, path)).toBe(status)
})

test('in a directory that only the run knows whole paths are known', async () => {
  const process = processOf(0, {unknownCwd: {kind: 'directory', name: 'cd in /e.sh'}})
  const view = viewWorld(rootfs, EMPTY_WORLD)
  expect([await testFile(view, process, '-f', 'file'), await testFile(view, process, '-f', '/srv/file')]).toEqual([
    'unknown',
    'success',
  ])
})

test('what may be another file is not known', async () => {
  const view = viewWorld(
    rootfs,
    withDoubt(EMPTY_WORLD, {below: '/srv', grade: 'replaced', by: {kind: 'command', name: 'x'}}),
  )
  expect([await testFile(view, processOf(0), '-f', 'file'), await testFile(view, processOf(0), '-f', '/x')]).toEqual([
    'unknown',
    'failure',
  ])
})

/** Of a file whose permissions or owner may have changed. */
test.each<[operator: string, path: string, uid: number, status: string]>([
  ['-r', '/srv/file', 0, 'success'],
  ['-r', '/srv/file', 7, 'unknown'],
  ['-w', '/srv/file', 0, 'success'],
  ['-w', '/srv/file', 7, 'unknown'],
  ['-x', '/srv/run', 0, 'unknown'],
  ['-x', '/srv/run', 7, 'unknown'],
  ['-x', '/srv/shut', 0, 'success'],
  ['-x', '/srv/closed', 7, 'unknown'],
  ['-f', '/srv/file', 0, 'success'],
  ['-s', '/srv/file', 0, 'success'],
])('with other permissions: test %s %s by %i: %s', async (operator, path, uid, status) => {
  const world = withDoubt(EMPTY_WORLD, {below: path, grade: 'mode', by: {kind: 'command', name: 'chmod'}})
  expect(await testFile(viewWorld(rootfs, world), processOf(uid), operator, path)).toBe(status)
})
