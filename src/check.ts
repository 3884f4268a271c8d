import type {Facts} from './facts.ts'
import {type FindWrongIn, gatherBaseline, gatherImage} from './gather.ts'
import type {Location} from './image/location.ts'
import type {ImageSource} from './image/source.ts'
import {settleAll, withCleanup} from './lib/cleanup.ts'
import {createLimiter} from './lib/concurrency.ts'
import type {Options} from './options.ts'
import {buildReport} from './report/build.ts'
import {failsAt, type Report} from './report/report.ts'
import {RULES} from './rules/index.ts'
import {runRules} from './rules/run.ts'

/** Opens what a user named; given by the door, so that this pipeline does no I/O of its own. */
export type OpenImage = (location: Location) => Promise<ImageSource>

/** The whole check on one screen: images -> facts -> findings -> report. */
export async function check(options: Options, open: OpenImage, version: string): Promise<Report> {
  const facts = await gather(options, open)
  const findings = runRules(RULES, facts, options.rules)
  return buildReport(facts, findings, options.failOn, version)
}

/** Reads all images; whatever happens, what was opened is closed. The first failure in the order of the images is thrown. */
async function gather(options: Options, open: OpenImage): Promise<Facts> {
  const {images, platforms, scope, baseline, concurrency} = options
  const limiter = createLimiter(concurrency)
  const findWrong = wrongFiles(options)
  const imageReadings = images.map(location =>
    reads(open, location, source => gatherImage(source, {required: platforms, scope, findWrong}, limiter)),
  )
  const baselineReadings = baseline
    ? [gatherBaseline(baseline.text, () => limiter(() => reads(open, baseline, source => source.root())))]
    : []
  // All end before the first failure is thrown, so that nothing goes on, or stays behind, unseen.
  const [read, [before]] = await settlePair(settleAll(imageReadings), settleAll(baselineReadings))
  return {images: read, ...(before ? {baseline: before} : {})}
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

async function reads<T>(open: OpenImage, location: Location, read: (source: ImageSource) => Promise<T>): Promise<T> {
  const source = await open(location)
  return withCleanup(
    () => read(source),
    () => source.close(),
  )
}
