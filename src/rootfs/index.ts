export type {LayerBlob} from './layer-blob.ts'
export {type LayeredRootFsOptions, layeredRootFs} from './layered.ts'
export type {Rehearsal, Span} from './rehearsal.ts'
export {resolvePath} from './resolve.ts'
