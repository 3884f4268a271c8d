import {execFileSync} from 'node:child_process'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {programDigest} from '../../src/bin/program-digest.ts'
import {documented} from '../support/snippets.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

test('is what the documented command prints', async () => {
  const folder = join(temporaryFolder('digest'), 'dist')
  await mkdir(join(folder, 'chunks'), {recursive: true})
  for (const name of ['cli.mjs', 'action.mjs', 'chunks/b-1.mjs', 'chunks/a.mjs', 'licenses.txt'])
    await writeFile(join(folder, name), name)
  const [command = ''] = documented('docs/attestation.md', 'sh').filter(text => text.includes('sha256sum'))
  const printed = execFileSync('bash', ['-ec', command], {cwd: join(folder, '..'), encoding: 'utf8'})
  expect(await programDigest(folder, true)).toBe(`sha256:${printed.split(' ')[0]}`)
})

test('changes with each file, and is not known of a source or a folder that is not there', async () => {
  const folder = temporaryFolder('digest')
  const digests = new Set<string | undefined>()
  for (const [name, text] of [
    ['cli.mjs', 'a'],
    ['cli.mjs', 'b'],
    ['chunk.mjs', 'b'],
  ] as const) {
    await writeFile(join(folder, name), text)
    digests.add(await programDigest(folder, true))
  }
  expect(digests.size).toBe(3)
  await writeFile(join(folder, 'licenses.txt'), 'c')
  expect(digests).toContain(await programDigest(folder, true))
  expect(await programDigest(folder)).toBeUndefined()
  expect(await programDigest(join(folder, 'gone'), true)).toBeUndefined()
})
