import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {beforeAll, describe, expect, test} from '@jest/globals'
import type {RegistryServerOptions, SeenRequest} from '../../support/registry-server.ts'
import {startRegistryServer} from '../../support/registry-server.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'
import {NO_ENV, readImage, TWO_PLATFORMS, withServer} from './fixtures.ts'

const SECRET = 'dont-print-me'
const TOKEN = 'granted-token'

let folder = ''
beforeAll(async () => {
  folder = temporaryFolder('auth')
})

const withConfig = async (config: object, name = 'config.json') => {
  await writeFile(join(folder, name), JSON.stringify(config))
  return {...NO_ENV, DOCKER_CONFIG: folder}
}
const auths = (host: string, password = SECRET) => ({
  auths: {[host]: {auth: Buffer.from(`user:${password}`).toString('base64')}},
})
const basicOf = (password: string) => `Basic ${Buffer.from(`user:${password}`).toString('base64')}`

interface TokenServer {
  /** The Authorization headers that get a token. */
  readonly allowed: readonly (string | undefined)[]
  readonly challenge?: (host: string) => string
  readonly answer?: object
  readonly token?: string
}

/** A registry that wants a Bearer token, and gives it itself. */
function bearer({allowed, challenge, answer = {token: TOKEN}, token = TOKEN}: TokenServer): RegistryServerOptions {
  const hostOf = ({headers}: SeenRequest): string => headers.host ?? ''
  const usual = (host: string): string =>
    `Bearer realm="http://${host}/token?kept=1",service="registry.example",scope="repository:org/app:pull,push"`
  return {
    guard: seen =>
      seen.headers.authorization === `Bearer ${token}`
        ? undefined
        : {
            status: 401,
            headers: {'www-authenticate': (challenge ?? usual)(hostOf(seen))},
            body: JSON.stringify({errors: [{code: 'UNAUTHORIZED', message: 'authentication required'}]}),
          },
    other: seen => {
      if (!seen.url.startsWith('/token')) return undefined
      if (!allowed.includes(seen.headers.authorization)) return {status: 401, body: 'no'}
      return {status: 200, body: JSON.stringify(answer)}
    },
  }
}

