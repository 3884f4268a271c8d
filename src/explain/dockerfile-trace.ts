import {
  type BuildPlatforms,
  type Certainty,
  type Dockerfile,
  type Instruction,
  type LintProblem,
  type Origin,
  originsOf,
  resolveDockerfile,
  suspectsFor,
} from '../dockerfile/index.ts'
import {CERTAINTIES} from '../dockerfile/origins.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, type Platform, parsePlatform} from '../platform/index.ts'
import type {CandidateDockerfile} from './candidate-dockerfiles.ts'
import type {ExplainedFile} from './explained-file.ts'
import {alignHistory} from './match-history.ts'

/** Lines of a Dockerfile, from 1, both ends included. */
export interface Lines {
  readonly line: number
  readonly endLine: number
}

/** Where a Dockerfile says that a file of its image is from. */
export interface DockerfileTrace {
  readonly candidate: CandidateDockerfile
  /** The instruction of the final image that brought it. */
  readonly brought: Lines
  /** From there back to where the file was made or fetched, as far as the Dockerfile says. */
  readonly origin: Origin | undefined
  /**
   * What is wrong with those lines, the first one to blame; empty where nothing is, or
   * where it does not concern platforms.
   */
  readonly suspects: readonly LintProblem[]
}

/**
 * Where in a Dockerfile the file is from; undefined where that is not the image's Dockerfile, or cannot be determined.
 * `isForeign`: the file is of another platform, so that what fixes a platform is to blame.
 */
export function traceToDockerfile(
  candidate: CandidateDockerfile,
  explained: ExplainedFile,
  {isForeign}: {readonly isForeign: boolean},
): DockerfileTrace | undefined {
  const {dockerfile, bases} = candidate
  const known = explained.made?.step.location
  const target = explained.platform.entry.platform
  const platforms = {target, build: builderOf(explained) ?? AMD64}
  const built: Built | undefined = known
    ? {stage: explained.provenance?.target, brings: instruction => isWithin(instruction, known)}
    : (builtByHistory(dockerfile, explained, platforms) ?? builtFrom(explained))
  if (built === undefined) return undefined
  const stage = built.stage === undefined ? {} : {stage: built.stage}
  const origins = originsOf(dockerfile, {path: explained.file.path, platforms, ...stage}).filter(
    ({steps: [first], certainty}) => first && built.brings(first.instruction, certainty),
  )
  const options = {platforms: [target], bases, ...defined({target: built.stage})}
  const judged = origins.map(origin => ({origin, suspects: isForeign ? guilty(dockerfile, origin, options) : []}))
  // Something wrong on the way of an origin that is less likely than another proves nothing.
  const limit = judged[0] ? CERTAINTIES.indexOf(judged[0].origin.certainty) : 0
  const isLikely = ({certainty}: Origin): boolean => CERTAINTIES.indexOf(certainty) <= limit
  const best = judged.find(({origin, suspects}) => suspects.length > 0 && isLikely(origin)) ?? judged[0]
  const at = known ?? best?.origin.steps[0]?.instruction
  return at && {candidate, brought: linesOf(at), origin: best?.origin, suspects: best?.suspects ?? []}
}

/**
 * The problems that explain a file which came by this way: those of its own lines, and those that fix
 * the platform of a whole stage. What another RUN or COPY of the stage does wrong explains it only
 * where nobody knows which of them made it.
 */
function guilty(
  dockerfile: Dockerfile,
  origin: Origin,
  options: Parameters<typeof suspectsFor>[2],
): readonly LintProblem[] {
  const [target] = options.platforms ?? []
  const name = target && formatPlatform(target)
  const isOfWay = (lines: Lines): boolean => origin.steps.some(({instruction}) => isWithin(lines, instruction))
  return suspectsFor(dockerfile, origin, options).filter(problem => {
    if (problem.level === 'note' || (name !== undefined && !problem.platforms.includes(name))) return false
    if (isOfWay(problem) || origin.certainty === 'possible') return true
    const kind = instructionAt(dockerfile, problem.line)?.kind
    return kind !== 'run' && kind !== 'copy'
  })
}

/** What is known of a build. */
interface Built {
  /** What `--target` would say. */
  readonly stage: string | undefined
  /** Whether a way may begin with this instruction, which is as sure as this. */
  readonly brings: (instruction: Instruction, certainty: Certainty) => boolean
}

/**
 * Of a Dockerfile that is the image's own, for certain, what it says itself will do, as long as it is not just a guess.
 */
function builtFrom({layer, provenance}: ExplainedFile): Built | undefined {
  if (layer !== undefined || provenance === undefined || provenance.files.length === 0) return undefined
  return {stage: provenance.target, brings: (_, certainty) => certainty !== 'possible'}
}

/**
 * What the build's history says where nothing else does: which stage was built, and which instruction made the layer.
 */
function builtByHistory(
  dockerfile: Dockerfile,
  {layer, layers}: ExplainedFile,
  platforms: BuildPlatforms,
): Built | undefined {
  if (layer === undefined) return undefined
  const resolved = resolveDockerfile(dockerfile, platforms)
  const createdBys = layers.map(({createdBy}) => createdBy)
  const aligned = resolved.ok ? alignHistory(resolved.value, createdBys) : undefined
  if (aligned === undefined) return undefined
  const made = aligned.made.get(layer.index)
  return {
    stage: String(aligned.stage.stage.index),
    brings: instruction => (made === undefined ? instruction.kind === 'from' : instruction === made),
  }
}

function instructionAt({stages}: Dockerfile, line: number): Instruction | undefined {
  return stages
    .flatMap(({from, instructions}) => [from, ...instructions])
    .find(instruction => line >= instruction.line && line <= instruction.endLine)
}

function builderOf({provenance}: ExplainedFile): Platform | undefined {
  const parsed = provenance?.builder === undefined ? undefined : parsePlatform(provenance.builder)
  return parsed?.ok ? parsed.value : undefined
}

/** What the runners of most workflows are. */
const AMD64: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

function isWithin(inner: Lines, outer: Lines): boolean {
  return inner.line >= outer.line && inner.endLine <= outer.endLine
}

function linesOf({line, endLine}: Lines): Lines {
  return {line, endLine}
}
