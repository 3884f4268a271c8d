import type {Identity} from '../binary/index.ts'
import type {Step} from '../exec/index.ts'
import type {BuildRecord, BuildRecords, ExplainedFinding} from '../explain/index.ts'
import type {Facts, ImageFacts, PlatformFacts, UncheckedImage} from '../facts/facts.ts'
import type {FileNode} from '../image/rootfs.ts'
import type {LayerInfo, Referrer} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform} from '../platform/index.ts'
import {type Finding, ownLevelOf, platformsOf} from '../rules/finding.ts'
import {compareBaseline} from './baseline.ts'
import {findingsOn, switchedOffOn} from './by-image.ts'
import type {ReportConfiguration} from './configuration.ts'
import {reportDockerfile} from './dockerfiles.ts'
import {
  failsAt,
  type PlatformVerdict,
  type Report,
  type ReportImage,
  type ReportPlatform,
  type ReportPolicy,
  type ReportStep,
  SCHEMA_VERSION,
} from './report.ts'
import {reportScan, unusedIgnores} from './scan.ts'

/** What a report is made of, besides the facts. */
export interface ReportInput {
  /** All that were requested, in their order. */
  readonly images: readonly (ImageFacts | UncheckedImage)[]
  readonly findings: readonly ExplainedFinding[]
  /** Of the rules that are switched off. */
  readonly switchedOff: readonly Finding[]
  readonly configuration: ReportConfiguration
  /** `digest`: of the program's own files, where it knows them. */
  readonly tool: {readonly version: string; readonly digest?: string}
  readonly records?: BuildRecords
  /** Absent where no policy file is named. */
  readonly policy?: ReportPolicy
  /** By what an image was checked; absent where that is the same for all. */
  readonly configurationOf?: (reference: string) => ReportConfiguration
}

/**
 * The report on what was seen and found: the only place that decides pass or fail. With `never` the verdict is that of
 * `error`.
 */
export function buildReport(facts: Facts, input: ReportInput): Report {
  const {images, findings, switchedOff, configuration, tool, records = new Map()} = input
  const judged = {findings, switchedOff, configuration, records, ...defined({configurationOf: input.configurationOf})}
  const reported = images.map(image => ({
    ...('problem' in image ? {...image, platforms: []} : reportImage(image, judged)),
    ...ownConfiguration(image.reference, judged),
  }))
  return {
    schemaVersion: SCHEMA_VERSION,
    tool: {name: 'verify-image-arch', version: tool.version, ...defined({digest: tool.digest})},
    configuration,
    ...defined({policy: input.policy}),
    verdict: isFailure(facts, input) ? 'fail' : 'pass',
    images: reported,
    ...defined({
      dockerfiles: facts.dockerfiles?.map(reportDockerfile),
      baseline: facts.baseline && compareBaseline(facts.images, facts.baseline),
      unusedIgnores: unusedIgnores(reported),
    }),
    findings,
    switchedOff,
  }
}

/** What could not be read is not verified, whatever level the user gave to saying so. */
function isFailure(facts: Facts, {images, findings, configuration, configurationOf}: ReportInput): boolean {
  const isStrict = ({reference}: ImageFacts): boolean =>
    (configurationOf?.(reference) ?? configuration).onUndetermined === 'fail'
  return (
    images.some(image => 'problem' in image) ||
    facts.images.some(({unreadable}) => unreadable.length > 0) ||
    findings.some(({level}) => failsAt(level, configuration.failOn)) ||
    facts.images.some(image => isStrict(image) && isUndetermined(image))
  )
}

/** Whether there is a platform, of those that were requested, of which it is not known whether it would start. */
function isUndetermined({platforms, root}: ImageFacts): boolean {
  const isDark = ({startup}: PlatformFacts): boolean => startup.undetermined !== undefined
  return platforms.length === 0 || root.absent !== undefined || platforms.some(isDark)
}

/** What the platforms of an image are judged by. */
interface Judged extends Pick<ReportInput, 'findings' | 'switchedOff' | 'configuration' | 'configurationOf'> {
  readonly records: BuildRecords
}

/** What an image was checked by, where it is not what the run is checked by. */
function ownConfiguration(
  reference: string,
  {configuration, configurationOf}: Judged,
): Pick<ReportImage, 'configuration'> {
  const own = configurationOf?.(reference) ?? configuration
  return own.digest === configuration.digest ? {} : {configuration: own}
}

function reportImage(image: ImageFacts, judged: Judged): ReportImage {
  const {descriptor} = image.root
  return {
    reference: image.reference,
    ...defined({name: image.name, digest: descriptor?.digest, mediaType: descriptor?.mediaType}),
    ...otherEntries(image),
    ...defined({baseline: image.baseline && compareBaseline([image], image.baseline)}),
    platforms: image.platforms.map(platform => reportPlatform(image, platform, judged)),
  }
}

function otherEntries({root}: ImageFacts): Pick<ReportImage, 'otherEntries'> {
  if (root.referrers.length === 0) return {}
  const count = (wanted: Referrer['kind']): number => root.referrers.filter(({kind}) => kind === wanted).length
  return {otherEntries: {attestations: count('attestation'), artifacts: count('artifact'), indexes: count('index')}}
}

function reportPlatform(image: ImageFacts, facts: PlatformFacts, judged: Judged): ReportPlatform {
  const platform = formatPlatform(facts.entry.platform)
  const isOfIt = (finding: Finding): boolean => platformsOf(finding).includes(platform)
  const own = findingsOn(judged, image).filter(isOfIt)
  const verdict = verdictOf(facts, [...own, ...switchedOffOn(judged, image).filter(isOfIt)])
  const isTolerated = verdict === 'mismatch' && !own.some(({level}) => failsAt(level, judged.configuration.failOn))
  const record = judged.records.get(facts)
  return {
    platform,
    ...defined({digest: facts.entry.descriptor?.digest}),
    verdict,
    ...(isTolerated ? {tolerated: true as const} : {}),
    checked: facts.config !== undefined,
    ...defined({undetermined: facts.startup.undetermined}),
    program: {argv: facts.startup.argv, steps: facts.startup.steps.map(step => reportStep(step, facts, record))},
    ...reportScan(facts),
  }
}

/** By the levels that the rules give, whatever the user made of them: what is not right does not become so. */
function verdictOf({startup}: PlatformFacts, findings: readonly Finding[]): PlatformVerdict {
  if (findings.some(finding => ownLevelOf(finding) === 'error')) return 'mismatch'
  return startup.undetermined === undefined ? 'match' : 'undetermined'
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

/** By the file itself, or as it was determined afterwards. */
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
