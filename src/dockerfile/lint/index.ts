import type {Dockerfile} from '../model.ts'
import type {Origin} from '../origins.ts'
import type {ResolveProblem} from '../resolve.ts'
import {findBaseProblems, findCopiedImageProblems} from './bases.ts'
import {findBuildMachineAsked} from './build-machine.ts'
import {type BuildOptions, buildsOf, type DockerfileBuilds, eachBuild} from './context.ts'
import {findHardcodedArchitectures} from './hardcoded.ts'
import {findUnasked, type UnaskedBase} from './named-bases.ts'
import {findNativeBuilds} from './native-builds.ts'
import {findPlatformArgDefaults} from './platform-args.ts'
import {type BaseAnswers, type LintProblem, PROBLEM_LEVELS} from './problem.ts'
import {findBuildPlatformInFinal, findConstantPlatforms} from './stage-platforms.ts'
import {findUndeclaredArgs} from './undeclared.ts'

export interface LintOptions extends BuildOptions {
  /** Nothing is said of a base that is not in it. */
  readonly bases?: BaseAnswers
}

/** All that the lint says of a Dockerfile. */
export interface DockerfileLint {
  /** What makes its image wrong on one of the platforms, the gravest first, then by line. */
  readonly problems: readonly LintProblem[]
  /**
   * What the builder refuses in a Dockerfile that it can read: a variable that is written wrong. Nothing
   * else is said of that platform's build.
   */
  readonly refused: readonly ResolveProblem[]
  /** The base images whose platforms are not known. */
  readonly unasked: readonly UnaskedBase[]
}

/**
 * Checks a Dockerfile. Only stages that the build needs are looked at, each platform on its own, so that
 * `FROM build-${TARGETARCH}` reaches the stage that is meant.
 */
export function lintBuilds(builds: DockerfileBuilds, bases: BaseAnswers = new Map()): DockerfileLint {
  return {problems: findProblems(builds, bases), refused: builds.refused, unasked: findUnasked(builds, bases)}
}

/** The problems alone, of a Dockerfile whose builds nobody else needs. */
export function lintDockerfile(dockerfile: Dockerfile, {bases, ...options}: LintOptions): readonly LintProblem[] {
  return findProblems(buildsOf(dockerfile, options), bases ?? new Map())
}

function findProblems(dockerfile: DockerfileBuilds, bases: BaseAnswers): readonly LintProblem[] {
  const count = dockerfile.builds.length
  const problems = eachBuild(dockerfile, function* (build) {
    yield* findBaseProblems(build, bases)
    yield* findPlatformArgDefaults(build)
    yield* findBuildPlatformInFinal(build, count)
    yield* findConstantPlatforms(build)
    yield* findHardcodedArchitectures(build)
    yield* findUndeclaredArgs(build)
    yield* findNativeBuilds(build, count)
    yield* findBuildMachineAsked(build, count)
    yield* findCopiedImageProblems(build, bases)
  })
  const rank = ({level}: LintProblem): number => PROBLEM_LEVELS.indexOf(level)
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line)
}

/**
 * The problems that may explain a file that came by this way: those in the lines of its steps first, then those of the
 * stages that it went through. Give the platform on which the file is wrong.
 */
export function suspectsFor(dockerfile: Dockerfile, origin: Origin, options: LintOptions): readonly LintProblem[] {
  const {steps} = origin
  const stages = new Set(steps.map(({stage}) => stage))
  const isInStep = ({line, endLine}: LintProblem): boolean =>
    steps.some(({instruction}) => line >= instruction.line && endLine <= instruction.endLine)
  const near = lintDockerfile(dockerfile, options).filter(
    problem => problem.stage === undefined || stages.has(problem.stage),
  )
  return [...near.filter(isInStep), ...near.filter(problem => !isInStep(problem))]
}

export {type BuildOptions, buildsOf, type DockerfileBuilds} from './context.ts'
export type {DockerfileEdit} from './edit.ts'
export {type NamedBase, namedBases, type UnaskedBase} from './named-bases.ts'
export {
  type BaseAnswer,
  type BaseAnswers,
  DOCKERFILE_RULES,
  type DockerfileRule,
  type LintProblem,
  type ProblemLevel,
} from './problem.ts'
