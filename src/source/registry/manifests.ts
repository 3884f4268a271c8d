import {SourceError} from '../../errors.ts'
import {type Digest, digestParts, parseDigest} from '../../image/digest.ts'
import {INDEX_MEDIA_TYPES, MANIFEST_MEDIA_TYPES} from '../../image/media-type.ts'
import type {Descriptor} from '../../image/source.ts'
import {concatBytes} from '../../lib/bytes.ts'
import {fixedBound} from '../../lib/over-limit.ts'
import type {Clock} from '../../net/clock.ts'
import type {HttpResponse} from '../../net/http.ts'
import {NetworkError} from '../../net/network-error.ts'
import {withRetries} from '../../net/retry.ts'
import {checkSize, digestOf} from '../blobs/verified.ts'
import {untilThere} from '../just-pushed.ts'
import type {RegistryClient} from './client.ts'
import {refused} from './refusal.ts'
import {refuseWebPage} from './web-page.ts'

/** An index or a manifest as it came, and what it is known by. */
export interface FetchedManifest {
  readonly descriptor: Descriptor
  readonly bytes: Uint8Array
}

export interface ManifestOptions {
  readonly client: RegistryClient
  readonly clock: Clock
  readonly signal: AbortSignal
  /** `docker.io/library/app`, for messages. */
  readonly name: string
}

/** Without OCI's own types a registry says that an OCI index is not there. Schema 1 is not asked for. */
const ACCEPT = [...INDEX_MEDIA_TYPES, ...MANIFEST_MEDIA_TYPES].join(', ')

export interface ManifestReader {
  /** What stands at a tag or a digest. A tag's digest is computed: what the registry says of it is only a hint. */
  root(reference: {readonly tag: string | undefined; readonly digest: Digest | undefined}): Promise<FetchedManifest>
  /** What the registry says that stands there, by HEAD; undefined where it does not say so. */
  claimed(reference: {
    readonly tag: string | undefined
    readonly digest: Digest | undefined
  }): Promise<Digest | undefined>
  /** The document that another one names. Its bytes are still to be proven. */
  named(descriptor: Descriptor): Promise<Uint8Array>
}

/**
 * Reads indexes and manifests. A digest that is not there is requested again for a
 * while, all together not longer than 15 s.
 */
export function manifestReader({client, clock, signal, name}: ManifestOptions): ManifestReader {
  const wait = untilThere({clock, signal})
  const read = async (
    place: string,
    absent: 'not-found' | 'blob-missing',
  ): Promise<readonly [HttpResponse, Uint8Array]> => {
    const what = `manifest ${name}${place.includes(':') ? '@' : ':'}${place}`
    const request = {path: `manifests/${place}`, headers: {accept: ACCEPT}, what}
    const ask = async (): Promise<readonly [HttpResponse, Uint8Array]> => {
      const result = await withRetries(
        {clock, signal},
        async () => {
          const answer = await client.ask(request)
          return answer.ok ? {...answer, bytes: await readBody(answer.response, what)} : answer
        },
        error => client.unreachable(what, error),
      )
      if (result.ok) return [result.response, result.bytes]
      throw refused(what, result.url, result.refusal, {absent, hint: result.hint})
    }
    return place.includes(':') ? wait(ask) : ask()
  }
  return {
    root: async ({tag, digest}) => {
      const [response, bytes] = await read(digest ?? tag ?? 'latest', 'not-found')
      const mediaType = (response.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
      const computed = digest ?? digestOf(bytes)
      checkHint(response.header('docker-content-digest'), computed, bytes, name)
      return {descriptor: {mediaType, digest: computed, size: bytes.length, annotations: {}}, bytes}
    },
    claimed: async ({tag, digest}) => {
      const place = digest ?? tag ?? 'latest'
      const what = `manifest ${name}${place.includes(':') ? '@' : ':'}${place}`
      const answer = await client.ask({path: `manifests/${place}`, method: 'HEAD', headers: {accept: ACCEPT}, what})
      // Why it is refused, if it is, GET says.
      if (!answer.ok) return undefined
      answer.response.discard()
      const claimed = parseDigest(answer.response.header('docker-content-digest') ?? '')
      return digest ?? (claimed.ok ? claimed.value : undefined)
    },
    named: async descriptor => (await read(descriptor.digest, 'blob-missing'))[1],
  }
}

/**
 * Where a tag leads is the registry's own word; but if it says which digest that is, and is
 * wrong, something is broken on the way.
 */
function checkHint(hint: string | undefined, computed: Digest, bytes: Uint8Array, name: string): void {
  const {algorithm} = digestParts(computed)
  if (hint === undefined || !hint.startsWith(`${algorithm}:`)) return
  const got = digestOf(bytes, algorithm)
  if (hint === got) return
  throw new SourceError(
    'digest-mismatch',
    `manifest of ${name} is not what the registry says it is: expected ${hint.slice(0, 140)}, got ${got}`,
  )
}

const MANIFEST = fixedBound('manifest-bytes')

async function readBody(response: HttpResponse, what: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body()) {
    size += chunk.length
    if (size > MANIFEST.most) checkSize(MANIFEST, what, undefined)
    chunks.push(chunk)
  }
  const told = Number(response.header('content-length') ?? size)
  if (told !== size) throw new NetworkError('ECONNRESET', `${size} of ${told} bytes came`)
  const bytes = concatBytes(chunks)
  refuseWebPage(what, response, bytes)
  return bytes
}