describe('Bearer', () => {
  test('anonymous, with the right to pull and no other', async () => {
    await withServer(bearer({allowed: [undefined]}), async server => {
      const masked: string[] = []
      const facts = await readImage(`${server.host}/org/app:1`, {mask: secret => masked.push(secret)})
      expect(facts.platforms).toHaveLength(2)
      const [first, token] = server.requests
      expect(first?.headers.authorization).toBeUndefined()
      expect(token?.url).toBe('/token?kept=1&service=registry.example&scope=repository%3Aorg%2Fapp%3Apull')
      expect(server.requests.filter(({url}) => url.startsWith('/token'))).toHaveLength(1)
      expect(server.requests.filter(({status}) => status === 401)).toHaveLength(1)
      expect(masked).toEqual([TOKEN])
    })
  })

  const variants: readonly (readonly [string, Partial<TokenServer>])[] = [
    ['access_token', {answer: {access_token: TOKEN}}],
    ['both names', {answer: {token: TOKEN, access_token: 'other'}}],
    ['neither service nor scope', {challenge: host => `Bearer realm="http://${host}/token"`}],
    ['odd spelling', {challenge: host => `BEARER  Realm = "http://${host}/token" , SERVICE=x,scope="a\\"b"`}],
    ['behind another scheme', {challenge: host => `Negotiate, Bearer realm="http://${host}/token"`}],
    ['before Basic', {challenge: host => `Bearer realm="http://${host}/token",service="s", Basic realm="x"`}],
    ['behind Basic', {challenge: host => `Basic realm="x", Bearer realm="http://${host}/token"`}],
    ['a relative realm', {challenge: () => 'Bearer realm="/token"'}],
  ]
  test.each(variants)('%s', async (_, variant) => {
    await withServer(bearer({allowed: [undefined], ...variant}), async server => {
      expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
    })
  })

  test('with the credentials of the registry', async () => {
    await withServer(bearer({allowed: [basicOf(SECRET)]}), async server => {
      const masked: string[] = []
      const env = await withConfig(auths(server.host))
      await readImage(`${server.host}/org/app:1`, {env, mask: secret => masked.push(secret)})
      expect(masked).toContain(SECRET)
      expect(masked).toContain(basicOf(SECRET).slice(6))
      expect(server.requests[0]?.headers.authorization).toBeUndefined()
      expect(server.requests.filter(({headers}) => headers.authorization === basicOf(SECRET))).toHaveLength(1)
    })
  })

  test('an identity token', async () => {
    const options = bearer({allowed: []})
    const other: RegistryServerOptions['other'] = seen => {
      if (seen.method !== 'POST') return options.other?.(seen)
      const form = new URLSearchParams(seen.body)
      const fits = form.get('grant_type') === 'refresh_token' && form.get('refresh_token') === SECRET
      return {status: fits ? 200 : 400, body: JSON.stringify({access_token: TOKEN, refresh_token: 'new'})}
    }
    await withServer({...options, other}, async server => {
      const env = await withConfig({auths: {[server.host]: {identitytoken: SECRET}}})
      expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
      const {body} = server.requests.find(({method}) => method === 'POST') ?? {}
      expect(new URLSearchParams(body).get('scope')).toBe('repository:org/app:pull')
    })
  })

  test('an identity token where OAuth2 is not spoken', async () => {
    const basic = `Basic ${Buffer.from(`00000000-0000-0000-0000-000000000000:${SECRET}`).toString('base64')}`
    const options = bearer({allowed: [basic]})
    const other: RegistryServerOptions['other'] = seen =>
      seen.method === 'POST' ? {status: 404, body: ''} : options.other?.(seen)
    await withServer({...options, other}, async server => {
      const env = await withConfig({auths: {[server.host]: {identitytoken: SECRET}}})
      expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
    })
  })

  test('a registry token is used as it is', async () => {
    await withServer(bearer({allowed: []}), async server => {
      const env = await withConfig({auths: {[server.host]: {registrytoken: TOKEN}}})
      expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
    })
  })

  test('credentials that are refused: a warning, and without them', async () => {
    await withServer(bearer({allowed: [undefined]}), async server => {
      const warnings: string[] = []
      const env = await withConfig(auths(server.host, 'old'))
      await readImage(`${server.host}/org/app:1`, {env, warn: message => warnings.push(message)})
      expect(warnings).toEqual([expect.stringContaining('refuses the credentials')])
    })
  })

  test('a token that is over is asked for anew: 400 without a challenge', async () => {
    let valid = 'first'
    let asked = 0
    await withServer(
      {
        guard: seen => {
          asked += seen.headers.authorization === undefined ? 0 : 1
          if (asked === 3) valid = 'second'
          if (seen.headers.authorization === `Bearer ${valid}`) return undefined
          return seen.headers.authorization === undefined
            ? {status: 401, headers: {'www-authenticate': 'Bearer realm="/token"'}}
            : {status: 400, headers: {}}
        },
        other: ({url}) => (url.startsWith('/token') ? {status: 200, body: JSON.stringify({token: valid})} : undefined),
      },
      async server => {
        expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
      },
    )
  })

  const realms: readonly (readonly [string, string])[] = [
    ['http://169.254.169.254/token', '169.254.169.254'],
    ['http://[::ffff:169.254.169.254]/token', 'internal address'],
    ['http://10.0.0.1/token', 'internal address'],
    ['http://user:pass@example.com/token', 'credentials of its own'],
    ['file:///etc/passwd', 'not https'],
    ['http://[nonsense', 'not a URL'],
  ]
  test.each(realms)('no credentials go to %s', async (realm, why) => {
    await withServer(bearer({allowed: [], challenge: () => `Bearer realm="${realm}"`}), async server => {
      const env = await withConfig(auths(server.host))
      await expect(readImage(`${server.host}/org/app:1`, {env})).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringContaining(why),
      })
      expect(server.requests).toHaveLength(1)
    })
  })

  test('nor where the token server redirects to', async () => {
    const options = bearer({allowed: []})
    const other: RegistryServerOptions['other'] = ({url}) =>
      url.startsWith('/token')
        ? {status: 307, headers: {location: 'http://169.254.169.254/token'}, body: ''}
        : undefined
    await withServer({...options, other}, async server => {
      await expect(readImage(`${server.host}/org/app:1`)).rejects.toMatchObject({code: 'denied'})
    })
  })

  test.each(['http://[::bad', 'https://', '//', 'http://a:99999/'])(
    'nor anywhere by a redirect to %j',
    async location => {
      const options = bearer({allowed: []})
      const other: RegistryServerOptions['other'] = ({url}) =>
        url.startsWith('/token') ? {status: 307, headers: {location}, body: ''} : undefined
      await withServer({...options, other}, async server => {
        await expect(readImage(`${server.host}/org/app:1`)).rejects.toMatchObject({
          code: 'denied',
          message: `${server.origin}/token redirects to something that is not a URL`,
        })
      })
    },
  )

  const broken: readonly (readonly [string, object | string, RegExp])[] = [
    ['no token', {}, /no token/],
    ['a token that would be two headers', {token: 'a\r\nx: y'}, /no token/],
    ['no JSON', 'hello dont-print-me', /cannot be understood/],
    ['far too much', {token: 'x'.repeat(200_000)}, /more than/],
  ]
  test.each(broken)('a token server that answers with %s', async (_, answer, message) => {
    const options = bearer({allowed: [undefined]})
    const other: RegistryServerOptions['other'] = ({url}) =>
      url.startsWith('/token')
        ? {status: 200, body: typeof answer === 'string' ? answer : JSON.stringify(answer)}
        : undefined
    await withServer({...options, other}, async server => {
      const failure = readImage(`${server.host}/org/app:1`)
      await expect(failure).rejects.toMatchObject({code: 'unavailable', message: expect.stringMatching(message)})
      await expect(failure).rejects.not.toMatchObject({message: expect.stringContaining(SECRET)})
    })
  })
})

