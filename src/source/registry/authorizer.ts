import {SourceError} from '../../errors.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'
import {type Challenge, parseChallenges} from './challenge.ts'
import type {Credentials} from './credential-file.ts'
import type {GrantState, KnownChallenge, RegistrySession} from './session.ts'
import {basic, fetchToken, type TokenTools} from './token.ts'

export interface AuthorizerOptions extends TokenTools {
  /** The registry as references name it, for messages. */
  readonly domain: string
  readonly repository: string
  /** What is asked for in place of the right to pull from the repository. */
  readonly scope?: string
  /** Of the repository, in the whole run. */
  readonly state?: GrantState
  /** Of the registry, in the whole run; of a registry that another one sends us to there is none. */
  readonly session?: RegistrySession
  /** Asked at most once, and not before a server wants any. */
  credentials(): Promise<Credentials | undefined>
  warn(message: string): void
}

/** In milliseconds: a token is not used so close to its end. */
const MARGIN = 10_000

/**
 * What one repository of one registry lets us in with. Nothing is sent before it is requested,
 * and never more than the right to pull.
 */
export class Authorizer {
  readonly #options: AuthorizerOptions
  readonly #state: GrantState

  constructor(options: AuthorizerOptions) {
    this.#options = options
    this.#state = options.state ?? {}
  }

  /** The Authorization header for the next request; undefined where none is needed, or none is at hand. */
  header(): string | undefined {
    const {expires, header} = this.#state.grant ?? {}
    return expires !== undefined && this.#options.clock.now() >= expires - MARGIN ? undefined : header
  }

  /**
   * Asks for what the registry wanted for another repository, before it refuses a request for this one: a request less.
   * Where that fails the registry is asked without, and says itself what it wants.
   */
  async prepare(url: URL): Promise<void> {
    const {session} = this.#options
    const known = session?.challenge
    if (known === undefined || known.origin !== url.origin || this.header() !== undefined) return
    this.#state.running ??= this.#prepared(known, url).finally(() => {
      this.#state.running = undefined
    })
    await this.#state.running.catch(() => undefined)
  }

  async #prepared(known: KnownChallenge, url: URL): Promise<boolean> {
    try {
      if (known.scheme === 'basic') return await this.#basic(undefined)
      const {realm, service} = known
      const parameters = new Map([['realm', realm], ...(service === undefined ? [] : [['service', service] as const])])
      return await this.#bearer({scheme: 'bearer', parameters}, url)
    } catch (thrown) {
      if (thrown instanceof SourceError && thrown.code === 'aborted') throw thrown
      const {session} = this.#options
      if (session?.challenge === known) session.challenge = undefined
      return false
    }
  }

  /**
   * Answers the challenge of a request that was refused with `sent` as its header. Whether there is now something else
   * to try; all requests that were refused at the same time share one answer.
   */
  async answer(response: HttpResponse, sent: string | undefined): Promise<boolean> {
    const now = this.header()
    if (now !== undefined && now !== sent) return true
    this.#state.running ??= this.#authorize(response, sent).finally(() => {
      this.#state.running = undefined
    })
    return this.#state.running
  }

  /**
   * Lets go of what was sent and refused without a challenge. Whether there was anything to let go
   * of, so that asking again makes sense.
   */
  forget(sent: string | undefined): boolean {
    if (sent === undefined || !sent.startsWith('Bearer ')) return false
    if (this.#state.grant?.header === sent) this.#state.grant = undefined
    return true
  }

  async #authorize(response: HttpResponse, sent: string | undefined): Promise<boolean> {
    const challenges = parseChallenges(response.header('www-authenticate') ?? '')
    const bearer = challenges.find(({scheme}) => scheme === 'bearer')
    if (bearer) {
      const isNew = await this.#bearer(bearer, response.url)
      this.#remember(bearer, response.url)
      return isNew
    }
    if (!challenges.some(({scheme}) => scheme === 'basic')) return false
    const isNew = await this.#basic(sent)
    const {session} = this.#options
    if (isNew && session) session.challenge = {scheme: 'basic', origin: response.url.origin}
    return isNew
  }

  /** What is asked for in the words of the specification can be asked for of another repository. */
  #remember({parameters}: Challenge, {origin}: URL): void {
    const {session, repository, scope} = this.#options
    const realm = parameters.get('realm')
    if (session === undefined || realm === undefined || scope !== undefined) return
    if (pullScope(parameters.get('scope'), repository) !== `repository:${repository}:pull`) return
    session.challenge = {scheme: 'bearer', origin, realm, service: parameters.get('service')}
  }

  async #basic(sent: string | undefined): Promise<boolean> {
    const credentials = await this.#known()
    if (credentials?.kind !== 'password') return false
    const header = basic(credentials.username, credentials.password)
    this.#state.grant = {header, expires: undefined}
    return header !== sent
  }

  async #bearer({parameters}: Challenge, registry: URL): Promise<boolean> {
    const {domain, repository, clock, warn} = this.#options
    const realm = parameters.get('realm')
    if (realm === undefined) return false
    const credentials = await this.#known()
    if (credentials?.kind === 'registry-token') {
      const header = `Bearer ${credentials.token}`
      const isNew = this.#state.grant?.header !== header
      this.#state.grant = {header, expires: undefined}
      return isNew
    }
    const request = {
      registry,
      realm,
      service: parameters.get('service'),
      scope: this.#options.scope ?? pullScope(parameters.get('scope'), repository),
    }
    let answer = await fetchToken({...request, credentials}, this.#options)
    if (!answer.granted && credentials) {
      warn(`${answer.host} refuses the credentials for ${domain} (status ${answer.status}); going on without them`)
      const stored = answer
      answer = await fetchToken({...request, credentials: undefined}, this.#options).catch(() => stored)
    }
    if (!answer.granted) {
      throw new SourceError(
        'denied',
        `${shownUrl(new URL(realm, registry))} gives no token for ${domain}/${repository} (status ${answer.status})`,
        {
          hint: loginHint(credentials !== undefined, domain),
        },
      )
    }
    this.#state.grant = {header: `Bearer ${answer.token}`, expires: clock.now() + answer.lifetime}
    return true
  }

  #known(): Promise<Credentials | undefined> {
    this.#state.credentials ??= this.#options.credentials().then(found => {
      if (found) for (const secret of secretsOf(found)) this.#options.mask(secret)
      return found
    })
    return this.#state.credentials
  }

  /** What a user can do where the registry refuses. */
  async hint(): Promise<string> {
    return loginHint((await this.#known()) !== undefined, this.#options.domain)
  }
}

/**
 * The scope of the challenge, some registries name a repository otherwise than its URL does, with no right but to pull.
 */
function pullScope(asked: string | undefined, repository: string): string {
  const named = (asked ?? '').split(' ').find(scope => /^repository:[^\s]+:[a-z,*]+$/.test(scope))
  return named === undefined ? `repository:${repository}:pull` : `${named.slice(0, named.lastIndexOf(':'))}:pull`
}

function loginHint(known: boolean, domain: string): string {
  return known
    ? `The credentials for ${domain} do not have the right to pull this image, or it does not exist.`
    : `No credentials for ${domain} were found: log in first (docker/login-action, docker login), or check the name.`
}

function secretsOf(credentials: Credentials): string[] {
  if (credentials.kind !== 'password') return [credentials.token]
  const {username, password} = credentials
  return [password, basic(username, password).slice('Basic '.length)].filter(secret => secret !== '')
}
