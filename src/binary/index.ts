export {describe, describeProgram} from './describe.ts'
export {EHDR_SIZE, ET, PT} from './elf/constants.ts'
export {type DynamicInfo, readDynamic} from './elf/dynamic.ts'
export {readGnuProperties} from './elf/gnu-property.ts'
export {type Crash, findCrash} from './elf/load.ts'
export {findNotedOs, type Note, readNotes} from './elf/notes.ts'
export {type ForeignOs, findForeignOs} from './elf/os.ts'
export {readSections, type Section} from './elf/sections.ts'
export {type DynamicSymbol, type DynamicSymbols, readDynamicSymbols} from './elf/symbols.ts'
export type {ElfHeader, ElfIdent, ElfIdentity, Interpreter, Segment} from './elf/types.ts'
export type {VersionNeeds} from './elf/versions.ts'
export {readGoBuildInfo} from './go-build-info.ts'
export type {GoBuildInfo} from './go-module-info.ts'
export {FIRST_LOOK, hasProgramMagic, identify} from './identify.ts'
export type {
  ArchiveFormat,
  ArIdentity,
  Identity,
  MachOIdentity,
  PeIdentity,
  ScriptIdentity,
  Shebang,
  TextEncoding,
} from './identity.ts'
export {judge, judgeMachine} from './judge.ts'
export {
  isWhole,
  judgeLibrary,
  type LibraryFile,
  type LibraryVerdict,
  type LinkFile,
  type LinkHeader,
} from './judge-library.ts'
export {judgeLoader} from './judge-loader.ts'
export {findPageSizeProblem, type PageSizeProblem} from './page-size.ts'
export type {ExecErrno, Malformed, OnBeyond} from './problem.ts'
export {readServerError, type ServerError} from './server-error.ts'
export {readPackedInterpreter} from './upx.ts'
export type {EvidenceSource, Excess, Strength, VariantEvidence} from './variant/evidence.ts'
export {type EvidenceOptions, readMachineEvidence, readVariantEvidence} from './variant/read.ts'
export type {Verdict} from './verdict.ts'
