import {describe, expect, test} from '@jest/globals'
import {buildTar} from '../../scripts/support/tar-builder.ts'
import {parseReference} from '../../src/image/reference.ts'
import {DEFAULT_LIMITS} from '../../src/lib/limits.ts'
import {SYSTEM_CLOCK} from '../../src/net/clock.ts'
import {openInDaemon} from '../../src/source/docker/daemon-image.ts'
import type {Session} from '../../src/source/docker/session.ts'
import {buildElf} from '../support/elf-builder.ts'
import {buildImage} from '../support/image-builder.ts'
import {testDigest} from '../support/memory-source.ts'
import type {RegistryServer} from '../support/registry-server.ts'
import {scriptedDocker} from '../support/scripted-docker.ts'
import {failureOf, readImage, TWO_PLATFORMS, withServer} from './registry/fixtures.ts'

// What stands behind a name may change while it is read: what is told is only of what was read.

/** An image that does not start: the same platforms, with a program of neither. */
const OTHER = buildImage(
  ['amd64', 'arm64'].map(architecture => ({
    platform: {os: 'linux', architecture},
    process: {Entrypoint: ['/app']},
    layers: [{app: {content: buildElf({machine: 22}), mode: 0o755}}],
  })),
)

describe('a registry', () => {
  const urls = TWO_PLATFORMS.platforms.flatMap(({manifest, config, layers}) =>
    [manifest, ...[config, ...layers]].map(({digest}) => digest),
  )

  test.each(['1', ...urls])('whose tag moves when %s has been asked for', async end => {
    let server: RegistryServer | undefined
    let moved = 0
    const fault = ({url}: {readonly url: string}): undefined => {
      if (!url.endsWith(end) || moved++ > 0) return
      // The answer to this very request is made afterwards.
      if (end !== '1') server?.push('org/app', OTHER, '1')
      else setImmediate(() => server?.push('org/app', OTHER, '1'))
    }
    await withServer({fault}, async started => {
      server = started
      const facts = await readImage(`${started.host}/org/app:1`)
      expect(moved).toBeGreaterThan(0)
      expect(facts.root.descriptor?.digest).toBe(TWO_PLATFORMS.root.digest)
      expect(
        facts.platforms.map(({entry, startup}) => [entry.descriptor.digest, startup.steps[0]?.verdict?.fit]),
      ).toEqual(TWO_PLATFORMS.platforms.map(({manifest}) => [manifest.digest, 'native']))
      expect(started.requests.filter(({url}) => url.endsWith('/manifests/1'))).toHaveLength(1)
    })
  })

  test.each(TWO_PLATFORMS.platforms[0]?.layers.map(({digest}) => digest) ?? [])(
    'in whose store the layer %s is swapped: nothing is told of what stands there now',
    async digest => {
      const other = OTHER.blobs.get(OTHER.platforms[0]?.layers[0]?.digest ?? testDigest(0))
      const swapped = ({url}: {readonly url: string}) =>
        url.endsWith(digest) && other ? {status: 200, body: other.bytes} : undefined
      await withServer({other: swapped}, async server => {
        const failure = await failureOf(readImage(`${server.host}/org/app:1`))
        expect(failure).toMatchObject({message: expect.stringContaining(digest)})
        expect(failure).toMatchObject({code: expect.stringMatching(/^(?:digest-mismatch|unavailable)$/)})
      })
    },
  )
})

describe('a Docker daemon', () => {
  const image = (number: number): string =>
    JSON.stringify({Id: testDigest(number), Os: 'linux', Architecture: 'amd64', Config: {Entrypoint: ['/app']}})

  /** A daemon in which the name stands for image 2 from the `at`-th command on. */
  function daemon(at: number) {
    const {cli, asked} = scriptedDocker(command => {
      const number = asked.length > at ? 2 : 1
      if (command.startsWith('image inspect')) return image(number)
      if (command.startsWith('create')) return String(number).repeat(64)
      return command.startsWith('rm') ? '' : buildTar([{name: 'app', content: buildElf()}])
    })
    const {signal} = new AbortController()
    const session: Session = {
      ...{cli, creator: cli, cleaner: cli, run: 'run', progress: undefined, clock: SYSTEM_CLOCK, signal},
      limits: DEFAULT_LIMITS,
      saving: {cli, signal, temporary: '/nonexistent'},
      openRegistry: () => Promise.reject(new Error('no registry is asked')),
    }
    return {session, asked}
  }

  async function look(at: number, text = 'app:1') {
    const {session, asked} = daemon(at)
    const reference = parseReference(text)
    if (!reference.ok) throw new Error(reference.problem)
    const opened = await openInDaemon(session, reference.value)
    const [entry] = opened.root.entries
    if (!entry) throw new Error('no platform')
    const platform = await opened.platformImage(entry).catch((thrown: unknown) => thrown)
    return {platform, asked, digest: entry.descriptor.digest}
  }

  // inspect for the root (twice), inspect for the config, create, inspect
  test.each([2, 3, 4])('in which a tag is given to another image after command %i', async at => {
    const {platform, asked, digest} = await look(at)
    expect(digest).toBe(testDigest(1))
    expect(platform).toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining(`expected ${testDigest(1)}, got ${testDigest(2)}`),
    })
    // The container that was made of it is gone.
    expect(asked.at(-1)).toMatch(/^rm --force --volumes [12]{64}$/)
  })

  test('in which the tag stays', async () => {
    expect((await look(1000)).platform).toMatchObject({entry: {descriptor: {digest: testDigest(1)}}})
  })
})
