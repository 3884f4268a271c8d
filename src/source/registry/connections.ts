import type {Http} from '../../net/http.ts'
import {KeptDocuments} from '../blobs/kept-documents.ts'
import type {Endpoint} from './endpoint.ts'
import type {Refusal} from './refusal.ts'
import {RegistrySession} from './session.ts'

/** The connections of a run. However many images it reads of one registry, they have them in common. */
export interface Connections {
  /**
   * The connections to a registry, made by `create` where nobody has any. They are to be closed by each who took them;
   * the last one ends them.
   */
  take(endpoint: Pick<Endpoint, 'host' | 'insecure'>, create: () => Promise<Http>): Promise<Http>
  /** By host: what a registry answered when its limit was spent. No further request is sent to it in this run. */
  readonly spent: Map<string, SpentLimit>
  /** What the run has learnt of a registry. */
  session(endpoint: Pick<Endpoint, 'host' | 'insecure'>): RegistrySession
  /** Of all repositories, each by its whole name. */
  readonly documents: KeptDocuments
}

/** The answer of a registry that lets nobody ask any more. */
export interface SpentLimit {
  readonly refusal: Refusal
  readonly url: URL
  /** What is refused: manifests, which limits of pulls count, or any request. */
  readonly of: 'pulls' | 'all'
}

interface Shared {
  users: number
  readonly http: Promise<Http>
}

export function sharedConnections(): Connections {
  const all = new Map<string, Shared>()
  const sessions = new Map<string, RegistrySession>()
  const release = (key: string, shared: Shared): void => {
    shared.users -= 1
    if (shared.users > 0) return
    if (all.get(key) === shared) all.delete(key)
    shared.http.then(
      http => http.close(),
      () => undefined,
    )
  }
  return {
    spent: new Map(),
    documents: new KeptDocuments(),
    session: endpoint => {
      const key = keyOf(endpoint)
      const session = sessions.get(key) ?? new RegistrySession()
      sessions.set(key, session)
      return session
    },
    take: async (endpoint, create) => {
      const key = keyOf(endpoint)
      const shared = all.get(key) ?? {users: 0, http: create()}
      all.set(key, shared)
      shared.users += 1
      let isTaken = true
      const close = (): void => {
        if (isTaken) release(key, shared)
        isTaken = false
      }
      try {
        const http = await shared.http
        return {send: request => http.send(request), close}
      } catch (thrown) {
        close()
        throw thrown
      }
    },
  }
}

function keyOf({host, insecure}: Pick<Endpoint, 'host' | 'insecure'>): string {
  return `${insecure ? 'insecure' : 'secure'} ${host}`
}
