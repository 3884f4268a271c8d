import {SourceError} from '../errors.ts'
import {
  type BuildRecords,
  type ExplainedFinding,
  explainFindings,
  gatherBackground,
  lightenProven,
  mergeDockerfileFindings,
  mergeIdentical,
} from '../explain/index.ts'
import type {Facts, ImageFacts, UncheckedImage} from '../facts/facts.ts'
import {type DockerfileText, gatherDockerfile} from '../facts/gather.ts'
import type {Location} from '../image/location.ts'
import type {ImageSource} from '../image/source.ts'
import {settleAll} from '../lib/cleanup.ts'
import {createLimiter, type Limiter} from '../lib/concurrency.ts'
import {defined} from '../lib/defined.ts'
import {type Door, inWordsOf} from '../lib/door-words.ts'
import {formatPlatform, type Platform, platformsEqual} from '../platform/index.ts'
import {buildReport} from '../report/build.ts'
import type {ReportConfiguration} from '../report/configuration.ts'
import type {Report} from '../report/report.ts'
import {RULES} from '../rules/index.ts'
import {checkAll, sortFindings} from '../rules/run.ts'
import {type Suppressed, type Suppression, suppress} from '../rules/suppression.ts'
import type {OpenOptions} from '../source/open.ts'
import {baseAsker, layersReader, type Open} from './ask-bases.ts'
import {baselineAsker, examineWithBaseline} from './baselines.ts'
import {configurationOf, imageConfigurationOf} from './configuration.ts'
import {type ImageOptions, imageOptions} from './image-options.ts'
import {KnownPlatforms} from './known-platforms.ts'
import type {Options} from './options.ts'
import {reportPolicyOf} from './report-policy.ts'

/** Opens what a user named; given by the door, so that this pipeline does no I/O of its own. */
export type OpenImage = (location: Location, options: OpenOptions) => Promise<ImageSource>

/** Reads the Dockerfiles that globs name; a glob that names none is the user's mistake. */
export type ReadDockerfiles = (globs: readonly string[]) => Promise<readonly DockerfileText[]>

/** Reads a file of the workspace whose name an image gives; undefined where it is not there, or is not to be read. */
export type ReadWorkspaceFile = (path: string) => Promise<string | undefined>

/** Which program checks. */
export interface Tool {
  readonly version: string
  /** Of its own files, read while images are; undefined where it runs from its source. */
  readonly digest?: () => Promise<string | undefined>
  /** In whose words advice is given; without it in those of both. */
  readonly door?: Door
}

/** What explanations need of the door; without it there are fewer of them, and the verdict is the same. */
export interface Hints {
  readonly readWorkspaceFile?: ReadWorkspaceFile
  /** Told of what could not be explained, and why. */
  debug?(message: string): void
  /** Told of all that was seen, before the report is made of it. */
  onFacts?(facts: Facts): void
  /**
   * Given to a check that is one of several: what all of them may read at once. An image that cannot be read is a
   * result then, also where it is the only one.
   */
  readonly shared?: Limiter
  /** Given with it: what several checks have seen. */
  readonly known?: KnownPlatforms
}

