import {describe, expect, test} from '@jest/globals'
import {parseRegistryListing} from '../../../src/inventory/index.ts'
import {listImages} from '../../../src/source/registry/list-images.ts'
import {type RegistryServerOptions, type SeenRequest, startRegistryServer} from '../../support/registry-server.ts'
import {testClock} from '../../support/test-clock.ts'
import {NO_ENV} from './fixtures.ts'

const TAGS: Readonly<Record<string, readonly string[] | null>> = {
  'team/api': ['latest', '1.0'],
  'team/app': ['1.4.2', '1.4', `sha256-${'a'.repeat(64)}.sig`, `sha256-${'b'.repeat(64)}`],
  'team/empty': null,
  'zoo/app': ['1'],
}

interface ListingServer {
  /** Names of a page. */
  readonly size?: number
  /** Where the next page is said to be. */
  readonly link?: (next: string, host: string) => string
  readonly other?: RegistryServerOptions['other']
}

/** A registry with a catalog, in pages, in an order of its own. */
function listing({size = 2, link = next => `<${next}>; rel="next"`, other}: ListingServer = {}): RegistryServerOptions {
  const json = (value: object, headers = {}) => ({status: 200, headers, body: JSON.stringify(value)})
  return {
    other: seen => {
      const own = other?.(seen)
      if (own) return own
      const url = new URL(seen.url, `http://${seen.headers.host}`)
      const repository = /^\/v2\/(.+)\/tags\/list$/.exec(url.pathname)?.[1]
      const all = url.pathname === '/v2/_catalog' ? Object.keys(TAGS).reverse() : TAGS[repository ?? '']
      if (all === undefined) return undefined
      const from = all === null ? 0 : all.indexOf(url.searchParams.get('last') ?? '') + 1
      const page = all?.slice(from, from + size) ?? null
      const isLast = all === null || from + size >= all.length
      const next = `${url.pathname}?last=${page?.at(-1)}&n=${size}`
      const headers = isLast ? {} : {link: link(next, url.host)}
      return json(repository === undefined ? {repositories: page} : {name: repository, tags: page}, headers)
    },
  }
}

async function listed(pattern: string, options: RegistryServerOptions = listing()) {
  const server = await startRegistryServer(options)
  try {
    const parsed = parseRegistryListing(`registry:${server.host}/${pattern}`)
    if (!parsed.ok) throw new Error(parsed.problem)
    const {signal} = new AbortController()
    const reading = listImages(parsed.value, {env: NO_ENV, signal, clock: testClock()})
    const plain = (lines: readonly string[]) => lines.map(line => line.replaceAll(server.host, 'HOST'))
    const found = await reading.then(
      ({images, leftOut}) => ({images: plain(images), leftOut: plain(leftOut)}),
      (thrown: unknown) => ({thrown}),
    )
    return {...found, requests: server.requests.map(({url}) => url)}
  } finally {
    await server.stop()
  }
}

describe('what a registry has', () => {
  test('page by page, sorted, without what belongs to other images', async () => {
    const {requests, ...found} = await listed('team/*')
    expect(found).toEqual({
      images: ['HOST/team/api:1.0', 'HOST/team/api:latest', 'HOST/team/app:1.4', 'HOST/team/app:1.4.2'],
      leftOut: ['HOST/team/app: tags of signatures and other referrers: 2'],
    })
    expect(requests.filter(url => url.startsWith('/v2/_catalog'))).toEqual([
      '/v2/_catalog?n=1000',
      '/v2/_catalog?last=team/empty&n=2',
    ])
    expect(requests.filter(url => url.includes('zoo'))).toEqual([])
  })

  test('by its tags', async () => {
    expect(await listed('*:1*')).toMatchObject({
      images: ['HOST/team/api:1.0', 'HOST/team/app:1.4', 'HOST/team/app:1.4.2', 'HOST/zoo/app:1'],
    })
  })

  test('of one repository needs no catalog', async () => {
    const {requests, ...found} = await listed('zoo/app')
    expect(found).toMatchObject({images: ['HOST/zoo/app:1']})
    expect(requests.filter(url => url.includes('_catalog'))).toEqual([])
  })

  test('a repository that the catalog names and that is gone is left out', async () => {
    const other = ({url}: SeenRequest) =>
      url.startsWith('/v2/zoo/app/tags') ? {status: 404, body: '{"errors":[{"code":"NAME_UNKNOWN"}]}'} : undefined
    expect(await listed('zoo/*', listing({other}))).toMatchObject({images: [], leftOut: ['HOST/zoo/app has no tags']})
    expect(await listed('zoo/app', listing({other}))).toMatchObject({thrown: {code: 'not-found'}})
  })

  test('a name that is not one is left out', async () => {
    const other = ({url}: SeenRequest) =>
      url.startsWith('/v2/_catalog') ? {status: 200, body: '{"repositories":["../secrets","a/b?x=1"]}'} : undefined
    const {requests, ...found} = await listed('*', listing({other}))
    expect(found).toMatchObject({
      images: [],
      leftOut: [expect.stringContaining('is not a component')],
    })
    expect(requests.filter(url => url.includes('tags'))).toEqual([])
  })
})

