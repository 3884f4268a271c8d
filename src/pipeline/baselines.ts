import type {Baseline} from '../facts/facts.ts'
import {gatherBaseline} from '../facts/gather.ts'
import type {Location} from '../image/location.ts'
import type {Limiter} from '../lib/concurrency.ts'
import {type Open, reads} from './ask-bases.ts'
import {type ExaminedImage, examineImage} from './examine.ts'
import type {ImageOptions} from './image-options.ts'
import type {KnownPlatforms} from './known-platforms.ts'

/** Reads the root of a baseline; `isRequired`: throws where it is not there. */
export type AskBaseline = (baseline: Location, isRequired: boolean) => Promise<Baseline>

/** Several images may have one baseline: it is read once. */
export function baselineAsker(open: Open, limiter: Limiter): AskBaseline {
  const asked = new Map<string, Promise<Baseline>>()
  return (baseline, isRequired) => {
    // A file or folder that is named and not there is a mistake of writing, before a first release too.
    const mustBeThere = isRequired || 'path' in baseline
    const key = JSON.stringify([baseline.transport, baseline.text, mustBeThere])
    const known =
      asked.get(key) ??
      gatherBaseline(baseline.text, mustBeThere, () => limiter(() => reads(open, baseline, source => source.root())))
    asked.set(key, known)
    return known
  }
}

/** Reads an image, and its own baseline where it has one. Both end before what one of them throws is thrown. */
export async function examineWithBaseline(
  location: Location,
  options: ImageOptions,
  open: Open,
  limiter: Limiter,
  ask: AskBaseline,
  known?: KnownPlatforms,
): Promise<ExaminedImage> {
  const {ownBaseline, baselineRequired, platforms} = options
  const readings = [
    reads(open, location, source => examineImage(source, {...options, required: platforms, known}, limiter)),
    ownBaseline === undefined ? undefined : ask(ownBaseline, baselineRequired),
  ] as const
  await Promise.allSettled(readings)
  const [examined, baseline] = await Promise.all(readings)
  return baseline === undefined ? examined : {...examined, image: {...examined.image, baseline}}
}
