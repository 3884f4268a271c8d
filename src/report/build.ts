import type {Identity} from '../binary/index.ts'
import type {Step} from '../exec/index.ts'
import type {BuildRecord, BuildRecords, ExplainedFinding} from '../explain/index.ts'
import type {Facts, ImageFacts, PlatformFacts} from '../facts/facts.ts'
import type {FileNode} from '../image/rootfs.ts'
import type {LayerInfo, Referrer} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {compareBaseline} from './baseline.ts'
import {reportDockerfile} from './dockerfiles.ts'
import {
  type FailOn,
  failsAt,
  type PlatformVerdict,
  type Report,
  type ReportImage,
  type ReportPlatform,
  type ReportStep,
  SCHEMA_VERSION,
} from './report.ts'
import {reportScan, unusedIgnores} from './scan.ts'

/**
 * The report on what was seen and found: the only place that decides pass or fail. With
 * `never` the verdict is that of `error`.
 */
export function buildReport(
  facts: Facts,
  findings: readonly ExplainedFinding[],
  failOn: FailOn,
  version: string,
  records: BuildRecords = new Map(),
): Report {
  const level = failOn === 'never' ? 'error' : failOn
  // What could not be read is not verified, whatever level the user gave to saying so.
  const isUnread = facts.images.some(({unreadable}) => unreadable.length > 0)
  const unused = unusedIgnores(facts)
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: {name: 'verify-image-arch', version},
    verdict: isUnread || findings.some(finding => failsAt(finding.level, level)) ? 'fail' : 'pass',
    images: facts.images.map(image => reportImage(image, findings, records)),
    ...defined({
      dockerfiles: facts.dockerfiles?.map(reportDockerfile),
      baseline: facts.baseline && compareBaseline(facts.images, facts.baseline),
      unusedIgnores: unused,
    }),
    findings,
  }
}

function reportImage(image: ImageFacts, findings: readonly ExplainedFinding[], records: BuildRecords): ReportImage {
  const {descriptor} = image.root
  return {
    reference: image.reference,
    ...defined({name: image.name, digest: descriptor?.digest, mediaType: descriptor?.mediaType}),
    ...otherEntries(image),
    platforms: image.platforms.map(platform => reportPlatform(image, platform, findings, records.get(platform))),
  }
}

function otherEntries({root}: ImageFacts): Pick<ReportImage, 'otherEntries'> {
  if (root.referrers.length === 0) return {}
  const count = (wanted: Referrer['kind']): number => root.referrers.filter(({kind}) => kind === wanted).length
  return {otherEntries: {attestations: count('attestation'), artifacts: count('artifact'), indexes: count('index')}}
}

function reportPlatform(
  image: ImageFacts,
  facts: PlatformFacts,
  findings: readonly ExplainedFinding[],
  record: BuildRecord | undefined,
): ReportPlatform {
  const platform = formatPlatform(facts.entry.platform)
  return {
    platform,
    ...defined({digest: facts.entry.descriptor?.digest}),
    verdict: verdictOf(image, platform, facts, findings),
    program: {argv: facts.startup.argv, steps: facts.startup.steps.map(step => reportStep(step, facts, record))},
    ...reportScan(facts),
  }
}

/** What certainly starts and is of another machine matches no platform, whatever level the user gave to saying so. */
function isForOtherMachine({verdict, certainty, accepted, maybe}: Step): boolean {
  if (certainty !== 'certain' || accepted || verdict === undefined || maybe !== undefined) return false
  return verdict.fit === 'foreign' || (verdict.fit === 'compat' && verdict.level === 'error')
}

/** A chain that was not followed to its end is undetermined whatever level the user gave to saying so. */
function verdictOf(
  image: ImageFacts,
  platform: string,
  facts: PlatformFacts,
  findings: readonly ExplainedFinding[],
): PlatformVerdict {
  const isWrong = findings.some(
    finding => finding.level === 'error' && finding.image === image.reference && finding.platform === platform,
  )
  if (isWrong || facts.startup.steps.some(isForOtherMachine)) return 'mismatch'
  return facts.startup.undetermined === undefined ? 'match' : 'undetermined'
}

function reportStep(step: Step, facts: PlatformFacts, record: BuildRecord | undefined): ReportStep {
  const {path, via, service, node, identity} = step
  const layer = node && layerOf(node, facts, record)
  const machine = identity && machineOf(identity)
  return {
    path,
    ...(node === undefined || node.path === path ? {} : {resolved: node.path}),
    ...defined({kind: identity?.kind, machine}),
    via,
    ...defined({service}),
    ...(layer === undefined
      ? {}
      : {
          layer: {
            index: layer.index,
            digest: layer.digest,
            ...defined({createdBy: layer.createdBy}),
          },
        }),
  }
}

/** By the file itself, or as it was told after the fact. */
function layerOf(
  {path, layer}: FileNode,
  {layers}: PlatformFacts,
  record: BuildRecord | undefined,
): LayerInfo | undefined {
  const index = layer ?? record?.layerOf.get(path)
  return index === undefined ? undefined : (record?.layers ?? layers)[index]
}

/** The machine of a program, by its usual name. */
function machineOf(identity: Identity): string | undefined {
  switch (identity.kind) {
    case 'elf':
      return identity.machine
    case 'mach-o':
      return identity.cpus.join(', ')
    case 'pe':
      return identity.architecture
    default:
      return undefined
  }
}
