import {fail, ok, type Result} from '../lib/result.ts'
import {type Digest, parseDigest} from './digest.ts'

/**
 * A reference in Docker's grammar:
 *
 *     reference := name [ ":" tag ] [ "@" digest ]
 *     name      := [ domain "/" ] path-component *( "/" path-component )
 *
 * https://github.com/distribution/reference/blob/main/reference.go
 */
export interface Reference {
  /** The name as it was written, without tag and digest: what a signer puts before `@`. */
  readonly name: string
  /** The registry's host and port; `docker.io` where none is written. */
  readonly domain: string
  /** With Docker Hub's `library/` where that is meant. */
  readonly path: string
  readonly tag: string | undefined
  readonly digest: Digest | undefined
}

const NAME_LIMIT = 255
const DOMAIN =
  /^(?:\[[0-9a-fA-F:]+\]|(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*)(?::[0-9]+)?$/
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/

/** Parses a reference; where tag and digest are both given, the digest decides. */
export function parseReference(text: string): Result<Reference> {
  const wrong = (why: string): Result<never> => fail(`${JSON.stringify(text)} is not an image reference: ${why}`)
  if (text === '') return wrong('it is empty')
  if (/^[0-9a-f]{64}$/.test(text)) return wrong('64 hexadecimal digits are an image ID, not a name')

  const at = text.indexOf('@')
  const digest = at < 0 ? undefined : parseDigest(text.slice(at + 1))
  if (digest && !digest.ok) return wrong(digest.problem)
  const tagged = at < 0 ? text : text.slice(0, at)

  // A colon after the last slash starts the tag; one before it belongs to the registry's port.
  const colon = tagged.indexOf(':', tagged.lastIndexOf('/') + 1)
  const tag = colon < 0 ? undefined : tagged.slice(colon + 1)
  if (tag !== undefined && !TAG.test(tag)) return wrong(`${JSON.stringify(tag)} is not a tag`)
  const name = colon < 0 ? tagged : tagged.slice(0, colon)

  const {domain, path} = splitDomain(name)
  if (!DOMAIN.test(domain)) return wrong(`${JSON.stringify(domain)} is not a registry host`)
  const bad = path.split('/').find(component => !PATH_COMPONENT.test(component))
  if (bad !== undefined) {
    const lower = /[A-Z]/.test(bad) ? ' (names are lower-case)' : ''
    return wrong(`${JSON.stringify(bad)} is not a component of a name${lower}`)
  }
  if (name.length > NAME_LIMIT)
    return wrong(`its name has ${name.length} characters, at most ${NAME_LIMIT} are allowed`)
  return ok({name, domain, path, tag, digest: digest?.value})
}

/** The reference to another manifest of the same repository. */
export function referenceTo(reference: Reference, digest: Digest): string {
  return `${reference.name}@${digest}`
}

/**
 * What stands before the first slash is a registry if it looks like a host: a dot, a port, `localhost`, or a capital.
 */
function splitDomain(name: string): {readonly domain: string; readonly path: string} {
  const slash = name.indexOf('/')
  const first = slash < 0 ? '' : name.slice(0, slash)
  const isHost = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  if (!isHost) return {domain: 'docker.io', path: slash < 0 ? `library/${name}` : name}
  const path = name.slice(slash + 1)
  const isHub = first === 'docker.io' || first === 'index.docker.io'
  return isHub ? {domain: 'docker.io', path: path.includes('/') ? path : `library/${path}`} : {domain: first, path}
}
