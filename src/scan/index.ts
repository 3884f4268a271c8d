export {BENIGN} from './benign.ts'
export type {ForeignFile, LibraryProblem, NotProgram, ScanFacts} from './facts.ts'
export {type IgnoreEntry, parseIgnore} from './ignore.ts'
export {scanImage} from './scan.ts'
