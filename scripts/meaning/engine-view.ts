import type {Engine} from '../../e2e/ground/engine.ts'
import {callEngine, mustCallEngine, pullImage} from '../../e2e/ground/engine-api.ts'
import type {Tree} from '../../e2e/support/engine-tree.ts'

/** What an engine makes of an image, from its own answers. */
export type EngineView =
  | {readonly outcome: 'refused'; readonly at: 'pull' | 'create'; readonly reason: string}
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
    const shown = parse(await mustCallEngine(engine, 'GET', `${path}/json`))
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
