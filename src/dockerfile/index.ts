export {type AskBase, askBases} from './bases.ts'
export {
  type BaseAnswer,
  type BaseAnswers,
  buildsOf,
  DOCKERFILE_RULES,
  type DockerfileEdit,
  type DockerfileLint,
  type DockerfileRule,
  type LintProblem,
  lintBuilds,
  lintDockerfile,
  namedBases,
  suspectsFor,
} from './lint/index.ts'
export type {Dockerfile, Instruction} from './model.ts'
export {type Certainty, type Origin, type OriginStep, originsOf} from './origins.ts'
export {type ResolvedStage, resolveDockerfile} from './resolve.ts'
export type {BuildPlatforms} from './scope.ts'
