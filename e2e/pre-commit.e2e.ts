import {readFile, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {withTemporaryFolder} from '../scripts/support/temporary-folder.ts'
import {type DebianArch, packageTree} from './ground/programs.ts'
import {runAny} from './ground/run.ts'
import {REPOSITORY} from './support/repository.ts'

// pre-commit's own check of a repository that offers hooks, by pre-commit as Debian has it.

const ARCH: DebianArch = process.arch === 'arm64' ? 'arm64' : 'amd64'
const trees = async (names: readonly string[]) => Promise.all(names.map(name => packageTree(name, ARCH)))
const [minimal = '', ...standard] = await trees(['python3.11-minimal', 'libpython3.11-minimal', 'libpython3.11-stdlib'])
const packages = await trees(['pre-commit', 'python3-cfgv', 'python3-identify', 'python3-yaml'])
const env = {
  PYTHONHOME: join(minimal, 'usr'),
  PYTHONPATH: [
    ...standard.flatMap(tree => ['', 'lib-dynload'].map(part => join(tree, 'usr/lib/python3.11', part))),
    ...packages.map(tree => join(tree, 'usr/lib/python3/dist-packages')),
  ].join(':'),
  // Packages are shared by all runs, and stay as they are.
  PYTHONDONTWRITEBYTECODE: '1',
}

async function validate(manifest: string): Promise<{readonly code: number | null; readonly output: string}> {
  return withTemporaryFolder('pre-commit', async folder => {
    const file = join(folder, 'hooks.yaml')
    await writeFile(file, manifest)
    const python = join(minimal, 'usr/bin/python3.11')
    const {code, stdout, stderr} = await runAny(python, ['-m', 'pre_commit', 'validate-manifest', file], {env})
    return {code, output: `${stdout}${stderr}`}
  })
}

const hooks = await readFile(join(REPOSITORY, '.pre-commit-hooks.yaml'), 'utf8')

test('the hooks are hooks to pre-commit', async () => expect(await validate(hooks)).toEqual({code: 0, output: ''}))

test.each([
  ['language: docker_image', 'language: docker-image', 'Expected one of'],
  ['pass_filenames: false', 'pass_filenames: 0', 'Expected bool got int'],
  ['entry:', 'entri:', 'Missing required key: entry'],
])('it sees what is wrong: %s', async (right, wrong, message) => {
  expect(hooks).toContain(right)
  expect(await validate(hooks.replace(right, wrong))).toEqual({code: 1, output: expect.stringContaining(message)})
})
