import {arrayOf, object, required, string} from '../lib/json.ts'
import type {Result} from '../lib/result.ts'
import type {GitHubClient} from './client.ts'
import {isOurs, viewer, WRITES, written} from './ours.ts'
import {pageInfo, pagesOf} from './pages.ts'
import type {PullRequest} from './pull-request.ts'

/** A comment of which there is one on a pull request, whatever runs. */
export interface StickyComment {
  /** What the comment is found by: the body begins with it, and no other comment's does. */
  readonly marker: string
  readonly body: string
  /** Whether it is made where there is none; if not, one that is there is only brought up to date. */
  readonly create: boolean
}

/** What has become of it. `none`: there is none, and none was to be made. */
export type CommentOutcome = 'created' | 'updated' | 'unchanged' | 'none'

// Only GraphQL says whether a comment is ours, also to the token of a workflow, which may not ask who it is by REST.
const FIND = `query ($owner: String!, $repo: String!, $number: Int!, $after: String) {
  viewer { login }
  repository(owner: $owner, name: $repo) {
    pullRequest(number: $number) {
      id
      comments(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id body viewerDidAuthor author { __typename login } }
      }
    }
  }
}`
const CREATE = `mutation ($subject: ID!, $body: String!) {
  addComment(input: {subjectId: $subject, body: $body}) { clientMutationId }
}`
const UPDATE = `mutation ($id: ID!, $body: String!) {
  updateIssueComment(input: {id: $id, body: $body}) { clientMutationId }
}`

const found = object({
  viewer,
  repository: required(
    object({
      pullRequest: required(
        object({id: required(string), comments: required(object({pageInfo, nodes: required(arrayOf(written))}))}),
      ),
    }),
  ),
})

const anything = object({})

/**
 * Creates the comment, or brings it up to date in its place. A comment that somebody else wrote is never touched,
 * whatever it begins with: anybody may write a marker. Throws nothing; the problem is one for a warning.
 */
export function putComment(
  client: GitHubClient,
  pull: PullRequest,
  {marker, body, create}: StickyComment,
): Promise<Result<CommentOutcome>> {
  // A request that broke off may have done its work: each further try looks first.
  return client.attempt(WRITES, async () => {
    const {subject, comment} = await findComment(client, pull, marker)
    if (comment) {
      if (comment.body === body) return 'unchanged'
      await client.graphql(UPDATE, {id: comment.id, body}, anything)
      return 'updated'
    }
    if (!create) return 'none'
    await client.graphql(CREATE, {subject, body}, anything)
    return 'created'
  })
}

async function findComment(client: GitHubClient, {owner, repo, number}: PullRequest, marker: string) {
  const pages = pagesOf(
    after => client.graphql(FIND, {owner, repo, number, after}, found),
    ({repository}) => repository.pullRequest.comments.pageInfo,
  )
  let subject = ''
  for await (const {viewer: self, repository} of pages) {
    const {id, comments} = repository.pullRequest
    subject = id
    const comment = comments.nodes.find(node => node.body.startsWith(marker) && isOurs(node, self.login))
    if (comment) return {subject, comment}
  }
  return {subject, comment: undefined}
}
