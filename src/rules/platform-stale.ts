import type {Baseline, Facts} from '../facts/facts.ts'
import type {PlatformEntry} from '../image/source.ts'
import {formatPlatform, platformsEqual} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {baselineOf, entriesOf, type Release, releasesOf} from './support/release.ts'

const DAY_MS = 24 * 60 * 60 * 1000
/** Siblings of one release are built within hours; a month is not a coincidence. */
const MUCH_OLDER_MS = 30 * DAY_MS
/** Reproducible builds set a time of their own: 1970, 1980, the last commit's. Before containers it means nothing. */
const FIRST_CONTAINER_MS = Date.UTC(2013, 0, 1)

/**
 * One platform is much older than its siblings, or unchanged from the baseline while
 * they changed: half of a set was rebuilt.
 */
export const platformStale: Rule = {
  id: 'platform-stale',
  level: 'warning',
  summary: 'One platform is much older than its siblings, or unchanged from the baseline while they changed.',
  *checkAll(facts: Facts) {
    for (const release of releasesOf(facts)) {
      const baseline = baselineOf(release, facts)
      const unchanged = baseline?.found ? unchangedFrom(release, baseline) : []
      yield* unchanged.map(entry => unchangedViolation(release, entry, baseline?.reference ?? ''))
      yield* olderThanSiblings(release, unchanged)
    }
  },
}

/** The platforms with the baseline's digest, where others of the baseline's have another. */
function unchangedFrom(release: Release, baseline: Extract<Baseline, {found: true}>): PlatformEntry[] {
  const common = entriesOf(release).flatMap(({entry}) => {
    const before = baseline.root.entries.filter(({platform}) => platformsEqual(platform, entry.platform))
    const isSame = before.some(({descriptor}) => descriptor.digest === entry.descriptor.digest)
    return before.length === 0 ? [] : [{entry, isSame}]
  })
  return common.some(({isSame}) => !isSame) ? common.flatMap(({entry, isSame}) => (isSame ? [entry] : [])) : []
}

function unchangedViolation(release: Release, entry: PlatformEntry, baseline: string): Violation {
  const platform = formatPlatform(entry.platform)
  const times = builtTimes(release)
  const own = times.find(time => time.entry === entry)
  const newest = times.at(-1)
  const when = own && newest ? ` (built ${own.created}; the newest platform ${newest.created})` : ''
  return {
    image: release.reference,
    platform,
    message: `${platform} is unchanged since ${baseline}, while other platforms have changed${when}`,
    evidence: {
      digest: entry.descriptor.digest,
      baseline,
      created: own?.created ?? null,
      newest: newest?.created ?? null,
    },
    fix: 'Build all platforms of a release from one commit, and publish none if one fails.',
  }
}

function* olderThanSiblings(release: Release, told: readonly PlatformEntry[]): Generator<Violation> {
  const times = builtTimes(release)
  const newest = times.at(-1)
  if (newest === undefined) return
  for (const {entry, created, at} of times) {
    if (newest.at - at < MUCH_OLDER_MS || told.includes(entry)) continue
    const platform = formatPlatform(entry.platform)
    yield {
      image: release.reference,
      platform,
      message: `${platform} was built ${created}, ${Math.floor((newest.at - at) / DAY_MS)} days before ${formatPlatform(newest.entry.platform)} (${newest.created})`,
      evidence: {
        digest: entry.descriptor.digest,
        created,
        newest: newest.created,
        newestPlatform: formatPlatform(newest.entry.platform),
      },
      fix: 'Build all platforms of a release from one commit, and publish none if one fails.',
    }
  }
}

/** When each platform was built, as its config says, the oldest first; those that do not say are left out. */
function builtTimes(release: Release) {
  return release.images
    .flatMap(({platforms}) => platforms)
    .flatMap(({entry, config}) =>
      config?.created === undefined ? [] : [{entry, created: config.created, at: Date.parse(config.created)}],
    )
    .filter(({at}) => at >= FIRST_CONTAINER_MS)
    .sort((a, b) => a.at - b.at)
}
