import {SourceError} from '../../errors.ts'
import {ambiguitiesOf} from '../../image/ambiguity.ts'
import type {ImageIndex, IndexChild} from '../../image/image-index.ts'
import type {Manifest} from '../../image/manifest.ts'
import type {Ambiguity, Descriptor, PlatformEntry, Referrer} from '../../image/source.ts'
import type {Limits} from '../../lib/limits.ts'
import {type Bound, boundOf, raiseHint, tellLimit} from '../../lib/over-limit.ts'

/** A child of an index, or of an index in it. */
export type FlatChild = Exclude<IndexChild, {readonly kind: 'nested'}>

/** An index and those in it, read through. */
export interface FlatIndex {
  readonly children: readonly FlatChild[]
  readonly ambiguities: readonly Ambiguity[]
}

/**
 * The children of an index in their order, those of the indexes in it where these stand. `read` gives a nested index,
 * its bytes proven; undefined where the source does not hold that one and need not.
 */
export async function flattenIndex(
  root: Descriptor,
  index: ImageIndex,
  limits: Limits,
  read: (nested: Descriptor) => Promise<ImageIndex | Manifest | undefined>,
): Promise<FlatIndex> {
  const [manifests, depthOfIndexes] = [boundOf(limits, 'index-manifests'), boundOf(limits, 'index-depth')]
  const flat: FlatChild[] = []
  const ambiguities: Ambiguity[] = []
  const seen = new Set<string>([root.digest])
  const walk = async (at: Descriptor, index: ImageIndex, depth: number): Promise<void> => {
    const {children} = index
    ambiguities.push(...ambiguitiesOf(`index ${at.digest}`, index.ambiguities))
    for (const child of children) {
      if (flat.length + seen.size > manifests.most) {
        throw tooMany(manifests, most => `index ${at.digest} has more than ${most} manifests`)
      }
      if (child.kind !== 'nested') {
        flat.push(child)
        continue
      }
      const {descriptor} = child
      if (seen.has(descriptor.digest)) continue
      if (depth >= depthOfIndexes.most) {
        throw tooMany(depthOfIndexes, most => `index ${at.digest}: indexes in indexes more than ${most} deep`)
      }
      seen.add(descriptor.digest)
      const nested = await read(descriptor)
      if (!nested) continue
      if (nested.kind !== 'index') {
        throw new SourceError('malformed', `${descriptor.digest} is named as an index, but is not one`)
      }
      flat.push({kind: 'other', entry: {descriptor, kind: 'index'}})
      await walk(descriptor, nested, depth + 1)
    }
  }
  await walk(root, index, 1)
  return {children: flat, ambiguities}
}

function tooMany(bound: Bound, tell: (most: string) => string): SourceError {
  return new SourceError('unsupported', tellLimit(bound, tell), {hint: raiseHint(bound)})
}

/** What an index holds, each of its manifests in its place. */
export interface SortedChildren {
  readonly entries: readonly PlatformEntry[]
  readonly referrers: readonly Referrer[]
}

/**
 * Sorts children; `claim` says what a manifest is that the index names no platform
 * of, undefined: nothing that is there.
 */
export async function sortChildren(
  children: readonly FlatChild[],
  claim: (descriptor: Descriptor) => Promise<PlatformEntry | Referrer | undefined>,
): Promise<SortedChildren> {
  const entries: PlatformEntry[] = []
  const referrers: Referrer[] = []
  for (const child of children) {
    if (child.kind === 'platform') entries.push(child.entry)
    else if (child.kind === 'other') referrers.push(child.entry)
    else {
      const claimed = await claim(child.descriptor)
      if (claimed && 'platform' in claimed) entries.push(claimed)
      else if (claimed) referrers.push(claimed)
    }
  }
  return {entries, referrers}
}
