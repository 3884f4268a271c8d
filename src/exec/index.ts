export {type Command, DEFAULT_PATH, type Environment, readCommand, readEnvironment} from './command.ts'
export {resolveUser} from './credentials.ts'
export {type EssentialFile, readEssentialFiles} from './essential.ts'
export {
  findUngranted,
  parseFileCapability,
} from './file-capability.ts'
export {injectedLibrary, injectedProgram} from './injected.ts'
export {
  checkLibraries,
  type LoaderFile,
  type LoaderSetup,
  readLoaderSetup,
} from './loader/check.ts'
export {findElsewhere, type LibraryPlace, type LibraryPlaces} from './loader/elsewhere.ts'
export {explainMissingLoader} from './loader/explain.ts'
export {loaderNames, muslLoader} from './loader/names.ts'
export {type LibraryReader, openingReader} from './loader/object.ts'
export type {LoaderObstacle} from './loader/obstacle.ts'
export type {Process} from './resolved-path.ts'
export {findStandIns, type StandIn, type StandIns} from './stand-in.ts'
export {readHealthcheck, readShell, readStartup, type StartupInput} from './startup.ts'
export type {
  Obstacle,
  Service,
  Startup,
  Step,
  Unknown,
} from './steps.ts'
export {findDanglingVolumes} from './volumes.ts'
