import type {LayerInfo} from '../image/source.ts'
import type {Cause} from './cause.ts'
import {quote} from './cause-text.ts'

type Layer = Pick<LayerInfo, 'index' | 'createdBy'>

/** The layer as the cause of the file that it brought, where nothing else is known. */
export function layerCause(layer: Layer): Cause {
  return {kind: 'layer', message: messageOf(layer)}
}

/** The layer as the cause of all that the scan of an image found in it. */
export function scannedLayerCause(layer: LayerInfo): Cause {
  const {index, digest, createdBy} = layer
  return {
    kind: createdBy === undefined ? 'layer' : 'layer-command',
    message: messageOf(layer),
    layer: {index, digest, createdBy},
  }
}

/** The same words, whether the walk through the image knew the layer or it was requested afterwards. */
function messageOf({index, createdBy}: Layer): string {
  const made = quote(createdBy?.replace(/ # buildkit$/, '') ?? '')
  return `it came with layer ${index}${made === '' ? '' : `, which ${JSON.stringify(made)} made`}`
}
