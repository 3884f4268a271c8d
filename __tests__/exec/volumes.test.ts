import {expect, test} from '@jest/globals'
import {findBlockedVolume, findDanglingVolumes} from '../../src/exec/volumes.ts'
import {memoryRootfs} from '../support/memory-rootfs.ts'

const LONG = 'n'.repeat(256)
const rootfs = memoryRootfs({
  '/srv/file': 'text',
  '/srv/data': {kind: 'directory'},
  '/srv/to-data': {link: 'data'},
  '/srv/to-file': {link: '/srv/file'},
  '/srv/dangling': {link: '/nowhere/at/all'},
  '/srv/through': {link: 'dangling'},
  '/srv/circle': {link: 'circle'},
  '/alias': {link: '/srv'},
  '/top': {link: '/nowhere'},
  '/to-long': {link: `/srv/${LONG}`},
})

/** Where the engine says no, and with what: moby daemon/create_unix.go, mkdirAll. */
test.each<[volume: string, expected: string | undefined]>([
  ['/srv/data', undefined],
  ['/srv/to-data', undefined],
  ['/srv/new/below', undefined],
  ['/srv/file', 'ENOTDIR /srv/file'],
  ['srv/file', 'ENOTDIR /srv/file'],
  ['/srv/x/../file/.', 'ENOTDIR /srv/file'],
  ['/srv/to-file', 'ENOTDIR /srv/file'],
  ['/srv/file/below', 'ENOTDIR /srv/file'],
  ['/srv/dangling', undefined],
  ['/srv/circle', 'ELOOP /srv/circle'],
  [`/srv/${LONG}`, `ENAMETOOLONG ${LONG}`],
  [`/srv/${LONG.slice(1)}`, undefined],
  ['/to-long/x', `ENAMETOOLONG /srv/${LONG}`],
])('a volume %s: %s', async (path, expected) => {
  const blocked = await findBlockedVolume(rootfs, [path])
  const {kind, errno, at} = {kind: undefined, errno: undefined, at: undefined, ...blocked?.obstacle}
  expect(blocked && [kind, `${errno} ${at}`]).toEqual(expected && ['missing', expected])
})

test('the first of several is named', async () => {
  expect((await findBlockedVolume(rootfs, ['/srv/data', 'srv/file', '/srv/circle']))?.path).toBe('srv/file')
  expect(await findBlockedVolume(rootfs, [])).toBeUndefined()
})

test.each([
  ['/srv/dangling', true],
  ['srv//dangling/', true],
  ['/alias/dangling', true],
  ['/top', true],
  // A link to a link that dangles is one, too.
  ['/srv/through', true],
  ['/srv/to-data', false],
  ['/srv/data', false],
  ['/srv/new', false],
  ['/new/below', false],
  // The link leads to a directory, and nothing is in it.
  ['/alias/new', false],
  // The link is above it.
  ['/srv/dangling/below', false],
])('a volume that is a dangling symlink: %s: %s', async (volume, dangles) => {
  expect(await findDanglingVolumes(rootfs, ['/srv/data', volume])).toEqual(dangles ? [volume] : [])
})
