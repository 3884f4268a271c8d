import {cancelled, SourceError} from '../../errors.ts'
import {defined} from '../../lib/defined.ts'
import type {Clock} from '../../net/clock.ts'
import type {Http, HttpResponse} from '../../net/http.ts'
import {NetworkError} from '../../net/network-error.ts'
import {askedPause, isRateLimited, parseRateLimit, saysRateLimit} from '../../net/rate-limit.ts'
import {isTransientStatus, LONGEST_PAUSE, pauseAfter} from '../../net/retry.ts'
import {isLinkLocal, shownUrl} from '../../net/url.ts'
import {Authorizer, type AuthorizerOptions} from './authorizer.ts'
import type {SpentLimit} from './connections.ts'
import type {Credentials} from './credential-file.ts'
import type {Endpoint} from './endpoint.ts'
import {type Refusal, readRefusal} from './refusal.ts'
import {RegistrySession, type RepositorySession} from './session.ts'
import {unreachable} from './unreachable.ts'

export interface ClientOptions {
  readonly endpoint: Endpoint
  readonly http: Http
  /** Hosts that may be accessed over plain HTTP, as the user named them. */
  readonly insecureRegistries?: readonly string[]
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Of the run, by host; without it what a registry says of its limit concerns one request. */
  readonly spent?: Map<string, SpentLimit>
  /** What is asked for in place of the right to pull from the repository: `registry:catalog:*`. */
  readonly scope?: string
  /** Of the run; without it what is learnt of the registry is known to this client alone. */
  readonly session?: RegistrySession
  credentials(): Promise<Credentials | undefined>
  mask(secret: string): void
  warn(message: string): void
}

/** A request as the registry's API has it. */
export interface RegistryRequest {
  /** Behind `/v2/NAME/`: `manifests/latest`. */
  readonly path: string
  readonly method?: 'GET' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  /** For messages: `manifest sha256:…`. */
  readonly what: string
}

/** What came in the end, redirects and challenges answered. Any status but those that may pass is an answer. */
export type RegistryResult =
  | {readonly ok: true; readonly response: HttpResponse}
  | {readonly ok: false; readonly refusal: Refusal; readonly url: URL; readonly hint: string | undefined}

const REDIRECT_STATUSES: readonly number[] = [301, 302, 303, 307, 308]
const REDIRECTS = 10
const REDIRECT_HINT = 'Check the settings of the registry, and of what is in front of it (a proxy, a load balancer).'
const SPENT = 'the rate limit is used up (RateLimit-Remaining: 0)'
/** How often one request is made anew because of who we are. */
const CHALLENGES = 3

/** One repository of one registry. https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull */
export class RegistryClient {
  readonly #options: ClientOptions
  readonly #own: Authorizer
  readonly #session: RegistrySession
  readonly #repository: RepositorySession
  /** Of registries that this one sends us to, by origin: nobody's credentials are theirs. */
  readonly #foreign = new Map<string, Authorizer>()

