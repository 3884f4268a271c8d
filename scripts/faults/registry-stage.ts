import type {BuiltImage} from '../../__tests__/support/image-builder.ts'
import {
  type Fault,
  type RegistryServer,
  type SeenRequest,
  startRegistryServer,
} from '../../__tests__/support/registry-server.ts'
import type {FaultSite, Role} from './registry-kinds.ts'
import {makeSecret, type Secret} from './secrets.ts'

const USER = 'robot'
/** What the other server gives to anybody. */
export const TOKEN_ELSEWHERE = 'for-anybody'

/** One request of a run: the how manieth to its URL. What a run asks for at once comes in any order. */
export interface Site {
  readonly url: string
  readonly count: number
  readonly role: Role
}

/** A registry that lets nobody in without a token, and another server to which it may redirect. */
export interface RegistryStage {
  /** `127.0.0.1:PORT/org/app:1` */
  readonly image: string
  readonly registry: RegistryServer
  readonly elsewhere: RegistryServer
  /** With the credentials of the registry. */
  readonly dockerConfig: object
  /** What the program is given, by the registry or by its user. */
  readonly secrets: readonly Secret[]
  /** What the program has been given for certain, and has to have masked. */
  given(): readonly Secret[]
  /** The requests of the run, in their order. */
  sites(): readonly Site[]
  stop(): Promise<void>
}

export interface StageOptions {
  readonly image: BuiltImage
  readonly speed: number
  /** Chosen for every request; none where undefined. */
  readonly fault?: (site: Site, make: () => FaultSite) => Fault | undefined
}

export async function startRegistryStage({image, speed, fault}: StageOptions): Promise<RegistryStage> {
  const password = makeSecret('password')
  const token = makeSecret('token')
  const signature = makeSecret('signature')
  const basic = Buffer.from(`${USER}:${password.text}`).toString('base64')
  const granted = `Bearer ${token.text}`
  const seen: Site[] = []
  let origin = ''
  const elsewhere: RegistryServer = await startRegistryServer({
    other: request => answerElsewhere(request, elsewhere.origin),
  })
  elsewhere.push('org/app', image, '1')
  const challenge = (): string => `Bearer realm="${origin}/token",service="faults",scope="repository:org/app:pull"`
  const registry = await startRegistryServer({
    fault: (request, count) => {
      const {url} = request
      const site: Site = {url, count, role: roleOf(request, image)}
      seen.push(site)
      return fault?.(site, () => ({
        ...{role: site.role, origin, url, challenge: challenge(), speed, sent: quoted(request)},
        elsewhere: {origin: elsewhere.origin, signature: signature.text},
      }))
    },
    other: ({url, headers}) => {
      if (!url.startsWith('/token')) return undefined
      const isKnown = headers.authorization === `Basic ${basic}`
      return {status: isKnown ? 200 : 401, body: isKnown ? JSON.stringify({token: token.text}) : '{}'}
    },
    guard: ({headers}) =>
      headers.authorization === granted ? undefined : {status: 401, headers: {'www-authenticate': challenge()}},
  })
  origin = registry.origin
  registry.push('org/app', image, '1')
  return {
    image: `${registry.host}/org/app:1`,
    registry,
    elsewhere,
    dockerConfig: {auths: {[registry.host]: {auth: basic}}},
    secrets: [password, token, signature, {name: 'user and password', text: `${USER}:${password.text}`}],
    given: () => [
      ...(registry.requests.some(({headers}) => headers.authorization?.startsWith('Basic ')) ? [password] : []),
      ...(registry.requests.some(({headers}) => headers.authorization === granted) ? [token] : []),
    ],
    sites: () => seen,
    stop: async () => {
      await registry.stop()
      await elsewhere.stop()
    },
  }
}

/** What a server can say of who asks: the header as it came, and decoded. */
function quoted({headers: {authorization = 'nothing'}}: SeenRequest): string {
  const [, encoded] = /^Basic (.*)$/.exec(authorization) ?? []
  const plain = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString()
  return `${authorization} ${plain}`.trim()
}

function roleOf({url, headers}: SeenRequest, image: BuiltImage): Role {
  if (url.startsWith('/token')) return 'token'
  if (url.endsWith('/manifests/1')) return headers.authorization === undefined ? 'challenge' : 'index'
  if (url.includes('/manifests/')) return 'manifest'
  return image.platforms.some(({config}) => url.endsWith(config.digest)) ? 'config' : 'layer'
}

/** Another server: what is asked for with a path of the registry it has, and other paths want to know who asks. */
function answerElsewhere({url}: SeenRequest, origin: string) {
  switch (url.replace(/\?.*/, '')) {
    case '/basic':
      return {status: 401, headers: {'www-authenticate': 'Basic realm="elsewhere"'}, body: ''}
    case '/bearer':
      return {
        status: 401,
        headers: {'www-authenticate': `Bearer realm="${origin}/token",service="elsewhere"`},
        body: '',
      }
    case '/token':
      return {status: 200, body: JSON.stringify({token: TOKEN_ELSEWHERE})}
    default:
      return undefined
  }
}
