import {createHash} from 'node:crypto'
import {describe, expect, test} from '@jest/globals'
import {type Digest, parseDigest} from '../../../src/image/digest.ts'
import {parseReference} from '../../../src/image/reference.ts'
import {DEFAULT_LIMITS} from '../../../src/lib/limits.ts'
import {SYSTEM_CLOCK} from '../../../src/net/clock.ts'
import {trackPulls} from '../../../src/source/docker/pulls.ts'
import {openInRegistry} from '../../../src/source/docker/registry-image.ts'
import {readRegistryRoot} from '../../../src/source/docker/registry-root.ts'
import type {Session} from '../../../src/source/docker/session.ts'
import {type Answer, scriptedDocker} from '../../support/scripted-docker.ts'

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const NAME = 'r.test/app'
/** What Docker 28.5 with the classic store says of a manifest that is `null` or `{}`: its handler has broken off. */
const BROKE_OFF: Answer = {stderr: 'unexpected EOF'}
const CONFIG = `{"mediaType":"application/vnd.oci.image.config.v1+json","digest":"sha256:${'1'.repeat(64)}","size":2}`
const GOOD = `{"schemaVersion":2,"mediaType":"${MANIFEST}","config":${CONFIG},"layers":[]}`

function digestOf(text: string): Digest {
  const digest = parseDigest(`sha256:${createHash('sha256').update(text).digest('hex')}`)
  if (!digest.ok) throw new Error(digest.problem)
  return digest.value
}

/** Opens the only platform of an index, whose manifest cannot be pulled; `served` is what stands at its digest. */
async function pull(
  manifest: string,
  pulled: Answer,
  served: Answer = manifest,
  platform = ',"platform":{"os":"linux","architecture":"amd64"}',
) {
  const digest = digestOf(manifest)
  const entry = `{"mediaType":"${MANIFEST}","digest":"${digest}","size":${manifest.length}${platform}}`
  const index = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[${entry}]}`
  const {cli} = scriptedDocker(command => {
    if (command.startsWith('image inspect')) return {stderr: 'No such image'}
    if (command.startsWith('image rm')) return {stderr: 'No such image'}
    if (command.startsWith('pull ')) return pulled
    if (command === 'buildx version') return 'v0.29.1'
    return command.endsWith(`@${digest}`) ? served : index
  })
  const {signal} = new AbortController()
  const session: Session = {
    ...{cli, creator: cli, cleaner: cli, run: 'run', progress: undefined, clock: SYSTEM_CLOCK, signal},
    limits: DEFAULT_LIMITS,
    saving: {cli, signal, temporary: '/nonexistent', limits: DEFAULT_LIMITS},
    openRegistry: () => Promise.reject(new Error('no registry is asked')),
  }
  const reference = parseReference(`${NAME}:1`)
  if (!reference.ok) throw new Error(reference.problem)
  const pulls = trackPulls(session, () => undefined)
  const opened = await openInRegistry(session, pulls, reference.value, await readRegistryRoot(cli, reference.value))
  const [only] = opened.root.entries
  if (!only) throw new Error('the index has no entry')
  return opened.platformImage(only)
}

describe('a manifest of the index that cannot be pulled', () => {
  test.each(['null', '{}', '7', '"x"', 'hello', '[]', ' ', GOOD.slice(0, -1)])(
    'is what is wrong where it makes no sense: %j',
    async manifest => {
      await expect(pull(manifest, BROKE_OFF)).rejects.toMatchObject({
        code: 'malformed',
        message: expect.stringContaining(`${NAME}@${digestOf(manifest)} is neither an index nor a manifest`),
      })
    },
  )

  test.each<[string, string, Answer, Answer]>([
    ['makes sense', GOOD, BROKE_OFF, GOOD],
    ['is served as other bytes', GOOD, BROKE_OFF, 'null'],
    ['is not shown either', 'null', BROKE_OFF, {stderr: 'connection refused'}],
  ])('is no fault of the image where it %s', async (_, manifest, pulled, served) => {
    await expect(pull(manifest, pulled, served)).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('unexpected EOF'),
    })
  })

  test('without a platform in the index is what is wrong, too', async () => {
    await expect(pull('null', BROKE_OFF, 'null', '')).rejects.toMatchObject({code: 'malformed'})
  })

  test('is an artifact where it says so', async () => {
    const artifact = GOOD.replace('vnd.oci.image.config.v1', 'vnd.cncf.helm.config.v1')
    await expect(pull(artifact, BROKE_OFF)).rejects.toMatchObject({code: 'not-an-image'})
  })
})