  constructor(options: ClientOptions) {
    this.#options = options
    this.#session = options.session ?? new RegistrySession()
    this.#repository = this.#session.repository(options.endpoint.repository)
    const shared = {state: this.#repository.grant, session: this.#session}
    this.#own = this.#authorizer(() => options.credentials(), shared)
  }

  /** Stands for the repository: the same for all clients of a run that read of it. */
  get place(): object {
    return this.#repository.place
  }

  /** Asks once more where that may help: after a broken connection, a server's failure, a limit that passes. */
  async ask(request: RegistryRequest): Promise<RegistryResult> {
    const {clock, signal, endpoint, spent} = this.#options
    for (let attempt = 1; ; attempt += 1) {
      const known = spent?.get(endpoint.host)
      if (known && (known.of === 'all' || isCounted(request))) return {ok: false, ...known, hint: undefined}
      try {
        await this.#whenAllowed()
        const {response, isOwn} = await this.#follow(request)
        const {status, url} = response
        if (status >= 200 && status < 300) {
          if (isOwn) this.#heedLimit(request, response)
          return {ok: true, response}
        }
        const asked = askedPause(response.header)
        const refusal = await readRefusal(response, isOwn)
        const isLimited = isRateLimited(status, refusal.text)
        // A link to an object store is good for some minutes only: the registry gives a new one.
        const mayPass = isLimited || isTransientStatus(status) || (!isOwn && (status === 403 || status === 410))
        // A limit of hours, as those of pulls are, unless the registry says how long it is.
        const isSpent = isLimited && asked === undefined && saysRateLimit(refusal.text)
        const pause = mayPass && !isSpent ? pauseAfter(attempt, clock, asked) : undefined
        if (pause === undefined) {
          // Of all that would be asked next the answer is the same, and each question counts.
          if (isLimited && isOwn) spent?.set(endpoint.host, {refusal, url, of: 'all'})
          return {ok: false, refusal, url, hint: await this.#hint(refusal, url, isOwn)}
        }
        // What is refused to one is refused to all that ask at once.
        if (isLimited && isOwn && asked !== undefined) this.#pause(asked)
        await clock.sleep(pause, signal)
      } catch (thrown) {
        if (!(thrown instanceof NetworkError)) throw thrown
        const pause = thrown.isTransient ? pauseAfter(attempt, clock) : undefined
        if (pause === undefined) throw this.unreachable(request.what, thrown)
        await clock.sleep(pause, signal)
      }
    }
  }

  /** Waits as long as the registry wants nobody to ask. */
  async #whenAllowed(): Promise<void> {
    const {clock, signal} = this.#options
    const rest = this.#session.pausedUntil - clock.now()
    if (rest > 0) await clock.sleep(rest, signal)
  }

  #pause(milliseconds: number): void {
    const {clock} = this.#options
    this.#session.pausedUntil = Math.max(this.#session.pausedUntil, clock.now() + milliseconds)
  }

