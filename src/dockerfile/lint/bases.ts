import {parseReference, type Reference} from '../../image/reference.ts'
import {canRun, formatPlatform, isRequested, normalisePlatform, type Platform} from '../../platform/index.ts'
import type {Dockerfile, Instruction} from '../model.ts'
import type {ResolvedStage} from '../resolve.ts'
import type {PlatformBuild, Sighting} from './context.ts'
import {type Mend, rewritten} from './edit.ts'
import {copiedImages} from './named-bases.ts'
import type {BaseAnswer, BaseAnswers, ProblemLevel} from './problem.ts'
import {makesPrograms, nameOf, platformRole} from './stage-platforms.ts'

/**
 * Bases that are not there for the platform that is built: one platform's manifest (the builder takes it for every
 * platform and says no more than a warning), or an index that lacks it (the builder stops). Only stages that stand
 * on the target's platform are looked at.
 */
export function* findBaseProblems(build: PlatformBuild, bases: BaseAnswers): Generator<Sighting> {
  for (const stage of build.reachable) {
    if (stage.base.kind !== 'image' || platformRole(stage) !== 'target') continue
    const {reference} = stage.base
    const answer = bases.get(reference.text)
    const parsed = parseReference(reference.text)
    if (answer === undefined || !parsed.ok) continue
    if (answer.kind === 'index') yield* missingIn({stage, instruction: stage.stage.from}, build, reference.text, answer)
    else if (answer.kind === 'manifest') yield* singleBase(stage, build, parsed.value, answer)
  }
}

/**
 * The same of images that files are copied out of. What is copied may be for every platform, so that one platform's
 * manifest is a warning; a stage on the builder's platform may want the builder's own tools.
 */
export function* findCopiedImageProblems(build: PlatformBuild, bases: BaseAnswers): Generator<Sighting> {
  for (const stage of build.reachable) {
    for (const {reference: text, instruction} of copiedImages(stage, build)) {
      const answer = bases.get(text)
      const parsed = parseReference(text)
      if (answer === undefined || !parsed.ok) continue
      const at = {stage, instruction}
      if (answer.kind === 'index') yield* missingIn(at, build, text, answer)
      else if (answer.kind === 'manifest' && platformRole(stage) === 'target') {
        yield* copiedManifest(at, build, parsed.value, answer)
      }
    }
  }
}

/** Where an image is named. */
interface Place {
  readonly stage: ResolvedStage
  readonly instruction: Instruction
}

function* missingIn(
  {stage, instruction}: Place,
  {platform, name}: PlatformBuild,
  reference: string,
  {platforms}: Extract<BaseAnswer, {kind: 'index'}>,
): Generator<Sighting> {
  if (platforms.some(candidate => isRequested(platform, candidate))) return
  // A client takes a lower variant, or the 32-bit programs that the machine runs too.
  const substitute = platforms.find(candidate => canRun(platform, candidate))
  if (substitute !== undefined && sameArchitecture(substitute, platform)) return
  const taken = substitute === undefined ? '' : `; the builder takes ${formatPlatform(substitute)} in its place`
  yield {
    rule: 'base-platform-missing',
    level: substitute === undefined ? 'error' : 'warning',
    stage: stage.stage.index,
    line: instruction.line,
    endLine: instruction.endLine,
    message: `${reference} has no ${name}: its index has ${platforms.map(formatPlatform).join(', ') || 'no platform'}${taken}`,
    fix: `Use a base that has ${name}, or leave ${name} out of the platforms.`,
  }
}

type ManifestAnswer = Extract<BaseAnswer, {kind: 'manifest'}>

/** Tells a lone manifest of another platform; `effect`: what comes of it. */
function* singlePlatform(
  {stage, instruction}: Place,
  build: PlatformBuild,
  reference: Reference,
  answer: ManifestAnswer,
  {level, effect}: {readonly level: ProblemLevel; readonly effect: (of: string) => string},
): Generator<Sighting> {
  const {platform} = answer
  if (platform !== undefined && sameArchitecture(platform, build.platform)) return
  const isPinned = reference.digest !== undefined
  const of = platform === undefined ? 'one platform' : formatPlatform(platform)
  const what = isPinned ? `is pinned to the manifest of ${of}` : `is not an index but the manifest of ${of}`
  yield {
    rule: isPinned ? 'base-single-platform' : 'base-platform-missing',
    level,
    stage: stage.stage.index,
    line: instruction.line,
    endLine: instruction.endLine,
    message: `${imageOf(reference)} ${what}: ${effect(of)} whatever platform is built`,
    ...(isPinned
      ? pinnedFix(build.resolved.dockerfile, instruction, reference, answer)
      : {fix: `Use a base that has ${build.name}.`}),
  }
}

function singleBase(
  stage: ResolvedStage,
  build: PlatformBuild,
  reference: Reference,
  answer: ManifestAnswer,
): Generator<Sighting> {
  const isFinal = build.finalLine.includes(stage)
  // What a stage makes that only prepares files may be for every platform all the same.
  const isCertain = answer.platform !== undefined && (isFinal || makesPrograms(stage, build))
  return singlePlatform({stage, instruction: stage.stage.from}, build, reference, answer, {
    level: isCertain ? 'error' : 'warning',
    effect: of => `the stage ${nameOf(stage)} is ${of}`,
  })
}

function copiedManifest(
  place: Place,
  build: PlatformBuild,
  reference: Reference,
  answer: ManifestAnswer,
): Generator<Sighting> {
  const {keyword} = place.instruction
  return singlePlatform(place, build, reference, answer, {
    level: 'warning',
    effect: of => `${keyword} takes the files of ${of}`,
  })
}

/**
 * The line with the index in the place of the manifest; ready to paste where
 * the tag's index holds what was pinned.
 */
function pinnedFix(
  dockerfile: Dockerfile,
  instruction: Instruction,
  {digest, tag}: Reference,
  {tagged}: Extract<BaseAnswer, {kind: 'manifest'}>,
): Mend {
  const pinned = digest ?? ''
  if (tagged === undefined) {
    return {fix: `Pin the digest of the index instead of ${pinned}: docker buildx imagetools inspect shows it.`}
  }
  const line = instruction.text.replace(pinned, tagged.digest)
  if (tagged.hasPinned) return rewritten(dockerfile, instruction, line)
  return {fix: `${line} (the index of ${tag ?? 'latest'} today, which has moved on from what was pinned)`}
}

function imageOf({name, tag, digest}: Reference): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

function sameArchitecture(a: Platform, b: Platform): boolean {
  const [first, second] = [normalisePlatform(a), normalisePlatform(b)]
  return first.os === second.os && first.architecture === second.architecture
}
