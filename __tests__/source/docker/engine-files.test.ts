import {expect, test} from '@jest/globals'
import type {FileNode} from '../../../src/image/rootfs.ts'
import {isEngineFile} from '../../../src/source/docker/engine-files.ts'

const node = (path: string, more: Partial<FileNode> = {}): FileNode => {
  return {path, kind: 'file', mode: 0o755, uid: 0, gid: 0, size: 0, ...more}
}

test.each([
  node('/.dockerenv'),
  node('/dev/console'),
  node('/etc/hosts'),
  node('/etc/mtab', {kind: 'symlink', target: '/proc/mounts'}),
  node('/dev/shm', {kind: 'directory'}),
])("$path is the engine's own", file => {
  expect(isEngineFile(file)).toBe(true)
})

test.each([
  ['a file that the image has', node('/etc/hosts', {size: 20})],
  ['another empty file', node('/etc/passwd')],
  ['one of that name elsewhere', node('/srv/.dockerenv')],
  ['a link of the image', node('/etc/mtab', {kind: 'symlink', target: '/run/mounts'})],
  ['a directory that images have', node('/etc', {kind: 'directory'})],
])('%s is not', (_, file) => {
  expect(isEngineFile(file)).toBe(false)
})
