import {SourceError} from '../../errors.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'

/** https://html.spec.whatwg.org/multipage/syntax.html#writing: a doctype, or the root element. */
const PAGE = /^[\ufeff\s]*<(?:!doctype\s+html|html)[\s>]/i
/** In bytes. */
const START = 1024

/**
 * Throws where a web page stands in place of what was requested: a login page of a network, an error page of a proxy.
 * No document and no layer begins like one and is called HTML.
 */
export function refuseWebPage(what: string, response: HttpResponse, start: Uint8Array): void {
  if (!/^text\/html\b/i.test(response.header('content-type') ?? '')) return
  if (!PAGE.test(new TextDecoder().decode(start.subarray(0, START)))) return
  throw new SourceError('unavailable', `${what} cannot be read: ${shownUrl(response.url)} answers with a web page`, {
    hint: 'Something else answers in place of the registry: check its name, and whether a proxy or a login page is in front of it.',
  })
}
