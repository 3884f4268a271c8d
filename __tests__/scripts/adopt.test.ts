import {execFileSync, spawnSync} from 'node:child_process'
import {cpSync, existsSync, readFileSync, symlinkSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from '@jest/globals'
import {homeOf, parseHome, rehome} from '../../scripts/adopt/rename.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

const OLD = {owner: 'acme', repository: 'tool'}
const NEW = {owner: 'Big-Co', repository: 'arch.check'}

describe('OWNER/REPO', () => {
  test.each(['a/b', 'Big-Co/arch.check', `${'a'.repeat(39)}/${'b'.repeat(100)}`])('%s', text =>
    expect(parseHome(text)).toEqual({owner: text.split('/')[0], repository: text.split('/')[1]}),
  )
  test.each([
    '',
    'a',
    'a/b/c',
    '-a/b',
    'a-/b',
    'a--b/c',
    'a/..',
    'a/b.git',
    'a b/c',
    `${'a'.repeat(40)}/b`,
    'a/b\n',
    'a/$(b)',
  ])('%j is none', text => expect(parseHome(text)).toBeUndefined())
})

test.each([
  ['uses: acme/tool@v1', 'uses: Big-Co/arch.check@v1'],
  ['https://github.com/acme/tool/blob/main', 'https://github.com/Big-Co/arch.check/blob/main'],
  ['git+https://github.com/acme/tool.git', 'git+https://github.com/Big-Co/arch.check.git'],
  ['docker run ghcr.io/acme/tool:1', 'docker run ghcr.io/big-co/arch.check:1'],
  ['See acme/tool.', 'See Big-Co/arch.check.'],
  // Names of others.
  ['ghcr.io/acme/app:1 my-acme/tool acme/tool-2', undefined],
  ['the command verify-image-arch, someone@acme.example', undefined],
  ['@acmes', undefined],
])('%s', (text, expected = text) => {
  const renamed = rehome('README.md', text, OLD, NEW)
  expect(renamed).toBe(expected)
  if (!text.includes('ghcr.io/acme/t')) expect(rehome('README.md', renamed, NEW, OLD)).toBe(text)
})

test('an owner of code is one in the file that names owners, and nowhere else', () => {
  expect(rehome('.github/CODEOWNERS', '*  @acme @acmes', OLD, NEW)).toBe('*  @Big-Co @acmes')
  expect(rehome('a.ts', 'by @acme/team', OLD, NEW)).toBe('by @acme/team')
})

test('the home that package.json names', () => {
  expect(homeOf(JSON.parse(readFileSync('package.json', 'utf8'))).repository).not.toBe('')
  expect(() => homeOf({})).toThrow('repository.url')
})

describe('on a copy of the project', () => {
  const copy = join(temporaryFolder('adopt'), 'copy')
  const files = execFileSync('git', ['ls-files', '-z'], {encoding: 'utf8'})
    .split('\0')
    .filter(path => path !== '' && existsSync(path))
  for (const path of files) cpSync(path, join(copy, path), {recursive: true, verbatimSymlinks: true})
  symlinkSync(join(process.cwd(), 'node_modules'), join(copy, 'node_modules'))
  execFileSync('sh', ['-c', 'git init -q && git add -A'], {cwd: copy, stdio: 'ignore'})
  const adopt = (name: string) =>
    spawnSync(process.execPath, ['--no-warnings', 'scripts/adopt.ts', name], {cwd: copy, encoding: 'utf8'})
  const grep = (text: string): string[] =>
    spawnSync('git', ['grep', '-I', '-l', '-F', text], {cwd: copy, encoding: 'utf8'}).stdout.split('\n').filter(Boolean)

  test('what is not a repository changes nothing', () => {
    expect(adopt('nobody')).toMatchObject({status: 2, stderr: expect.stringContaining('OWNER/REPO')})
    expect(execFileSync('git', ['status', '--porcelain'], {cwd: copy, encoding: 'utf8'}).match(/^.M/gm)).toBeNull()
  })

  test('nothing keeps the old name, and what is built has the new one', () => {
    const {owner, repository} = homeOf(JSON.parse(readFileSync('package.json', 'utf8')))
    const {status, stderr, stdout} = adopt('Big-Co/arch.check')
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain(`${owner}/${repository} is Big-Co/arch.check in`)
    expect(grep(`${owner}/${repository}`)).toEqual([])
    expect(readFileSync(join(copy, '.github/CODEOWNERS'), 'utf8')).toMatch(/^\*\s+@Big-Co$/m)
    const places = ['README.md', 'action.yml', 'package.json', 'src/rules/run.ts']
    expect(grep('Big-Co/arch.check')).toEqual(expect.arrayContaining(places))
    const said = spawnSync(process.execPath, ['dist/cli.mjs', 'oci:examples/mismatch'], {cwd: copy, encoding: 'utf8'})
    expect(said.stdout).toContain('help:   https://github.com/Big-Co/arch.check/blob/main/docs/rules/wrong-machine.md')
  })

  test('its tests that read the name pass, too', () => {
    const suites = ['house', 'workflows', 'elsewhere', 'scripts/workflow-driver', 'report/escape-markdown']
    const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
    const paths = suites.map(name => `__tests__/${name}.test.ts`)
    const {status, stderr} = spawnSync(
      process.execPath,
      [...jest, '--cacheDirectory', join(copy, '../jest'), '--runTestsByPath', ...paths],
      {cwd: copy, encoding: 'utf8'},
    )
    expect([status, stderr]).toEqual([0, expect.stringContaining(`Test Suites: ${suites.length} passed`)])
  })
})
