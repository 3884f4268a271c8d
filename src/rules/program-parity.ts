import type {PlatformFacts} from '../facts/facts.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Rule, Violation} from './rule.ts'
import {type Release, releasesOf} from './support/release.ts'

/** Names that a message shows. */
const NAMED = 5
/** Names that the evidence lists. */
const LISTED = 1000

/**
 * A program that PATH offers on one platform and not on another: a package or a download that there is for one machine
 * only, or a step that failed unseen. Words for the machine in a name do not count. Each platform is compared with the
 * first one, so that one difference is reported once.
 */
export const programParity: Rule = {
  id: 'program-parity',
  level: 'note',
  summary: 'PATH offers programs on one platform that it lacks on another.',
  *checkAll(facts) {
    for (const release of releasesOf(facts)) yield* differencesOf(release)
  },
}

function* differencesOf(release: Release): Generator<Violation> {
  const platforms = release.images.flatMap(image => image.platforms.filter(({scan}) => scan !== undefined))
  const [first, ...others] = platforms
  if (first === undefined) return
  for (const other of others) {
    const [platform, reference] = [formatPlatform(other.entry.platform), formatPlatform(first.entry.platform)]
    const lacks = missingIn(other, first)
    const adds = missingIn(first, other)
    if (lacks.length + adds.length === 0) continue
    const parts = [
      ...(lacks.length === 0 ? [] : [`lacks ${describe(lacks)} that ${reference} has`]),
      ...(adds.length === 0 ? [] : [`has ${describe(adds)} that ${reference} lacks`]),
    ]
    yield {
      image: release.reference,
      platform,
      message: `in PATH, ${platform} ${parts.join(', and ')}`,
      evidence: {
        reference,
        lacks: lacks.slice(0, LISTED),
        lacksCount: lacks.length,
        adds: adds.slice(0, LISTED),
        addsCount: adds.length,
      },
    }
  }
}

function missingIn(platform: PlatformFacts, other: PlatformFacts): readonly string[] {
  const known = new Set(platform.scan?.commands)
  return (other.scan?.commands ?? []).filter(name => !known.has(name))
}

function describe(names: readonly string[]): string {
  const more = names.length > NAMED ? `, … (${names.length} in all)` : ''
  return `${names.slice(0, NAMED).join(', ')}${more}`
}
