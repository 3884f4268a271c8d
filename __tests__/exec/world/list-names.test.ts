import {expect, test} from '@jest/globals'
import {DEFAULT_PATH} from '../../../src/exec/index.ts'
import {listNames} from '../../../src/exec/world/list-names.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD, withDoubt} from '../../../src/exec/world/world.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const rootfs = memoryRootfs({
  '/closed': {kind: 'directory', mode: 0o700},
  '/closed/x': {content: 'x'},
  '/open/b': {content: 'b'},
  '/open/.a': {content: 'a'},
})
const processOf = (uid: number) => ({
  ...{argv: ['sh'], cwd: '/open', env: new Map([['PATH', DEFAULT_PATH]])},
  user: {uid, gid: uid, groups: [], home: '/'},
})

test.each<[directory: string, uid: number, names: readonly string[]]>([
  ['/closed', 0, ['x']],
  ['/closed', 1000, []],
  ['/open', 1000, ['.a', 'b']],
  ['.', 1000, ['.a', 'b']],
  ['/open/b', 0, []],
  ['/none', 0, []],
])('what is seen in %s by %i', async (directory, uid, names) => {
  expect(await listNames(viewWorld(rootfs, EMPTY_WORLD), processOf(uid), directory)).toEqual({names, isOpen: false})
})

test('more may have been made, where anything may', async () => {
  const world = withDoubt(EMPTY_WORLD, {below: '/', grade: 'made', by: {kind: 'command', name: 'x'}})
  expect(await listNames(viewWorld(rootfs, world), processOf(0), '/open')).toEqual({names: ['.a', 'b'], isOpen: true})
})
