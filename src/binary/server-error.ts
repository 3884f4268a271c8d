import type {Identity} from './identity.ts'

/** What a server answered that was saved in place of a file. */
export interface ServerError {
  /** What the answer calls itself: `NoSuchKey`, `Not Found`; undefined where it does not say. */
  readonly says: string | undefined
  /** The status that it was surely or probably sent with. */
  readonly status: 401 | 403 | 404 | 429 | 500 | undefined
}

/**
 * Whether a file is an error page: HTML, an object store's error, an API's, or the bare line of a server. Undefined
 * for all else, other XML and JSON too.
 */
export function readServerError(identity: Identity): ServerError | undefined {
  switch (identity.kind) {
    case 'markup': {
      if (identity.language === 'xml' && identity.code === undefined) return undefined
      const says = identity.code ?? identity.title
      return {says, status: statusOf(says)}
    }
    case 'json':
      return identity.isError ? {says: identity.message, status: statusOf(identity.message)} : undefined
    case 'text':
      return identity.isError ? {says: identity.firstLine, status: statusOf(identity.firstLine)} : undefined
    default:
      return undefined
  }
}

const STATUSES: readonly (readonly [RegExp, NonNullable<ServerError['status']>])[] = [
  [/\b404\b|not ?found|no ?such ?(?:key|bucket|blob|file|object)/i, 404],
  [/\b403\b|forbidden|access ?denied/i, 403],
  [/\b401\b|unauthori[sz]ed|authentication ?required|bad credentials/i, 401],
  [/\b429\b|too many requests|rate limit/i, 429],
  [/\b50[0-4]\b|server error|bad gateway|unavailable|time-?out/i, 500],
]

function statusOf(says: string | undefined): ServerError['status'] {
  return STATUSES.find(([words]) => words.test(says ?? ''))?.[1]
}
