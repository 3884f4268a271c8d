import type {Result} from '../lib/result.ts'
import {type ChangedDockerfiles, findChangedDockerfiles} from './changed-dockerfiles.ts'
import {createGitHubClient, type GitHubOptions} from './client.ts'
import {type CommentOutcome, putComment, type StickyComment} from './comments.ts'
import type {PullRequest} from './pull-request.ts'
import {putReview, type ReviewOutcome, type StickyReview} from './reviews.ts'

/**
 * What is done at GitHub about one pull request. Nothing here throws: what does not work is a
 * problem in words, and no job fails of it.
 */
export interface GitHub {
  comment(pull: PullRequest, comment: StickyComment): Promise<Result<CommentOutcome>>
  review(pull: PullRequest, workspace: string, review: StickyReview): Promise<Result<ReviewOutcome>>
  changedDockerfiles(pull: PullRequest, workspace: string): Promise<ChangedDockerfiles>
}

/**
 * Opens GitHub's API. This file is a bundle of its own (dist/github.mjs), loaded only where it is requested:
 * @actions/github brings an HTTP client that is larger than all the rest.
 */
export function openGitHub(options: GitHubOptions): GitHub {
  const client = createGitHubClient(options)
  return {
    comment: (pull, comment) => putComment(client, pull, comment),
    review: (pull, workspace, review) => putReview(client, pull, workspace, review),
    changedDockerfiles: (pull, workspace) => findChangedDockerfiles(client, pull, workspace),
  }
}
