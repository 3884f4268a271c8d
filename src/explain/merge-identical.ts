import {LEVELS, nameAll, platformsOf} from '../rules/finding.ts'
import type {ExplainedFinding} from './cause.ts'

/** Rules whose findings say of a file what `identical-platforms` says of all files. */
const CONCRETE: readonly string[] = ['wrong-machine', 'foreign-executable']

/**
 * Puts together what is said once for each platform of a set with the same content: of one wrong program on nine
 * platforms there is one finding, and it says why all nine have it. What the user lowered or raised stays apart, and so
 * does a set of which the wrong file is not known on each platform.
 */
export function mergeIdentical(findings: readonly ExplainedFinding[]): readonly ExplainedFinding[] {
  return findings
    .filter(({rule, ownLevel}) => rule === 'identical-platforms' && ownLevel === undefined)
    .reduce(mergeOne, findings)
}

function mergeOne(findings: readonly ExplainedFinding[], set: ExplainedFinding): readonly ExplainedFinding[] {
  const groups = groupsOf(findings, set)
  if (groups.length === 0) return findings
  const merged = new Map(
    groups.flatMap((group, index) =>
      group.map((one, at) => [one, at === 0 ? tell(group, set, index === 0) : undefined]),
    ),
  )
  return findings.flatMap(finding => {
    if (finding === set) return []
    return merged.has(finding) ? (merged.get(finding) ?? []) : finding
  })
}

type Group = readonly [ExplainedFinding, ...ExplainedFinding[]]

/** What is said of one file on every platform of the set, at least as gravely as the set. */
function groupsOf(findings: readonly ExplainedFinding[], set: ExplainedFinding): readonly Group[] {
  const platforms = platformsOf(set)
  const about = findings.filter(
    ({rule, image, platform = '', ownLevel, level}) =>
      CONCRETE.includes(rule) &&
      image === set.image &&
      platforms.includes(platform) &&
      ownLevel === undefined &&
      LEVELS.indexOf(level) <= LEVELS.indexOf(set.level),
  )
  const groups = Map.groupBy(about, ({rule, level, path, evidence}) =>
    JSON.stringify([rule, level, path, evidence.actual]),
  )
  return Array.from(groups.values()).filter((group): group is [ExplainedFinding, ...ExplainedFinding[]] =>
    platforms.every(platform => group.some(finding => finding.platform === platform)),
  )
}

/** The first says of all what the set says, and has its fix where no line is known that is to blame. */
function tell(group: Group, set: ExplainedFinding, isFirst: boolean): ExplainedFinding {
  const [first] = group
  const {same, twin, digest, twinDigest} = set.evidence
  const platforms = platformsOf(set)
  const isOne = platforms.length === 1
  const isBlamed = first.cause?.kind === 'line' || first.cause?.kind === 'base-image'
  const content = same === 'programs' ? 'programs and libraries' : same
  const message = isOne
    ? `${first.message}; ${platforms[0]} holds the same ${content} as ${twin}`
    : `${first.path} is ${first.evidence.actual} on ${nameAll(platforms)}, which hold the same ${content} as ${twin}`
  return {
    ...first,
    ...(isOne ? {} : {platforms}),
    message: isOne && !isFirst ? first.message : message,
    evidence: {
      ...first.evidence,
      identical: {
        rule: set.rule,
        message: set.message,
        same: same ?? null,
        twin: twin ?? null,
        digest: digest ?? null,
        twinDigest: twinDigest ?? null,
      },
    },
    ...(isBlamed || set.fix === undefined ? {} : {fix: set.fix}),
  }
}
