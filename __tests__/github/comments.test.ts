import {describe, expect, test} from '@jest/globals'
import {FORBIDDEN, type GitHubFault, GRAPHQL_FORBIDDEN} from '../support/github-server.ts'
import {PULL, SHORT, withGitHub} from './fixtures.ts'

const MARKER = '<!-- verify-image-arch:0123 -->'
const sticky = (text: string, create = true) => ({marker: MARKER, body: `${MARKER}\n${text}`, create})

describe('one comment', () => {
  test('is created, left alone where nothing is new, and brought up to date in its place', async () => {
    await withGitHub({}, async (server, open) => {
      const github = open()
      expect(await github.comment(PULL, sticky('one'))).toEqual({ok: true, value: 'created'})
      server.write('jane', 'a word between')
      expect(await github.comment(PULL, sticky('one'))).toEqual({ok: true, value: 'unchanged'})
      expect(await github.comment(PULL, sticky('two'))).toEqual({ok: true, value: 'updated'})
      expect(await github.comment(PULL, sticky('three', false))).toEqual({ok: true, value: 'updated'})
      expect(server.comments.map(({body}) => body)).toEqual([sticky('three').body, 'a word between'])
    })
  })

  test('is not made where none is to be made', async () => {
    await withGitHub({}, async (server, open) => {
      expect(await open().comment(PULL, sticky('fine', false))).toEqual({ok: true, value: 'none'})
      expect(server.requests.map(({what}) => what)).toEqual(['find'])
    })
  })

  test('is found on the third page', async () => {
    await withGitHub({}, async (server, open) => {
      for (let count = 0; count < 250; count += 1) server.write('jane', `word ${count}`)
      server.write('github-actions', sticky('old').body, true)
      expect(await open().comment(PULL, sticky('new'))).toEqual({ok: true, value: 'updated'})
      expect(server.requests.map(({what}) => what)).toEqual(['find', 'find', 'find', 'update'])
      expect(server.comments).toHaveLength(251)
    })
  })

  test.each([
    ['of somebody', 'jane', false, sticky('forged').body],
    ['of somebody who is called like the bot', 'github-actions', false, sticky('forged').body],
    ['of another bot', 'renovate', true, sticky('forged').body],
    ['of somebody who left', '', false, sticky('forged').body],
    ['of ours with another marker', 'github-actions', true, `<!-- verify-image-arch:4567 -->\n${MARKER}`],
    ['of ours that quotes it', 'github-actions', true, `> ${MARKER}`],
  ])('a comment %s is not touched', async (_, login, isBot, body) => {
    await withGitHub({knowsAuthors: false}, async (server, open) => {
      server.write(login, body, isBot)
      expect(await open().comment(PULL, sticky('ours'))).toEqual({ok: true, value: 'created'})
      expect(server.comments.map(comment => comment.body)).toEqual([body, sticky('ours').body])
    })
  })

  test.each([
    ['says so', 'jane', true],
    ['is the bot of workflows, which does not', 'github-actions[bot]', false],
  ])('is ours where the server %s', async (_, viewer, knowsAuthors) => {
    await withGitHub({viewer, knowsAuthors}, async (server, open) => {
      await open().comment(PULL, sticky('one'))
      await open().comment(PULL, sticky('two'))
      expect(server.comments).toHaveLength(1)
    })
  })

  test('on an Enterprise Server, whose API has another address', async () => {
    await withGitHub({}, async (server, open) => {
      const github = open({apiUrl: `${server.url}/api/v3`})
      expect(await github.comment(PULL, sticky('one'))).toEqual({ok: true, value: 'created'})
      expect(server.requests.map(({url}) => url)).toEqual(['/api/graphql', '/api/graphql'])
      expect(server.requests[0]?.headers).toMatchObject({
        authorization: 'token ghs_token',
        'user-agent': expect.stringContaining('verify-image-arch'),
      })
    })
  })
})

