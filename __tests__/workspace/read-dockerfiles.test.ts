import {mkdir, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeEach, expect, test} from '@jest/globals'
import {SourceError, UsageError} from '../../src/errors.ts'
import {readDockerfiles} from '../../src/workspace/read-dockerfiles.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

let workspace = ''

beforeEach(async () => {
  workspace = temporaryFolder('dockerfiles')
  for (const folder of ['ci', 'node_modules/a', 'Dockerfile.d']) await mkdir(join(workspace, folder), {recursive: true})
  for (const file of [
    'Dockerfile',
    'ci/Dockerfile.arm',
    'node_modules/a/Dockerfile',
    'Dockerfile.d/notes',
    'Dockerfile.dockerignore',
  ]) {
    await writeFile(join(workspace, file), `FROM ${file}\n`)
  }
  await symlink('nowhere', join(workspace, 'Dockerfile.gone'))
})

test.each<[readonly string[], readonly string[]]>([
  [['Dockerfile'], ['Dockerfile']],
  [['**/Dockerfile*'], ['Dockerfile', 'ci/Dockerfile.arm']],
  [
    ['ci/*', 'Dockerfile', './Dockerfile'],
    ['Dockerfile', 'ci/Dockerfile.arm'],
  ],
  [['{ci,docs}/Dockerfile.*'], ['ci/Dockerfile.arm']],
])('%j', async (globs, files) => {
  const found = await readDockerfiles(globs, workspace)
  expect(found).toEqual(files.map(file => ({file, text: `FROM ${file}\n`})))
})

test('a glob that names no file is told by name', async () => {
  const reading = readDockerfiles(['Dockerfile', 'docker/*'], workspace)
  await expect(reading).rejects.toThrow(UsageError)
  await expect(reading).rejects.toThrow('dockerfile: no file matches "docker/*"')
  await expect(readDockerfiles(['Dockerfile.*'], workspace)).rejects.toThrow(UsageError)
})

test('a file that is too large is no Dockerfile', async () => {
  await writeFile(join(workspace, 'Dockerfile.big'), 'x'.repeat(1024 * 1024 + 1))
  await expect(readDockerfiles(['Dockerfile.big'], workspace)).rejects.toThrow(SourceError)
})
