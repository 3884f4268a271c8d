import type {LayerInfo} from '../image/source.ts'
import type {Cause} from './cause.ts'
import {quote} from './cause-text.ts'

/** Characters of a layer's command that a message shows. */
const COMMAND = 120

/** The layer as the cause of the file that it brought, where nothing else is known. */
export function layerCause({index, createdBy}: Pick<LayerInfo, 'index' | 'createdBy'>): Cause {
  const made = quote(createdBy?.replace(/ # buildkit$/, '') ?? '')
  return {
    kind: 'layer',
    message: `it came with layer ${index}${made === '' ? '' : `, which ${JSON.stringify(made)} made`}`,
  }
}

/** The layer as the cause of all that the scan of an image found in it. */
export function scannedLayerCause({index, digest, createdBy}: LayerInfo): Cause {
  return {
    kind: createdBy === undefined ? 'layer' : 'layer-command',
    message: `it came with layer ${index}${createdBy === undefined ? '' : `: ${shortened(createdBy)}`}`,
    layer: {index, digest, createdBy},
  }
}

/** A command can be a whole script. */
function shortened(command: string): string {
  return command.length > COMMAND ? `${command.slice(0, COMMAND)}…` : command
}
