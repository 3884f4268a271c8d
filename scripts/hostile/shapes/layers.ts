import type {ImageFolder, Layer} from '../image-folder.ts'
import type {Shape} from '../shape.ts'
import {APP, manyEntries, quickHeader, tarOf} from '../tars.ts'

/** Images of many layers. */
export const LAYERS: readonly Shape[] = [
  {
    name: 'a thousand layers',
    limit: 'image-layers',
    outcome: 'verified',
    make: async image => putLayers(image, await ownLayers(image, 1000)),
  },
  {
    name: 'a thousand and one layers',
    limit: 'image-layers',
    outcome: 'could-not-check',
    make: async image => putLayers(image, await ownLayers(image, 1001)),
  },
  {
    name: 'one layer 100,000 times',
    limit: 'manifest-bytes',
    outcome: 'could-not-check',
    make: async image => putLayers(image, Array(100_000).fill(await image.putLayer(tarOf(APP)))),
  },
  {
    name: 'a thousand layers that take away and put back what the last one has',
    outcome: 'verified',
    make: async image => {
      const layers = [await image.putLayer(tarOf(APP))]
      for (let at = 0; at < 999; at++) {
        const names = Array.from({length: 100}, (_, number) => ({name: `d/f${number}-${at}`}))
        layers.push(await image.putLayer(tarOf({name: `d/.wh.f${at}`}, {name: 'd/.wh..wh..opq'}, ...names)))
      }
      await putLayers(image, layers)
    },
  },
  {
    name: 'a directory of a thousand layers, looked at whole',
    outcome: 'verified',
    make: async image => putLayers(image, await ownLayers(image, 1000, 200)),
  },
  {
    name: 'ten layers of a million files each',
    limit: 'image-tree-bytes',
    carriers: ['layout'],
    outcome: 'could-not-check',
    make: async image => {
      const layers: Layer[] = []
      for (let at = 0; at < 10; at++) {
        layers.push(
          await image.putLayer(
            manyEntries(1_000_000, number => quickHeader(`${at}/f${number}`)),
            'zstd',
          ),
        )
      }
      await putLayers(image, layers)
    },
  },
]

async function ownLayers(image: ImageFolder, count: number, files = 1): Promise<Layer[]> {
  const layers: Layer[] = []
  for (let at = 0; at < count; at++) {
    const names = Array.from({length: files}, (_, number) => ({name: `d/f${at}-${number}`}))
    layers.push(await image.putLayer(tarOf(...(at === 0 ? [APP] : []), ...names)))
  }
  return layers
}

async function putLayers(image: ImageFolder, layers: readonly Layer[]): Promise<void> {
  await image.setRoot(await image.putImage({layers}))
}
