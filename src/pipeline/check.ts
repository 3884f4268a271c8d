import type {AskBase} from '../dockerfile/index.ts'
import {type BaseOptions, gatherBuiltOn} from '../explain/build-bases.ts'
import {gatherEmbedded} from '../explain/embedded-dockerfiles.ts'
import {explain, joinFindings} from '../explain/index.ts'
import type {Facts, ImageFacts} from '../facts/facts.ts'
import {type DockerfileText, type FindWrongIn, gatherBaseline, gatherDockerfile, gatherImage} from '../facts/gather.ts'
import type {Location} from '../image/location.ts'
import type {ImageRoot, ImageSource} from '../image/source.ts'
import {settleAll, withCleanup} from '../lib/cleanup.ts'
import {createLimiter, type Limiter} from '../lib/concurrency.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, type Platform, platformsEqual} from '../platform/index.ts'
import {buildReport} from '../report/build.ts'
import {failsAt, type Report} from '../report/report.ts'
import {RULES} from '../rules/index.ts'
import {runRules} from '../rules/run.ts'
import type {OpenOptions} from '../source/open.ts'
import type {Options} from './options.ts'

/** Opens what a user named; given by the door, so that this pipeline does no I/O of its own. */
export type OpenImage = (location: Location, options: OpenOptions) => Promise<ImageSource>
/** The same with the options of the run. */
type Open = (location: Location) => Promise<ImageSource>

/** Reads the Dockerfiles that globs name; a glob that names none is the user's mistake. */
export type ReadDockerfiles = (globs: readonly string[]) => Promise<readonly DockerfileText[]>

/** Reads a file of the workspace whose name an image gives; undefined where it is not there, or is not to be read. */
export type ReadWorkspaceFile = (path: string) => Promise<string | undefined>

/** What explanations need of the door; without it there are fewer of them, and the verdict is the same. */
export interface Hints {
  readonly readWorkspaceFile?: ReadWorkspaceFile
  /** Told of what could not be explained, and why. */
  debug?(message: string): void
}

/** The whole check on one screen: images and Dockerfiles -> facts -> findings -> report. */
export async function check(
  options: Options,
  open: OpenImage,
  version: string,
  readDockerfiles: ReadDockerfiles = noDockerfiles,
  hints: Hints = {},
): Promise<Report> {
  const {cache, insecureRegistries} = options
  const facts = await gather(options, location => open(location, {cache, insecureRegistries}), readDockerfiles, hints)
  for (const message of untold(facts)) hints.debug?.(message)
  const findings = joinFindings(explain(runRules(RULES, facts, options.rules), facts))
  return buildReport(facts, findings, options.failOn, version)
}

/** For who never asks for Dockerfiles: one that asks is told, and does not pass. */
async function noDockerfiles(): Promise<never> {
  throw new Error('there is no reader of Dockerfiles')
}

/**
 * Reads all images; whatever happens, what was opened is closed. The first failure
 * in the order of the images is thrown.
 */
async function gather(
  options: Options,
  open: Open,
  readDockerfiles: ReadDockerfiles,
  {readWorkspaceFile = async () => undefined}: Hints,
): Promise<Facts> {
  const {images, platforms, scope, ignore, baseline, concurrency} = options
  const limiter = createLimiter(concurrency)
  const findWrong = wrongFiles(options)
  // First, because it is quick, and a glob that names nothing should be told at once.
  const texts = options.dockerfiles.length === 0 ? [] : await readDockerfiles(options.dockerfiles)
  const imageReadings = images.map(location =>
    reads(open, location, source => gatherImage(source, {required: platforms, scope, ignore, findWrong}, limiter)),
  )
  const baselineReadings = baseline
    ? [gatherBaseline(baseline.text, () => limiter(() => reads(open, baseline, source => source.root())))]
    : []
  // All end before the first failure is thrown, so that nothing goes on, or stays behind, unseen.
  const [read, [before]] = await settlePair(settleAll(imageReadings), settleAll(baselineReadings))
  const requested = platforms ?? platformsOf(read)
  const ask = baseAsker(open, limiter)
  const gatherOne = (text: DockerfileText) => gatherDockerfile(text, requested, ask)
  const dockerfiles = await settleAll(texts.map(gatherOne))
  const builtOn = await gatherBuiltOn(read, {ask, readLayers: layersReader(open, limiter)})
  const embedded = await gatherEmbedded(read, {dockerfiles, readFile: readWorkspaceFile, gather: gatherOne})
  return {
    images: read,
    ...(options.dockerfiles.length === 0 ? {} : {dockerfiles, requested}),
    ...(embedded.length === 0 ? {} : {embedded}),
    ...(builtOn.length === 0 ? {} : {builtOn}),
    ...defined({baseline: before}),
  }
}

/** What could not be told of where wrong files are from. */
function untold({images}: Facts): readonly string[] {
  return images.flatMap(({reference, platforms}) =>
    platforms.flatMap(({entry, origins}) =>
      (origins?.untold ?? []).map(reason => `${reference} ${formatPlatform(entry.platform)}: ${reason}`),
    ),
  )
}

/** Where nobody names the platforms, those that the images have are meant; undefined where there is no image either. */
function platformsOf(images: readonly ImageFacts[]): readonly Platform[] | undefined {
  const all = images.flatMap(({root}) => root.entries.map(({platform}) => platform))
  const distinct = all.filter((platform, index) => all.findIndex(other => platformsEqual(other, platform)) === index)
  return distinct.length === 0 ? undefined : distinct
}

/** Several stages, several Dockerfiles and several builds stand on one base: it is asked once. */
function baseAsker(open: Open, limiter: Limiter): AskBase {
  const asked = new Map<string, Promise<ImageRoot>>()
  return (reference, text) => {
    const known =
      asked.get(text) ?? limiter(() => reads(open, {transport: 'registry', text, reference}, source => source.root()))
    asked.set(text, known)
    return known
  }
}

/** The layers of one platform of an image, or of its only one. */
function layersReader(open: Open, limiter: Limiter): BaseOptions['readLayers'] {
  return (reference, text, platform) =>
    limiter(() =>
      reads(open, {transport: 'registry', text, reference}, async source => {
        const {entries} = await source.root()
        const [first] =
          platform === undefined ? entries : entries.filter(entry => formatPlatform(entry.platform) === platform)
        if (!first) return []
        const image = await source.platformImage(first)
        return withCleanup(
          async () => image.layers.map(({digest}) => digest),
          () => image.close(),
        )
      }),
    )
}

/** The files for which the job would fail: only they are worth the time that it takes to say where they come from. */
function wrongFiles({rules, failOn}: Options): FindWrongIn {
  return (platform, image) => {
    const facts = {images: [{...image, required: undefined, platforms: [platform], unreadable: []}]}
    const findings = runRules(RULES, facts, rules)
    return findings.flatMap(({level, path}) =>
      path !== undefined && failsAt(level, failOn === 'warning' ? failOn : 'error') ? [path] : [],
    )
  }
}

async function settlePair<A, B>(a: Promise<A>, b: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([a, b])
  return [await a, await b]
}

async function reads<T>(open: Open, location: Location, read: (source: ImageSource) => Promise<T>): Promise<T> {
  const source = await open(location)
  return withCleanup(
    () => read(source),
    () => source.close(),
  )
}
