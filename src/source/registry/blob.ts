import type {SourceError} from '../../errors.ts'
import type {Descriptor} from '../../image/source.ts'
import type {Clock} from '../../net/clock.ts'
import type {HttpResponse} from '../../net/http.ts'
import {NetworkError} from '../../net/network-error.ts'
import {pauseAfter} from '../../net/retry.ts'
import type {RegistryClient, RegistryResult} from './client.ts'
import {refused} from './refusal.ts'
import {refuseWebPage} from './web-page.ts'

export interface BlobOptions {
  readonly client: RegistryClient
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** In bytes. */
const PROGRESS = 1024 * 1024
/** How often one blob is taken up again, whatever each try brought. */
const TRIES = 20

/**
 * A blob's bytes as the registry has them, still to be proven. A stream that breaks off is taken up where it ended; a
 * try that brought a good piece makes up for those that failed before. Ranges are asked for then only: some registries
 * know none, and a proxy may answer with the whole.
 */
export async function* streamBlob(
  blob: Descriptor,
  {client, clock, signal}: BlobOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  const what = `blob ${blob.digest}`
  let at = 0
  let since = 0
  for (let attempt = 1, tries = 1; ; attempt += 1, tries += 1) {
    try {
      const response = await askFrom(blob, at, client)
      if (response === undefined) return
      let skip = at - (await startOf(response, at))
      for await (const chunk of response.body()) {
        const rest = skip === 0 ? chunk : chunk.subarray(skip)
        skip -= chunk.length - rest.length
        if (rest.length === 0) continue
        if (at === 0) refuseWebPage(what, response, rest)
        at += rest.length
        yield rest
      }
      if (at >= blob.size) return
      throw new NetworkError('ECONNRESET', `${at} of ${blob.size} bytes came`)
    } catch (thrown) {
      if (!(thrown instanceof NetworkError)) throw thrown
      if (at - since >= PROGRESS) {
        since = at
        attempt = 1
      }
      const pause = thrown.isTransient && tries < TRIES ? pauseAfter(attempt, clock) : undefined
      if (pause === undefined) throw client.unreachable(what, thrown)
      await clock.sleep(pause, signal)
    }
  }
}

/**
 * Whether a blob is there: throws what streamBlob would where it is not. One byte of it is requested. Never
 * HEAD: some registries refuse it for blobs.
 */
export async function probeBlob(blob: Descriptor, client: RegistryClient): Promise<void> {
  const what = `blob ${blob.digest}`
  const headers = {range: 'bytes=0-0'}
  const answer = await client.ask({path: `blobs/${blob.digest}`, what, headers})
  if (answer.ok) return answer.response.discard()
  // Of a blob without bytes there is no such range.
  if (answer.refusal.status !== 416) throw refusedBlob(blob, answer)
}

/** The blob, or what is left of it from `at`; undefined where nothing is. */
async function askFrom(blob: Descriptor, at: number, client: RegistryClient): Promise<HttpResponse | undefined> {
  const {digest, size} = blob
  if (at > 0 && at >= size) return undefined
  const what = `blob ${digest}`
  const path = `blobs/${digest}`
  const answer = await client.ask({path, what, ...(at > 0 ? {headers: {range: `bytes=${at}-`}} : {})})
  if (answer.ok) return answer.response
  if (at > 0 && answer.refusal.status === 416) {
    const whole = await client.ask({path, what})
    if (whole.ok) return whole.response
  }
  throw refusedBlob(blob, answer)
}

function refusedBlob({digest}: Descriptor, answer: Extract<RegistryResult, {ok: false}>): SourceError {
  return refused(`blob ${digest}`, answer.url, answer.refusal, {absent: 'blob-missing', hint: answer.hint})
}

/** Where the answer starts: at 0 where the range was not heeded. */
async function startOf(response: HttpResponse, at: number): Promise<number> {
  if (at === 0 || response.status !== 206) return 0
  const start = /^bytes ([0-9]+)-/.exec(response.header('content-range') ?? '')?.[1]
  if (start === String(at)) return at
  response.discard()
  throw new NetworkError('ECONNRESET', `a range from ${at} was answered with one from ${start ?? 'nowhere'}`)
}
