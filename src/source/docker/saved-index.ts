import {SourceError} from '../../errors.ts'
import {withAmbiguities} from '../../image/ambiguity.ts'
import {type Digest, parseDigest} from '../../image/digest.ts'
import type {ImageIndex} from '../../image/image-index.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {Manifest} from '../../image/manifest.ts'
import {parseConfig} from '../../image/parse-config.ts'
import type {Descriptor, ImageRoot} from '../../image/source.ts'
import {DEFAULT_LIMITS, type Limits} from '../../lib/limits.ts'
import {boundOf, fixedBound, raiseHint, tellLimit} from '../../lib/over-limit.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {flattenIndex, sortChildren} from '../blobs/flat-index.ts'
import {configNamedBy, onlyHeld} from '../blobs/only-held.ts'
import {verifiedBytes} from '../blobs/verified.ts'
import type {DockerCli} from './docker-cli.ts'
import {readStart, visitTar} from './tar-stream.ts'

/**
 * The index of an image that only the containerd store has. No command prints it; `docker save` writes
 * it among the blobs. Of its platforms those are named of which it holds more than the manifest: the store may hold an
 * index of which it has one platform.
 */
export async function readSavedIndex(
  cli: DockerCli,
  named: string,
  descriptor: Descriptor,
  limits: Limits = DEFAULT_LIMITS,
): Promise<ImageRoot> {
  const {blobs, names} = await readDocuments(cli, named, limits)
  const read = (blob: Descriptor): ImageIndex | Manifest | undefined => {
    const bytes = blobs.get(blob.digest)
    if (!bytes) return undefined
    const parsed = parseIndexOrManifest(verifiedBytes(bytes, blob, named), blob.mediaType)
    if (parsed.ok) return parsed.value
    throw new SourceError('malformed', `docker save of ${named}: ${blob.digest} cannot be read: ${parsed.problem}`)
  }
  const index = read(descriptor)
  if (!index)
    throw new SourceError('blob-missing', `docker save of ${named} does not hold its index ${descriptor.digest}`)
  if (index.kind !== 'index') {
    throw new SourceError(
      'malformed',
      `docker save of ${named}: ${descriptor.digest} is named as an index, but is not one`,
    )
  }
  const {children, ambiguities} = await flattenIndex(descriptor, index, limits, async nested => read(nested))
  const {entries, referrers} = await sortChildren(children, async child => {
    const manifest = read(child)
    if (manifest?.kind !== 'manifest') return undefined
    if (manifest.other) return {descriptor: child, kind: manifest.other}
    const bytes = blobs.get(manifest.config.digest)
    if (!bytes) {
      throw new SourceError(
        'blob-missing',
        `docker save of ${named} does not hold the config ${manifest.config.digest}`,
      )
    }
    const config = parseConfig(verifiedBytes(bytes, manifest.config, named))
    if (!config.ok) {
      const {digest} = manifest.config
      throw new SourceError('malformed', `docker save of ${named}: config ${digest}: ${config.problem}`)
    }
    return {platform: config.value.value.platform, descriptor: child, claimedBy: 'config'}
  })
  const root = {kind: 'index', descriptor, entries, referrers, ...withAmbiguities(ambiguities)} as const
  return onlyHeld(root, 'daemon', ({digest}) => {
    const bytes = blobs.get(digest)
    const config = bytes && configNamedBy(bytes)
    return names.has(digest) && (config === undefined || names.has(config))
  })
}

interface SavedDocuments {
  /** The blobs that may be an index, a manifest or a config. Layers stream by and are not kept. */
  readonly blobs: ReadonlyMap<Digest, Uint8Array>
  /** Of all blobs. */
  readonly names: ReadonlySet<Digest>
}

async function readDocuments(cli: DockerCli, named: string, limits: Limits): Promise<SavedDocuments> {
  const largest = Math.max(limits['config-bytes'], fixedBound('manifest-bytes').most)
  const bound = boundOf(limits, 'docker-output-bytes')
  const blobs = new Map<Digest, Uint8Array>()
  const names = new Set<Digest>()
  let kept = 0
  const visit = async (entry: TarEntry): Promise<'more'> => {
    const digest = digestOfBlob(entry)
    if (digest !== undefined) names.add(digest)
    const start = digest === undefined || entry.size > largest ? undefined : await entry.start(1)
    if (digest === undefined || !start || !JSON_STARTS.has(start[0])) return 'more'
    kept += entry.size
    if (kept > bound.most) {
      const message = tellLimit(bound, most => `docker save of ${named} has documents of more than ${most}`)
      throw new SourceError('unsupported', message, {hint: raiseHint(bound, kept)})
    }
    blobs.set(digest, await readStart(entry, entry.size))
    return 'more'
  }
  const outcome = await visitTar(cli, ['save', named], visit, limits)
  if (outcome.ended !== 'failed') return {blobs, names}
  if (!PARTLY_THERE.test(outcome.stderr)) throw outcome.error
  throw new SourceError('unsupported', `docker cannot save ${named}: it holds only some of its platforms`, {
    hint: `Read the image from its registry (docker://${named}), or each platform that is there from an archive: docker save --platform OS/ARCH --output FILE ${named}, docker-archive:FILE.`,
    cause: outcome.error,
  })
}

/** What an object of JSON may begin with: `{`, or white space before it. */
const JSON_STARTS: ReadonlySet<number | undefined> = new Set([0x7b, 0x20, 0x09, 0x0a, 0x0d])

/**
 * The containerd store saves a whole index or, by name, one platform of it. Where a pull with --platform brought a
 * part, it looks in vain for the rest (moby's issue 49473), and no command says which platforms those are.
 */
const PARTLY_THERE = /unable to create manifests file: NotFound/

function digestOfBlob({name, kind}: TarEntry): Digest | undefined {
  const match = /^blobs\/([a-z0-9]+)\/([0-9a-f]+)$/.exec(name)
  const digest = kind === 'file' && match ? parseDigest(`${match[1]}:${match[2]}`) : undefined
  return digest?.ok ? digest.value : undefined
}
