import {formatPlatform, normalisePlatform, type Platform} from '../../platform/index.ts'
import type {Dockerfile} from '../model.ts'
import {
  expandCopy,
  type ResolvedDockerfile,
  type ResolvedStage,
  type ResolveProblem,
  reachableStages,
  resolveDockerfile,
  sourceNames,
  stageNamed,
  targetStage,
} from '../resolve.ts'
import type {LintProblem, ProblemLevel} from './problem.ts'

/** A Dockerfile as it is built for one of the platforms. */
export interface PlatformBuild {
  readonly platform: Platform
  /** As it is requested: `linux/arm/v7`. */
  readonly name: string
  readonly resolved: ResolvedDockerfile
  /** What is built: the last stage, or the one that was requested. */
  readonly final: ResolvedStage
  /** `final` and all that it needs. */
  readonly reachable: readonly ResolvedStage[]
  /** `final` and the stages that it is FROM: their files are all in the image. */
  readonly finalLine: readonly ResolvedStage[]
}

export interface BuildOptions {
  /** The platforms that the image is for; undefined where nobody said. */
  readonly platforms: readonly Platform[] | undefined
  /** `--target`: the last stage if left out. */
  readonly target?: string
}

/** A Dockerfile as it is built for each of the platforms: what all the checks look at. */
export interface DockerfileBuilds {
  readonly dockerfile: Dockerfile
  readonly builds: readonly PlatformBuild[]
  /** What the builder refuses in it, once for all platforms. */
  readonly refused: readonly ResolveProblem[]
  /** Whether somebody said for which platforms the image is. */
  readonly isRequested: boolean
}

/** Where nobody says for which platforms an image is, it is looked at as if for the two that most are for. */
const USUAL_PLATFORMS: readonly Platform[] = [
  {os: 'linux', architecture: 'amd64', variant: ''},
  {os: 'linux', architecture: 'arm64', variant: ''},
]

/** Where a build runs, if nothing else is known: what hangs on it is marked in each value. */
const USUAL_BUILDER: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

/** Resolves a Dockerfile once for each platform. */
export function buildsOf(dockerfile: Dockerfile, {platforms, target}: BuildOptions): DockerfileBuilds {
  const refused = new Map<string, ResolveProblem>()
  const builds = (platforms ?? USUAL_PLATFORMS).flatMap(platform => {
    const resolved = resolveDockerfile(dockerfile, {target: platform, build: USUAL_BUILDER})
    if (!resolved.ok) {
      refused.set(`${resolved.line} ${resolved.problem}`, resolved)
      return []
    }
    const {stages} = resolved.value
    const final = targetStage(stages, target)
    if (final === undefined) return []
    return [
      {
        platform: normalisePlatform(platform),
        name: formatPlatform(platform),
        resolved: resolved.value,
        final,
        reachable: reachableStages(stages, final),
        finalLine: lineOf(final, stages),
      },
    ]
  })
  return {
    dockerfile,
    builds,
    refused: [...refused.values()],
    isRequested: platforms !== undefined,
  }
}

/** What the builder gives to ARG where nothing is in its way. */
export function builderValues({platform, name}: PlatformBuild): ReadonlyMap<string, string> {
  return new Map([
    ['TARGETPLATFORM', name],
    ['TARGETOS', platform.os],
    ['TARGETARCH', platform.architecture],
    ['TARGETVARIANT', platform.variant],
  ])
}

/** A stage and those that it is FROM, itself first. */
export function lineOf(stage: ResolvedStage, stages: readonly ResolvedStage[]): readonly ResolvedStage[] {
  const line = [stage]
  for (let {base} = stage; base.kind === 'stage'; ) {
    const below = stages[base.index]
    if (below === undefined) break
    line.push(below)
    base = below.base
  }
  return line
}

/**
 * What stages that are reached take out of this one, or out of a stage that is FROM it, as their COPYs name it:
 * paths and patterns, their variables replaced.
 */
export function copiedFrom(stage: ResolvedStage, {reachable, resolved}: PlatformBuild): readonly string[] {
  const {escapeToken} = resolved.dockerfile.directives
  return reachable.flatMap(taker =>
    taker.instructions.flatMap(({instruction, scope}) => {
      if (instruction.kind !== 'copy') return []
      const isTaken = sourceNames(instruction).some(name => {
        const from = stageNamed(name, resolved.stages, taker.stage.index)
        return from !== undefined && lineOf(from, resolved.stages).includes(stage)
      })
      return isTaken ? expandCopy(instruction, scope, escapeToken).sources.map(({text}) => text) : []
    }),
  )
}

/** What one platform's build shows; the same of several platforms becomes one problem. */
export type Sighting = Omit<LintProblem, 'platforms'>

/** Looks at each platform's build, and puts together what is the same but for the platform. */
export function eachBuild(
  {builds, isRequested}: DockerfileBuilds,
  look: (build: PlatformBuild) => Iterable<Sighting>,
): readonly LintProblem[] {
  const found = new Map<string, {readonly sighting: Sighting; readonly platforms: string[]}>()
  for (const build of builds) {
    for (const sighting of look(build)) {
      const key = [sighting.rule, sighting.line, sighting.endLine, sighting.message].join('\n')
      const known = found.get(key)
      if (known === undefined) found.set(key, {sighting, platforms: [build.name]})
      else if (!known.platforms.includes(build.name)) known.platforms.push(build.name)
    }
  }
  return [...found.values()].map(({sighting, platforms}) => ({
    ...sighting,
    level: isRequested ? sighting.level : lower(sighting.level),
    platforms,
  }))
}

/** Where nobody says for which platforms the image is, nothing is certain. */
function lower(level: ProblemLevel): ProblemLevel {
  return level === 'error' ? 'warning' : 'note'
}
