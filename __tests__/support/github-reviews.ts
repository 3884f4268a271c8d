/** A comment on lines, the first of its thread. */
export interface KeptThread {
  readonly id: string
  body: string
  readonly login: string
  readonly isBot: boolean
  readonly path: string
  readonly line: number
  readonly startLine: number | null
  isResolved: boolean
  isOutdated: boolean
}

export interface KeptReview {
  readonly id: string
  body: string
  readonly login: string
  readonly isBot: boolean
}

interface WrittenComment {
  readonly path: string
  readonly body: string
  readonly line: number
  readonly side: string
  readonly start_line?: number
  readonly start_side?: string
}

/** The reviews of one pull request as GitHub keeps them; `patches`: what it changes, by file. */
export interface Reviews {
  readonly reviews: KeptReview[]
  readonly threads: KeptThread[]
  graphql(query: string, variables: Readonly<Record<string, unknown>>, viewer: string): unknown
  /** The answer to a POST, or undefined where nothing stands at the path. */
  post(path: string, body: string, viewer: string): {readonly status: number; readonly value: unknown} | undefined
}

const NOT_FOUND = {errors: [{type: 'NOT_FOUND', message: 'no such node'}]}
const INVALID = {status: 422, value: {message: 'Validation Failed', errors: ['line must be part of the diff']}}
const DONE = {data: {done: {clientMutationId: null}}}

export function keepReviews(patches: ReadonlyMap<string, string>, knowsAuthors: boolean): Reviews {
  const reviews: KeptReview[] = []
  const threads: KeptThread[] = []
  const who = (viewer: string) => ({login: viewer.replace(/\[bot\]$/, ''), isBot: viewer.endsWith('[bot]')})
  const isInDiff = ({path, line, start_line: start = line, side}: WrittenComment): boolean =>
    side === 'RIGHT' && shownLines(patches.get(path) ?? '').some(lines => lines.has(line) && lines.has(start))
  const put = (comment: WrittenComment, viewer: string): void => {
    threads.push({
      ...{id: `PRRC_${threads.length + 1}`, body: comment.body, ...who(viewer), path: comment.path},
      ...{line: comment.line, startLine: comment.start_line ?? null, isResolved: false, isOutdated: false},
    })
  }
  const authored = ({id, body, login, isBot}: KeptReview | KeptThread, viewer: string) => ({
    ...{id, body, viewerDidAuthor: knowsAuthors && login === who(viewer).login},
    author: login === '' ? null : {__typename: isBot ? 'Bot' : 'User', login},
  })
  return {
    ...{reviews, threads},
    graphql: (query, variables, viewer) => {
      if (query.includes('updatePullRequestReview(')) {
        const review = reviews.find(({id}) => id === variables.id)
        if (review === undefined) return NOT_FOUND
        review.body = String(variables.body)
        return DONE
      }
      if (query.includes('deletePullRequestReviewComment(')) {
        const at = threads.findIndex(({id}) => id === variables.id)
        if (at < 0) return NOT_FOUND
        threads.splice(at, 1)
        return DONE
      }
      const ofThreads = query.includes('reviewThreads(')
      const nodes: unknown[] = ofThreads
        ? threads.map(thread => ({
            ...{isResolved: thread.isResolved, isOutdated: thread.isOutdated, path: thread.path},
            ...{line: thread.isOutdated ? null : thread.line, startLine: thread.startLine},
            comments: {nodes: [authored(thread, viewer)]},
          }))
        : reviews.map(review => authored(review, viewer))
      const start = Number(variables.after ?? 0)
      const hasNextPage = start + 100 < nodes.length
      const page = {pageInfo: {hasNextPage, endCursor: String(start + 100)}, nodes: nodes.slice(start, start + 100)}
      const pullRequest = ofThreads ? {reviewThreads: page} : {reviews: page}
      return {data: {viewer: {login: viewer}, repository: {pullRequest}}}
    },
    post: (path, body, viewer) => {
      if (path.endsWith('/pulls/7/comments')) {
        const comment: WrittenComment = JSON.parse(body)
        if (!isInDiff(comment)) return INVALID
        // Each stands in a review of its own, which says nothing.
        reviews.push({id: `PRR_${reviews.length + 1}`, body: '', ...who(viewer)})
        put(comment, viewer)
        return {status: 201, value: {id: threads.length}}
      }
      if (!path.endsWith('/pulls/7/reviews')) return undefined
      const review: {readonly body: string; readonly comments: readonly WrittenComment[]} = JSON.parse(body)
      if (!review.comments.every(isInDiff)) return INVALID
      reviews.push({id: `PRR_${reviews.length + 1}`, body: review.body, ...who(viewer)})
      for (const comment of review.comments) put(comment, viewer)
      return {status: 200, value: {id: reviews.length}}
    },
  }
}

/** The lines that each hunk shows of the file as it is now. */
function shownLines(patch: string): readonly ReadonlySet<number>[] {
  const hunks: Set<number>[] = []
  let line = 0
  for (const text of patch.split('\n')) {
    const start = /^@@ .*\+(\d+)/.exec(text)?.[1]
    if (start !== undefined) {
      line = Number(start)
      hunks.push(new Set())
    } else if (/^[+ ]/.test(text)) {
      hunks.at(-1)?.add(line)
      line += 1
    }
  }
  return hunks
}
