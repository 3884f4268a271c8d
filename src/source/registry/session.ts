import type {Credentials} from './credential-file.ts'
import type {HelperAnswer} from './credential-helper.ts'

/**
 * What a run has learnt of one registry, whichever image it was for: how it is accessed, what it wants to let somebody
 * in, how long it wants not to be asked. Nothing of it is believed of another registry.
 */
export class RegistrySession {
  /** `https://HOST/` or, where that is allowed and served, `http://HOST/`. */
  origin: Promise<URL> | undefined
  /** What it wanted for a repository, where that can be said of another in the same words. */
  challenge: KnownChallenge | undefined
  /** By the clock: nothing is asked before. */
  pausedUntil = 0
  /** By helper and server: a program is started once for all repositories. */
  readonly helpers = new Map<string, Promise<HelperAnswer>>()
  readonly #repositories = new Map<string, RepositorySession>()

  /** What is known of a repository; of those that were not asked for lately nothing is kept. */
  repository(name: string): RepositorySession {
    const known = this.#repositories.get(name) ?? {grant: {}, place: {name}}
    this.#repositories.delete(name)
    this.#repositories.set(name, known)
    for (const oldest of this.#repositories.keys()) {
      if (this.#repositories.size <= REPOSITORIES) break
      this.#repositories.delete(oldest)
    }
    return known
  }
}

/** So many are kept: an inventory names the tags of one repository mostly side by side. */
const REPOSITORIES = 512

/** How a registry lets somebody in, said without naming a repository. */
export type KnownChallenge =
  | {readonly scheme: 'basic'; readonly origin: string}
  | {
      readonly scheme: 'bearer'
      readonly origin: string
      readonly realm: string
      readonly service: string | undefined
    }

/** What is known of one repository. */
export interface RepositorySession {
  readonly grant: GrantState
  /** Stands for the repository where one asks whether two blobs are in one place. */
  readonly place: object
}

/** What lets us into a repository; images that are read at once ask for it once. */
export interface GrantState {
  grant?: Grant | undefined
  running?: Promise<boolean> | undefined
  credentials?: Promise<Credentials | undefined> | undefined
}

export interface Grant {
  readonly header: string
  /** By the clock; undefined for what does not expire. */
  readonly expires: number | undefined
}