  /** Does not ask once more where the registry says with its answer that it was the last. */
  #heedLimit(request: RegistryRequest, {url, header}: HttpResponse): void {
    const {spent, endpoint} = this.#options
    const limit = parseRateLimit(header)
    if (limit === undefined || limit.remaining > 0 || !isCounted(request)) return
    if (limit.reset !== undefined && limit.reset <= LONGEST_PAUSE) this.#pause(limit.reset)
    else spent?.set(endpoint.host, {url, of: 'pulls', refusal: {status: 429, text: SPENT}})
  }

  /** That `what` cannot be read, because no answer comes, or one that breaks off. */
  unreachable(what: string, error: NetworkError): SourceError {
    return unreachable(what, this.#options.endpoint, error)
  }

  /** What to do about a refusal; credentials are not looked for to report any other. */
  async #hint({status}: Refusal, url: URL, isOwn: boolean): Promise<string | undefined> {
    if (isOwn) return status === 401 || status === 403 ? this.#own.hint() : undefined
    return `Check how the registry ${this.#options.endpoint.host} reaches its storage ${url.host}: it redirects there.`
  }

  /** Follows redirects by hand, so that what is ours is never sent to another: not even on the way back. */
  async #follow(request: RegistryRequest): Promise<{readonly response: HttpResponse; readonly isOwn: boolean}> {
    const base = await this.#apiBase()
    let url = new URL(request.path, base)
    let isOwn = true
    for (let hops = 0; hops <= REDIRECTS; hops += 1) {
      const authorizer = isOwn ? this.#own : this.#foreignAuthorizer(url)
      const response = await this.#authorized(url, request, authorizer)
      const location = response.header('location')
      if (!REDIRECT_STATUSES.includes(response.status) || location === undefined) return {response, isOwn}
      response.discard()
      const next = redirectTarget(location, url)
      isOwn &&= next.origin === url.origin
      url = next
    }
    throw new SourceError('unavailable', `${request.what}: more than ${REDIRECTS} redirects from ${shownUrl(base)}`, {
      hint: REDIRECT_HINT,
    })
  }

  async #authorized(
    url: URL,
    {method = 'GET', headers = {}}: RegistryRequest,
    authorizer: Authorizer,
  ): Promise<HttpResponse> {
    const {http} = this.#options
    await authorizer.prepare(url)
    for (let challenges = 0; ; challenges += 1) {
      const authorization = authorizer.header()
      const response = await http.send({
        url,
        method,
        headers: {
          'accept-encoding': 'identity',
          ...headers,
          ...defined({authorization}),
        },
      })
      const refused = response.status === 401 || (response.status === 400 && authorization !== undefined)
      if (!refused || challenges >= CHALLENGES) return response
      // ECR Public: a token that is over is 400, without a challenge.
      const again =
        response.status === 401 ? await authorizer.answer(response, authorization) : authorizer.forget(authorization)
      if (!again) return response
      response.discard()
    }
  }

  /**
   * `/v2/NAME/` of the registry: by https, or, where that is allowed and HTTPS is not served there, by http. Docker's
   * daemon tries them in this order, too.
   */
  async #apiBase(): Promise<URL> {
    const session = this.#session
    session.origin ??= this.#findOrigin().catch((thrown: unknown) => {
      session.origin = undefined
      throw thrown
    })
    return new URL(`/v2/${this.#options.endpoint.repository}/`, await session.origin)
  }

  async #findOrigin(): Promise<URL> {
    const {endpoint, http, signal} = this.#options
    const secure = new URL(`https://${endpoint.host}/`)
    if (!endpoint.insecure) return secure
    try {
      const response = await http.send({url: new URL('/v2/', secure)})
      response.discard()
      return secure
    } catch (thrown) {
      if (signal.aborted) throw cancelled()
      // A host that does not exist has no plain HTTP either, and a port that refuses connections is the same for both.
      const isGone =
        !(thrown instanceof NetworkError) ||
        /^(?:ENOTFOUND|EAI_AGAIN)$/.test(thrown.code) ||
        (thrown.code === 'ECONNREFUSED' && secure.port !== '')
      if (isGone) throw thrown
      return new URL(`http://${endpoint.host}/`)
    }
  }

  #foreignAuthorizer({origin}: URL): Authorizer {
    const known = this.#foreign.get(origin) ?? this.#authorizer(async () => undefined)
    this.#foreign.set(origin, known)
    return known
  }

  #authorizer(
    credentials: () => Promise<Credentials | undefined>,
    shared: Pick<AuthorizerOptions, 'state' | 'session'> = {},
  ): Authorizer {
    const {http, insecureRegistries, clock, signal, endpoint} = this.#options
    const {domain, repository} = endpoint
    const {mask, warn, scope} = this.#options
    const tools = {http, clock, signal, mask, warn, ...defined({insecureRegistries, scope})}
    return new Authorizer({...tools, domain, repository, credentials, ...shared})
  }
}

/**
 * Whether a request is one of those that limits of pulls count: GET of a manifest, never HEAD, never a blob.
 * https://docs.docker.com/docker-hub/usage/pulls/
 */
function isCounted({path, method = 'GET'}: RegistryRequest): boolean {
  return method === 'GET' && path.startsWith('manifests/')
}

function redirectTarget(location: string, from: URL): URL {
  let to: URL
  try {
    to = new URL(location, from)
  } catch {
    throw new SourceError('unavailable', `${shownUrl(from)} redirects to something that is not a URL`, {
      hint: REDIRECT_HINT,
    })
  }
  const refuse = (why: string): SourceError =>
    new SourceError('unavailable', `${shownUrl(from)} redirects to ${shownUrl(to)}, ${why}`, {hint: REDIRECT_HINT})
  if (to.protocol !== 'https:' && to.protocol !== 'http:') throw refuse('which is not https')
  if (to.protocol === 'http:' && from.protocol === 'https:') throw refuse('which is not https')
  if (isLinkLocal(to.hostname)) throw refuse('an address that no image is at')
  return to
}
