import type {PlatformFacts} from '../facts/facts.ts'
import type {GatherOptions} from '../facts/scope.ts'
import type {ImageSource, PlatformEntry} from '../image/source.ts'

/** So many are kept: the tags of one image stand side by side in most inventories. */
const MOST = 32

/**
 * What was seen of platforms in this run: where several tags of a repository are one image, it is looked into once.
 * What is seen depends on the bytes, which the digest names, on where they are, and on how far they are looked into.
 */
export class KnownPlatforms {
  readonly #known = new Map<string, Promise<PlatformFacts>>()

  /** Undefined for a source that does not say where its blobs are. */
  keyOf({repository}: ImageSource, entry: PlatformEntry, options: GatherOptions): string | undefined {
    if (repository === undefined) return undefined
    const {scope, ignore = [], limits} = options
    return JSON.stringify([repository, entry, scope, ignore, limits])
  }

  /** What was seen of it, or is being looked into. */
  get(key: string | undefined): Promise<PlatformFacts> | undefined {
    return key === undefined ? undefined : this.#known.get(key)
  }

  /** Says that a platform is being looked into. What fails is forgotten. */
  set(key: string | undefined, facts: Promise<PlatformFacts>): void {
    if (key === undefined) return
    this.#known.set(key, facts)
    facts.catch(() => this.#known.delete(key))
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MOST) return
      this.#known.delete(oldest)
    }
  }
}
