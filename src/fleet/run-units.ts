import {createHash} from 'node:crypto'
import {SourceError} from '../errors.ts'
import type {ImageSource} from '../image/source.ts'
import {canonicalJson} from '../lib/canonical-json.ts'
import {createLimiter} from '../lib/concurrency.ts'
import {defined} from '../lib/defined.ts'
import {reads} from '../pipeline/ask-bases.ts'
import {check, type Hints, type OpenImage, type Tool} from '../pipeline/check.ts'
import {imageConfigurationOf} from '../pipeline/configuration.ts'
import {imageOptions} from '../pipeline/image-options.ts'
import {KnownPlatforms} from '../pipeline/known-platforms.ts'
import type {Options} from '../pipeline/options.ts'
import {nameOfUnit, type ResultIndex, referencesOf, type UnitResult} from './result-line.ts'
import type {Unit} from './units.ts'

/** What a run of many units needs, and whom it tells. */
export interface UnitsRun {
  readonly open: OpenImage
  readonly tool: Tool
  readonly hints: Hints
  /** Results of an earlier run, by `nameOfUnit`. */
  readonly known: ReadonlyMap<string, ResultIndex>
  /** Images of the whole inventory. */
  readonly total: number
  /** Called with each result when it is ready; the next unit waits for it. */
  onResult(result: UnitResult): Promise<void>
  /** Told of a unit whose earlier result still holds. */
  onKept(index: ResultIndex): void
}

/**
 * Checks units, as many at once as images and platforms may be, and keeps nothing of one that is over: what there is in
 * memory does not depend on how many there are. The first failure that is not an image's own ends all.
 */
export async function runUnits(options: Options, units: readonly Unit[], run: UnitsRun): Promise<void> {
  const shared = createLimiter(options.concurrency)
  const hints = {...run.hints, shared, known: new KnownPlatforms()}
  const digest = await run.tool.digest?.()
  const keyOf = keysOf(options, run.tool.version, digest)
  const ofUnits = {...run, tool: {...run.tool, digest: async () => digest}}
  const waiting = units.values()
  let failure: {readonly thrown: unknown} | undefined
  const work = async (): Promise<void> => {
    for (const unit of waiting) {
      if (failure !== undefined) return
      try {
        await runUnit(options, unit, keyOf(unit), ofUnits, hints)
      } catch (thrown) {
        failure ??= {thrown}
      }
    }
  }
  await Promise.all(Array.from({length: options.concurrency}, work))
  if (failure !== undefined) throw failure.thrown
}

async function runUnit(
  options: Options,
  {places, images}: Unit,
  key: string,
  run: UnitsRun,
  hints: Hints & Pick<Required<Hints>, 'shared'>,
): Promise<void> {
  const earlier = run.known.get(nameOfUnit(images.map(({text}) => text)))
  const isSame = earlier?.key === key && earlier.total === run.total && String(earlier.places) === String(places)
  if (earlier !== undefined && isSame && (await isUnchanged(options, images, earlier, run, hints.shared))) {
    run.onKept(earlier)
    return
  }
  const report = await check({...options, images}, run.open, run.tool, undefined, hints)
  await run.onResult({total: run.total, places, key, report})
}

/** Whether each image of an earlier result still has its digest; what could not be read is read again. */
async function isUnchanged(
  {cache, insecureRegistries, limits}: Options,
  images: Unit['images'],
  earlier: ResultIndex,
  {open}: UnitsRun,
  shared: NonNullable<Hints['shared']>,
): Promise<boolean> {
  if (earlier.images.some(({digest, isRead}) => digest === undefined || !isRead)) return false
  for (const [index, image] of images.entries()) {
    try {
      const isSame = await shared(() =>
        reads(
          location => open(location, {cache, insecureRegistries, limits}),
          image,
          source => isStillAt(source, earlier.images[index]?.digest),
        ),
      )
      if (!isSame) return false
    } catch (thrown) {
      // The check itself will say so.
      if (thrown instanceof SourceError && thrown.code !== 'aborted') return false
      throw thrown
    }
  }
  return true
}

/**
 * Whether an image has a digest that was read before. What is only claimed is enough: it was read and proven that the
 * digest is what the earlier result says, and whoever serves a reference decides
 * what it leads to, one way or the other.
 */
async function isStillAt(source: ImageSource, digest: string | undefined): Promise<boolean> {
  const claimed = await source.claimedDigest?.()
  return digest === (claimed ?? (await source.root()).descriptor?.digest)
}

/** What a result depends on beside the images: program, configuration of each image, policy. */
function keysOf(options: Options, version: string, digest: string | undefined): (unit: Unit) => string {
  const optionsOf = imageOptions(options)
  return unit => {
    const configurations = unit.images.map(image => imageConfigurationOf(options, optionsOf(image)).digest)
    const key = {...defined({digest}), version, references: referencesOf(unit), configurations}
    const policy = options.policy?.file.digest
    return `sha256:${createHash('sha256')
      .update(canonicalJson({...key, ...defined({policy})}))
      .digest('hex')}`
  }
}
