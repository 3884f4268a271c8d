import {posix} from 'node:path'
import {fixedBound, tellLimit} from '../lib/over-limit.ts'
import {ok, type Result} from '../lib/result.ts'
import type {CopyInstruction, Dockerfile, Instruction, Stage} from './model.ts'
import {
  type BuildPlatforms,
  expand,
  platformScope,
  type Scope,
  type Value,
  withEnv,
  withGlobalArg,
  withStageArg,
} from './scope.ts'

/** What a stage is built on. */
export type StageBase =
  | {readonly kind: 'scratch'}
  | {readonly kind: 'stage'; readonly index: number}
  | {readonly kind: 'image'; readonly reference: Value}

/** An instruction where it takes effect, with what its variables stand for there. */
export interface ResolvedInstruction {
  readonly instruction: Instruction
  /** Before it. */
  readonly scope: Scope
  /** Before it; undefined where only the base image knows. */
  readonly workdir: string | undefined
  /** Set where it comes from an ONBUILD of the stage that this one is FROM. */
  readonly isTrigger: boolean
}

/** A stage as it is built for one platform. */
export interface ResolvedStage {
  readonly stage: Stage
  readonly base: StageBase
  /**
   * Of the image that it stands on: what `--platform` says, else the platform that is
   * built; a FROM of a stage inherits it.
   */
  readonly platform: Value
  readonly instructions: readonly ResolvedInstruction[]
  /** The scope at its end. */
  readonly scope: Scope
  readonly workdir: string | undefined
}

/** A Dockerfile as the builder reads it for one platform. */
export interface ResolvedDockerfile {
  readonly dockerfile: Dockerfile
  readonly stages: readonly ResolvedStage[]
  /** What FROM sees. */
  readonly global: Scope
}

/** Where the builder would stop. */
export interface ResolveProblem {
  readonly ok: false
  readonly problem: string
  readonly line: number
}

const STAGES = fixedBound('dockerfile-stages')
const STEPS = fixedBound('dockerfile-steps')

/**
 * Says what each stage stands on and what its variables are, for one platform. The rules are those of BuildKit's
 * frontend: https://github.com/moby/buildkit/blob/master/frontend/dockerfile/dockerfile2llb/convert.go
 */
export function resolveDockerfile(
  dockerfile: Dockerfile,
  platforms: BuildPlatforms,
): {readonly ok: true; readonly value: ResolvedDockerfile} | ResolveProblem {
  const {escapeToken} = dockerfile.directives
  let global = platformScope(platforms)
  for (const arg of dockerfile.args) {
    const next = withGlobalArg(global, arg, escapeToken)
    if (!next.ok) return {...next, line: arg.line}
    global = next.value
  }
  const beyond = dockerfile.stages[STAGES.most]
  if (beyond !== undefined) {
    const problem = tellLimit(STAGES, most => `it has more than ${most} stages`)
    return {ok: false, line: beyond.from.line, problem}
  }
  const stages: ResolvedStage[] = []
  const named = new Map<string, ResolvedStage>()
  let steps = 0
  for (const stage of dockerfile.stages) {
    const resolved = resolveStage(stage, {earlier: stages, named, global, escapeToken})
    if (!resolved.ok) return resolved
    steps += resolved.value.instructions.length
    if (steps > STEPS.most) {
      const problem = tellLimit(STEPS, most => `its stages have more than ${most} instructions`)
      return {ok: false, line: stage.from.line, problem}
    }
    stages.push(resolved.value)
    if (stage.name !== undefined) named.set(stage.name, resolved.value)
  }
  return {ok: true, value: {dockerfile, stages, global}}
}

interface StageContext {
  readonly earlier: readonly ResolvedStage[]
  /** Of several with one name the last. */
  readonly named: ReadonlyMap<string, ResolvedStage>
  readonly global: Scope
  readonly escapeToken: string
}

