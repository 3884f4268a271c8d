import {arrayOf, boolean, count, object, optional, required, string} from '../lib/json.ts'
import type {GitHubClient} from './client.ts'
import {author, isOurs, viewerDidAuthor} from './ours.ts'
import type {PullRequest} from './pull-request.ts'

/** A comment of ours on lines of a file, where its lines are now. */
export interface Thread {
  /** Of its first comment, which is ours. */
  readonly id: string
  readonly body: string
  readonly file: string
  readonly line: number | undefined
  readonly endLine: number | undefined
  readonly isResolved: boolean
}

/** A page has 100; who has more than this has them of others. */
const PAGES = 30

// Only GraphQL says which comments are ours, where their lines are now, and whether somebody resolved them.
const THREADS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          isResolved isOutdated path line startLine
          comments(first: 1) { nodes { id body viewerDidAuthor author { __typename login } } }
        }
      }
    }
  }
}`
const REVIEWS = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      reviews(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id body viewerDidAuthor author { __typename login } }
      }
    }
  }
}`
const UPDATE = `mutation ($id: ID!, $body: String!) {
  updatePullRequestReview(input: {pullRequestReviewId: $id, body: $body}) { clientMutationId }
}`
const DELETE = `mutation ($id: ID!) {
  deletePullRequestReviewComment(input: {id: $id}) { clientMutationId }
}`

const anything = object({})
const viewer = required(object({login: required(string)}))
const pageInfo = required(object({hasNextPage: required(boolean), endCursor: optional(string)}))
const written = object({id: required(string), body: required(string), viewerDidAuthor, author})

const foundThreads = object({
  viewer,
  repository: required(
    object({
      pullRequest: required(
        object({
          reviewThreads: required(
            object({
              pageInfo,
              nodes: required(
                arrayOf(
                  object({
                    isResolved: required(boolean),
                    isOutdated: optional(boolean, false),
                    path: required(string),
                    // Null where the lines are no more.
                    line: optional(count),
                    // Null of a single line.
                    startLine: optional(count),
                    comments: required(object({nodes: required(arrayOf(written))})),
                  }),
                ),
              ),
            }),
          ),
        }),
      ),
    }),
  ),
})

const foundReviews = object({
  viewer,
  repository: required(
    object({pullRequest: required(object({reviews: required(object({pageInfo, nodes: required(arrayOf(written))}))}))}),
  ),
})

/** Our comments on lines, in their order. What somebody else wrote is never among them, whatever it begins with. */
export async function findThreads(
  client: GitHubClient,
  {owner, repo, number}: PullRequest,
  marker: string,
): Promise<readonly Thread[]> {
  const threads: Thread[] = []
  let after: string | undefined
  for (let page = 1; page <= PAGES; page += 1) {
    const answer = await client.graphql(THREADS, {owner, repo, number, after: after ?? null}, foundThreads)
    const {pageInfo: info, nodes} = answer.repository.pullRequest.reviewThreads
    for (const {isResolved, isOutdated, path: file, line, startLine, comments} of nodes) {
      const [first] = comments.nodes
      if (first === undefined || !first.body.startsWith(marker) || !isOurs(first, answer.viewer.login)) continue
      const endLine = isOutdated ? undefined : line
      threads.push({...{id: first.id, body: first.body, file, endLine, isResolved}, line: startLine ?? line})
    }
    after = info.endCursor
    if (!info.hasNextPage || after === undefined) break
  }
  return threads
}

/** Our review, where there is one. */
export async function findReview(client: GitHubClient, {owner, repo, number}: PullRequest, marker: string) {
  let after: string | undefined
  for (let page = 1; page <= PAGES; page += 1) {
    const answer = await client.graphql(REVIEWS, {owner, repo, number, after: after ?? null}, foundReviews)
    const {pageInfo: info, nodes} = answer.repository.pullRequest.reviews
    const review = nodes.find(node => node.body.startsWith(marker) && isOurs(node, answer.viewer.login))
    after = info.endCursor
    if (review !== undefined || !info.hasNextPage || after === undefined) return review
  }
  return undefined
}

export async function updateReview(client: GitHubClient, id: string, body: string): Promise<void> {
  await client.graphql(UPDATE, {id, body}, anything)
}

export async function deleteComment(client: GitHubClient, id: string): Promise<void> {
  await client.graphql(DELETE, {id}, anything)
}