describe('refusals', () => {
  test('no credentials: says so, and what to do', async () => {
    await withServer(bearer({allowed: []}), async server => {
      await expect(readImage(`${server.host}/org/app:1`)).rejects.toMatchObject({
        code: 'denied',
        message: expect.stringContaining('status 401'),
        hint: expect.stringContaining('log in first'),
      })
    })
  })

  test('wrong credentials: no secret in anything that is said', async () => {
    await withServer(bearer({allowed: []}), async server => {
      const warnings: string[] = []
      const env = await withConfig(auths(server.host))
      const thrown: unknown = await readImage(`${server.host}/org/app:1`, {
        env,
        warn: message => warnings.push(message),
      }).catch(error => error)
      expect(thrown).toMatchObject({code: 'denied', hint: expect.stringContaining('do not have the right')})
      const said = [String(thrown), JSON.stringify(thrown), ...warnings].join('\n')
      expect(said).not.toContain(SECRET)
      expect(said).not.toContain(basicOf(SECRET).slice(6))
    })
  })

  test('a token that does not open the door', async () => {
    await withServer(bearer({allowed: [undefined], answer: {token: 'useless'}}), async server => {
      await expect(readImage(`${server.host}/org/app:1`)).rejects.toMatchObject({code: 'denied'})
      expect(server.requests.length).toBeLessThan(12)
    })
  })

  test('401 without a challenge', async () => {
    await withServer({guard: () => ({status: 401, headers: {}})}, async server => {
      await expect(readImage(`${server.host}/org/app:1`)).rejects.toMatchObject({code: 'denied'})
    })
  })
})

describe('a registry that quotes what it was sent', () => {
  // In the words of its errors, in a path that it redirects to, in the name of its token server.
  const quoting: readonly (readonly [string, number, (sent: string) => Readonly<Record<string, string>>])[] = [
    ['as an error', 403, () => ({})],
    ['as an absence', 404, () => ({})],
    ['in a redirect', 307, sent => ({location: `http://169.254.169.254/${encodeURIComponent(sent)}`})],
    ['in a challenge', 401, sent => ({'www-authenticate': `Bearer realm="http://169.254.1.1/${sent}"`})],
  ]
  test.each(quoting)('%s: no secret is repeated, and each is masked', async (_, status, headers) => {
    const options = bearer({allowed: [basicOf(SECRET)]})
    const masked: string[] = []
    await withServer(
      {
        ...options,
        other: seen => {
          const own = options.other?.(seen)
          if (own || seen.headers.authorization !== `Bearer ${TOKEN}`) return own
          const sent = `${TOKEN}-${SECRET}`
          return {status, headers: headers(sent), body: JSON.stringify({errors: [{code: 'X', message: sent}]})}
        },
      },
      async server => {
        const env = await withConfig(auths(server.host))
        const reading = readImage(`${server.host}/org/app:1`, {env, mask: secret => masked.push(secret)})
        const thrown = await reading.catch((error: unknown) => error)
        const said = `${(thrown as Error).message} ${(thrown as {hint?: string}).hint}`
        expect(said).toMatch(/\*\*\*/)
        expect(said).not.toMatch(new RegExp(`${SECRET}|${TOKEN}`))
        expect(masked).toEqual(expect.arrayContaining([SECRET, TOKEN, basicOf(SECRET).slice('Basic '.length)]))
      },
    )
  })
})

