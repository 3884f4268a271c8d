import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {readPullRequest} from '../../src/github/pull-request.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

let folder = ''
beforeAll(async () => {
  folder = temporaryFolder('event')
})

async function read(event: unknown, name: string, env: Readonly<Record<string, string>> = {}) {
  const path = join(folder, 'event.json')
  await writeFile(path, typeof event === 'string' ? event : JSON.stringify(event))
  return readPullRequest({GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: 'org/app', ...env})
}

const PULL = {number: 7, head: {sha: 'c0ffee', repo: null}, base: {sha: 'beef'}}

describe('a pull request', () => {
  test.each([
    ['pull_request', {pull_request: PULL}, {number: 7, headSha: 'c0ffee', runsOnBase: false}],
    ['pull_request_target', {pull_request: PULL}, {number: 7, headSha: 'c0ffee', runsOnBase: true}],
    ['pull_request_review', {pull_request: PULL}, {number: 7, headSha: 'c0ffee', runsOnBase: true}],
    [
      'issue_comment',
      {issue: {number: 9, pull_request: {url: 'x'}}},
      {number: 9, headSha: undefined, runsOnBase: true},
    ],
  ])('%s', async (name, event, pull) => {
    expect(await read(event, name)).toEqual({kind: 'pull-request', pull: {owner: 'org', repo: 'app', ...pull}})
  })
})

describe('none', () => {
  test.each([
    ['push', {ref: 'refs/heads/main', deleted: false}],
    ['issue_comment', {issue: {number: 9}}],
    ['merge_group', {merge_group: {head_sha: 'c0ffee'}}],
    ['schedule', {}],
  ])('%s', async (name, event) => {
    expect(await read(event, name)).toEqual({kind: 'none', event: name})
  })

  test('without a runner', async () => {
    expect(await readPullRequest({})).toEqual({kind: 'none', event: ''})
  })
})

describe('unreadable', () => {
  test.each<[string, unknown, Readonly<Record<string, string>>, RegExp]>([
    ['no JSON', '{', {}, /^the event cannot be understood: not JSON/],
    ['a number that is none', {pull_request: {number: 'seven'}}, {}, /\$\.pull_request\.number/],
    ['no file', {}, {GITHUB_EVENT_PATH: '/nonexistent/event.json'}, /^the event cannot be read: .*ENOENT/],
    ['no repository', {pull_request: PULL}, {GITHUB_REPOSITORY: ''}, /^GITHUB_REPOSITORY is ""/],
    ['no repository name', {pull_request: PULL}, {GITHUB_REPOSITORY: 'org/app/x'}, /expected OWNER\/NAME/],
  ])('%s', async (_, event, env, reason) => {
    expect(await read(event, 'pull_request', env)).toEqual({kind: 'unreadable', reason: expect.stringMatching(reason)})
  })
})
