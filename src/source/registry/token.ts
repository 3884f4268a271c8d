import {SourceError} from '../../errors.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {count, object, optional, parseJson, string} from '../../lib/json.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {Clock} from '../../net/clock.ts'
import type {Http, HttpRequest, HttpResponse} from '../../net/http.ts'
import {askedPause} from '../../net/rate-limit.ts'
import {isTransientStatus, pauseAfter, withRetries} from '../../net/retry.ts'
import {shownUrl} from '../../net/url.ts'
import type {Credentials} from './credential-file.ts'
import {checkRealm} from './realm.ts'
import {statusHint} from './refusal.ts'
import {unreachableHint} from './unreachable.ts'

/** What a token is requested with. https://distribution.github.io/distribution/spec/auth/token/ */
export interface TokenRequest {
  /** Where the challenge came from: what `realm` may be depends on it. */
  readonly registry: URL
  readonly realm: string
  readonly service: string | undefined
  readonly scope: string
  readonly credentials: Credentials | undefined
}

/** What a token server answered; a refusal is an answer. */
export type TokenAnswer =
  | {readonly granted: true; readonly token: string /** In milliseconds. */; readonly lifetime: number}
  | {readonly granted: false; readonly status: number; readonly host: string}

export interface TokenTools {
  readonly http: Http
  /** Hosts that credentials may be sent to in the clear. */
  readonly insecureRegistries?: readonly string[]
  readonly clock: Clock
  readonly signal: AbortSignal
  mask(secret: string): void
}

const CLIENT_ID = 'verify-image-arch'
/** In bytes. */
const ANSWER = fixedBound('token-bytes')
/** In milliseconds: what the specification takes for granted where nothing is said. */
const LEAST_LIFETIME = 60_000
const REDIRECTS = 5

const answer = object({
  token: optional(string, ''),
  access_token: optional(string, ''),
  expires_in: optional(count),
})

/**
 * Asks a token server for a token. With an identity token in OAuth2's way; a server that does not know it is asked in
 * the older one. The answer's body is never shown: it may be the secret, or quote it.
 */
export async function fetchToken(request: TokenRequest, tools: TokenTools): Promise<TokenAnswer> {
  const realm = checkRealm(request.realm, request.registry, tools.insecureRegistries)
  const {credentials} = request
  if (credentials?.kind === 'identity-token') {
    const posted = await send(request, realm, refreshRequest(request, realm, credentials.token), tools)
    // 404 and 405: no OAuth2 here; 401: not with this kind of secret.
    if (posted.granted || ![401, 404, 405].includes(posted.status)) return posted
  }
  return send(request, realm, getRequest(request, realm), tools)
}

function refreshRequest({service, scope}: TokenRequest, url: URL, token: string): HttpRequest {
  const form = new URLSearchParams({grant_type: 'refresh_token', client_id: CLIENT_ID, scope, refresh_token: token})
  if (service !== undefined) form.set('service', service)
  return {
    url,
    method: 'POST',
    headers: {'content-type': 'application/x-www-form-urlencoded', accept: 'application/json'},
    body: form.toString(),
  }
}

function getRequest({service, scope, credentials}: TokenRequest, realm: URL): HttpRequest {
  const url = new URL(realm)
  if (service !== undefined) url.searchParams.set('service', service)
  url.searchParams.set('scope', scope)
  const headers = {accept: 'application/json'}
  if (!credentials || credentials.kind === 'registry-token') return {url, headers}
  // ACR's convention for an identity token in a place for passwords.
  const {username, password} =
    credentials.kind === 'password'
      ? credentials
      : {username: '00000000-0000-0000-0000-000000000000', password: credentials.token}
  if (credentials.kind === 'password') url.searchParams.set('account', username)
  return {url, headers: {...headers, authorization: basic(username, password)}}
}

/** RFC 7617. */
export function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

async function send(request: TokenRequest, realm: URL, first: HttpRequest, tools: TokenTools): Promise<TokenAnswer> {
  const {clock, signal} = tools
  const unreachable: Unreachable = (why, hint) =>
    new SourceError('unavailable', `no token for ${request.registry.host} from ${shownUrl(realm)}: ${why}`, {hint})
  for (let attempt = 1; ; attempt += 1) {
    const {response, body} = await withRetries(
      tools,
      async () => {
        const response = await followTokenRedirects(tools, first, request.registry)
        if (response.status === 200) return {response, body: await readAnswer(response, unreachable)}
        response.discard()
        return {response, body: undefined}
      },
      error => unreachable(error.message, unreachableHint({host: realm.host, insecure: false}, error)),
    )
    if (body) return grantedIn(body, tools, unreachable)
    const {status} = response
    const pause = isTransientStatus(status) ? pauseAfter(attempt, clock, askedPause(response.header)) : undefined
    if (pause === undefined) {
      if (status >= 400 && status < 500 && status !== 429) return {granted: false, status, host: realm.host}
      throw unreachable(`it answers with status ${status}`, statusHint(status))
    }
    await clock.sleep(pause, signal)
  }
}

/**
 * Every hop has to pass the same test as the realm itself; credentials stay with the server that they were meant for.
 */
async function followTokenRedirects(
  {http, insecureRegistries}: TokenTools,
  first: HttpRequest,
  registry: URL,
): Promise<HttpResponse> {
  let request = first
  for (let hops = 0; ; hops += 1) {
    const response = await http.send(request)
    const location = response.header('location')
    if (response.status < 300 || response.status >= 400 || location === undefined) return response
    response.discard()
    if (!URL.canParse(location, request.url.href)) {
      throw new SourceError('denied', `${shownUrl(request.url)} redirects to something that is not a URL`, {
        hint: 'Check the settings of the token server, and of what is in front of it (a proxy, a load balancer).',
      })
    }
    const url = checkRealm(new URL(location, request.url).href, registry, insecureRegistries)
    if (request.method === 'POST' || hops >= REDIRECTS) {
      throw new SourceError('denied', `the token server of ${registry.host} redirects to ${shownUrl(url)}`, {
        hint: 'Check the settings of the token server: few redirects are followed, and none of a POST.',
      })
    }
    const {authorization, ...headers} = request.headers ?? {}
    const keeps = authorization !== undefined && url.origin === request.url.origin
    request = {url, headers: keeps ? {...headers, authorization} : headers}
  }
}

/** Says why there is no token, and what to do. */
type Unreachable = (why: string, hint: string) => SourceError

const NO_TOKEN_SERVER = 'Check the name of the registry, and what is in front of its token server.'

async function readAnswer(response: HttpResponse, unreachable: Unreachable): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body()) {
    size += chunk.length
    if (size > ANSWER.most)
      throw unreachable(
        tellLimit(ANSWER, most => `its answer has more than ${most}`),
        NO_TOKEN_SERVER,
      )
    chunks.push(chunk)
  }
  return concatBytes(chunks)
}

function grantedIn(body: Uint8Array, {mask}: TokenTools, unreachable: Unreachable): TokenAnswer {
  const parsed = parseJson(body, answer)
  if (!parsed.ok) throw unreachable('its answer cannot be understood', NO_TOKEN_SERVER)
  const {token, access_token: accessToken, expires_in: seconds = 0} = parsed.value
  const granted = token === '' ? accessToken : token
  // What is not a header value would break the next request, or become two headers.
  if (!/^[\x21-\x7e]+$/.test(granted)) throw unreachable('there is no token in its answer', NO_TOKEN_SERVER)
  mask(granted)
  return {granted: true, token: granted, lifetime: Math.max(LEAST_LIFETIME, seconds * 1000)}
}
