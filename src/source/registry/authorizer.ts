import {SourceError} from '../../errors.ts'
import type {HttpResponse} from '../../net/http.ts'
import {shownUrl} from '../../net/url.ts'
import {type Challenge, parseChallenges} from './challenge.ts'
import type {Credentials} from './credential-file.ts'
import {basic, fetchToken, type TokenTools} from './token.ts'

export interface AuthorizerOptions extends TokenTools {
  /** The registry as references name it, for messages. */
  readonly domain: string
  readonly repository: string
  /** Asked at most once, and not before a server wants any. */
  credentials(): Promise<Credentials | undefined>
  warn(message: string): void
}

/** In milliseconds: a token is not used so close to its end. */
const MARGIN = 10_000

interface Grant {
  readonly header: string
  /** By the clock; undefined for what does not expire. */
  readonly expires: number | undefined
}

/**
 * What one repository of one registry lets us in with. Nothing is sent before it is requested,
 * and never more than the right to pull.
 */
export class Authorizer {
  readonly #options: AuthorizerOptions
  #grant: Grant | undefined
  #running: Promise<boolean> | undefined
  #credentials: Promise<Credentials | undefined> | undefined

  constructor(options: AuthorizerOptions) {
    this.#options = options
  }

  /** The Authorization header for the next request; undefined where none is needed, or none is at hand. */
  header(): string | undefined {
    const {expires, header} = this.#grant ?? {}
    return expires !== undefined && this.#options.clock.now() >= expires - MARGIN ? undefined : header
  }

  /**
   * Answers the challenge of a request that was refused with `sent` as its header. Whether there is now something else
   * to try; all requests that were refused at the same time share one answer.
   */
  async answer(response: HttpResponse, sent: string | undefined): Promise<boolean> {
    const now = this.header()
    if (now !== undefined && now !== sent) return true
    this.#running ??= this.#authorize(response, sent).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /**
   * Lets go of what was sent and refused without a challenge. Whether there was anything to let go
   * of, so that asking again makes sense.
   */
  forget(sent: string | undefined): boolean {
    if (sent === undefined || !sent.startsWith('Bearer ')) return false
    if (this.#grant?.header === sent) this.#grant = undefined
    return true
  }

  async #authorize(response: HttpResponse, sent: string | undefined): Promise<boolean> {
    const challenges = parseChallenges(response.header('www-authenticate') ?? '')
    const bearer = challenges.find(({scheme}) => scheme === 'bearer')
    if (bearer) return this.#bearer(bearer, response.url)
    if (!challenges.some(({scheme}) => scheme === 'basic')) return false
    const credentials = await this.#known()
    if (credentials?.kind !== 'password') return false
    const header = basic(credentials.username, credentials.password)
    this.#grant = {header, expires: undefined}
    return header !== sent
  }

  async #bearer({parameters}: Challenge, registry: URL): Promise<boolean> {
    const {domain, repository, clock, warn} = this.#options
    const realm = parameters.get('realm')
    if (realm === undefined) return false
    const credentials = await this.#known()
    if (credentials?.kind === 'registry-token') {
      const header = `Bearer ${credentials.token}`
      const isNew = this.#grant?.header !== header
      this.#grant = {header, expires: undefined}
      return isNew
    }
    const request = {
      registry,
      realm,
      service: parameters.get('service'),
      scope: pullScope(parameters.get('scope'), repository),
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
    this.#grant = {header: `Bearer ${answer.token}`, expires: clock.now() + answer.lifetime}
    return true
  }

  #known(): Promise<Credentials | undefined> {
    this.#credentials ??= this.#options.credentials().then(found => {
      if (found) for (const secret of secretsOf(found)) this.#options.mask(secret)
      return found
    })
    return this.#credentials
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
