import {SourceError} from '../../errors.ts'
import {type Digest, parseDigest} from '../../image/digest.ts'
import {type IndexChild, parseDocument} from '../../image/document.ts'
import type {Descriptor, ImageRoot} from '../../image/source.ts'
import type {TarEntry} from '../../lib/tar.ts'
import {MANIFEST_LIMIT, verifiedBytes} from '../blobs/verified.ts'
import type {DockerCli} from './cli.ts'
import {readStart, visitTar} from './tar-stream.ts'

/**
 * The index of an image that only the containerd store has. No command prints it; `docker save` writes
 * it among the blobs. Of its platforms those are told whose manifest is there too: the store may hold
 * an index of which it has one platform.
 */
export async function readSavedIndex(cli: DockerCli, named: string, descriptor: Descriptor): Promise<ImageRoot> {
  const blobs = await readSmallBlobs(cli, named)
  const bytes = blobs.get(descriptor.digest)
  if (bytes === undefined) {
    throw new SourceError('blob-missing', `docker save of ${named} does not hold its index ${descriptor.digest}`)
  }
  const children = childrenOf(verifiedBytes(bytes, descriptor, named), named, blobs, new Set([descriptor.digest]))
  return {
    kind: 'index',
    descriptor,
    entries: children.flatMap(child =>
      child.kind === 'platform' && blobs.has(child.entry.descriptor.digest) ? [child.entry] : [],
    ),
    referrers: children.flatMap(child => (child.kind === 'other' ? [child.entry] : [])),
  }
}

function childrenOf(
  bytes: Uint8Array,
  named: string,
  blobs: ReadonlyMap<Digest, Uint8Array>,
  seen: Set<Digest>,
): IndexChild[] {
  const parsed = parseDocument(bytes)
  if (!parsed.ok || parsed.value.kind !== 'index') {
    throw new SourceError(
      'malformed',
      `docker save of ${named}: its index cannot be read: ${parsed.ok ? 'it is a manifest' : parsed.problem}`,
    )
  }
  return parsed.value.children.flatMap(child => {
    if (child.kind !== 'nested') return [child]
    const nested = blobs.get(child.descriptor.digest)
    if (nested === undefined || seen.has(child.descriptor.digest)) return []
    seen.add(child.descriptor.digest)
    const itself: IndexChild = {kind: 'other', entry: {descriptor: child.descriptor, kind: 'index'}}
    return [itself, ...childrenOf(verifiedBytes(nested, child.descriptor, named), named, blobs, seen)]
  })
}

/** The blobs that are small enough for an index or a manifest. Layers stream by and are not kept. */
async function readSmallBlobs(cli: DockerCli, named: string): Promise<ReadonlyMap<Digest, Uint8Array>> {
  const blobs = new Map<Digest, Uint8Array>()
  const outcome = await visitTar(cli, ['save', named], async entry => {
    const digest = digestOfBlob(entry)
    if (digest !== undefined && entry.size <= MANIFEST_LIMIT) blobs.set(digest, await readStart(entry, entry.size))
    return 'more'
  })
  if (outcome.ended !== 'failed') return blobs
  if (!PARTLY_THERE.test(outcome.stderr)) throw outcome.error
  throw new SourceError('unsupported', `docker does not save ${named}, of whose platforms it holds some only`, {
    hint: `Read the image from its registry (docker://${named}), or each platform that is there from an archive: docker save --platform OS/ARCH --output FILE ${named}, docker-archive:FILE.`,
    cause: outcome.error,
  })
}

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
