import {once} from 'node:events'
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http'
import {keepReviews, type Reviews} from './github-reviews.ts'

/** A comment as GitHub keeps it. */
export interface KeptComment {
  readonly id: string
  body: string
  readonly login: string
  readonly isBot: boolean
}

export interface ChangedFileAnswer {
  readonly filename: string
  readonly status: string
  readonly sha: string
  readonly patch?: string
}

/**
 * How one request is answered instead. `drop`: the connection ends; `hang`: nothing comes; `lost`: the
 * work is done, and its answer is lost.
 */
export type GitHubFault =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body: string
    }
  | {readonly kind: 'drop'}
  | {readonly kind: 'hang'}
  | {readonly kind: 'lost'}

export interface GitHubServerOptions {
  /** Whose token it is: `github-actions[bot]` is a workflow's. */
  readonly viewer?: string
  readonly files?: readonly ChangedFileAnswer[]
  /** Whether comments say who wrote them to their writer: a server that does not is asked about the writer's name. */
  readonly knowsAuthors?: boolean
  /** Chosen for every request; the number counts all requests from 1. */
  fault?(request: SeenGitHubRequest, count: number): GitHubFault | undefined
}

export interface SeenGitHubRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** `find`, `create`, `update` for what is asked in GraphQL, `review` for what is posted, else `files`. */
  readonly what: string
}

/** The part of GitHub's API that this project speaks to, in this process: one pull request, org/app#7. */
export interface GitHubServer {
  readonly url: string
  readonly requests: readonly SeenGitHubRequest[]
  readonly comments: KeptComment[]
  readonly reviews: Reviews
  /** Somebody writes a comment. */
  write(login: string, body: string, isBot?: boolean): void
  stop(): Promise<void>
}

export const FORBIDDEN = {
  kind: 'answer',
  status: 403,
  body: JSON.stringify({
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest',
  }),
} as const
/** The same as GraphQL says it. */
export const GRAPHQL_FORBIDDEN = {
  kind: 'answer',
  status: 200,
  body: JSON.stringify({
    data: {addComment: null},
    errors: [{type: 'FORBIDDEN', path: ['addComment'], message: 'Resource not accessible by integration'}],
  }),
} as const

export async function startGitHubServer(options: GitHubServerOptions = {}): Promise<GitHubServer> {
  const {viewer = 'github-actions[bot]', files = [], knowsAuthors = true} = options
  const comments: KeptComment[] = []
  const requests: SeenGitHubRequest[] = []
  const patches = new Map(files.map(({filename, patch = ''}) => [filename, patch]))
  const reviews = keepReviews(patches, knowsAuthors)
  const own = viewer.replace(/\[bot\]$/, '')
  const write = (login: string, body: string, isBot = false): void => {
    comments.push({id: `IC_${comments.length + 1}`, body, login, isBot})
  }
  const graphql = (query: string, variables: Readonly<Record<string, unknown>>): unknown => {
    if (query.includes('addComment')) {
      if (variables.subject !== 'PR_7') return {errors: [{type: 'NOT_FOUND', message: 'no such node'}]}
      write(own, String(variables.body), viewer.endsWith('[bot]'))
      return {data: {addComment: {clientMutationId: null}}}
    }
    if (query.includes('updateIssueComment')) {
      const comment = comments.find(({id}) => id === variables.id)
      if (!comment) return {errors: [{type: 'NOT_FOUND', message: 'no such node'}]}
      comment.body = String(variables.body)
      return {data: {updateIssueComment: {clientMutationId: null}}}
    }
    if (/updatePullRequestReview\(|deletePullRequestReviewComment\(/.test(query)) {
      return reviews.graphql(query, variables, viewer)
    }
    if (variables.owner !== 'org' || variables.repo !== 'app' || variables.number !== 7) {
      return {data: {repository: null}, errors: [{type: 'NOT_FOUND', message: 'Could not resolve to a Repository'}]}
    }
    if (/reviewThreads\(|reviews\(/.test(query)) return reviews.graphql(query, variables, viewer)
    const start = Number(variables.after ?? 0)
    const page = comments.slice(start, start + 100)
    return {
      data: {
        viewer: {login: viewer},
        repository: {
          pullRequest: {
            id: 'PR_7',
            comments: {
              pageInfo: {
                hasNextPage: start + 100 < comments.length,
                endCursor: page.length === 0 ? null : String(start + page.length),
              },
              nodes: page.map(({id, body, login, isBot}) => ({
                id,
                body,
                viewerDidAuthor: knowsAuthors && login === own,
                author: login === '' ? null : {__typename: isBot ? 'Bot' : 'User', login},
              })),
            },
          },
        },
      },
    }
  }
  const answer = ({method, url, body}: SeenGitHubRequest): {readonly status: number; readonly value: unknown} => {
    const {pathname, searchParams} = new URL(url, 'http://server')
    if (pathname === '/graphql' || pathname === '/api/graphql') {
      const {query, variables} = JSON.parse(body)
      return {status: 200, value: graphql(query, variables)}
    }
    const posted = method === 'POST' ? reviews.post(pathname, body, viewer) : undefined
    if (posted !== undefined) return posted
    if (!/^(?:\/api\/v3)?\/repos\/org\/app\/pulls\/7\/files$/.test(pathname)) {
      return {status: 404, value: {message: 'Not Found', documentation_url: 'https://docs.github.com/rest'}}
    }
    const [size, page] = [Number(searchParams.get('per_page') ?? 30), Number(searchParams.get('page') ?? 1)]
    // GitHub lists 3,000 files and no more.
    return {status: 200, value: files.slice(0, 3000).slice((page - 1) * size, page * size)}
  }
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(Buffer.from(chunk))
    const {method = '', url = '', headers} = incoming
    const body = Buffer.concat(chunks).toString()
    const what = body.includes('addComment(') ? 'create' : body.includes('updateIssueComment(') ? 'update' : 'find'
    const isPost = method === 'POST' && !url.includes('graphql')
    const seen = {method, url, headers, body, what: isPost ? 'review' : url.includes('graphql') ? what : 'files'}
    requests.push(seen)
    const fault = options.fault?.(seen, requests.length)
    if (fault?.kind === 'hang') {
      await once(outgoing, 'close')
      return
    }
    if (fault?.kind === 'drop') {
      outgoing.destroy()
      return
    }
    const {status, value} = fault?.kind === 'answer' ? {status: fault.status, value: undefined} : answer(seen)
    if (fault?.kind === 'lost') {
      outgoing.destroy()
      return
    }
    const extra = fault?.kind === 'answer' ? fault.headers : undefined
    outgoing.writeHead(status, {'content-type': 'application/json; charset=utf-8', ...extra})
    outgoing.end(fault?.kind === 'answer' ? fault.body : JSON.stringify(value))
  }
  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    comments,
    reviews,
    write,
    stop: async () => {
      server.closeAllConnections()
      server.close()
      if (server.listening) await once(server, 'close')
    },
  }
}
