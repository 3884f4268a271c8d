export {type AskBase, askBases} from './bases.ts'
export type {DockerfileProblem, Heredoc, SourceLine} from './lines.ts'
export {
  type BaseAnswer,
  type BaseAnswers,
  type BuildOptions,
  buildsOf,
  DOCKERFILE_RULES,
  type DockerfileBuilds,
  type DockerfileLint,
  type DockerfileRule,
  type LintOptions,
  type LintProblem,
  lintBuilds,
  lintDockerfile,
  type NamedBase,
  namedBases,
  suspectsFor,
  type UnaskedBase,
  USUAL_PLATFORMS,
} from './lint/index.ts'
export type {Dockerfile, Instruction, Stage} from './model.ts'
export {type Certainty, type Origin, type OriginKind, type OriginStep, originsOf} from './origins.ts'
export {type ResolvedStage, reachableStages, resolveDockerfile, targetStage} from './resolve.ts'
export type {BuildPlatforms, Value, ValueSource} from './scope.ts'
