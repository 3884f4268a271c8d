import {SourceError} from '../../errors.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {isObject} from '../../lib/is-object.ts'
import {fail, ok, type Result} from '../../lib/result.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'
import type {RegistryClient} from './client.ts'
import {nextPage} from './next-page.ts'
import {refused} from './refusal.ts'

/** In bytes: a thousand names of the longest kind have a quarter of it. */
const PAGE_LIMIT = 2 ** 20
/** More than any run checks. */
const NAMES_LIMIT = 100_000
/** How many names are asked for at once; a registry may give fewer. */
const AT_ONCE = 1000

/** What is listed, and where. */
export interface Listing {
  /** For messages: `the repositories of registry.example`. */
  readonly what: string
  /** `/v2/_catalog` */
  readonly path: string
  readonly of: 'repositories' | 'tags'
  /** What to do where the registry does not list it. */
  readonly hint: string
}

/**
 * The names that a registry lists, page by page. The next page is where the Link header says, on the same host, or the
 * listing fails: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-discovery
 */
export async function readListing(client: RegistryClient, {what, path, of, hint}: Listing): Promise<readonly string[]> {
  const found: string[] = []
  const asked = new Set<string>()
  for (let next: string | undefined = `${path}?n=${AT_ONCE}`; next !== undefined; ) {
    asked.add(next)
    const answer = await client.ask({path: next, what, headers: {accept: 'application/json'}})
    if (!answer.ok) {
      const isListed = ![401, 403, 404, 405].includes(answer.refusal.status)
      throw refused(what, answer.url, answer.refusal, {absent: 'not-found', hint: isListed ? answer.hint : hint})
    }
    const {response} = answer
    const names = parseNames(await readPage(response, what), of)
    if (!names.ok) {
      const why = `${shownUrl(response.url)} answers with something else: ${names.problem}`
      throw new SourceError('malformed', `${what}: ${why}`, {hint})
    }
    found.push(...names.value)
    if (found.length > NAMES_LIMIT) {
      throw new SourceError('unsupported', `${what} are more than ${NAMES_LIMIT}`, {
        hint: 'Name repositories one by one, or a part of them at a time.',
      })
    }
    next = nextPage(response, what)
    if (next !== undefined && asked.has(next)) {
      throw new SourceError(
        'malformed',
        `${what}: ${shownUrl(response.url)} names as the next page one that came before`,
      )
    }
  }
  return found
}

async function readPage(response: HttpResponse, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body()) {
    size += chunk.length
    if (size > PAGE_LIMIT) throw new SourceError('malformed', `${what}: a page has more than ${PAGE_LIMIT} bytes`)
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}

/** `{"name": "team/app", "tags": ["1", "2"]}`; of a repository whose tags are all gone some registries say `null`. */
function parseNames(bytes: Uint8Array, of: Listing['of']): Result<readonly string[]> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return fail('it is not JSON')
  }
  const names = isObject(value) ? value[of] : undefined
  if (names === null) return ok([])
  if (!Array.isArray(names)) return fail(`there is no list of ${of} in it`)
  return names.every(name => typeof name === 'string') ? ok(names) : fail(`its ${of} are not all names`)
}
