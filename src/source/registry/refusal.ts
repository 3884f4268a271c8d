import {SourceError, type SourceErrorCode} from '../../errors.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {defined} from '../../lib/defined.ts'
import {arrayOf, object, optional, parseJson, string} from '../../lib/json.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'

/**
 * What a registry says in the body of a refusal.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
 */
export interface Refusal {
  readonly status: number
  /** `MANIFEST_UNKNOWN: manifest unknown`; empty where nothing was said that can be understood. */
  readonly text: string
}

/** In bytes. */
const BODY_LIMIT = 64 * 1024
/** In characters. */
const TEXT_LIMIT = 300

const refusal = object({
  errors: optional(arrayOf(object({code: optional(string, ''), message: optional(string, '')})), []),
})

/**
 * Reads why a request was refused. Of a server that is not a registry nothing is repeated: an object
 * store quotes the request, keys and all.
 */
export async function readRefusal(response: HttpResponse, isRegistry: boolean): Promise<Refusal> {
  const {status} = response
  const silent = {status, text: ''}
  if (!isRegistry) {
    response.discard()
    return silent
  }
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of response.body()) {
      size += chunk.length
      if (size > BODY_LIMIT) return silent
      chunks.push(chunk)
    }
  } catch {
    return silent
  }
  const parsed = parseJson(concatBytes(chunks), refusal)
  if (!parsed.ok) return silent
  const text = parsed.value.errors
    .map(({code, message}) => [code, message].filter(part => part !== '').join(': '))
    .join('; ')
  return {status, text: plain(text)}
}

/** The refusal of `what` as an error. `absent` says what a 404 means for it. */
export function refused(
  what: string,
  url: URL,
  {status, text}: Refusal,
  options: {readonly absent: SourceErrorCode; readonly hint?: string | undefined},
): SourceError {
  const said = `status ${status}${text === '' ? '' : `, ${text}`}`
  const message = `${what} cannot be read from ${shownUrl(url)}: ${said}`
  const given = defined({hint: options.hint})
  if (status === 401 || status === 403) return new SourceError('denied', message, given)
  if (status === 404 || status === 410) return new SourceError(options.absent, message, given)
  return new SourceError('unavailable', message, {hint: statusHint(status), ...given})
}

/** What to do where a server answers with a status that is neither success nor a refusal. */
export function statusHint(status: number): string {
  if (status === 429) return 'Log in to the registry: anonymous pulls are limited.'
  if (status >= 500) return 'The registry fails: look at its status page or its log, and run the check again.'
  return 'This is not how a registry answers: check the name, and what is in front of it (a proxy, a load balancer).'
}

/** What a server wrote, on one line and of a length that fits into a message. */
function plain(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim()
  return line.length > TEXT_LIMIT ? `${line.slice(0, TEXT_LIMIT)}…` : line
}
