import type {PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {type Release, releasesOf} from './support/release.ts'

/**
 * Two architectures hold the same native content: one of them is the other under a wrong name. Told by the manifests
 * and layers; where the whole image was scanned also by the programs and libraries themselves, for layers that were
 * built twice from the same files differ in their times.
 */
export const identicalPlatforms: Rule = {
  id: 'identical-platforms',
  level: 'error',
  summary: 'Two platforms hold the same native content.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) yield* pairsOf(release)
  },
}

function* pairsOf(release: Release): Generator<Violation> {
  const platforms = release.images.flatMap(image => image.platforms)
  for (const [index, a] of platforms.entries()) {
    for (const b of platforms.slice(index + 1)) {
      const same = sameContent(a, b)
      if (same === undefined || architectureOf(a) === architectureOf(b)) continue
      // Files that no kernel loads may be the same everywhere, and so may a program that both platforms run (i386).
      const [wrong] = [a, b].filter(platform => hasForeignProgram(platform) || hasForeignFile(platform))
      if (wrong === undefined) continue
      const [one, other] = wrong === a ? [a, b] : [b, a]
      const isSure =
        hasForeignProgram(wrong) ||
        (wrong.scan?.foreign ?? []).some(({place, isEmulator}) => place !== 'elsewhere' && !isEmulator)
      const [platform, twin] = [formatPlatform(one.entry.platform), formatPlatform(other.entry.platform)]
      yield {
        image: release.reference,
        platform,
        ...(isSure ? {} : {level: 'warning' as const}),
        message:
          same === 'programs'
            ? `${platform} holds the same programs and libraries as ${twin}, ${one.scan?.content?.count} in all, though the layers differ`
            : `${platform} holds the same ${same} as ${twin}, native programs among them`,
        evidence: {
          same,
          twin,
          digest: one.entry.descriptor.digest,
          twinDigest: other.entry.descriptor.digest,
          diffIds: one.config?.diffIds ?? [],
          ...defined({content: one.scan?.content && {...one.scan.content}}),
        },
        fix: `Build ${platform} by itself: a base pinned to one platform's digest, or a stage built on $BUILDPLATFORM, gives every platform the same files.`,
      }
    }
  }
}

function sameContent(a: PlatformFacts, b: PlatformFacts): 'manifest' | 'layers' | 'programs' | undefined {
  if (a.entry.descriptor.digest === b.entry.descriptor.digest) return 'manifest'
  const [one, other] = [a.config?.diffIds ?? [], b.config?.diffIds ?? []]
  const isSame = one.length > 0 && one.length === other.length && one.every((id, index) => id === other[index])
  if (isSame) return 'layers'
  const content = a.scan?.content
  return content !== undefined && content.digest === b.scan?.content?.digest ? 'programs' : undefined
}

function hasForeignProgram({startup}: PlatformFacts): boolean {
  return startup.steps.some(
    ({verdict}) => verdict?.fit === 'foreign' || (verdict?.fit === 'compat' && verdict.level === 'error'),
  )
}

/** Outside the chain: what nothing explains. */
function hasForeignFile({scan}: PlatformFacts): boolean {
  return (scan?.foreign ?? []).some(({fit, isEmulator}) => fit === 'foreign' && !isEmulator)
}

function architectureOf({entry}: PlatformFacts): string {
  const {os, architecture} = normalisePlatform(entry.platform)
  return `${os}/${architecture}`
}
