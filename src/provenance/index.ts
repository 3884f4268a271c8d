export {formatBase} from './bases.ts'
export type {BuildStep, Provenance, ProvenanceBase} from './provenance.ts'
export {parseStatement, SLSA_PROVENANCE} from './statement.ts'
export {finalLineage, type LayerStep, stepOfLayer} from './trace.ts'
