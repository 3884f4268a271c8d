import {SourceError} from '../../errors.ts'
import {parseReference} from '../../image/reference.ts'
import type {ListedImages, RegistryListing} from '../../inventory/index.ts'
import {settleAll} from '../../lib/cleanup.ts'
import {createLimiter} from '../../lib/concurrency.ts'
import {type ConnectedRepository, connectRepository, type RegistryEnvironment} from './connect.ts'
import {sharedConnections} from './connections.ts'
import {readListing} from './listing.ts'

/** How many repositories are asked for their tags at once. */
const AT_ONCE = 8
/** A repository of this name is nobody's: the catalog is of the whole registry. */
const CATALOG = '_catalog'
const CATALOG_SCOPE = 'registry:catalog:*'
const NO_CATALOG =
  'Not every registry lists its repositories: Docker Hub, ghcr.io and others do not, and some only for administrators. ' +
  'Name each repository (registry:HOST/REPOSITORY), or give a list of references.'
const NO_TAGS = 'Check the name of the repository, and log in to the registry (docker login).'

/**
 * The images of a registry by its catalog and its lists of tags:
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#listing-tags and, of the catalog,
 * https://distribution.github.io/distribution/spec/api/#listing-repositories. Tags that hold signatures and other
 * referrers are left out.
 */
export async function listImages(listing: RegistryListing, surroundings: RegistryEnvironment): Promise<ListedImages> {
  const {connections = sharedConnections()} = surroundings
  const shared = {...surroundings, connections}
  const {repository} = listing
  const repositories = repository === undefined ? await listRepositories(listing, shared) : [repository]
  const limiter = createLimiter(AT_ONCE)
  const listed = await settleAll(repositories.map(name => limiter(() => listTags(listing, name, shared))))
  return {images: listed.flatMap(({images}) => images), leftOut: listed.flatMap(({leftOut}) => leftOut)}
}

async function listRepositories(
  listing: RegistryListing,
  surroundings: RegistryEnvironment,
): Promise<readonly string[]> {
  const {domain} = listing
  const what = `the list of repositories of ${domain}`
  const reference = {name: `${domain}/${CATALOG}`, domain, path: CATALOG, tag: undefined, digest: undefined}
  const connected = await connectRepository(reference, surroundings, CATALOG_SCOPE)
  const names = await listed(connected, {what, path: `/v2/${CATALOG}`, of: 'repositories', hint: NO_CATALOG})
  return sorted(names.filter(name => listing.isRepository(name)))
}

async function listTags(
  {domain, repository: only, isTag}: RegistryListing,
  repository: string,
  surroundings: RegistryEnvironment,
): Promise<ListedImages> {
  const name = `${domain}/${repository}`
  const reference = parseReference(name)
  if (!reference.ok) return {images: [], leftOut: [`${name}: ${reference.problem}`]}
  const connected = await connectRepository(reference.value, surroundings)
  const what = `the list of tags of ${name}`
  try {
    const path = `/v2/${reference.value.path}/tags/list`
    const tags = sorted((await listed(connected, {what, path, of: 'tags', hint: NO_TAGS})).filter(isTag))
    const isImage = (tag: string): boolean => !isTagOfReferrers(tag) && parseReference(`${name}:${tag}`).ok
    const images = tags.filter(isImage).map(tag => `${name}:${tag}`)
    const others = tags.length - images.length
    return {images, leftOut: others === 0 ? [] : [`${name}: tags of signatures and other referrers: ${others}`]}
  } catch (thrown) {
    // A catalog goes on naming a repository whose last tag is gone.
    if (only !== undefined || !(thrown instanceof SourceError) || thrown.code !== 'not-found') throw thrown
    return {images: [], leftOut: [`${name} has no tags`]}
  }
}

async function listed(
  connected: ConnectedRepository,
  listing: Parameters<typeof readListing>[1],
): Promise<readonly string[]> {
  try {
    return await readListing(connected.client, listing)
  } catch (thrown) {
    return connected.rethrow(thrown)
  } finally {
    connected.close()
  }
}

/** Each once, by code units: the order of a run must not depend on the registry's. */
function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort((a, b) => (a < b ? -1 : 1))
}

/**
 * Whether a tag is not an image of its own but says something of another one: cosign's signatures, and the referrers of
 * registries without an API for them.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
 */
function isTagOfReferrers(tag: string): boolean {
  return /^sha(?:256-[0-9a-f]{64}|512-[0-9a-f]{128})(?:\.(?:sig|att|sbom))?$/.test(tag)
}
