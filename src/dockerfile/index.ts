export {type AskBase, askBases, type NamedBase, namedBases} from './bases.ts'
export type {DockerfileProblem, Heredoc, SourceLine} from './lines.ts'
export {
  type BaseAnswer,
  type BaseAnswers,
  DOCKERFILE_RULES,
  type DockerfileRule,
  findRefused,
  type LintOptions,
  type LintProblem,
  lintDockerfile,
  suspectsFor,
  USUAL_PLATFORMS,
} from './lint/index.ts'
export type {Dockerfile, Instruction, Stage} from './model.ts'
export {type Certainty, type Origin, type OriginKind, type OriginStep, originsOf} from './origins.ts'
export {type ResolvedStage, reachableStages, resolveDockerfile, targetStage} from './resolve.ts'
export type {BuildPlatforms, Value, ValueSource} from './scope.ts'
