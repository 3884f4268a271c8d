import type {CopyInstruction, RunInstruction} from '../model.ts'
import {type ResolvedStage, sourceNames, stageNamed} from '../resolve.ts'
import type {Value} from '../scope.ts'
import type {DockerfileBuilds, PlatformBuild} from './context.ts'
import type {BaseAnswer, BaseAnswers} from './problem.ts'
import {platformRole} from './stage-platforms.ts'

/** An image where an instruction names it. */
export interface NamedBase {
  /** Its variables replaced; as it is written where it is not known. */
  readonly reference: string
  /**
   * Whether the file alone says which image it is: what hangs on a build argument, or on the
   * machine that builds, is not known here.
   */
  readonly isKnown: boolean
  readonly line: number
  readonly endLine: number
}

/**
 * The images whose platforms matter, each reference once: those of stages that are needed and stand on the platform
 * that is built, and those that files are copied out of or mounted from.
 */
export function namedBases({builds}: DockerfileBuilds): readonly NamedBase[] {
  const bases = new Map<string, NamedBase>()
  const add = (base: NamedBase): void => {
    if (!bases.has(base.reference)) bases.set(base.reference, base)
  }
  for (const build of builds) {
    for (const stage of build.reachable) {
      const {base, stage: written} = stage
      if (base.kind === 'image' && platformRole(stage) === 'target') {
        const isKnown = isSaid(base.reference)
        const reference = isKnown ? base.reference.text : written.from.image
        const {line, endLine} = written.from
        add({reference, isKnown, line, endLine})
      }
      for (const {reference, instruction} of copiedImages(stage, build)) {
        add({reference, isKnown: true, line: instruction.line, endLine: instruction.endLine})
      }
    }
  }
  return [...bases.values()]
}

/** An image that an instruction takes files from, without a stage of its own. */
export interface CopiedImage {
  readonly reference: string
  readonly instruction: CopyInstruction | RunInstruction
}

/**
 * The images of `COPY --from=IMAGE` and `RUN --mount=from=IMAGE`: the builder takes them for the platform that is
 * built, whatever the stage stands on. Variables are not replaced there.
 */
export function copiedImages({stage, instructions}: ResolvedStage, {resolved}: PlatformBuild): readonly CopiedImage[] {
  return instructions.flatMap(({instruction}) => {
    if (instruction.kind !== 'copy' && instruction.kind !== 'run') return []
    return sourceNames(instruction)
      .filter(name => !/^\d+$|[$`]/.test(name) && name !== 'scratch')
      .filter(name => stageNamed(name, resolved.stages, stage.index) === undefined)
      .map(reference => ({reference, instruction}))
  })
}

function isSaid({text, sources}: Value): boolean {
  return text !== '' && !sources.includes('unknown') && !sources.includes('build')
}

/** A base image whose platforms are not known, and why. */
export interface UnaskedBase {
  readonly reference: string
  readonly reason: string
  readonly line: number
  readonly endLine: number
}

export function findUnasked(dockerfile: DockerfileBuilds, bases: BaseAnswers): readonly UnaskedBase[] {
  return namedBases(dockerfile).flatMap(({reference, isKnown, line, endLine}) => {
    if (mayBeContext(reference, dockerfile)) return []
    const reason = isKnown ? reasonOf(bases.get(reference)) : 'what it stands for is given to the build'
    return reason === undefined ? [] : [{reference, reason, line, endLine}]
  })
}

/** `COPY --from=assets`: more likely a named context (`--build-context`) than an image of Docker's own library. */
function mayBeContext(reference: string, {builds}: DockerfileBuilds): boolean {
  const isBase = builds.some(({reachable}) =>
    reachable.some(({base}) => base.kind === 'image' && base.reference.text === reference),
  )
  return !isBase && /^[\w-]+$/.test(reference)
}

function reasonOf(answer: BaseAnswer | undefined): string | undefined {
  return answer?.kind === 'unknown' ? answer.reason : undefined
}
