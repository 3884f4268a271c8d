import {SourceError} from '../errors.ts'
import type {Location} from '../image/location.ts'
import {formatPlanLine, type LayerSizes} from '../inventory/index.ts'
import {createLimiter} from '../lib/concurrency.ts'
import {reads} from '../pipeline/ask-bases.ts'
import type {OpenImage} from '../pipeline/check.ts'
import type {Options} from '../pipeline/options.ts'

/**
 * The inventory as a plan that every part of a run reads: the images in their order, and with `withSizes` the layers of
 * each. Those are asked of its first platform alone, two requests an image: platforms of one image are much alike, and
 * images that share layers share them on every platform. An image that cannot be read has no sizes; its check says why.
 */
export async function planOf(options: Options, open: OpenImage, withSizes: boolean): Promise<string> {
  const limiter = createLimiter(options.concurrency)
  const sizes = await Promise.all(
    options.images.map(image => (withSizes ? limiter(() => sizesOf(options, open, image)) : undefined)),
  )
  return options.images.map(({text}, index) => formatPlanLine(text, sizes[index])).join('')
}

async function sizesOf(
  {cache, insecureRegistries, limits}: Options,
  open: OpenImage,
  image: Location,
): Promise<LayerSizes | undefined> {
  try {
    return await reads(
      location => open(location, {cache, insecureRegistries, limits}),
      image,
      async source => {
        const {entries} = await source.root()
        const [first] = entries
        const layers = first === undefined ? undefined : await source.layersOf?.(first)
        if (layers === undefined) return undefined
        return {platforms: entries.length, layers: layers.map(({digest, size}) => [digest, size] as const)}
      },
    )
  } catch (thrown) {
    if (thrown instanceof SourceError && thrown.code !== 'aborted') return undefined
    throw thrown
  }
}
