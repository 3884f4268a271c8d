import type {AskBase} from '../dockerfile/index.ts'
import {inPlace, messageOf} from '../errors.ts'
import type {BaseImageOptions} from '../explain/index.ts'
import type {Location} from '../image/location.ts'
import type {ImageRoot, ImageSource} from '../image/source.ts'
import {withCleanup} from '../lib/cleanup.ts'
import type {Limiter} from '../lib/concurrency.ts'
import {formatPlatform} from '../platform/index.ts'

/** Opens what stands at a location, with the options of the run. */
export type Open = (location: Location) => Promise<ImageSource>

/** Several stages, several Dockerfiles and several builds stand on one base: it is looked up once. */
export function baseAsker(open: Open, limiter: Limiter): AskBase {
  const asked = new Map<string, Promise<ImageRoot>>()
  return (reference, text) => {
    const known =
      asked.get(text) ?? limiter(() => reads(open, {transport: 'registry', text, reference}, source => source.root()))
    asked.set(text, known)
    return known
  }
}

/** The layers of one platform of an image, or of its only one. */
export function layersReader(open: Open, limiter: Limiter): BaseImageOptions['readLayers'] {
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

/** Opens, reads, and closes whatever happens. An error is reported with the image's name. */
export async function reads<T>(open: Open, location: Location, read: (source: ImageSource) => Promise<T>): Promise<T> {
  const source = await open(location)
  try {
    return await withCleanup(
      () => read(source),
      () => source.close(),
    )
  } catch (thrown) {
    throw isNamed(location, messageOf(thrown)) ? thrown : inPlace(location.text, thrown)
  }
}

function isNamed(location: Location, message: string): boolean {
  return message.includes('reference' in location ? location.reference.name : location.path)
}
