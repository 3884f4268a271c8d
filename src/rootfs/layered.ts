import type {RootFs} from '../image/rootfs.ts'
import type {LayerBlob} from './layer-blob.ts'

export interface LayeredRootFsOptions {
  /** In bytes. */
  readonly contentBudget?: number
}

export function layeredRootFs(layers: readonly LayerBlob[], options: LayeredRootFsOptions = {}): RootFs {
  void layers
  void options
  throw new Error('coming')
}
