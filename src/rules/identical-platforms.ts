import type {PlatformFacts} from '../facts/facts.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, normalisePlatform} from '../platform/index.ts'
import {nameAll} from './finding.ts'
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
    for (const release of releasesOf(facts)) yield* setsOf(release).flatMap(set => findIn(set))
  },
}

/** A platform, and the image of the release that it is in. */
interface Member {
  readonly reference: string
  readonly name: string
  readonly facts: PlatformFacts
}

/** What is wrong with one member of a set: the content of a member of another architecture. */
interface Twinned {
  readonly member: Member
  readonly twin: Member
  readonly same: Same
  readonly isSure: boolean
}

/** Platforms with one content, two at least. */
function setsOf({images}: Release): readonly (readonly Member[])[] {
  const members = images.flatMap(({reference, platforms}) =>
    platforms.map(facts => ({reference, name: formatPlatform(facts.entry.platform), facts})),
  )
  const sets: Member[][] = []
  for (const member of members) {
    const set = sets.find(([first]) => first && sameContent(first.facts, member.facts) !== undefined)
    if (set) set.push(member)
    else sets.push([member])
  }
  return sets.filter(({length}) => length > 1)
}

/** One finding for all that have the content of the same twin. */
function findIn(set: readonly Member[]): readonly Violation[] {
  const groups = Map.groupBy(twinnedIn(set), ({member, twin, same, isSure}) =>
    JSON.stringify([member.reference, twin.name, same, isSure]),
  )
  return Array.from(groups.values()).flatMap(([first, ...others]) =>
    first === undefined ? [] : violation([first, ...others]),
  )
}

/** Files that no kernel loads may be the same everywhere, and so may a program that both platforms run (i386). */
function twinnedIn(set: readonly Member[]): readonly Twinned[] {
  const isWrong = ({facts}: Member): boolean => hasForeignProgram(facts) || hasForeignFile(facts)
  const right = set.find(member => !isWrong(member)) ?? set[0]
  return set.flatMap(member => {
    if (member === right || !isWrong(member)) return []
    const isOther = (one: Member): boolean => architectureOf(one.facts) !== architectureOf(member.facts)
    const twin = right && isOther(right) ? right : set.find(isOther)
    const same = twin && sameContent(member.facts, twin.facts)
    return twin && same ? [{member, twin, same, isSure: isSurelyWrong(member.facts)}] : []
  })
}

function violation(twinned: readonly [Twinned, ...Twinned[]]): Violation {
  const [{member, twin, same, isSure}] = twinned
  const {config, scan, entry} = member.facts
  const names = twinned.map(one => one.member.name)
  const subject = nameAll(names)
  const holds = `${subject} ${names.length === 1 ? 'holds' : 'hold'} the same`
  return {
    image: member.reference,
    platform: member.name,
    ...(names.length === 1 ? {} : {platforms: names}),
    ...(isSure ? {} : {level: 'warning' as const}),
    message:
      same === 'programs'
        ? `${holds} programs and libraries as ${twin.name}, ${scan?.content?.count} in all, though the layers differ`
        : `${holds} ${same} as ${twin.name}, native programs among them`,
    evidence: {
      same,
      twin: twin.name,
      digest: entry.descriptor.digest,
      twinDigest: twin.facts.entry.descriptor.digest,
      diffIds: config?.diffIds ?? [],
      ...defined({content: scan?.content && {...scan.content}}),
    },
    fix: `Build ${names.length === 1 ? `${subject} by itself` : 'each platform by itself'}: a base pinned to one platform's digest, or a stage built on $BUILDPLATFORM, gives every platform the same files.`,
  }
}

function isSurelyWrong(facts: PlatformFacts): boolean {
  return (
    hasForeignProgram(facts) ||
    (facts.scan?.foreign ?? []).some(({place, isEmulator}) => place !== 'elsewhere' && !isEmulator)
  )
}

type Same = 'manifest' | 'layers' | 'programs'

function sameContent(a: PlatformFacts, b: PlatformFacts): Same | undefined {
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
