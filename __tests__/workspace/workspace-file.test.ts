import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, expect, test} from '@jest/globals'
import {readWorkspaceFile} from '../../src/workspace/workspace-file.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

let folder = ''
let workspace = ''
beforeAll(async () => {
  folder = temporaryFolder('workspace')
  workspace = join(folder, 'workspace')
  await mkdir(join(workspace, 'docker'), {recursive: true})
  await writeFile(join(folder, 'secret'), 'secret')
  await writeFile(join(workspace, 'Dockerfile'), 'FROM scratch')
  await writeFile(join(workspace, 'docker/Dockerfile'), 'FROM alpine')
  await writeFile(join(workspace, 'large'), Buffer.alloc(1024 * 1024 + 1))
  await symlink('Dockerfile', join(workspace, 'link'))
  await symlink('../secret', join(workspace, 'out'))
  await symlink('..', join(workspace, 'up'))
  await symlink('none', join(workspace, 'nowhere'))
})

test.each<[string, string | undefined]>([
  ['Dockerfile', 'FROM scratch'],
  ['docker/Dockerfile', 'FROM alpine'],
  ['./docker/../Dockerfile', 'FROM scratch'],
  ['link', 'FROM scratch'],
  ['none', undefined],
  ['docker', undefined],
  ['.', undefined],
  ['', undefined],
  ['large', undefined],
  ['../secret', undefined],
  ['docker/../../secret', undefined],
  ['out', undefined],
  ['up/secret', undefined],
  ['nowhere', undefined],
  ['/etc/passwd', undefined],
  ['/dev/zero', undefined],
  ['Dockerfile\0', undefined],
  ['x'.repeat(5000), undefined],
])('%j', async (name, expected) => {
  expect(await readWorkspaceFile(name, workspace)).toBe(expected)
})

test('no workspace', async () => {
  expect(await readWorkspaceFile('Dockerfile', join(folder, 'none'))).toBeUndefined()
})
