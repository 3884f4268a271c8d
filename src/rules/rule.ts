import type {Service, Step} from '../exec/index.ts'
import type {Facts, PlatformFacts} from '../facts/facts.ts'
import type {Evidence, Finding, Level} from './finding.ts'
import {type Doubt, doubtOf} from './support/doubt.ts'

/** What a rule says; running it adds the rule's id, level and help. */
export interface Violation
  extends Pick<
    Finding,
    'image' | 'file' | 'line' | 'endLine' | 'platform' | 'platforms' | 'path' | 'layer' | 'message' | 'fix' | 'edit'
  > {
  readonly evidence: Evidence
  /** Where this one is lighter or graver than the rule's own level. */
  readonly level?: Level
  /** Why it may not hold in a running container: the finding is a note then, and says so. */
  readonly maybe?: Doubt
  /** The service of a supervisor that it is about. */
  readonly service?: Service
}

/** The same of one platform; running the rule adds its image and name, and the path of the step where there is none. */
export type PlatformViolation = Pick<Violation, 'path' | 'layer' | 'level' | 'message' | 'evidence' | 'fix'>

/**
 * One rule: data, and synchronous pure functions of what was seen. Its id is its page and its SARIF ruleId. The
 * findings of one platform depend on nothing but that platform, so that they are known while its image is open.
 */
export interface Rule {
  readonly id: string
  /** The level that findings have unless they say otherwise. */
  readonly level: Level
  /** One sentence: what a finding of this rule says. */
  readonly summary: string
  /** What it says of a step of what a platform starts; lighter by itself where the step is. */
  checkStep?(taken: TakenStep): PlatformViolation | undefined
  /** What it says of a platform besides. */
  checkPlatform?(checked: CheckedPlatform): Iterable<PlatformViolation>
  /** What it says of images and Dockerfiles as a whole. */
  checkAll?(facts: Facts): Iterable<Violation>
}

/** A platform that was read. */
export interface CheckedPlatform {
  readonly platform: PlatformFacts
  /** As the user would request it. */
  readonly name: string
}

/** One step of what a platform starts. */
export interface TakenStep extends CheckedPlatform {
  readonly step: Step
  /** The chain that the step belongs to: `step.from` counts in it. */
  readonly steps: readonly Step[]
  /** Lighter than the rule's own where the step is not sure to be taken, or only checks the container's health. */
  readonly level: Level | undefined
  /** Why its file may be another in a running container; what is wrong with it is a note then. */
  readonly maybe?: Doubt
}

/**
 * Every step of a platform that may not fail: of what starts, then of its HEALTHCHECK and of what its shell loads, as
 * far as that is not a file of the former.
 */
export function takenSteps({platform, name}: CheckedPlatform): readonly TakenStep[] {
  const {steps} = platform.startup
  const checks = platform.healthcheck?.steps ?? []
  const shell = platform.shell?.steps ?? []
  const started = steps.filter(isNeeded)
  const isIn = (taken: readonly Step[], {path, role}: Step): boolean =>
    taken.some(one => path === one.path && role === one.role)
  return [
    ...started.map(step => ({
      ...{platform, name, step, steps},
      ...standingOf(step, step.certainty === 'likely' ? 'warning' : undefined),
    })),
    ...checks
      .filter(step => isNeeded(step) && !isIn(started, step))
      .map(step => ({platform, name, step, steps: checks, ...standingOf(step, 'warning')})),
    ...shell
      .filter(step => cannotLoad(step) && !isIn(started, step))
      .map(step => ({platform, name, step, steps: shell, ...standingOf(step, undefined)})),
  ]
}

/**
 * A loader or a library that is missing, or does not fit the others. Of the shell nothing else is judged here: who may
 * execute it is up to the image, and its machine is reported as that of an essential file.
 */
function cannotLoad({role, obstacle}: Step): boolean {
  return obstacle !== undefined && (role === 'library' || (role === 'loader' && obstacle.kind === 'missing'))
}

/** What a script goes on without is judged by its place in the image alone. */
export function isNeeded({accepted}: Step): boolean {
  return accepted !== true
}

/** What is not certain of the files of a running container is a note. */
function standingOf(step: Step, level: Level | undefined): Pick<TakenStep, 'level' | 'maybe'> {
  const maybe = doubtOf(step)
  return maybe === undefined ? {level} : {level: 'note', maybe}
}

/**
 * The paths of files that the chains of a platform start: what is wrong with them is reported there. What an
 * interpreter only reads is not judged there.
 */
export function chainPaths({startup, healthcheck, shell}: PlatformFacts): ReadonlySet<string> {
  // A shell that loads all it needs is judged by its place in the image.
  const broken = shell?.steps.some(cannotLoad) ? shell.steps.filter(({verdict}) => verdict?.fit === 'native') : []
  const steps = [...startup.steps, ...(healthcheck?.steps ?? []), ...broken].filter(isNeeded)
  return new Set(steps.flatMap(({node, verdict}) => (node === undefined || verdict === undefined ? [] : node.path)))
}
