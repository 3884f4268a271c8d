import type {Baseline, Facts, ImageFacts} from '../../facts/facts.ts'
import type {PlatformEntry} from '../../image/source.ts'

/**
 * Images that are looked at as one: each image alone, or the digests of one repository with one platform each that a
 * matrix pushed and `docker buildx imagetools create` is about to join. Together they are the index that will be.
 */
export interface Release {
  readonly images: readonly ImageFacts[]
  /** How messages name it: the reference, or the repository with how many digests. */
  readonly reference: string
  readonly isJoined: boolean
}

export function releasesOf({images}: Facts): Release[] {
  const parts = images.filter(isPart)
  const joined = new Map<string, ImageFacts[]>()
  for (const image of parts) joined.set(image.name ?? '', [...(joined.get(image.name ?? '') ?? []), image])
  const together = [...joined.values()].filter(group => group.length > 1)
  const alone = images.filter(image => !together.some(group => group.includes(image)))
  return [
    ...alone.map(image => ({images: [image], reference: image.reference, isJoined: false})),
    ...together.map(group => ({
      images: group,
      // Findings about the whole are reported for its first part: that is a reference which the user wrote.
      reference: group[0]?.reference ?? '',
      isJoined: true,
    })),
  ]
}

/** What a release is compared with: its own baseline, or that of all; undefined where there is neither. */
export function baselineOf({images}: Release, {baseline}: Facts): Baseline | undefined {
  return images.find(image => image.baseline !== undefined)?.baseline ?? baseline
}

/** All platforms of a release, with the image that each is in. */
export function entriesOf(release: Release): {readonly image: ImageFacts; readonly entry: PlatformEntry}[] {
  return release.images.flatMap(image => image.root.entries.map(entry => ({image, entry})))
}

/** A digest with one platform: one leg of a matrix, as `push-by-digest` leaves it. */
function isPart({reference, name, root}: ImageFacts): boolean {
  return name !== undefined && reference.includes('@') && root.entries.length === 1
}
