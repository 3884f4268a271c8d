import {mkdir, realpath, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {isDockerfileName} from '../../src/github/dockerfile-name.ts'
import {gitBlobId} from '../../src/workspace/checked-out.ts'
import {type ChangedFileAnswer, FORBIDDEN, type GitHubFault} from '../support/github-server.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {PULL, SHORT, withGitHub} from './fixtures.ts'

describe('names', () => {
  test.each([
    'Dockerfile',
    'a/b/Dockerfile',
    'Dockerfile.prod',
    'docker/prod.Dockerfile',
    'prod.dockerfile',
    'Containerfile',
    'Containerfile.alpine',
    'Containerfile-dev',
    '.devcontainer/Dockerfile',
  ])('%s is a Dockerfile', name => expect(isDockerfileName(name)).toBe(true))

  test.each([
    'Dockerfile/README.md',
    'node_modules/x/Dockerfile',
    'a/node_modules/Dockerfile',
    'Dockerfile.dockerignore',
    'Containerfile.containerignore',
    'Dockerfile.md',
    'Dockerfile.j2',
    'Dockerfile.tmpl',
    'MyDockerfile',
    'dockerfile.go',
    'Dockerfiles',
    'Containerfiles',
    'Dockerfile.',
    '',
  ])('%j is none', name => expect(isDockerfileName(name)).toBe(false))
})

const TEXT = 'FROM scratch\n'
const SHA = gitBlobId(Buffer.from(TEXT), '')
let workspace = ''

beforeAll(async () => {
  workspace = await realpath(temporaryFolder('workspace'))
  for (const name of ['Dockerfile', 'a/new.Dockerfile', 'Dockerfile.x', '.git/config']) {
    await mkdir(dirname(join(workspace, name)), {recursive: true})
    await writeFile(join(workspace, name), TEXT)
  }
  await symlink('.git/config', join(workspace, 'Dockerfile.link'))
  await symlink('/etc', join(workspace, 'etc'))
  await symlink('a', join(workspace, 'b'))
  await mkdir(join(workspace, 'Dockerfile.d'))
})

const changed = (filename: string, status = 'modified', sha = SHA): ChangedFileAnswer => ({filename, status, sha})

test('a blob has the name that git gives it', () => {
  // printf '' | git hash-object --stdin
  expect(gitBlobId(new Uint8Array(), '')).toBe('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391')
})

test('what is added, changed and renamed is listed; what is removed, and what is no Dockerfile, is not', async () => {
  const files = [
    changed('Dockerfile.x', 'added'),
    changed('Dockerfile'),
    changed('a/new.Dockerfile', 'renamed'),
    changed('a/old.Dockerfile', 'removed'),
    changed('src/main.go'),
  ]
  await withGitHub({files}, async (server, open) => {
    expect(await open().changedDockerfiles(PULL, workspace)).toEqual({
      files: ['Dockerfile', 'Dockerfile.x', 'a/new.Dockerfile'],
    })
    expect(server.requests.map(({url}) => url)).toEqual(['/repos/org/app/pulls/7/files?per_page=100&page=1'])
  })
})

test.each([
  [250, 3],
  [200, 3],
  [98, 1],
])('%d files before it take %d pages', async (others, pages) => {
  const files = [...Array.from({length: others}, (_, index) => changed(`src/${index}.go`)), changed('Dockerfile')]
  await withGitHub({files}, async (server, open) => {
    expect(await open().changedDockerfiles(PULL, workspace)).toEqual({files: ['Dockerfile']})
    expect(server.requests).toHaveLength(pages)
  })
})

test('what lies beyond the 3,000 files that GitHub lists is not passed over in silence', async () => {
  const files = Array.from({length: 3001}, (_, index) => changed(`src/${index}.go`))
  await withGitHub({files}, async (server, open) => {
    expect(await open().changedDockerfiles(PULL, workspace)).toEqual({
      files: [],
      note: 'GitHub lists 3000 changed files and no more: further Dockerfiles are not known.',
    })
    expect(server.requests).toHaveLength(30)
  })
})

describe('what the workspace does not hold as the pull request has it is told', () => {
  test.each<[string, ChangedFileAnswer[], boolean, string[], RegExp]>([
    [
      'absent',
      [changed('gone.Dockerfile'), changed('Dockerfile')],
      false,
      ['Dockerfile'],
      /^gone\.Dockerfile is changed.*not in the workspace/,
    ],
    ['a link', [changed('Dockerfile.link')], false, [], /^Dockerfile\.link is not a regular file/],
    ['below a link', [changed('b/new.Dockerfile')], false, [], /^b\/new\.Dockerfile is not a regular file/],
    [
      'out of the workspace',
      [changed('../Dockerfile')],
      false,
      [],
      /^\.\.\/Dockerfile is (?:not a regular file|changed)/,
    ],
    ['a folder', [changed('Dockerfile.d')], false, [], /^Dockerfile\.d is not a regular file/],
    [
      "the base's",
      [changed('Dockerfile', 'modified', '1'.repeat(40))],
      true,
      [],
      /^Dockerfile is not the pull request's/,
    ],
  ])('%s', async (_, files, runsOnBase, found, note) => {
    await withGitHub({files}, async (_server, open) => {
      expect(await open().changedDockerfiles({...PULL, runsOnBase}, workspace)).toEqual({
        files: found,
        note: expect.stringMatching(note),
      })
    })
  })

  test('the same with the base checked out, where it is the same', async () => {
    await withGitHub({files: [changed('Dockerfile')]}, async (_, open) => {
      expect(await open().changedDockerfiles({...PULL, runsOnBase: true}, workspace)).toEqual({files: ['Dockerfile']})
    })
  })

  test('a merge of the base into it is the pull request, too', async () => {
    await withGitHub({files: [changed('Dockerfile', 'modified', '1'.repeat(40))]}, async (_, open) => {
      expect(await open().changedDockerfiles(PULL, workspace)).toEqual({files: ['Dockerfile']})
    })
  })

  test('many in one sentence', async () => {
    const files = Array.from({length: 14}, (_, index) => changed(`${index}.Dockerfile`))
    await withGitHub({files}, async (_, open) => {
      const {note = ''} = await open().changedDockerfiles(PULL, workspace)
      expect(note).toMatch(/^0\.Dockerfile, .* and 4 more are changed by/)
    })
  })
})

test.each<[string, GitHubFault, RegExp]>([
  ['403', FORBIDDEN, /not known: GitHub refuses it.*permission pull-requests: read\.$/],
  ['404', {kind: 'answer', status: 404, body: '{"message":"Not Found"}'}, /not known: GitHub does not have it/],
  ['500', {kind: 'answer', status: 500, body: ''}, /not known: GitHub's API does not answer/],
  [
    '429',
    {kind: 'answer', status: 429, headers: {'retry-after': '3600'}, body: '{}'},
    /not known: GitHub's rate limit/,
  ],
  ['no JSON', {kind: 'answer', status: 200, body: '[{"filename"'}, /not known: GitHub's answer cannot be understood/],
  ['other JSON', {kind: 'answer', status: 200, body: '[{"filename": 1}]'}, /cannot be understood: \$\[0\]\.filename/],
  ['no answer', {kind: 'hang'}, /not known: GitHub's API does not answer/],
])('%s is a note', async (_, fault, note) => {
  await withGitHub({fault: () => fault}, async (_server, open) => {
    const github = open(fault.kind === 'hang' ? SHORT : {})
    expect(await github.changedDockerfiles(PULL, workspace)).toEqual({files: [], note: expect.stringMatching(note)})
  })
})
