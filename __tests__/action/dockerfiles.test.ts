import {glob, mkdir, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {expect, test} from '@jest/globals'
import {literalGlob} from '../../src/action/dockerfiles.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const NAMES = [
  'Dockerfile',
  '.devcontainer/Dockerfile',
  'a[b]/Dockerfile',
  'ab/Dockerfile',
  'a*b/Dockerfile',
  'a{b,c}.Dockerfile',
  'ab.Dockerfile',
  '!x/Dockerfile',
  '#y.Dockerfile',
  'a\\b.Dockerfile',
  '(a|b).Dockerfile',
  '+(a).Dockerfile',
  'a?.Dockerfile',
  'Dockerfile.a,b',
  'Dockerfile.[!a]',
] as const

test('a path as a pattern matches itself, and nothing that stands beside it', async () => {
  const folder = temporaryFolder('glob')
  for (const name of NAMES) {
    await mkdir(dirname(join(folder, name)), {recursive: true})
    await writeFile(join(folder, name), '')
  }
  for (const name of NAMES) {
    const found: string[] = []
    for await (const file of glob(literalGlob(name), {cwd: folder})) found.push(file)
    expect(found).toEqual([name])
  }
})
