import type {Step} from '../exec/index.ts'
import type {Facts, ImageFacts, PlatformFacts} from '../facts/facts.ts'
import {formatPlatform} from '../platform/index.ts'
import type {Evidence, Finding, Level} from './finding.ts'

/** What a rule says; running it adds the rule's id, level and help. */
export interface Violation
  extends Pick<Finding, 'image' | 'file' | 'line' | 'endLine' | 'platform' | 'path' | 'message' | 'cause' | 'fix'> {
  readonly evidence: Evidence
  /** Where this one is lighter or graver than the rule's own level. */
  readonly level?: Level
  /** What may make or replace the file in a running container: the finding is a note then, and says so. */
  readonly maybe?: string
}

/**
 * One rule: data, and a synchronous pure function of what was seen. Its id is its file, its page and its SARIF ruleId.
 */
export interface Rule {
  readonly id: string
  /** The level that findings have unless they say otherwise. */
  readonly level: Level
  /** One sentence: what a finding of this rule says. */
  readonly summary: string
  check(facts: Facts): Iterable<Violation>
}

/** Every platform that was read, with its image: what most rules walk over. */
export function* platformsOf(facts: Facts): Generator<{
  readonly image: ImageFacts
  readonly platform: PlatformFacts
  readonly at: {readonly image: string; readonly platform: string}
}> {
  for (const image of facts.images) {
    for (const platform of image.platforms) {
      yield {image, platform, at: {image: image.reference, platform: formatPlatform(platform.entry.platform)}}
    }
  }
}

/**
 * The paths of files that the chains of a platform start: what is wrong with them is reported there. What an
 * interpreter only reads is not judged there.
 */
export function chainPaths({startup, healthcheck}: PlatformFacts): ReadonlySet<string> {
  const steps = [...startup.steps, ...(healthcheck?.steps ?? [])]
  return new Set(steps.flatMap(({node, verdict}) => (node === undefined || verdict === undefined ? [] : node.path)))
}

/** One step of what a platform starts. */
export interface Taken {
  readonly step: Step
  /** The chain that the step belongs to: `step.from` counts in it. */
  readonly steps: readonly Step[]
  readonly platform: PlatformFacts
  readonly at: {readonly image: string; readonly platform: string}
  /** Lighter than the rule's own where the step is not sure to be taken, or only checks the container's health. */
  readonly level: {readonly level?: Level; readonly maybe?: string}
}

/**
 * Every step of every platform: of what starts, then of its HEALTHCHECK, as far as that is not a file of the former.
 */
export function* stepsOf(facts: Facts): Generator<Taken> {
  for (const {platform, at} of platformsOf(facts)) {
    const {steps} = platform.startup
    for (const step of steps) {
      yield {
        step,
        steps,
        platform,
        at,
        level: step.certainty === 'likely' ? {level: 'warning', ...doubtOf(step)} : doubtOf(step),
      }
    }
    const checks = platform.healthcheck?.steps ?? []
    for (const step of checks) {
      const isKnown = steps.some(({path, role}) => path === step.path && role === step.role)
      if (!isKnown) yield {step, steps: checks, platform, at, level: {level: 'warning', ...doubtOf(step)}}
    }
  }
}

/** What is not certain of the files of a running container is a note. */
function doubtOf({maybe}: Step): {readonly level?: Level; readonly maybe?: string} {
  return maybe === undefined ? {} : {level: 'note', maybe}
}
