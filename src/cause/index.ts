export {type ExplainOptions, explain} from './explain.ts'
export type {WorkspaceFile} from './sources.ts'
