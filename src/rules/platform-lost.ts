import type {Baseline} from '../facts/facts.ts'
import type {PlatformEntry} from '../image/source.ts'
import {formatPlatformFully, isRequested, platformsEqual} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {baselineOf, entriesOf, type Release, releasesOf} from './support/release.ts'

/** The baseline has a platform that this image lacks. */
export const platformLost: Rule = {
  id: 'platform-lost',
  level: 'error',
  summary: 'The baseline has a platform that this image lacks.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) {
      const baseline = baselineOf(release, facts)
      if (baseline === undefined) continue
      if (baseline.found) yield* lostFrom(release, baseline)
      else yield noBaseline(release, baseline)
    }
  },
}

function* lostFrom(release: Release, baseline: Extract<Baseline, {found: true}>): Generator<Violation> {
  const present = entriesOf(release)
  const artifacts = release.images.flatMap(({root}) => root.referrers.flatMap(({claimed}) => claimed ?? []))
  const seen: PlatformEntry[] = []
  for (const before of baseline.root.entries) {
    if (seen.some(entry => platformsEqual(entry.platform, before.platform))) continue
    seen.push(before)
    if (present.some(({entry}) => platformsEqual(entry.platform, before.platform))) continue
    // An artifact is not a platform, here or there: of the baseline only the index was read.
    if (artifacts.some(platform => platformsEqual(platform, before.platform))) continue
    yield lost(release, baseline, before)
  }
}

function lost(release: Release, baseline: Extract<Baseline, {found: true}>, before: PlatformEntry): Violation {
  const platform = formatPlatformFully(before.platform)
  const now = entriesOf(release).map(({entry}) => formatPlatformFully(entry.platform))
  const {required} = release.images[0] ?? {}
  // A list of platforms says which are wanted: one that is not in it was dropped on purpose.
  const isDropped = required !== undefined && !required.some(wanted => isRequested(wanted, before.platform))
  const created = newest(release)
  const since = created === undefined ? '' : ` since ${created}`
  const there = now.length === 0 ? 'no platform' : now.join(', ')
  return {
    image: release.reference,
    platform,
    ...(isDropped ? {level: 'note' as const} : {}),
    message: `${platform} was in ${baseline.reference} (${before.descriptor.digest}) and is not here${since}: this image has ${there}`,
    evidence: {
      baseline: baseline.reference,
      baselineDigest: baseline.root.descriptor?.digest ?? null,
      lost: before.descriptor.digest,
      now,
      created: created ?? null,
      dropped: isDropped,
    },
    ...(isDropped
      ? {}
      : {
          fix: `Build ${platform} again, or name the platforms that are left in platforms if it was dropped on purpose.`,
        }),
  }
}

/** When the newest platform of what stands there now was built. */
function newest(release: Release): string | undefined {
  const times = release.images.flatMap(({platforms}) => platforms.flatMap(({config}) => config?.created ?? []))
  return times.sort((a, b) => Date.parse(a) - Date.parse(b)).at(-1)
}

function noBaseline(release: Release, baseline: Extract<Baseline, {found: false}>): Violation {
  return {
    image: release.reference,
    level: 'note',
    message: `${baseline.reference} does not exist, so there is nothing to compare with (a first release)`,
    evidence: {baseline: baseline.reference, reason: baseline.reason},
  }
}