/** The whole check on one screen: images and Dockerfiles -> facts and findings -> explanations -> report. */
export async function check(
  options: Options,
  openImage: OpenImage,
  tool: Tool,
  readDockerfiles: ReadDockerfiles = noDockerfiles,
  {readWorkspaceFile = async () => undefined, debug, onFacts, shared, known = new KnownPlatforms()}: Hints = {},
): Promise<Report> {
  const {images, platforms, baseline, rules, cache, insecureRegistries, limits} = options
  const optionsOf = imageOptions(options)
  // All of them before anything is read: what is wrong with the policy file is told at once.
  const own = new Map(images.map(image => [image.text, optionsOf(image)] as const))
  const open: Open = location => openImage(location, {cache, insecureRegistries, limits})
  const limiter = shared ?? createLimiter(options.concurrency)
  // First, because it is quick, and a glob that names nothing should be reported at once.
  const texts = options.dockerfiles.length === 0 ? [] : await readDockerfiles(options.dockerfiles)
  const askBaseline = baselineAsker(open, limiter)
  // Each holds files or connections while it is open, whether anything of it is read or not.
  const openAtOnce = createLimiter(options.concurrency)
  const imageReadings = images.map(location => {
    const one = own.get(location.text) ?? optionsOf(location)
    const reading = openAtOnce(() => examineWithBaseline(location, one, open, limiter, askBaseline, known))
    return images.length === 1 && shared === undefined
      ? reading
      : reading.catch(thrown => unchecked(location, thrown, tool.door))
  })
  const digestReading = tool.digest?.()
  const baselineReadings = baseline ? [askBaseline(baseline, options.baselineRequired)] : []
  // All end before the first failure is thrown, so that nothing goes on, or stays behind, unseen.
  const [results, [before]] = await settlePair(settleAll(imageReadings), settleAll(baselineReadings))
  const examined = results.filter(result => 'image' in result)
  const read = examined.map(({image}) => image)
  const requested = platforms ?? platformsOf(read)
  const ask = baseAsker(open, limiter)
  const gatherOne = (text: DockerfileText) => gatherDockerfile(text, requested, ask)
  const dockerfiles = await settleAll(texts.map(gatherOne))
  const background = await gatherBackground(new Map(examined.flatMap(({records}) => records)), {
    ...{ask, dockerfiles},
    readLayers: layersReader(open, limiter),
    readFile: readWorkspaceFile,
    gather: gatherOne,
  })
  const facts: Facts = {
    images: read,
    ...(options.dockerfiles.length === 0 ? {} : {dockerfiles, requested}),
    ...defined({baseline: before}),
  }
  onFacts?.(facts)
  for (const message of problemsOf(read, background.records)) debug?.(message)
  const rulesOf = (image: string) => own.get(image)?.rules ?? rules
  const found = [...examined.flatMap(({findings}) => findings), ...checkAll(RULES, rules, facts, rulesOf)]
  const {findings, switchedOff: off} = sortFindings(found, read)
  const suppressions = options.policy?.file.suppressions ?? []
  const {kept: explained, suppressed} = mergeAndSuppress(explainFindings(findings, facts, background), suppressions)
  const switchedOff = [...off, ...suppressed]
  // An image that could not be read proves nothing.
  const isAllRead = results.every(result => 'image' in result)
  return buildReport(facts, {
    images: results.map(result => ('image' in result ? result.image : result)),
    findings: isAllRead ? lightenProven(explained, switchedOff, facts) : explained,
    switchedOff,
    configuration: configurationOf(options),
    ...(options.policy === undefined
      ? {}
      : {
          policy: reportPolicyOf(options.policy.file, facts, {findings: explained, suppressed}),
          configurationOf: configurationsOf(options, own),
        }),
    tool: {version: tool.version, ...defined({digest: await digestReading})},
    records: background.records,
  })
}

/**
 * Of several images one that cannot be read is a result of its own, so that all others are reported. A run that was
 * cancelled, a user's mistake and a bug end all.
 */
function unchecked({text}: Location, thrown: unknown, door: Door | undefined): UncheckedImage {
  if (!(thrown instanceof SourceError) || thrown.code === 'aborted') throw thrown
  const {code, message, hint: advice} = thrown
  const hint = door === undefined || advice === undefined ? advice : inWordsOf(door, advice)
  return {reference: text, problem: {code, message, ...defined({hint})}}
}

/**
 * Puts findings together, and takes out what the policy file suppresses: after the former, so that what is one finding
 * for the user is one here. A finding on a line of a Dockerfile is not taken out with that on the image.
 */
function mergeAndSuppress(
  findings: readonly ExplainedFinding[],
  suppressions: readonly Suppression[],
): Suppressed<ExplainedFinding> {
  const {kept, suppressed} = suppress(mergeIdentical(findings), suppressions)
  if (suppressed.length > 0) {
    // As of what is switched off it is not told where it comes from.
    return {kept: mergeDockerfileFindings(kept), suppressed: suppressed.map(({cause: _, ...finding}) => finding)}
  }
  return {kept: mergeIdentical(mergeDockerfileFindings(findings)), suppressed}
}

/** What each image is checked by. */
function configurationsOf(options: Options, own: ReadonlyMap<string, ImageOptions>) {
  return (image: string): ReportConfiguration => {
    const one = own.get(image)
    return one === undefined ? configurationOf(options) : imageConfigurationOf(options, one)
  }
}

/** For callers without Dockerfiles: one that names them gets an error, and does not pass. */
async function noDockerfiles(): Promise<never> {
  throw new Error('there is no reader of Dockerfiles')
}

/** What could not be determined of how wrong files came into their image. */
function problemsOf(images: readonly ImageFacts[], records: BuildRecords): readonly string[] {
  return images.flatMap(({reference, platforms}) =>
    platforms.flatMap(platform =>
      (records.get(platform)?.problems ?? []).map(
        problem => `${reference} ${formatPlatform(platform.entry.platform)}: ${problem}`,
      ),
    ),
  )
}

/** Where nobody names the platforms, those that the images have are meant; undefined where there is no image either. */
function platformsOf(images: readonly ImageFacts[]): readonly Platform[] | undefined {
  const all = images.flatMap(({root}) => root.entries.map(({platform}) => platform))
  const distinct = all.filter((platform, index) => all.findIndex(other => platformsEqual(other, platform)) === index)
  return distinct.length === 0 ? undefined : distinct
}

async function settlePair<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return [await a, await b]
}