describe('a token', () => {
  test('is asked for with the right to list, and no other', async () => {
    const wanted = 'registry:catalog:*'
    const base = listing()
    const options: RegistryServerOptions = {
      other: seen => {
        if (seen.url.startsWith('/token')) {
          const scope = new URL(seen.url, 'http://a').searchParams.get('scope') ?? ''
          return {status: 200, body: JSON.stringify({token: Buffer.from(scope).toString('hex')})}
        }
        const repository = /^\/v2\/(.+)\/tags/.exec(seen.url)?.[1]
        const scope = repository === undefined ? wanted : `repository:${repository}:pull`
        if (seen.headers.authorization === `Bearer ${Buffer.from(scope).toString('hex')}`) return base.other?.(seen)
        const challenge = `Bearer realm="http://${seen.headers.host}/token",service="s",scope="${scope},push"`
        return {status: 401, headers: {'www-authenticate': challenge}, body: '{}'}
      },
    }
    const {requests, ...found} = await listed('zoo/*', options)
    expect(found).toMatchObject({images: ['HOST/zoo/app:1']})
    const scopes = requests.flatMap(url => new URL(url, 'http://a').searchParams.getAll('scope'))
    expect(scopes).toEqual([wanted, 'repository:zoo/app:pull'])
  })
})

describe('a listing that cannot be believed', () => {
  const NOWHERE = /is said to be at/
  const failing: readonly (readonly [string, ListingServer, string, RegExp])[] = [
    [
      'a next page on another host',
      {link: next => `<https://other.example${next}>; rel="next"`},
      'unavailable',
      NOWHERE,
    ],
    ['a next page by https only', {link: (next, host) => `<https://${host}${next}>; rel=next`}, 'unavailable', NOWHERE],
    ['a next page that came before', {link: () => '</v2/_catalog?n=1000>; rel="next"'}, 'malformed', /came before/],
    ['a web page', {other: () => ({status: 200, body: '<html></html>'})}, 'malformed', /something else/],
    ['another list', {other: () => ({status: 200, body: '{"tags":[]}'})}, 'malformed', /no list of repositories/],
    ['what is not names', {other: () => ({status: 200, body: '{"repositories":[1]}'})}, 'malformed', /repositories/],
    ['a page without end', {other: () => ({status: 200, body: ' '.repeat(2 ** 20 + 1)})}, 'malformed', /more than/],
  ]
  test.each(failing)('%s', async (_, server, code, message) => {
    expect(await listed('*', listing(server))).toMatchObject({thrown: {code, message: expect.stringMatching(message)}})
  })

  test.each([401, 403, 404, 405])('a registry without a catalog (%i) says what to do', async status => {
    const other = ({url}: SeenRequest) => (url.startsWith('/v2/_catalog') ? {status, body: '{}'} : undefined)
    expect(await listed('*', listing({other}))).toMatchObject({
      thrown: {
        message: expect.stringMatching(new RegExp(`^the list of repositories of .* status ${status}`)),
        hint: expect.stringContaining('Name each repository'),
      },
    })
  })
})
