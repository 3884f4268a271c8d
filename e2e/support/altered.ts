import type {Registry} from '../ground/registry.ts'
import {type Descriptor, Repository} from '../ground/registry-api.ts'

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'
const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json'

interface Entry extends Descriptor {
  readonly platform?: {readonly os: string; readonly architecture: string; readonly variant?: string}
  readonly annotations?: Readonly<Record<string, string>>
}

interface Manifest {
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

const AMD64 = {os: 'linux', architecture: 'amd64'}
const ARM_V7 = {os: 'linux', architecture: 'arm', variant: 'v7'}
/** The system that an index names, as its maker likes. */
const HOSTILE_OS = 'linux\n::set-output name=verified::true\n##[set-output name=images;]evil'

/**
 * Makes what no builder makes, out of `e2e/right-plain:1`, in the same repository: references to indexes, and the
 * digests of two manifests that the builder did make.
 */
export async function makeAltered(registry: Pick<Registry, 'address'>) {
  const repository = new Repository(registry, 'e2e/right-plain')
  const {manifests} = await readJson<{readonly manifests: readonly Entry[]}>(repository, '1')
  const entryOf = (architecture: string): Entry => {
    const found = manifests.find(({platform}) => platform?.architecture === architecture)
    if (found === undefined) throw new Error(`${repository.name}:1 has no manifest for ${architecture}`)
    return found
  }
  const [amd64, arm64, armV7, attestation] = ['amd64', 'arm64', 'arm', 'unknown'].map(entryOf) as [
    Entry,
    Entry,
    Entry,
    Entry,
  ]
  const pushIndex = async (tag: string, entries: readonly Entry[]): Promise<string> => {
    const index = {schemaVersion: 2, mediaType: OCI_INDEX, manifests: entries}
    const {digest} = await repository.pushManifest(index, OCI_INDEX, tag)
    return `${repository.name}@${digest}`
  }
  const lyingConfig = await withConfig(repository, armV7, {architecture: 'amd64', variant: undefined})
  const lostManifest = await withConfig(repository, amd64, {author: 'a manifest that goes'})
  const lostLayer = await withOwnLayer(repository, amd64)
  const nested: Entry = {...(await repository.readManifest('1')), mediaType: OCI_INDEX}
  const altered = {
    arm64: arm64.digest,
    attestation: attestation.digest,
    /** The program and the index are of arm/v7, the config says amd64. */
    lyingConfig: await pushIndex('lying-config', [{...lyingConfig, platform: ARM_V7}]),
    /** The program and the config are of amd64, the index says arm/v7. */
    lyingIndex: await pushIndex('lying-index', [{...amd64, platform: ARM_V7}]),
    /** The program and the config are of arm/v7, the index says amd64. */
    swapped: await pushIndex('swapped', [{...armV7, platform: AMD64}]),
    /** An index in an index. */
    nested: await pushIndex('nested', [descriptorOf(nested)]),
    lostManifest: await pushIndex('lost-manifest', [{...lostManifest, platform: AMD64}]),
    lostLayer: await pushIndex('lost-layer', [{...lostLayer.manifest, platform: AMD64}]),
    hostile: await pushIndex('hostile', [{...amd64, platform: {os: HOSTILE_OS, architecture: 'amd64'}}]),
  }
  await repository.deleteManifest(lostManifest.digest)
  await repository.deleteBlob(lostLayer.layer)
  return altered
}

export type Altered = Awaited<ReturnType<typeof makeAltered>>

/** The same image with another config; what is `undefined` is taken out of it. */
async function withConfig(repository: Repository, {digest}: Entry, change: object): Promise<Descriptor> {
  const manifest = await readJson<Manifest>(repository, digest)
  const config: object = JSON.parse((await repository.readBlob(manifest.config.digest)).toString())
  const pushed = await repository.pushBlob(JSON.stringify({...config, ...change}), manifest.config.mediaType)
  return repository.pushManifest({...manifest, config: pushed}, OCI_MANIFEST)
}

/** An image with a layer that no other image has; it is not a tar, but nobody gets so far as to see that. */
async function withOwnLayer(repository: Repository, {digest}: Entry) {
  const manifest = await readJson<Manifest>(repository, digest)
  const layer = await repository.pushBlob('a layer that goes', manifest.layers[0]?.mediaType)
  return {layer: layer.digest, manifest: await repository.pushManifest({...manifest, layers: [layer]}, OCI_MANIFEST)}
}

/** What the builder has pushed, as its own kind says that it is. */
async function readJson<T>(repository: Repository, reference: string): Promise<T> {
  return JSON.parse((await repository.readManifest(reference)).bytes.toString()) as T
}

function descriptorOf({mediaType, digest, size}: Descriptor): Descriptor {
  return {mediaType, digest, size}
}
