import picomatch from 'picomatch'
import {parseReference} from '../image/reference.ts'
import {fail, ok, type Result} from '../lib/result.ts'

/** What `registry:HOST/REPOSITORY[:TAG]` asks for; either of the two may be a glob. */
export interface RegistryListing {
  /** As it is written. */
  readonly text: string
  /** As references name it. */
  readonly domain: string
  /** The one repository; undefined where several may be meant, and the registry has to list them. */
  readonly repository: string | undefined
  isRepository(name: string): boolean
  isTag(tag: string): boolean
}

/** What a registry has of a listing. */
export interface ListedImages {
  /** `registry.example/team/app:1`: sorted, those of one repository side by side. */
  readonly images: readonly string[]
  /** What is there and is not an image to check, a line each. */
  readonly leftOut: readonly string[]
}

const PREFIX = 'registry:'
/** As other globs here; picomatch throws from 65,536 characters on. */
const LONGEST = 8192
const EXPECTED = 'expected registry:HOST/REPOSITORY or registry:HOST/PREFIX*, and :TAG or :GLOB behind it'

/** Whether a source of images is a registry that is to be listed, not a file. */
export function isRegistryListing(text: string): boolean {
  return text.startsWith(PREFIX)
}

/**
 * Parses such a listing. `*` stays within a component of a name, `**` does not, but at the end `team/*` and `team/ap*`
 * stand for all that begins so, as prefixes do. Without a tag all are meant.
 */
export function parseRegistryListing(text: string): Result<RegistryListing> {
  const wrong = (why = ''): Result<never> => fail(`${EXPECTED}, got ${JSON.stringify(text)}${why}`)
  const rest = text.slice(PREFIX.length)
  if (text.length > LONGEST || /\s/.test(rest) || rest.includes('@')) return wrong()
  const slash = rest.indexOf('/')
  if (slash < 0) return wrong(': it names no repository')
  // A colon before the first slash belongs to the host's port.
  const colon = rest.indexOf(':', slash)
  const name = colon < 0 ? rest.slice(slash + 1) : rest.slice(slash + 1, colon)
  const tag = colon < 0 ? '*' : rest.slice(colon + 1)
  const host = rest.slice(0, slash)
  const isGlob = /[*?[{(!]/.test(name)
  const reference = parseReference(`${host}/${isGlob ? 'a' : name}`)
  if (!reference.ok) return wrong(`: ${reference.problem}`)
  const {domain, path} = reference.value
  if (domain === 'docker.io' && !/^(?:index\.)?docker\.io$/.test(host))
    return wrong(`: ${JSON.stringify(host)} is not a host`)
  if (name === '' || tag === '') return wrong()
  const options = {dot: true, nonegate: true}
  const isTag = picomatch(tag, options)
  const isMatch = picomatch(/[^*]\*$|^\*$/.test(name) ? `${name}{,/**}` : name, options)
  return ok({
    text,
    domain,
    repository: isGlob ? undefined : path,
    isRepository: isGlob ? repository => isMatch(repository) : repository => repository === path,
    isTag: name => isTag(name),
  })
}
