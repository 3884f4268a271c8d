export {type Command, DEFAULT_PATH, type Environment, readCommand} from './command.ts'
export {type Credentials, resolveUser} from './credentials.ts'
export {type EssentialFile, readEssentialFiles} from './essential.ts'
export {
  type FileCapability,
  findUngranted,
  parseFileCapability,
} from './file-capability.ts'
export {injectedLibrary, injectedProgram} from './injected.ts'
export {
  checkLibraries,
  type LoaderFile,
  type LoaderReport,
  type LoaderSetup,
  readLoaderSetup,
} from './loader/check.ts'
export {findElsewhere, type LibraryPlace, type LibraryPlaces} from './loader/elsewhere.ts'
export {explainMissingLoader} from './loader/explain.ts'
export {loaderNames, muslLoader} from './loader/names.ts'
export {type LibraryReader, openingReader} from './loader/object.ts'
export type {LibcKind, LoaderObstacle, Rejected} from './loader/obstacle.ts'
export type {Process} from './resolved-path.ts'
export {readHealthcheck, readStartup, type StartupInput} from './startup.ts'
export {
  type Certainty,
  type Obstacle,
  type Passed,
  SHEBANG_PROBLEMS,
  type ShebangProblem,
  STEP_ROLES,
  type Startup,
  type Step,
  type StepRole,
  type Unknown,
} from './steps.ts'
