import {describe, expect, test} from '@jest/globals'
import {joinWorlds} from '../../../src/exec/world/join-worlds.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD, type World, withChange, withDoubt} from '../../../src/exec/world/world.ts'
import type {Cause, FileNode} from '../../../src/image/rootfs.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const IMAGE = memoryRootfs({
  '/app': {mode: 0o755, content: 'program'},
  '/opt/lib/a': 'a',
  '/opt/link': {link: 'lib'},
  '/tmp/keep': 'keep',
})

function byCommand(name: string): Cause {
  return {kind: 'command', name}
}

async function nodeOf(path: string): Promise<FileNode> {
  const found = await IMAGE.lookup(path)
  if (found.outcome !== 'found') throw new Error(`${path} is missing`)
  return found.node
}

function made(world: World, path: string, text: string): World {
  const node = {path, kind: 'file', mode: 0o644, uid: 0, gid: 0, size: text.length} as const
  return withChange(world, path, {kind: 'there', node, content: {kind: 'text', text}, by: byCommand('a test')})
}

async function copied(world: World, path: string, from: string, mode = 0o755): Promise<World> {
  const of = await nodeOf(from)
  return withChange(world, path, {
    kind: 'there',
    node: {...of, path, mode},
    content: {kind: 'file', of},
    by: byCommand('a test'),
  })
}

/** `PATH: content`, `PATH: outcome`, with what may have changed it. */
async function say(world: World, path: string): Promise<string> {
  const view = viewWorld(IMAGE, world)
  const found = await view.lookup(path)
  const maybe = found.maybe === undefined ? '' : `, perhaps ${found.maybe.by.name}`
  if (found.outcome !== 'found') return `${found.outcome} ${found.at}${maybe}`
  const {node} = found
  if (node.kind !== 'file') return `${node.kind} ${node.path}${maybe}`
  const bytes = await (await view.open(node)).read(0, 100)
  return `${node.path} ${node.mode.toString(8)} ${new TextDecoder().decode(bytes)}${maybe}`
}

describe('the files of a running container', () => {
  test('with nothing changed they are those of the image', async () => {
    expect(await say(EMPTY_WORLD, '/app')).toBe('/app 755 program')
    expect(await say(EMPTY_WORLD, '/opt/link/a')).toBe('/opt/lib/a 644 a')
    expect(await say(EMPTY_WORLD, '/gone')).toBe('missing /gone')
  })

  test('a text that a script makes', async () => {
    expect(await say(made(EMPTY_WORLD, '/opt/lib/b', 'x'), '/opt/link/b')).toBe('/opt/lib/b 644 x')
  })

  test('a copy leads to the file that it is a copy of, with its own mode', async () => {
    const world = await copied(EMPTY_WORLD, '/tmp/x', '/app', 0o700)
    expect(await say(world, '/tmp/x')).toBe('/app 700 program')
    const {hops} = await viewWorld(IMAGE, world).lookup('/tmp/x')
    expect(hops).toEqual([{path: '/tmp/x', target: '/app', isCopy: true}])
  })

  test('a copy keeps what it is a copy of, whatever comes over or takes away the original', async () => {
    const copy = await copied(EMPTY_WORLD, '/tmp/x', '/app')
    expect(await say(made(copy, '/app', 'another'), '/tmp/x')).toBe('/app 755 program')
    expect(await say(made(copy, '/app', 'another'), '/app')).toBe('/app 644 another')
    const gone = withChange(copy, '/app', {kind: 'gone', by: byCommand('a test')})
    expect(await say(gone, '/tmp/x')).toBe('/app 755 program')
    expect(await say(gone, '/app')).toBe('missing /app')
  })

  test('what is gone says who has removed it', async () => {
    const gone = withChange(EMPTY_WORLD, '/opt/lib', {kind: 'gone', by: byCommand('rm')})
    const view = viewWorld(IMAGE, gone)
    expect(await view.lookup('/opt/link/a')).toMatchObject({outcome: 'missing', removedBy: byCommand('rm')})
    expect(await view.lookup('/gone')).not.toHaveProperty('removedBy')
  })

  test('a directory that is gone takes all with it, and a new one is empty', async () => {
    const gone = withChange(made(EMPTY_WORLD, '/opt/lib/b', 'x'), '/opt/lib', {kind: 'gone', by: byCommand('rm')})
    expect(await say(gone, '/opt/lib/a')).toBe('missing /opt/lib')
    expect(await say(gone, '/opt/lib/b')).toBe('missing /opt/lib')
    const node = {path: '/opt/lib', kind: 'directory', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    const anew = withChange(gone, '/opt/lib', {kind: 'there', node, content: {kind: 'none'}, by: byCommand('mkdir')})
    expect(await say(anew, '/opt/lib/a')).toBe('missing /opt/lib/a')
  })

  test('a copied tree', async () => {
    const node = {...(await nodeOf('/opt/lib')), path: '/srv'}
    const content = {kind: 'tree', of: '/opt/lib', before: []} as const
    const world = withChange(EMPTY_WORLD, '/srv', {kind: 'there', node, content, by: byCommand('cp')})
    expect(await say(world, '/srv/a')).toBe('/opt/lib/a 644 a')
    expect(await say(world, '/srv/b')).toBe('missing /srv/b')
  })

  test.each([
    ['made', '/gone', 'missing /gone, perhaps npm'],
    ['made', '/app', '/app 755 program'],
    ['replaced', '/gone', 'missing /gone, perhaps npm'],
    ['replaced', '/app', '/app 755 program, perhaps npm'],
  ] as const)('%s: %s', async (grade, path, expected) => {
    expect(await say(withDoubt(EMPTY_WORLD, {below: '/', grade, by: byCommand('npm')}), path)).toBe(expected)
  })

  test('after one of two ways, what differs may be either', async () => {
    const one = await copied(EMPTY_WORLD, '/tmp/x', '/app')
    const both = joinWorlds(one, EMPTY_WORLD)
    expect(await say(both, '/tmp/x')).toBe('missing /tmp/x, perhaps a test')
    expect(await say(joinWorlds(one, one), '/tmp/x')).toBe('/app 755 program')
    const over = joinWorlds(made(EMPTY_WORLD, '/app', 'x'), EMPTY_WORLD)
    expect(await say(over, '/app')).toBe('/app 755 program, perhaps a test')
  })

  test('what nobody knows the content of may be there', async () => {
    const node = {path: '/tmp/y', kind: 'file', mode: 0o755, uid: 0, gid: 0, size: 0} as const
    const world = withChange(EMPTY_WORLD, '/tmp/y', {
      kind: 'there',
      node,
      content: {kind: 'unknown'},
      by: byCommand('curl'),
    })
    expect(await say(world, '/tmp/y')).toBe('missing /tmp/y, perhaps curl')
    expect(await viewWorld(IMAGE, world).place('/tmp/y')).toMatchObject({at: '/tmp/y', node, isMakeable: true})
  })
})
