import {parseReference, type Reference} from '../../image/reference.ts'
import {canRun, formatPlatform, isRequested, normalisePlatform, type Platform} from '../../platform/index.ts'
import type {FromInstruction} from '../model.ts'
import type {ResolvedStage} from '../resolve.ts'
import type {PlatformBuild, Sighting} from './context.ts'
import type {BaseAnswer, BaseAnswers} from './problem.ts'
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
    if (answer.kind === 'index') yield* missingIn(stage, build, reference.text, answer)
    else if (answer.kind === 'manifest') yield* singlePlatform(stage, build, parsed.value, answer)
  }
}

function* missingIn(
  stage: ResolvedStage,
  {platform, name}: PlatformBuild,
  reference: string,
  {platforms}: Extract<BaseAnswer, {kind: 'index'}>,
): Generator<Sighting> {
  if (platforms.some(candidate => isRequested(platform, candidate))) return
  // A client takes a lower variant, or the 32-bit programs that the machine runs too.
  const substitute = platforms.find(candidate => canRun(platform, candidate))
  if (substitute !== undefined && sameArchitecture(substitute, platform)) return
  const {from} = stage.stage
  const taken = substitute === undefined ? '' : `; the builder takes ${formatPlatform(substitute)} in its place`
  yield {
    rule: 'base-platform-missing',
    level: substitute === undefined ? 'error' : 'warning',
    stage: stage.stage.index,
    line: from.line,
    endLine: from.endLine,
    message: `${reference} has no ${name}: its index has ${platforms.map(formatPlatform).join(', ') || 'no platform'}${taken}`,
    fix: `take a base that has ${name}, or leave ${name} out of the platforms`,
  }
}

function* singlePlatform(
  stage: ResolvedStage,
  build: PlatformBuild,
  reference: Reference,
  answer: Extract<BaseAnswer, {kind: 'manifest'}>,
): Generator<Sighting> {
  const {platform} = answer
  if (platform !== undefined && sameArchitecture(platform, build.platform)) return
  const {from} = stage.stage
  const isPinned = reference.digest !== undefined
  const isFinal = build.finalLine.includes(stage)
  // What a stage makes that only prepares files may be for every platform all the same.
  const isCertain = platform !== undefined && (isFinal || makesPrograms(stage, build))
  const of = platform === undefined ? 'one platform' : formatPlatform(platform)
  yield {
    rule: isPinned ? 'base-single-platform' : 'base-platform-missing',
    level: isCertain ? 'error' : 'warning',
    stage: stage.stage.index,
    line: from.line,
    endLine: from.endLine,
    message: isPinned
      ? `${imageOf(reference)} is pinned to the manifest of ${of}: the stage ${nameOf(stage)} is ${of} whatever platform is built`
      : `${imageOf(reference)} is no index but the manifest of ${of}: the stage ${nameOf(stage)} is ${of} whatever platform is built`,
    fix: isPinned ? pinnedFix(from, reference, answer) : `take a base that has ${build.name}`,
  }
}

/**
 * The FROM line with the index in the place of the manifest; ready to paste where
 * the tag's index holds what was pinned.
 */
function pinnedFix(
  from: FromInstruction,
  {digest, tag}: Reference,
  {tagged}: Extract<BaseAnswer, {kind: 'manifest'}>,
): string {
  const pinned = digest ?? ''
  if (tagged === undefined) {
    return `pin the digest of the index in the place of ${pinned}: docker buildx imagetools inspect tells it`
  }
  const line = from.text.replace(pinned, tagged.digest)
  if (tagged.hasPinned) return line
  return `${line} (the index of ${tag ?? 'latest'} today, which has moved on from what was pinned)`
}

function imageOf({name, tag, digest}: Reference): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`
}

function sameArchitecture(a: Platform, b: Platform): boolean {
  const [first, second] = [normalisePlatform(a), normalisePlatform(b)]
  return first.os === second.os && first.architecture === second.architecture
}
