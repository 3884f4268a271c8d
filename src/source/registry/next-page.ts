import {SourceError} from '../../errors.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'

/**
 * The path and query of the next page, from `Link: </v2/_catalog?last=x&n=1000>; rel="next"` (RFC 8288); undefined
 * where there is none. Throws where it leads to another server, which has no say in what this registry holds.
 */
export function nextPage({header, url}: HttpResponse, what: string): string | undefined {
  for (const [, target = '', parameters = ''] of (header('link') ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*(?:"(?:[^"]*\s)?next(?:\s[^"]*)?"|next\b)/i.test(parameters)) continue
    const next = URL.canParse(target, url.href) ? new URL(target, url) : undefined
    if (next === undefined || next.origin !== url.origin) {
      const where = next === undefined ? 'something that is not a URL' : shownUrl(next)
      throw new SourceError('unavailable', `${what}: the next page of ${shownUrl(url)} is said to be at ${where}`, {
        hint: 'Check the settings of the registry, and of what is in front of it (a proxy, a load balancer).',
      })
    }
    return `${next.pathname}${next.search}`
  }
  return undefined
}
