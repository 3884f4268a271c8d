import type {ImageRoot, PlatformEntry} from '../image/source.ts'
import {platformsEqual} from '../platform/index.ts'

/** An entry that claims a platform, and whose manifest is not an image's. */
export interface Artifact {
  readonly entry: PlatformEntry
  /** `a Helm chart (application/vnd.cncf.helm.config.v1+json)`. */
  readonly what: string
}

/** The root without the entries that turned out to be no images: they are kept among its referrers. */
export function setAside(root: ImageRoot, artifacts: readonly Artifact[]): ImageRoot {
  if (artifacts.length === 0) return root
  const entries = root.entries.filter(entry => !artifacts.some(artifact => artifact.entry === entry))
  const aside = artifacts.map(({entry, what}) => {
    const {platform, descriptor} = entry
    const [first, ...others] = root.entries.filter(other => platformsEqual(other.platform, platform))
    const hidesImage = first === entry && others.some(other => entries.includes(other))
    return {descriptor, kind: 'artifact', claimed: platform, what, ...(hidesImage ? {hidesImage} : {})} as const
  })
  return {...root, entries, referrers: [...root.referrers, ...aside]}
}
