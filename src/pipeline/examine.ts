import {isFaultOfImage, SourceError} from '../errors.ts'
import {type BuildRecord, readBuildRecord} from '../explain/index.ts'
import type {ImageFacts, PlatformFacts, UnreadablePlatform} from '../facts/facts.ts'
import {uncheckedPlatform} from '../facts/gather.ts'
import type {GatherOptions} from '../facts/scope.ts'
import {type Artifact, setAside} from '../facts/set-aside.ts'
import type {ImageRoot, ImageSource, PlatformEntry, PlatformImage} from '../image/source.ts'
import {settleAll, withCleanup} from '../lib/cleanup.ts'
import type {Limiter} from '../lib/concurrency.ts'
import {once} from '../lib/once.ts'
import {isRequested, normalisePlatform, type Platform} from '../platform/index.ts'
import type {FailOn} from '../report/configuration.ts'
import {failsAt} from '../report/report.ts'
import {RULES} from '../rules/index.ts'
import {checkPlatform, type RankedFinding, type RuleSettings} from '../rules/run.ts'
import type {KnownPlatforms} from './known-platforms.ts'

/** What follows programs is half of the bundle: it is loaded while the first answer is waited for. */
const loadReader = once(() => import('../facts/gather-platform.ts'))

export interface ExamineOptions extends GatherOptions {
  /** The platforms that were requested; undefined means every platform of the index. */
  readonly required: readonly Platform[] | undefined
  readonly rules: RuleSettings
  readonly failOn: FailOn
  /** Of the run; without it each platform is looked into. */
  readonly known?: KnownPlatforms | undefined
}

/** What was seen of an image, and what the rules say of each of its platforms. */
export interface ExaminedImage {
  readonly image: ImageFacts
  /** In the order of the platforms. */
  readonly findings: readonly RankedFinding[]
  /** Of the platforms with something wrong. */
  readonly records: readonly (readonly [PlatformFacts, BuildRecord])[]
}

/**
 * Reads one image: its root, and what starts on each platform that was requested; runs the rules over each platform
 * while its image is open, and asks where the files are from that are wrong. What cannot be read is thrown (a
 * SourceError), so that nothing counts as verified that was not seen.
 */
export async function examineImage(
  source: ImageSource,
  options: ExamineOptions,
  limiter: Limiter,
): Promise<ExaminedImage> {
  const {required} = options
  loadReader().catch(() => undefined)
  const root = withWantedAbsent(await limiter(() => source.root()), required)
  const wanted = root.entries.filter(entry => entry.unread || isWanted(entry, required))
  const readings = await settleAll(wanted.map(entry => limiter(() => examineOrExcuse(source, entry, options))))
  const read = readings.filter(reading => 'facts' in reading)
  return {
    image: {
      reference: source.reference,
      name: source.name,
      root: setAside(
        root,
        readings.filter(reading => 'what' in reading),
      ),
      required,
      platforms: read.map(({facts}) => facts),
      unreadable: readings.filter(reading => 'code' in reading),
    },
    findings: read.flatMap(({findings}) => findings),
    records: read.flatMap(({facts, record}) => (record ? [[facts, record] as const] : [])),
  }
}

/** Whether an entry is one of the required platforms (a client may take any of several), where some are required. */
function isWanted({platform}: PlatformEntry, required: readonly Platform[] | undefined): boolean {
  return required === undefined || required.some(wanted => isRequested(wanted, platform))
}

/** What a daemon does not hold matters where it was requested. */
function withWantedAbsent({absent, ...root}: ImageRoot, required: readonly Platform[] | undefined): ImageRoot {
  const wanted = absent?.filter(entry => isWanted(entry, required)) ?? []
  return wanted.length === 0 ? root : {...root, absent: wanted}
}

interface ExaminedPlatform {
  readonly facts: PlatformFacts
  readonly findings: readonly RankedFinding[]
  readonly record: BuildRecord | undefined
}

async function examineOrExcuse(
  source: ImageSource,
  entry: PlatformEntry,
  options: ExamineOptions,
): Promise<ExaminedPlatform | UnreadablePlatform | Artifact> {
  if (entry.unread) return {entry, ...entry.unread}
  try {
    return await examinePlatform(source, entry, options)
  } catch (thrown) {
    if (thrown instanceof SourceError && thrown.code === 'not-an-image') return {entry, what: thrown.message}
    if (!(thrown instanceof SourceError) || !isFaultOfImage(thrown.code)) throw thrown
    return {entry, code: thrown.code, message: thrown.message}
  }
}

async function examinePlatform(
  source: ImageSource,
  entry: PlatformEntry,
  {rules, failOn, known, ...options}: ExamineOptions,
): Promise<ExaminedPlatform> {
  const check = (facts: PlatformFacts): readonly RankedFinding[] => checkPlatform(RULES, rules, source, facts)
  if (normalisePlatform(entry.platform).os !== 'linux') {
    const facts = uncheckedPlatform(entry)
    return {facts, findings: check(facts), record: undefined}
  }
  const key = known?.keyOf(source, entry, options)
  const earlier = known?.get(key)
  if (earlier !== undefined) {
    const facts = await earlier
    const findings = check(facts)
    const wrong = wrongPaths(findings, failOn)
    if (wrong.length === 0) return {facts, findings, record: undefined}
    return withImage(source, entry, async image => {
      return {facts, findings, record: await readBuildRecord(source, image, facts, wrong)}
    })
  }
  const gathered = Promise.withResolvers<PlatformFacts>()
  // Whoever waits for it is told; where nobody does, it is thrown here.
  gathered.promise.catch(() => undefined)
  known?.set(key, gathered.promise)
  try {
    return await withImage(source, entry, async image => {
      const {gatherPlatform} = await loadReader()
      const facts = await gatherPlatform(image, options)
      gathered.resolve(facts)
      const findings = check(facts)
      const wrong = wrongPaths(findings, failOn)
      const record = wrong.length === 0 ? undefined : await readBuildRecord(source, image, facts, wrong)
      return {facts, findings, record}
    })
  } catch (thrown) {
    gathered.reject(thrown)
    throw thrown
  }
}

async function withImage<T>(
  source: ImageSource,
  entry: PlatformEntry,
  use: (image: PlatformImage) => Promise<T>,
): Promise<T> {
  const image = await source.platformImage(entry)
  return withCleanup(
    () => use(image),
    () => image.close(),
  )
}

/** The files for which the job would fail: only they are worth the time that it takes to say where they come from. */
function wrongPaths(findings: readonly RankedFinding[], failOn: FailOn): readonly string[] {
  return findings.flatMap(({finding, isOff}) =>
    !isOff && finding.path !== undefined && failsAt(finding.level, failOn) ? [finding.path] : [],
  )
}
