import {arrayOf, boolean, count, object, optional, required, string} from '../lib/json.ts'
import type {GitHubClient} from './client.ts'
import {isOurs, viewer, written} from './ours.ts'
import {pageInfo, pagesOf} from './pages.ts'
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
  const pages = pagesOf(
    after => client.graphql(THREADS, {owner, repo, number, after}, foundThreads),
    ({repository}) => repository.pullRequest.reviewThreads.pageInfo,
  )
  for await (const {viewer: self, repository} of pages) {
    const {nodes} = repository.pullRequest.reviewThreads
    for (const {isResolved, isOutdated, path: file, line, startLine, comments} of nodes) {
      const [first] = comments.nodes
      if (first === undefined || !first.body.startsWith(marker) || !isOurs(first, self.login)) continue
      const endLine = isOutdated ? undefined : line
      threads.push({...{id: first.id, body: first.body, file, endLine, isResolved}, line: startLine ?? line})
    }
  }
  return threads
}

/** Our review, where there is one. */
export async function findReview(client: GitHubClient, {owner, repo, number}: PullRequest, marker: string) {
  const pages = pagesOf(
    after => client.graphql(REVIEWS, {owner, repo, number, after}, foundReviews),
    ({repository}) => repository.pullRequest.reviews.pageInfo,
  )
  for await (const {viewer: self, repository} of pages) {
    const {nodes} = repository.pullRequest.reviews
    const review = nodes.find(node => node.body.startsWith(marker) && isOurs(node, self.login))
    if (review !== undefined) return review
  }
  return undefined
}

export async function updateReview(client: GitHubClient, id: string, body: string): Promise<void> {
  await client.graphql(UPDATE, {id, body}, anything)
}

export async function deleteComment(client: GitHubClient, id: string): Promise<void> {
  await client.graphql(DELETE, {id}, anything)
}
