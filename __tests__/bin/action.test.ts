import {execFile} from 'node:child_process'
import {cp, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {beforeAll, describe, expect, test} from '@jest/globals'
import {gitBlobId} from '../../src/workspace/checked-out.ts'
import {FORBIDDEN, type GitHubServer, type GitHubServerOptions, startGitHubServer} from '../support/github-server.ts'
import {startProxyServer} from '../support/proxy-server.ts'
import {startAction} from '../support/start-action.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'

// The action as the runner starts it, as a bundle and from its sources, and GitHub's API in this
// process. No engine and no network is needed.

const REPOSITORY = new URL('../..', import.meta.url).pathname
let folder = ''
beforeAll(async () => {
  folder = temporaryFolder('dist')
  await promisify(execFile)(process.execPath, ['--no-warnings', 'scripts/build.ts', join(folder, 'dist')], {
    cwd: REPOSITORY,
  })
}, 300_000)

const EVENT = {pull_request: {number: 7, head: {sha: 'c0ffee'}}}
const BAD = {image: 'oci:examples/mismatch', comment: 'on-failure'}
const GOOD = {image: 'oci:examples/match', comment: 'on-failure'}

async function withServer(options: GitHubServerOptions, body: (server: GitHubServer) => Promise<void>): Promise<void> {
  const server = await startGitHubServer(options)
  try {
    await body(server)
  } finally {
    await server.stop()
  }
}

describe.each(['bundle', 'source'])('from its %s', from => {
  const start = (server: GitHubServer, inputs: Readonly<Record<string, string>>, env = {}) =>
    startAction({
      program: from === 'bundle' ? join(folder, 'dist/action.mjs') : 'src/bin/action.ts',
      inputs,
      env: {GITHUB_API_URL: server.url, ...env},
      event: EVENT,
    })

  test('policy: a file of the workspace suppresses, and inputs that are written win over it', async () => {
    const policy = [
      'version: 1',
      'defaults: {scope: entrypoint}',
      'suppressions:',
      '  - {rule: wrong-machine, image: oci:examples/*, reason: started by box64, until: 2099-12-31}',
      '',
    ].join('\n')
    await withServer({}, async server => {
      const run = (inputs: Readonly<Record<string, string>>) =>
        startAction({
          program: from === 'bundle' ? join(folder, 'dist/action.mjs') : 'src/bin/action.ts',
          inputs: {image: 'oci:examples/mismatch', ...inputs},
          env: {GITHUB_API_URL: server.url},
          workspace: {'.verify-image-arch.yml': policy, 'wrong.yml': 'version: 1\nimages: [{match: a, scop: b}]\n'},
        })
      const suppressed = await run({policy: '.verify-image-arch.yml'})
      expect(suppressed.exitCode).toBe(0)
      expect(suppressed.summary).toContain('is suppressed')
      expect(suppressed.log).toContain('started by box64')
      expect(suppressed.log).not.toContain('scanned 1 file')
      expect((await run({policy: '.verify-image-arch.yml', scope: 'image'})).log).toContain('scanned 1 file')
      // It is there, and nobody named it.
      expect((await run({})).exitCode).toBe(1)
      const wrong = await run({policy: 'wrong.yml'})
      expect(wrong.exitCode).toBe(1)
      expect(wrong.log).toContain('wrong.yml:2:21: images[0]: there is no key "scop"; did you mean scope?')
      expect((await run({policy: '../output'})).log).toContain('it is not in the workspace')
    })
  })

  test('a comment is made of a failure, and told when it passes', async () => {
    await withServer({}, async server => {
      const failed = await start(server, BAD)
      expect(failed.exitCode).toBe(1)
      expect(failed.log).toContain('The comment on pull request #7 is created.')
      expect(server.comments).toMatchObject([{login: 'github-actions', isBot: true}])
      expect(server.comments[0]?.body).toContain('❌ linux/arm64 would not start: ')
      expect(server.comments[0]?.body).toContain(
        'From [this run](https://github.com/org/app/actions/runs/42) of `c0ffee`.',
      )
      // Also the same image, mended: the path is what it is known by.
      const again = await start(server, {...BAD, rules: 'identical-platforms=off,wrong-machine=off'})
      expect(again.exitCode).toBe(0)
      expect(again.log).toContain('The comment on pull request #7 is updated.')
      expect(server.comments).toHaveLength(1)
      expect(server.comments[0]?.body).toMatch(/⚠️ Passed, but .*wrong-machine is off.*This check passes now\./s)
      // The runner is told that the token is a secret.
      expect(again.commands).toContainEqual(expect.objectContaining({data: 'ghs_the_token_of_the_run'}))
    })
  })

  test('what passes from the start has none', async () => {
    await withServer({}, async server => {
      const {exitCode, output} = await start(server, GOOD)
      expect(exitCode).toBe(0)
      expect(output).toContain('true')
      expect(server.comments).toEqual([])
      expect(server.requests.map(({what}) => what)).toEqual(['files', 'find'])
    })
  })

  test('the token of a fork: a warning, and what is verified stays so', async () => {
    await withServer({fault: () => FORBIDDEN}, async server => {
      const {exitCode, log} = await start(server, {...GOOD, comment: 'always'})
      expect(exitCode).toBe(0)
      expect(log).toMatch(/^::warning title=No comment on the pull request::.*status 403.*pull-requests: write/m)
      expect(log.replaceAll('::add-mask::ghs_the_token_of_the_run', '')).not.toContain('ghs_the_token')
    })
  })
})

describe('the changes that are suggested', () => {
  const text = 'FROM scratch\nRUN GOARCH=amd64 go build\n'
  const sha = gitBlobId(Buffer.from(text), '')
  const files = [
    {
      filename: 'Dockerfile',
      status: 'modified',
      sha,
      patch: '@@ -1 +1,2 @@\n FROM scratch\n+RUN GOARCH=amd64 go build',
    },
  ]
  const start = (server: GitHubServer, workspace: Readonly<Record<string, string>>, inputs = {}) =>
    startAction({
      program: join(folder, 'dist/action.mjs'),
      inputs: {platforms: 'linux/amd64,linux/arm64', suggest: 'true', dockerfile: 'Dockerfile', ...inputs},
      env: {GITHUB_API_URL: server.url},
      event: EVENT,
      workspace,
    })

  test('stand in one review, which the next run leaves alone', async () => {
    await withServer({files}, async server => {
      const {log} = await start(server, {Dockerfile: text})
      expect(log).toContain('Suggestions on pull request #7: 1 made, 0 kept, 0 removed.')
      expect(server.reviews.threads).toMatchObject([{path: 'Dockerfile', line: 2, startLine: null}])
      const suggested = '```suggestion\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build\n```'
      expect(server.reviews.threads[0]?.body).toContain(suggested)
      expect(server.reviews.reviews.map(({body}) => body)).toEqual([expect.stringContaining('suggests 1 change')])
      expect((await start(server, {Dockerfile: text})).log).toContain('0 made, 1 kept, 0 removed.')
      expect(server.reviews.reviews).toHaveLength(1)
    })
  })

  test('are not made of a file that the pull request has otherwise, and not without the input', async () => {
    await withServer({files}, async server => {
      const {log} = await start(server, {Dockerfile: `# checked out is something else\n${text}`})
      expect(log).toContain('0 made, 0 kept, 0 removed; 1 on lines that the pull request does not change.')
      await start(server, {Dockerfile: text}, {suggest: 'false'})
      expect(server.reviews.threads).toEqual([])
    })
  })

  test('the token of a fork: a warning', async () => {
    await withServer({files, fault: ({what}) => (what === 'review' ? FORBIDDEN : undefined)}, async server => {
      const {log} = await start(server, {Dockerfile: text})
      expect(log).toMatch(/^::warning title=No suggestion on the pull request::.*pull-requests: write/m)
    })
  })
})

describe('a pull request that changes a Dockerfile, and no image', () => {
  const text = 'ARG TARGETARCH=amd64\nFROM scratch\nARG TARGETARCH\nCOPY $TARGETARCH /app\n'
  const start = (server: GitHubServer, files: Readonly<Record<string, string>>, event: unknown = EVENT) =>
    startAction({
      program: join(folder, 'dist/action.mjs'),
      inputs: {platforms: 'linux/amd64,linux/arm64', comment: 'on-failure'},
      env: {GITHUB_API_URL: server.url},
      event,
      workspace: files,
    })
  const changed = (filename: string) => ({filename, status: 'modified', sha: '1'.repeat(40)})

  test('is told which line is wrong, where the line is', async () => {
    await withServer({files: [changed('Dockerfile'), changed('main.go')]}, async server => {
      const {exitCode, commands, output} = await start(server, {Dockerfile: text})
      expect(exitCode).toBe(1)
      expect(commands).toContainEqual(
        expect.objectContaining({
          name: 'error',
          properties: expect.objectContaining({file: 'Dockerfile', line: '1'}),
        }),
      )
      expect(output).not.toContain('true')
      expect(server.comments[0]?.body).toContain('platform-arg-default')
    })
  })

  test('that is mended has a comment that says so; where it changes none any more, too', async () => {
    const files = [changed('Dockerfile')]
    await withServer({files}, async server => {
      await start(server, {Dockerfile: text})
      expect((await start(server, {Dockerfile: text.replace('=amd64', '')})).exitCode).toBe(0)
      expect(server.comments.map(({body}) => body)).toEqual([expect.stringContaining('This check passes now.')])
      files.pop()
      const {exitCode, log} = await start(server, {Dockerfile: text})
      expect(exitCode).toBe(0)
      expect(log).toContain('::notice title=Nothing to check::')
      expect(server.comments.map(({body}) => body)).toEqual([expect.stringContaining('## Nothing to check')])
    })
  })

  test('that is not checked out could not be checked', async () => {
    await withServer({files: [changed('Dockerfile')]}, async server => {
      const {exitCode, log} = await start(server, {})
      expect(exitCode).toBe(1)
      expect(log).toMatch(/Could not check: Dockerfile is changed by the pull request and is not in the workspace/)
    })
  })
})

describe('post', () => {
  // What main was killed before: it may have saved nothing, and its inputs are there all the same.
  test.each(['bundle', 'source'])(
    'where main saved nothing does nothing (%s)',
    async from => {
      const program = from === 'bundle' ? join(folder, 'dist/post.mjs') : 'src/bin/post.ts'
      const {exitCode, log, output} = await startAction({program, inputs: {image: 'oci:examples/mismatch'}})
      expect({exitCode, log, output}).toEqual({exitCode: 0, log: '', output: ''})
    },
    30_000,
  )

  test('tells of a daemon that is gone, and fails nobody', async () => {
    const {exitCode, log} = await startAction({
      program: join(folder, 'dist/post.mjs'),
      inputs: {},
      env: {STATE_run: 'run', STATE_daemon: 'used', STATE_pulls: '["app@sha256:1"]', PATH: '/nonexistent'},
    })
    expect(exitCode).toBe(0)
    expect(log).toMatch(/^::warning::Could not remove what the check left in the Docker daemon: .*docker/)
  })
})

describe('the bundle', () => {
  const program = (): string => join(folder, 'dist/action.mjs')

  test('that speaks to GitHub is not loaded where nobody asks for it', async () => {
    await cp(join(folder, 'dist'), join(folder, 'without'), {recursive: true})
    await rm(join(folder, 'without/github.mjs'))
    const without = join(folder, 'without/action.mjs')
    const silent = await startAction({program: without, inputs: {image: 'oci:examples/match'}})
    expect([silent.exitCode, silent.log.includes('github.mjs')]).toEqual([0, false])
    const asked = await startAction({program: without, inputs: {...GOOD, comment: 'always'}, event: EVENT})
    expect(asked.exitCode).toBe(0)
    expect(asked.log).toMatch(/^::warning title=No comment.*github\.mjs/m)
  })

  test('goes through the proxy of the environment', async () => {
    await withServer({}, async server => {
      const proxy = await startProxyServer({target: new URL(server.url).host, credentials: 'user:pass'})
      try {
        const {log} = await startAction({
          program: program(),
          inputs: {...GOOD, comment: 'always'},
          event: EVENT,
          env: {GITHUB_API_URL: 'http://api.github.test', HTTP_PROXY: proxy.url},
        })
        expect(log).toContain('The comment on pull request #7 is created.')
        expect(proxy.asked[0]).toBe('CONNECT api.github.test:80')
        expect(server.comments).toHaveLength(1)
      } finally {
        await proxy.stop()
      }
    })
  })
})
