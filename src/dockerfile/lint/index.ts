import type {Dockerfile} from '../model.ts'
import type {Origin} from '../origins.ts'
import type {ResolveProblem} from '../resolve.ts'
import {findBaseProblems} from './bases.ts'
import {eachBuild, type LintOptions, lintContext} from './context.ts'
import {findHardcodedArchitectures} from './hardcoded.ts'
import {findNativeBuilds} from './native-builds.ts'
import {findPlatformArgDefaults} from './platform-args.ts'
import {type LintProblem, PROBLEM_LEVELS} from './problem.ts'
import {findBuildPlatformInFinal, findConstantPlatforms} from './stage-platforms.ts'

/**
 * What in a Dockerfile makes its image wrong on one of the platforms, the gravest first, then by line.
 * Only stages that the build needs are looked at, each platform on its own, so that
 * `FROM build-${TARGETARCH}` reaches the stage that is meant.
 */
export function lintDockerfile(dockerfile: Dockerfile, options: LintOptions): readonly LintProblem[] {
  const context = lintContext(dockerfile, options)
  const count = context.builds.length
  const problems = eachBuild(context, function* (build) {
    yield* findBaseProblems(build, context.bases)
    yield* findPlatformArgDefaults(build)
    yield* findBuildPlatformInFinal(build, count)
    yield* findConstantPlatforms(build)
    yield* findHardcodedArchitectures(build)
    yield* findNativeBuilds(build, count)
  })
  const rank = ({level}: LintProblem): number => PROBLEM_LEVELS.indexOf(level)
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line)
}

/**
 * What the builder refuses in a Dockerfile that it can read: a variable that is written wrong.
 * Nothing else is said of that Dockerfile.
 */
export function findRefused(dockerfile: Dockerfile, options: LintOptions): readonly ResolveProblem[] {
  return lintContext(dockerfile, options).refused
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

export {type LintOptions, USUAL_PLATFORMS} from './context.ts'
export {
  type BaseAnswer,
  type BaseAnswers,
  DOCKERFILE_RULES,
  type DockerfileRule,
  type LintProblem,
  type ProblemLevel,
} from './problem.ts'
