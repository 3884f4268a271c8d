import {describe, expect, test} from '@jest/globals'
import type {Call} from '../../../src/exec/world/call.ts'
import {findEffect} from '../../../src/exec/world/commands/index.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD} from '../../../src/exec/world/world.ts'
import {memoryRootfs} from '../../support/memory-rootfs.ts'

const IMAGE = memoryRootfs({
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/home/app:/bin/sh\n',
  '/etc/group': 'root:x:0:\nstaff:x:50:\n',
  '/app': {mode: 0o700, content: 'program'},
  '/srv/file': 'file',
})

/** `uid:gid mode` of a path after a command, its status, and what is not certain. */
async function changedBy(command: string, path: string, uid = 0): Promise<string> {
  const [name = '', ...words] = command.split(' ')
  const call: Call = {
    name,
    words,
    view: viewWorld(IMAGE, EMPTY_WORLD),
    cwd: '/',
    user: {uid, gid: uid, groups: [], home: '/'},
    umask: 0o022,
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    env: new Map(),
    by: {kind: 'command', name},
  }
  const outcome = await findEffect(name)?.run(call)
  const {node, maybe} = await viewWorld(IMAGE, outcome?.world ?? EMPTY_WORLD).place(path)
  const what = node ? `${node.uid}:${node.gid} ${node.mode.toString(8)}` : 'missing'
  return `${outcome?.status} ${what}${maybe ? ` perhaps ${maybe.by.name}` : ''}`
}

describe('owners, modes and directories', () => {
  test.each([
    ['chown app /app', '/app', 'success 1000:0 700'],
    ['chown app:staff /app', '/app', 'success 1000:50 700'],
    ['chown 7:8 /app', '/app', 'success 7:8 700'],
    ['chown :staff /app', '/app', 'success 0:50 700'],
    ['chgrp staff /app', '/app', 'success 0:50 700'],
    ['chown nobody /app', '/app', 'failure 0:0 700'],
    ['chown -R app /srv', '/srv/file', 'success 1000:0 644'],
    ['chown app /gone', '/gone', 'failure missing'],
    ['chmod u+x,go-rwx /srv/file', '/srv/file', 'success 0:0 700'],
    ['chmod +x /srv/file', '/srv/file', 'success 0:0 755'],
    ['chmod 0640 /app', '/app', 'success 0:0 640'],
    ['mkdir -p -m 700 /a/b', '/a', 'success 0:0 755'],
    ['mkdir -p -m 700 /a/b', '/a/b', 'success 0:0 700'],
    ['mkdir /a/b', '/a/b', 'failure missing'],
    ['touch /app', '/app', 'success 0:0 700'],
    ['cp', '/app', 'failure 0:0 700'],
    ['cp /app', '/app', 'failure 0:0 700'],
  ])('%s: %s', async (command, path, expected) => {
    expect(await changedBy(command, path)).toBe(expected)
  })

  test.each([
    ['chown app /app', '/app', 'unknown 0:0 700'],
    ['chmod +x /app', '/app', 'failure 0:0 700'],
    ['mkdir /a', '/a', 'failure missing'],
  ])('by another user, %s: %s', async (command, path, expected) => {
    expect(await changedBy(command, path, 1000)).toBe(expected)
  })
})