describe('what may pass is asked for again', () => {
  const UNAVAILABLE = {kind: 'answer', status: 502, body: '<html>bad gateway</html>'} as const
  const limited = (headers: Readonly<Record<string, string>>): GitHubFault => ({
    kind: 'answer',
    status: 403,
    headers,
    body: JSON.stringify({message: 'You have exceeded a secondary rate limit.'}),
  })
  test.each<[string, GitHubFault, number]>([
    ['500', {kind: 'answer', status: 500, body: '{}'}, 750],
    ['502 with a page', UNAVAILABLE, 750],
    ['a connection that ends', {kind: 'drop'}, 750],
    ['no answer', {kind: 'hang'}, 750],
    ['429', {kind: 'answer', status: 429, headers: {'retry-after': '7'}, body: '{}'}, 7000],
    ['a second rate limit', limited({'retry-after': '30'}), 30_000],
    ['a second rate limit without a time', limited({}), 750],
    ['what is no JSON', {kind: 'answer', status: 200, body: '{"data": {'}, 750],
    ['what is not what was asked for', {kind: 'answer', status: 200, body: '{"data": {"viewer": {}}}'}, 750],
    [
      'a GraphQL limit',
      {kind: 'answer', status: 200, body: '{"data":null,"errors":[{"type":"RATE_LIMITED","message":"limit"}]}'},
      750,
    ],
  ])('%s', async (_, fault, pause) => {
    await withGitHub({fault: (_request, count) => (count === 1 ? fault : undefined)}, async (server, open) => {
      const github = open(fault.kind === 'hang' ? SHORT : {})
      expect(await github.comment(PULL, sticky('one'))).toEqual({ok: true, value: 'created'})
      expect(github.clock.pauses).toEqual([pause])
      expect(server.comments).toHaveLength(1)
    })
  })

  test('an answer that was lost does not make two comments of one', async () => {
    const fault = ({what}: {readonly what: string}, count: number): GitHubFault | undefined =>
      what === 'create' && count === 2 ? {kind: 'lost'} : undefined
    await withGitHub({fault}, async (server, open) => {
      expect(await open().comment(PULL, sticky('one'))).toEqual({ok: true, value: 'unchanged'})
      expect(server.comments).toHaveLength(1)
    })
  })
})

describe('what does not pass is a problem in words', () => {
  const soon = String(Math.floor(Date.now() / 1000) + 3600)
  test.each<[string, GitHubFault, RegExp, number]>([
    [
      '403',
      FORBIDDEN,
      /refuses it \(status 403, Resource not accessible.*permission pull-requests: write, which a run for a fork never has$/,
      1,
    ],
    ['403 of GraphQL', GRAPHQL_FORBIDDEN, /refuses it \(.*Resource not accessible.*pull-requests: write/, 1],
    [
      '401',
      {kind: 'answer', status: 401, body: '{"message":"Bad credentials"}'},
      /refuses it \(status 401, Bad credentials/,
      1,
    ],
    ['404', {kind: 'answer', status: 404, body: '{"message":"Not Found"}'}, /does not have it, or does not show it/, 1],
    ['422', {kind: 'answer', status: 422, body: '{"message":"Validation Failed"}'}, /status 422, Validation Failed/, 1],
    ['500 for good', {kind: 'answer', status: 500, body: '{}'}, /does not answer as it should \(status 500/, 5],
    ['no connection for good', {kind: 'drop'}, /does not answer as it should/, 5],
    ['what is no JSON for good', {kind: 'answer', status: 200, body: 'hello'}, /cannot be understood: \$/, 5],
    [
      'a limit for an hour',
      {
        kind: 'answer',
        status: 403,
        headers: {'x-ratelimit-remaining': '0', 'x-ratelimit-reset': soon},
        body: '{"message":"API rate limit exceeded"}',
      },
      /rate limit is used up \(status 403, API rate limit exceeded/,
      1,
    ],
    [
      'a limit for two minutes',
      {kind: 'answer', status: 429, headers: {'retry-after': '120'}, body: '{}'},
      /rate limit/,
      1,
    ],
  ])('%s', async (_, fault, problem, requests) => {
    await withGitHub({fault: () => fault}, async (server, open) => {
      const github = open()
      expect(await github.comment(PULL, sticky('one'))).toEqual({ok: false, problem: expect.stringMatching(problem)})
      expect(server.requests).toHaveLength(requests)
      expect(github.clock.pauses.reduce((sum, pause) => sum + pause, 0)).toBeLessThanOrEqual(120_000)
    })
  })

  test('limits one after the other are not waited for longer than two minutes', async () => {
    const fault = (): GitHubFault => ({kind: 'answer', status: 429, headers: {'retry-after': '50'}, body: '{}'})
    await withGitHub({fault}, async (_, open) => {
      const github = open()
      expect(await github.comment(PULL, sticky('one'))).toMatchObject({ok: false})
      expect(github.clock.pauses).toEqual([50_000, 50_000])
    })
  })

  test('another pull request than there is', async () => {
    await withGitHub({}, async (_, open) => {
      const outcome = await open().comment({...PULL, repo: 'none'}, sticky('one'))
      expect(outcome).toEqual({ok: false, problem: expect.stringContaining('does not have it')})
    })
  })

  test('a run that is cancelled stops', async () => {
    await withGitHub({fault: () => ({kind: 'hang'})}, async (_, open) => {
      const controller = new AbortController()
      const writing = open({signal: controller.signal}).comment(PULL, sticky('one'))
      controller.abort()
      expect(await writing).toEqual({ok: false, problem: 'the run was cancelled'})
    })
  })

  test('the token is in no message', async () => {
    const fault = (): GitHubFault => ({kind: 'answer', status: 401, body: '{"message":"bad"}'})
    await withGitHub({fault}, async (_, open) => {
      expect(JSON.stringify(await open().comment(PULL, sticky('one')))).not.toContain('ghs_token')
    })
  })
})
