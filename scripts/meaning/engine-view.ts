import {once} from 'node:events'
import {type IncomingMessage, request} from 'node:http'
import {buffer} from 'node:stream/consumers'
import type {Engine} from '../../e2e/ground/engine.ts'
import {callEngine, mustCallEngine, pullImage} from '../../e2e/ground/engine-api.ts'
import type {Tree} from '../../e2e/support/engine-tree.ts'

/** What an engine makes of an image, from its own answers. */
export type EngineView =
  | {readonly outcome: 'refused'; readonly at: 'pull' | 'load' | 'create'; readonly reason: string}
  | {readonly outcome: 'created'; readonly image: EngineImage; readonly tree?: Tree}

/** Of `docker inspect` of the image, and of a container of it. */
export interface EngineImage {
  readonly os: string
  readonly architecture: string
  readonly variant: string
  readonly diffIds: readonly string[]
  readonly process: Readonly<Record<string, unknown>>
}

/** Pulls an image, makes a container of it that is never started, and removes both. */
export async function viewByEngine(
  engine: Pick<Engine, 'socket'>,
  image: string,
  platform?: string,
): Promise<EngineView> {
  const refused = await pullImage(engine, image, platform)
  if (refused !== undefined) return {outcome: 'refused', at: 'pull', reason: refused}
  return viewHeld(engine, image, platform)
}

/** Loads an archive, and looks at what has the name then. */
export async function viewLoaded(
  engine: Pick<Engine, 'socket'>,
  archive: Uint8Array,
  image: string,
): Promise<EngineView> {
  const refused = await loadArchive(engine, archive)
  if (refused !== undefined) return {outcome: 'refused', at: 'load', reason: refused}
  const found = await callEngine(engine, 'GET', `/images/${encodeURIComponent(image)}/json`)
  if (found.status === 404) return {outcome: 'refused', at: 'load', reason: 'nothing of this name came of it'}
  return viewHeld(engine, image)
}

/** Pulls an image and saves it as `docker save` does; undefined where the engine does either not. */
export async function savedByEngine(
  engine: Pick<Engine, 'socket'>,
  image: string,
  platform?: string,
): Promise<Uint8Array | undefined> {
  if ((await pullImage(engine, image, platform)) !== undefined) return undefined
  const path = `/images/${encodeURIComponent(image)}`
  try {
    const {status, body} = await callEngine(engine, 'GET', `${path}/get`)
    // An engine that fails on the way can only break off.
    return status < 300 && body.subarray(-1024).every(byte => byte === 0) ? body : undefined
  } finally {
    await callEngine(engine, 'DELETE', `${path}?force=1`)
  }
}

/** What the engine shows of an image that it holds, and of a container of it; both are removed. */
async function viewHeld(engine: Pick<Engine, 'socket'>, image: string, platform?: string): Promise<EngineView> {
  const path = `/images/${encodeURIComponent(image)}`
  let container: string | undefined
  try {
    const query = platform === undefined ? '' : `?platform=${encodeURIComponent(platform)}`
    const created = await callEngine(engine, 'POST', `/containers/create${query}`, {
      Image: image,
      Cmd: null,
      HostConfig: {NetworkMode: 'none'},
    })
    if (created.status >= 300) return {outcome: 'refused', at: 'create', reason: messageOf(created.body)}
    container = String(parse(created.body).Id)
    const inspected = parse(await mustCallEngine(engine, 'GET', `/containers/${container}/json`))
    // An index of which one entry lies has a container of another, and is not shown itself.
    const answer = await callEngine(engine, 'GET', `${path}/json`)
    const shown = answer.status < 300 ? parse(answer.body) : {}
    return {
      outcome: 'created',
      image: {
        os: String(shown.Os ?? ''),
        architecture: String(shown.Architecture ?? ''),
        variant: String(shown.Variant ?? ''),
        diffIds: Object(shown.RootFS).Layers ?? [],
        process: Object(inspected.Config),
      },
    }
  } finally {
    if (container !== undefined) await callEngine(engine, 'DELETE', `/containers/${container}?force=1&v=1`)
    await callEngine(engine, 'DELETE', `${path}?force=1`)
  }
}

/** Gives what the engine has against an archive, if anything: that may come behind a status of 200. */
async function loadArchive({socket}: Pick<Engine, 'socket'>, archive: Uint8Array): Promise<string | undefined> {
  const headers = {'content-type': 'application/x-tar', 'content-length': archive.length}
  const asked = request({socketPath: socket, method: 'POST', path: '/images/load?quiet=1', agent: false, headers})
  asked.end(archive)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  const body = await buffer(answer)
  if (answer.statusCode !== 200) return messageOf(body)
  const lines = body.toString().trim().split('\n')
  return lines.flatMap(line => (line === '' ? [] : [Object(JSON.parse(line)).error])).find(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function parse(body: Buffer): Readonly<Record<string, unknown>> {
  return Object(JSON.parse(body.toString()))
}

function messageOf(body: Buffer): string {
  try {
    return String(parse(body).message)
  } catch {
    return body.toString()
  }
}
