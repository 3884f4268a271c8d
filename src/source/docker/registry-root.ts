import {SourceError} from '../../errors.ts'
import {ambiguitiesOf} from '../../image/ambiguity.ts'
import {type Digest, digestParts} from '../../image/digest.ts'
import type {ImageIndex} from '../../image/image-index.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {Manifest} from '../../image/manifest.ts'
import {type Reference, referenceTo} from '../../image/reference.ts'
import type {Ambiguity, Descriptor} from '../../image/source.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {type FlatChild, flattenIndex} from '../blobs/flat-index.ts'
import {digestOf, verifiedBytes} from '../blobs/verified.ts'
import type {DockerCli} from './docker-cli.ts'

/** An index or a manifest as a registry has it, with every nested index read through. */
export interface RegistryRoot {
  /** Undefined where docker could not say the digest (no buildx, and a tag). */
  readonly descriptor: Descriptor | undefined
  readonly kind: 'index' | 'manifest'
  /** Of an index: what is in it and in the indexes within. Of a manifest: itself. */
  readonly children: readonly FlatChild[]
  /** What a lone manifest is where it is not an image's. */
  readonly other: 'attestation' | 'artifact' | undefined
  readonly ambiguities: readonly Ambiguity[]
}

/**
 * Reads what stands at a reference with the user's own docker credentials; every byte is checked against its digest.
 */
export async function readRegistryRoot(
  cli: DockerCli,
  reference: Reference,
  limits: Limits = DEFAULT_LIMITS,
): Promise<RegistryRoot> {
  const named = reference.digest ? referenceTo(reference, reference.digest) : withTag(reference)
  const raw = await cli.attempt(['buildx', 'imagetools', 'inspect', '--raw', named])
  if (!raw.ok) {
    if (await hasBuildx(cli)) throw raw.error
    return readWithoutBuildx(cli, reference, named)
  }
  const root = parse(raw.stdout, named)
  const descriptor = describeBytes(raw.stdout, root.mediaType, reference.digest, named)
  if (root.kind === 'manifest') return ofManifest(root, descriptor)
  const {children, ambiguities} = await flattenIndex(descriptor, root, limits, async ({digest, mediaType}) => {
    const nested = referenceTo(reference, digest)
    const bytes = await cli.bytes(['buildx', 'imagetools', 'inspect', '--raw', nested])
    const inner = parse(bytes, nested, mediaType)
    describeBytes(bytes, inner.mediaType, digest, nested)
    return inner
  })
  return {descriptor, kind: 'index', children, other: undefined, ambiguities}
}

/** The layers of one platform's manifest, from the bottom. */
export async function readManifestLayers(
  cli: DockerCli,
  reference: Reference,
  digest: Digest,
): Promise<readonly Descriptor[]> {
  return (await readManifest(cli, reference, digest)).layers
}

/** What a manifest is where it is not an image's, in words; undefined for an image. */
export async function readArtifactName(
  cli: DockerCli,
  reference: Reference,
  digest: Digest,
): Promise<string | undefined> {
  return (await readManifest(cli, reference, digest)).what
}

async function readManifest(cli: DockerCli, reference: Reference, digest: Digest): Promise<Manifest> {
  const named = referenceTo(reference, digest)
  const bytes = await cli.bytes(['buildx', 'imagetools', 'inspect', '--raw', named])
  // Of other bytes than the image's nothing is said.
  describeBytes(bytes, '', digest, named)
  const root = parse(bytes, named)
  if (root.kind === 'index') throw new SourceError('malformed', `${named} is an index, expected a manifest`)
  return root
}

/**
 * `docker manifest inspect` prints the index again in its own words, so its digest cannot be computed from that. A
 * digest in the reference was checked by docker; a tag's stays unknown, and nothing is offered for signing.
 */
async function readWithoutBuildx(cli: DockerCli, reference: Reference, named: string): Promise<RegistryRoot> {
  const insecure = isLoopback(reference) ? ['--insecure'] : []
  const inspected = await cli.attempt(['manifest', 'inspect', ...insecure, named])
  // It reads the config of every platform, and no index in an index and no OCI manifest alone.
  if (!inspected.ok) throw withoutBuildx(inspected.error)
  const printed = inspected.stdout
  const root = parse(printed, named)
  const descriptor =
    reference.digest === undefined
      ? undefined
      : {mediaType: root.mediaType, digest: reference.digest, size: printed.length, annotations: {}}
  if (root.kind === 'index') {
    // Nothing would hold what docker prints of it to its digest.
    const nested = root.children.find(child => child.kind === 'nested')
    if (nested) {
      throw new SourceError(
        'unsupported',
        `${named} holds an index in its index, ${nested.descriptor.digest}, which docker does not show without buildx`,
        {hint: INSTALL_BUILDX},
      )
    }
    const children = root.children.filter(child => child.kind !== 'nested')
    return {descriptor, kind: 'index', children, other: undefined, ambiguities: []}
  }
  if (descriptor === undefined) {
    throw new SourceError(
      'unsupported',
      `${named} is one platform's manifest, whose digest docker cannot tell without buildx`,
      {
        hint: 'Install docker buildx (docker/setup-buildx-action), or give the image by its digest.',
      },
    )
  }
  return ofManifest(root, descriptor)
}

const INSTALL_BUILDX =
  'Install docker buildx (docker/setup-buildx-action), or read the image without docker (docker://NAME).'

/** What `docker manifest inspect` cannot do is not a fault of the image, and buildx may. */
function withoutBuildx(error: SourceError): SourceError {
  const {code, message, cause} = error
  const isKnown = code === 'not-found' || code === 'denied' || code === 'aborted'
  return isKnown
    ? error
    : new SourceError(code, `${message} (there is no docker buildx)`, {hint: INSTALL_BUILDX, cause})
}

async function hasBuildx(cli: DockerCli): Promise<boolean> {
  return (await cli.attempt(['buildx', 'version'])).ok
}

function ofManifest(manifest: Manifest, descriptor: Descriptor): RegistryRoot {
  const ambiguities = ambiguitiesOf(`manifest ${descriptor.digest}`, manifest.ambiguities)
  return {descriptor, kind: 'manifest', children: [{kind: 'unclaimed', descriptor}], other: manifest.other, ambiguities}
}

function parse(bytes: Uint8Array, named: string, mediaType?: string): ImageIndex | Manifest {
  const result = parseIndexOrManifest(bytes, mediaType)
  if (!result.ok) throw new SourceError('malformed', `${named} is neither an index nor a manifest: ${result.problem}`)
  return result.value
}

/** The descriptor of bytes that were read; where a digest was requested, they must be what it says. */
function describeBytes(bytes: Uint8Array, mediaType: string, expected: Digest | undefined, named: string): Descriptor {
  const digest = digestOf(bytes, expected === undefined ? 'sha256' : digestParts(expected).algorithm)
  const descriptor = {mediaType, digest, size: bytes.length, annotations: {}}
  if (expected !== undefined) verifiedBytes(bytes, {...descriptor, digest: expected}, named)
  return descriptor
}

function withTag({name, tag}: Reference): string {
  return `${name}:${tag ?? 'latest'}`
}

/** The engine itself takes a registry on loopback for one without TLS; `docker manifest` needs an option. */
function isLoopback({domain}: Reference): boolean {
  return /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/.test(domain)
}
