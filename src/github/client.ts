import {getOctokit} from '@actions/github'
import {type Decoder, decodeJson} from '../lib/json.ts'
import type {Result} from '../lib/result.ts'
import type {Clock} from '../net/clock.ts'
import {parseRetryAfter, pauseAfter} from '../net/retry.ts'
import {type ApiFailure, describeFailure, identifyFailure} from './failure.ts'

export interface GitHubOptions {
  readonly token: string
  /** `https://api.github.com`, or the API of a GitHub Enterprise Server: GITHUB_API_URL. */
  readonly apiUrl: string
  readonly signal: AbortSignal
  readonly clock: Clock
  /** In milliseconds: how long one request may take. 20 seconds unless tests say otherwise. */
  readonly requestLimit?: number | undefined
}

/** GitHub's API, through @actions/github: with the runner's proxies and its user agent. */
export interface GitHubClient {
  /** One query or mutation. Rejects with what Octokit throws; `attempt` understands it. */
  graphql<T>(query: string, variables: Readonly<Record<string, unknown>>, decode: Decoder<T>): Promise<T>
  /** One GET. */
  get<T>(route: string, parameters: Readonly<Record<string, unknown>>, decode: Decoder<T>): Promise<T>
  /** One POST; what it answers is not looked at. */
  post(route: string, parameters: Readonly<Record<string, unknown>>): Promise<void>
  /**
   * Does the work, for which the token needs a permission, and does it anew where the failure may pass, within two
   * minutes all together. Throws nothing.
   */
  attempt<T>(permission: string, work: () => Promise<T>): Promise<Result<T>>
}

const REQUEST_LIMIT_MS = 20_000
/** In milliseconds, for all that one `attempt` does. */
const ATTEMPT_LIMIT = 120_000

export function createGitHubClient(options: GitHubOptions): GitHubClient {
  const {token, apiUrl, signal, clock, requestLimit = REQUEST_LIMIT_MS} = options
  const octokit = getOctokit(token, {baseUrl: apiUrl.replace(/\/$/, ''), userAgent: 'verify-image-arch', log: SILENT})
  const request = () => ({signal: AbortSignal.any([signal, AbortSignal.timeout(requestLimit)])})
  return {
    graphql: async (query, variables, decode) => {
      const answer: unknown = await octokit.graphql(query, {...variables, request: request()})
      return understood(answer, decode)
    },
    get: async (route, parameters, decode) => {
      const {data}: {readonly data: unknown} = await octokit.request(`GET ${route}`, {
        ...parameters,
        request: request(),
      })
      return understood(data, decode)
    },
    post: async (route, parameters) => {
      await octokit.request(`POST ${route}`, {...parameters, request: request()})
    },
    attempt: async (permission, work) => {
      const start = clock.now()
      for (let attempt = 1; ; attempt += 1) {
        try {
          return {ok: true, value: await work()}
        } catch (thrown) {
          const failure = identifyFailure(thrown, signal)
          const pause = failure.mayPass ? pauseAfter(attempt, clock, parseRetryAfter(failure.retryAfter)) : undefined
          const isOver = pause === undefined || clock.now() - start + pause > ATTEMPT_LIMIT
          if (isOver) return {ok: false, problem: describeFailure(failure, permission)}
          const slept = await clock.sleep(pause, signal).then(
            () => true,
            () => false,
          )
          if (!slept) return {ok: false, problem: 'the run was cancelled'}
        }
      }
    },
  }
}

/**
 * Octokit would print of its own accord where an address of the API is deprecated:
 * nothing but this program writes to the log.
 */
const SILENT = {debug: () => {}, info: () => {}, warn: () => {}, error: () => {}}

function understood<T>(answer: unknown, decode: Decoder<T>): T {
  const decoded = decodeJson(answer, decode)
  if (decoded.ok) return decoded.value
  const failure: ApiFailure = {kind: 'malformed', text: decoded.problem, mayPass: true, retryAfter: undefined}
  throw Object.assign(new Error(decoded.problem), {failure})
}
