export type {LayerBlob} from './layer-blob.ts'
export {layeredRootFs, type LayeredRootFsOptions} from './layered.ts'
export {resolvePath} from './resolve.ts'
