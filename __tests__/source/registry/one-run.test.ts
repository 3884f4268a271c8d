import {describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import {sharedConnections} from '../../../src/source/registry/connections.ts'
import {openRegistry} from '../../../src/source/registry/open-registry.ts'
import {buildImage} from '../../support/image-builder.ts'
import {type RegistryServerOptions, type SeenRequest, startRegistryServer} from '../../support/registry-server.ts'
import {testClock} from '../../support/test-clock.ts'
import {failureOf, NO_ENV, readImage, smallOnLarge, TWO_PLATFORMS} from './fixtures.ts'

// What a run has learnt for one image spares it requests for the next, and is believed of nothing else.

const ONLY_AMD64 = buildImage([smallOnLarge('amd64')])

/** A run over a server with `org/app:1`, `org/app:2` (the same image) and `org/copy:1`. */
async function withRun(
  options: RegistryServerOptions,
  body: (run: {
    readonly read: (name: string) => ReturnType<typeof readImage>
    readonly failure: (name: string) => Promise<unknown>
    readonly seen: (part: string) => readonly SeenRequest[]
    readonly clock: ReturnType<typeof testClock>
    readonly open: (name: string) => ReturnType<typeof openRegistry>
    readonly host: string
  }) => Promise<void>,
): Promise<void> {
  const server = await startRegistryServer(options)
  try {
    for (const tag of ['1', '2']) server.push('org/app', TWO_PLATFORMS, tag)
    server.push('org/copy', TWO_PLATFORMS, '1')
    const [connections, clock] = [sharedConnections(), testClock()]
    const surroundings = {connections, clock, env: NO_ENV, signal: new AbortController().signal}
    const read = (name: string) => readImage(`${server.host}/${name}`, surroundings)
    await body({
      read,
      failure: name => failureOf(read(name)),
      seen: part => server.requests.filter(({url}) => url.includes(part)),
      clock,
      open: name => {
        const reference = parseReference(`${server.host}/${name}`)
        if (!reference.ok) throw new Error(reference.problem)
        return openRegistry({text: name, reference: reference.value}, surroundings)
      },
      host: server.host,
    })
  } finally {
    await server.stop()
  }
}

/** Wants a token for each repository, which is the scope itself. `refuses`: for which scopes there is none. */
function tokens({
  scopeOf = repository => `repository:${repository}:pull`,
  refuses = () => false,
  isPublic = () => false,
}: {
  readonly scopeOf?: (repository: string) => string
  readonly refuses?: (scope: string) => boolean
  readonly isPublic?: (repository: string) => boolean
} = {}): RegistryServerOptions {
  return {
    guard: ({url, headers}) => {
      const repository = /^\/v2\/(.+)\/(?:manifests|blobs)\//.exec(url)?.[1] ?? ''
      const scope = scopeOf(repository)
      if (isPublic(repository) || headers.authorization === `Bearer ${Buffer.from(scope).toString('hex')}`) return
      const realm = `http://${headers.host}/token`
      return {status: 401, headers: {'www-authenticate': `Bearer realm="${realm}",service="s",scope="${scope}"`}}
    },
    other: ({url, headers}) => {
      if (!url.startsWith('/token')) return undefined
      const scope = new URL(url, `http://${headers.host}`).searchParams.get('scope') ?? ''
      if (refuses(scope)) return {status: 403, body: 'no'}
      return {status: 200, body: JSON.stringify({token: Buffer.from(scope).toString('hex')})}
    },
  }
}

describe('documents', () => {
  const [manifest, config] = [
    TWO_PLATFORMS.platforms[0]?.manifest.digest ?? '',
    TWO_PLATFORMS.platforms[0]?.config.digest ?? '',
  ]

  test('of a repository are read once, whichever of its tags they are of', async () => {
    await withRun({}, async ({read, seen}) => {
      expect(await read('org/app:1')).toMatchObject({platforms: [{}, {}]})
      expect((await read('org/app:2')).platforms).toHaveLength(2)
      await Promise.all([read('org/app:1'), read('org/app:2')])
      expect([seen(manifest).length, seen(config).length]).toEqual([1, 1])
      // What a tag leads to is asked each time.
      expect(seen('/manifests/1').length + seen('/manifests/2').length).toBe(4)
    })
  })

  test('that another repository lacks are missing there', async () => {
    const fault = ({url}: SeenRequest) =>
      url.includes('/org/copy/') && url.endsWith(config) ? ({kind: 'status', status: 404} as const) : undefined
    await withRun({fault}, async ({read, failure}) => {
      await read('org/app:1')
      expect(await failure('org/copy:1')).toMatchObject({code: 'blob-missing'})
    })
  })

  test('that are not what their digest says are not kept', async () => {
    const fault = ({url}: SeenRequest, count: number) =>
      url.endsWith(config) && count === 1 ? ({kind: 'wrong'} as const) : undefined
    await withRun({fault}, async ({read, failure, seen}) => {
      expect(await failure('org/app:1')).toMatchObject({code: 'digest-mismatch'})
      expect((await read('org/app:2')).unreadable).toEqual([])
      expect(seen(config)).toHaveLength(2)
    })
  })
})

describe('a token', () => {
  test('is fetched once for a repository, and without a refusal for the next', async () => {
    await withRun(tokens(), async ({read, seen}) => {
      await Promise.all(['org/app:1', 'org/app:2'].map(read))
      await read('org/copy:1')
      expect(seen('/token').map(({url}) => new URL(url, 'http://a').searchParams.get('scope'))).toEqual([
        'repository:org/app:pull',
        'repository:org/copy:pull',
      ])
      expect(seen('/org/copy/').filter(({status}) => status === 401)).toEqual([])
    })
  })

  test('is asked for as the registry says where it names repositories otherwise', async () => {
    await withRun(tokens({scopeOf: repository => `repository:tenant/${repository}:pull`}), async ({read, seen}) => {
      await read('org/app:1')
      expect((await read('org/copy:1')).platforms).toHaveLength(2)
      expect(seen('/org/copy/').filter(({status}) => status === 401)).toHaveLength(1)
    })
  })

  test('that is refused keeps nobody from what is public', async () => {
    const options = tokens({refuses: scope => scope.includes('org/copy'), isPublic: name => name === 'org/copy'})
    await withRun(options, async ({read}) => {
      await read('org/app:1')
      expect((await read('org/copy:1')).platforms).toHaveLength(2)
    })
  })

  test('that is refused is reported where it is needed', async () => {
    await withRun(tokens({refuses: scope => scope.includes('org/copy')}), async ({read, failure}) => {
      await read('org/app:1')
      expect(await failure('org/copy:1')).toMatchObject({
        code: 'denied',
        message: expect.stringContaining('gives no token'),
      })
    })
  })
})

describe('limits', () => {
  const LIMIT = JSON.stringify({errors: [{code: 'TOOMANYREQUESTS', message: 'rate limit exceeded'}]})

  test.each([429, 403])('a pause that is asked for with %i is kept, whatever the words', async status => {
    const fault = ({url}: SeenRequest, count: number) =>
      url.endsWith('/manifests/1') && count === 1
        ? ({kind: 'status', status, headers: {'retry-after': '9'}, body: LIMIT} as const)
        : undefined
    await withRun({fault}, async ({read, clock}) => {
      expect((await read('org/app:1')).platforms).toHaveLength(2)
      expect(clock.pauses).toEqual([9000])
    })
  })

  test('after the last pull that is granted no further manifest is asked for', async () => {
    // The image that was begun has its own manifests still to come.
    const other = ({url}: SeenRequest) =>
      url.endsWith('/org/app/manifests/2')
        ? {
            status: 200,
            headers: {'ratelimit-remaining': '0;w=21600', 'content-type': ONLY_AMD64.root.mediaType},
            body: ONLY_AMD64.blobs.get(ONLY_AMD64.root.digest)?.bytes ?? '',
          }
        : undefined
    await withRun({other}, async ({read, failure, seen}) => {
      await read('org/app:1')
      // A lone manifest: all that is left of it are blobs, which no limit counts.
      expect((await read('org/app:2')).platforms).toHaveLength(1)
      expect(await failure('org/copy:1')).toMatchObject({
        code: 'unavailable',
        message: expect.stringContaining('RateLimit-Remaining: 0'),
        hint: expect.stringContaining('Log in'),
      })
      expect(seen('/org/copy/')).toEqual([])
    })
  })

  test('where it says when there is more, that is waited for', async () => {
    const other = ({url}: SeenRequest) =>
      url.endsWith('/org/app/manifests/2')
        ? {
            status: 200,
            headers: {ratelimit: '"default";r=0;t=30', 'content-type': ONLY_AMD64.root.mediaType},
            body: ONLY_AMD64.blobs.get(ONLY_AMD64.root.digest)?.bytes ?? '',
          }
        : undefined
    await withRun({other}, async ({read, clock}) => {
      await read('org/app:1')
      await read('org/app:2')
      expect((await read('org/copy:1')).platforms).toHaveLength(2)
      expect(clock.pauses).toEqual([30_000])
    })
  })
})

describe('what is claimed to stand at a reference', () => {
  const {digest} = TWO_PLATFORMS.root
  const claiming = (name: string) => ({
    other: ({url, method}: SeenRequest) =>
      method === 'HEAD' && url.endsWith('/manifests/1')
        ? {status: 200, headers: {'docker-content-digest': name}, body: ''}
        : undefined,
  })

  test('is asked for by HEAD, and nothing is read', async () => {
    await withRun(claiming(digest), async ({open, seen}) => {
      const source = open('org/app:1')
      expect(await source.claimedDigest?.()).toBe(digest)
      await source.close()
      expect(seen('').map(({method, url}) => `${method} ${url}`)).toEqual(['HEAD /v2/org/app/manifests/1'])
    })
  })

  test('is not what is read', async () => {
    await withRun(claiming(ONLY_AMD64.root.digest), async ({open}) => {
      const source = open('org/app:1')
      expect(await source.claimedDigest?.()).toBe(ONLY_AMD64.root.digest)
      expect((await source.root()).descriptor?.digest).toBe(digest)
      await source.close()
    })
  })

  test.each(['', 'sha256:short', 'latest'])('is not known where the registry says %j', async said => {
    await withRun(claiming(said), async ({open}) => {
      const source = open('org/app:1')
      expect(await source.claimedDigest?.()).toBeUndefined()
      await source.close()
    })
  })

  test('of what is not there is not known', async () => {
    await withRun({}, async ({open}) => {
      const source = open('org/app:9')
      expect(await source.claimedDigest?.()).toBeUndefined()
      await source.close()
    })
  })
})
