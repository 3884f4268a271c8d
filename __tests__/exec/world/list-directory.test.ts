import {expect, test} from '@jest/globals'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD, type World, withChange, withDoubt} from '../../../src/exec/world/world.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const image = memoryRootfs({
  '/d/b': '',
  '/d/a': '',
  '/d/sub/x': '',
  '/link': {link: '/d'},
  '/file': '',
})
const by = {kind: 'command', name: 'cp'} as const

function made(world: World, path: string): World {
  const node = {path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: 0} as const
  return withChange(world, path, {kind: 'there', node, content: {kind: 'unknown'}, by})
}

test('names come in the order of their bytes, through symlinks', async () => {
  expect(await viewWorld(image, EMPTY_WORLD).directory('/link')).toEqual({at: '/d', names: ['a', 'b', 'sub']})
})

test('what is no directory has no names', async () => {
  const view = viewWorld(image, EMPTY_WORLD)
  expect([await view.directory('/file'), await view.directory('/none')]).toEqual([undefined, undefined])
})

test('what was made or removed counts', async () => {
  const world = withChange(made(EMPTY_WORLD, '/d/c'), '/d/a', {kind: 'gone', by})
  expect((await viewWorld(image, world).directory('/d'))?.names).toEqual(['b', 'c', 'sub'])
})

test('a copied tree has the names of the original, and what was there before', async () => {
  const node = {path: '/copy', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
  const world = withChange(EMPTY_WORLD, '/copy', {
    kind: 'there',
    node,
    content: {kind: 'tree', of: '/d', before: []},
    by,
  })
  const view = viewWorld(image, made(world, '/copy/own'))
  expect([(await view.directory('/copy'))?.names, (await view.directory('/copy/sub'))?.names]).toEqual([
    ['a', 'b', 'own', 'sub'],
    ['x'],
  ])
})

test.each(['/', '/d', '/d/x'])('a doubt about %s may add names', async below => {
  const world = withDoubt(EMPTY_WORLD, {below, grade: 'made', by})
  expect((await viewWorld(image, world).directory('/d'))?.maybe).toEqual({by, grade: 'made'})
})

test('a doubt elsewhere does not', async () => {
  const world = withDoubt(EMPTY_WORLD, {below: '/e', grade: 'made', by})
  expect((await viewWorld(image, world).directory('/d'))?.maybe).toBeUndefined()
})