function resolveStage(
  stage: Stage,
  {earlier, named, global, escapeToken}: StageContext,
): {readonly ok: true; readonly value: ResolvedStage} | ResolveProblem {
  const {from} = stage
  const image = expand(from.image, global, escapeToken)
  if (!image.ok) return {...image, line: from.line}
  const flag = from.platform === undefined ? undefined : expand(from.platform, global, escapeToken)
  if (flag?.ok === false) return {...flag, line: from.line}
  const base = baseOf(image.value, named)
  const below = base.kind === 'stage' ? earlier[base.index] : undefined
  const target = global.get('TARGETPLATFORM')
  const implicit: Value = {text: target?.text ?? '', sources: ['target'], names: []}
  const platform = below?.platform ?? (base.kind === 'scratch' ? implicit : (flag?.value ?? implicit))
  let scope: Scope = below?.scope ?? new Map()
  // Nothing of the base image is known here, not even where it left off; `scratch` has nothing to know.
  let workdir = below === undefined ? (base.kind === 'scratch' ? '/' : undefined) : below.workdir
  const instructions: ResolvedInstruction[] = []
  const triggers = below?.stage.instructions.flatMap(step => (step.kind === 'onbuild' ? [step.trigger] : [])) ?? []
  const steps = [
    ...triggers.map(instruction => ({instruction, isTrigger: true})),
    ...stage.instructions.map(instruction => ({instruction, isTrigger: false})),
  ]
  for (const {instruction, isTrigger} of steps) {
    instructions.push({instruction, scope, workdir, isTrigger})
    const next = scopeAfter(instruction, scope, global, escapeToken)
    if (!next.ok) return {...next, line: instruction.line}
    scope = next.value
    if (instruction.kind === 'workdir') {
      const path = expand(instruction.path, scope, escapeToken)
      if (!path.ok) return {...path, line: instruction.line}
      workdir = joinPath(workdir, path.value.text)
    }
  }
  return {ok: true, value: {stage, base, platform, instructions, scope, workdir}}
}

function scopeAfter(instruction: Instruction, scope: Scope, global: Scope, escapeToken: string): Result<Scope> {
  if (instruction.kind === 'arg') return withStageArg(scope, global, instruction, escapeToken)
  if (instruction.kind === 'env') return withEnv(scope, instruction, escapeToken)
  return ok(scope)
}

/** A name is a stage's only below it. Of two stages with one name the later one is meant. */
function baseOf(reference: Value, named: ReadonlyMap<string, ResolvedStage>): StageBase {
  const stage = named.get(reference.text)
  if (stage !== undefined) return {kind: 'stage', index: stage.stage.index}
  return reference.text === 'scratch' ? {kind: 'scratch'} : {kind: 'image', reference}
}

/** The stage that `COPY --from` or a mount names, by name or index; undefined for an image or a named context. */
export function stageNamed(from: string, stages: readonly ResolvedStage[], before: number): ResolvedStage | undefined {
  const earlier = stages.slice(0, before)
  if (/^\d+$/.test(from)) return earlier[Number(from)]
  return earlier.findLast(({stage}) => stage.name === from.toLowerCase())
}

/** The stage that is built: the last one, or the one of `--target`. */
export function targetStage(stages: readonly ResolvedStage[], name?: string): ResolvedStage | undefined {
  if (name === undefined) return stages.at(-1)
  const found = stages.findLast(({stage}) => stage.name === name.toLowerCase())
  return found ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined)
}

/** The stages that a build of `target` needs; all others are not even looked at by the builder. */
export function reachableStages(stages: readonly ResolvedStage[], target: ResolvedStage): readonly ResolvedStage[] {
  const reached = new Set<ResolvedStage>([target])
  // What is added while it is walked is walked too: a chain of stages is as long as a Dockerfile may be.
  for (const current of reached) {
    const named = [
      ...(current.base.kind === 'stage' ? [stages[current.base.index]] : []),
      ...current.instructions
        .flatMap(({instruction}) => sourceNames(instruction))
        .map(name => stageNamed(name, stages, current.stage.index)),
    ]
    for (const stage of named) if (stage !== undefined) reached.add(stage)
  }
  return stages.filter(stage => reached.has(stage))
}

/** What an instruction takes files from, by the names that it is written with. */
export function sourceNames(instruction: Instruction): readonly string[] {
  if (instruction.kind === 'copy') return instruction.from === undefined ? [] : [instruction.from]
  if (instruction.kind === 'run') return instruction.mounts.flatMap(({from}) => (from === undefined ? [] : [from]))
  return []
}

/** A path as it is meant in a directory; undefined where that is not known. */
export function joinPath(directory: string | undefined, path: string): string | undefined {
  if (path.startsWith('/')) return posix.normalize(path)
  return directory === undefined ? undefined : posix.join(directory, path)
}

/**
 * Sources and destination of a COPY, their variables replaced; a text that the builder refuses stays as it is written.
 */
export function expandCopy(
  {sources, destination}: CopyInstruction,
  scope: Scope,
  escapeToken: string,
): {readonly sources: readonly Value[]; readonly destination: Value} {
  const read = (word: string): Value => {
    const value = expand(word, scope, escapeToken)
    return value.ok ? value.value : {text: word, sources: ['unknown'], names: []}
  }
  return {sources: sources.map(read), destination: read(destination)}
}
