import {boolean, object, optional, required, string} from '../lib/json.ts'

/** GitHub takes no more than 2,500 comments on an issue; a page has 100. */
const PAGES = 30

/** Of a connection of GraphQL: https://docs.github.com/graphql/guides/using-pagination-in-the-graphql-api */
export const pageInfo = required(object({hasNextPage: required(boolean), endCursor: optional(string)}))

interface PageInfo {
  readonly hasNextPage: boolean
  readonly endCursor?: string | undefined
}

/** The pages of a connection, one after the other, as long as somebody asks; at least one. */
export async function* pagesOf<Page>(
  ask: (after: string | null) => Promise<Page>,
  infoOf: (page: Page) => PageInfo,
): AsyncGenerator<Page> {
  let after: string | null = null
  for (let at = 0; at < PAGES; at += 1) {
    const page = await ask(after)
    yield page
    const {hasNextPage, endCursor} = infoOf(page)
    if (!hasNextPage || endCursor === undefined) return
    after = endCursor
  }
}