describe('Basic', () => {
  const guard: RegistryServerOptions['guard'] = ({headers}) =>
    headers.authorization === basicOf(SECRET)
      ? undefined
      : {status: 401, headers: {'www-authenticate': 'Basic realm="Registry Realm"'}}

  test('only where it is asked for', async () => {
    await withServer({guard}, async server => {
      const env = await withConfig(auths(server.host))
      expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
      expect(server.requests.filter(({headers}) => headers.authorization === undefined)).toHaveLength(1)
    })
  })

  test('not with wrong credentials over and over', async () => {
    await withServer({guard}, async server => {
      const env = await withConfig(auths(server.host, 'wrong'))
      await expect(readImage(`${server.host}/org/app:1`, {env})).rejects.toMatchObject({code: 'denied'})
      expect(server.requests).toHaveLength(2)
    })
  })
})

describe('redirects', () => {
  test('credentials stay with the registry, on the way there and back', async () => {
    // The store sends everything back to where it came from, by a link that needs no credentials.
    const store = await startRegistryServer({
      other: ({url}) => {
        const back = new URL(url, 'http://store').searchParams.get('back') ?? ''
        return {status: 307, headers: {location: back}, body: ''}
      },
    })
    const isSigned = (url: string): boolean => url.endsWith('?signature=1')
    try {
      await withServer(
        {
          guard: ({headers, url}) =>
            headers.authorization === basicOf(SECRET) || isSigned(url)
              ? undefined
              : {status: 401, headers: {'www-authenticate': 'Basic realm="x"'}},
          fault: ({url, headers}) => {
            if (!url.includes('/blobs/') || isSigned(url) || headers.authorization === undefined) return undefined
            const back = encodeURIComponent(`http://${headers.host}${url}?signature=1`)
            return {kind: 'redirect', to: `${store.origin}/store?back=${back}`}
          },
        },
        async server => {
          const env = await withConfig(auths(server.host))
          expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
          const signed = server.requests.filter(({url}) => isSigned(url))
          expect(signed.length).toBeGreaterThan(3)
          expect(store.requests).toHaveLength(signed.length)
          expect([...signed, ...store.requests].filter(({headers}) => headers.authorization !== undefined)).toEqual([])
        },
      )
    } finally {
      await store.stop()
    }
  })

  test('a second registry may want a token of its own', async () => {
    const mirror = await startRegistryServer(
      bearer({allowed: [undefined], token: 'of-the-mirror', answer: {token: 'of-the-mirror'}}),
    )
    mirror.push('org/app', TWO_PLATFORMS, '1')
    try {
      await withServer(
        {fault: ({url}) => (url === '/v2/' ? undefined : {kind: 'redirect', to: `${mirror.origin}${url}`})},
        async server => {
          const env = await withConfig({auths: {...auths(server.host).auths, ...auths(mirror.host).auths}})
          expect((await readImage(`${server.host}/org/app:1`, {env})).platforms).toHaveLength(2)
          expect(mirror.requests.some(({headers}) => headers.authorization?.startsWith('Basic'))).toBe(false)
        },
      )
    } finally {
      await mirror.stop()
    }
  })

  test('a link that is over: the registry is asked for a new one, and no message shows it', async () => {
    const store = await startRegistryServer({
      fault: () => ({kind: 'status', status: 403, body: '<Error>SignatureSecret</Error>'}),
    })
    try {
      const fault = ({url}: SeenRequest, count: number) =>
        url.includes('/blobs/') && count === 1
          ? ({kind: 'redirect', to: `${store.origin}/x?X-Amz-Signature=hidden`} as const)
          : undefined
      await withServer({fault}, async server => {
        expect((await readImage(`${server.host}/org/app:1`)).platforms).toHaveLength(2)
      })
      const always = ({url}: SeenRequest) =>
        url.includes('/blobs/')
          ? ({kind: 'redirect', to: `${store.origin}/x?X-Amz-Signature=hidden`} as const)
          : undefined
      await withServer({fault: always}, async server => {
        const thrown: unknown = await readImage(`${server.host}/org/app:1`).catch(error => error)
        expect(thrown).toMatchObject({code: 'denied'})
        expect(String(thrown)).not.toMatch(/hidden|SignatureSecret/)
      })
    } finally {
      await store.stop()
    }
  })
})
