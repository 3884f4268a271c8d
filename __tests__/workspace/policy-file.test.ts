import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {readPolicyFile} from '../../src/workspace/policy-file.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

async function workspace(): Promise<string> {
  const folder = temporaryFolder('policy')
  const root = join(folder, 'workspace')
  await mkdir(join(root, '.git'), {recursive: true})
  await mkdir(join(root, 'ci'))
  await writeFile(join(folder, 'outside.yml'), 'secret')
  await writeFile(join(root, '.git', 'config'), 'token')
  await writeFile(join(root, 'p.yml'), 'version: 1')
  await writeFile(join(root, 'ci', 'p.yml'), 'version: 2')
  await writeFile(join(root, 'large.yml'), ' '.repeat(5 * 1024 * 1024))
  await symlink('.git/config', join(root, 'link.yml'))
  await symlink('.git', join(root, 'linked'))
  return root
}

test('a file of the workspace', async () => {
  const root = await workspace()
  expect(await readPolicyFile('p.yml', root)).toBe('version: 1')
  expect(await readPolicyFile('./ci/p.yml', root)).toBe('version: 2')
  expect(await readPolicyFile(join(root, 'p.yml'), root)).toBe('version: 1')
})

test.each([
  ['absent.yml', 'no such file'],
  ['ci', 'it is not a file'],
  ['.', 'it is not in the workspace'],
  ['../outside.yml', 'it is not in the workspace'],
  ['/etc/hostname', 'it is not in the workspace'],
  ['.git/config', 'it is a file of git'],
  ['ci/../.git/config', 'it is a file of git'],
  ['link.yml', 'it is a symlink, or behind one'],
  ['linked/config', 'it is a symlink, or behind one'],
  ['large.yml', 'it has 5242880 bytes'],
])('%s is refused: %s', async (name, why) => {
  await expect(readPolicyFile(name, await workspace())).rejects.toThrow(why)
})
