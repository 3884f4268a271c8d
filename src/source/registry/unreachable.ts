import {SourceError} from '../../errors.ts'
import type {NetworkError} from '../../net/network-error.ts'
import type {Endpoint} from './endpoint.ts'

/** That `what` cannot be read, because a registry gives no answer, or one that breaks off. */
export function unreachable(what: string, endpoint: Endpoint, error: NetworkError): SourceError {
  return new SourceError(
    'unavailable',
    `${what} cannot be read from ${endpoint.host}: ${error.message} (${error.code})`,
    {cause: error, hint: unreachableHint(endpoint, error)},
  )
}

/** What to do about a request without an answer. */
export function unreachableHint({host, insecure}: Pick<Endpoint, 'host' | 'insecure'>, error: NetworkError): string {
  const {code, message} = error
  if (/CERT|SELF_SIGNED|ISSUER|ALTNAME|VERIFY/.test(code)) {
    if (message.startsWith('the proxy ')) return "Put the proxy's authority into NODE_EXTRA_CA_CERTS."
    return `Put the registry's authority into /etc/docker/certs.d/${host}/ca.crt or NODE_EXTRA_CA_CERTS.`
  }
  // What OpenSSL says of an answer that begins with `HTTP/1.1 400`.
  const speaksPlain =
    !insecure && /WRONG_VERSION_NUMBER|wrong version number|PACKET_LENGTH_TOO_LONG/.test(code + message)
  if (speaksPlain) {
    return `It answers in plain HTTP: allow ${host} with insecure-registries (--insecure-registry) if that is meant.`
  }
  if (message.startsWith('the proxy ')) return PROXY
  return HINTS.find(([codes]) => codes.test(code))?.[1] ?? UNSTABLE
}

const UNSTABLE = `Run the check again; where that does not help, look at the registry's log and at the proxies in between.`

const PROXY = 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and what the proxy allows.'

/** By the codes of node:dns, node:net and its HTTP parser (`HPE_`), and our own. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, "Check the registry's name, and whether this machine finds names and needs a proxy."],
  [/^ECONNREFUSED$/, 'Nothing listens there: check the name and the port of the registry, and that it runs.'],
  [/^(?:E(?:NET|HOST)UNREACH|EACCES)$/, 'Check whether this machine may reach the registry, and needs a proxy.'],
  [/^PROXY_/, PROXY],
  [/^(?:TIMEOUT|ETIMEDOUT)$/, 'The registry, or a proxy in between, is too slow: check both, and run it again.'],
  [/^(?:HPE_|EPROTO)/, 'It does not answer as an HTTP server does: check the port, and the proxies in between.'],
]
