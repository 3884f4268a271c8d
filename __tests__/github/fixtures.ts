import {openGitHub} from '../../src/github/open.ts'
import type {PullRequest} from '../../src/github/pull-request.ts'
import {defined} from '../../src/lib/defined.ts'
import {type GitHubServer, type GitHubServerOptions, startGitHubServer} from '../support/github-server.ts'
import {testClock} from '../support/test-clock.ts'

export const PULL: PullRequest = {owner: 'org', repo: 'app', number: 7, headSha: 'c0ffee', runsOnBase: false}

export interface OpenOptions {
  readonly apiUrl?: string
  readonly signal?: AbortSignal
  /** In milliseconds, for a server that does not answer: a busy machine answers late. */
  readonly requestLimit?: number
}

/** What a server that hangs is waited for. */
export const SHORT: OpenOptions = {requestLimit: 2000}

/** Runs a test against a server; time does not pass while the client waits. */
export async function withGitHub(
  options: GitHubServerOptions,
  body: (server: GitHubServer, open: (more?: OpenOptions) => Opened) => Promise<void>,
): Promise<void> {
  const server = await startGitHubServer(options)
  try {
    await body(server, ({apiUrl = server.url, signal = new AbortController().signal, requestLimit} = {}) => {
      const clock = testClock()
      return {clock, ...openGitHub({token: 'ghs_token', apiUrl, signal, clock, ...defined({requestLimit})})}
    })
  } finally {
    await server.stop()
  }
}

type Opened = ReturnType<typeof openGitHub> & {readonly clock: ReturnType<typeof testClock>}
