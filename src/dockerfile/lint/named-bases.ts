import type {Value} from '../scope.ts'
import type {DockerfileBuilds} from './context.ts'
import type {BaseAnswer, BaseAnswers} from './problem.ts'
import {platformRole} from './stage-platforms.ts'

/** A base image where a stage names it. */
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
 * The images whose platforms matter, each reference once: those of stages that are needed
 * and stand on the platform that is built.
 */
export function namedBases({builds}: DockerfileBuilds): readonly NamedBase[] {
  const bases = new Map<string, NamedBase>()
  for (const {reachable} of builds) {
    for (const {base, stage, ...resolved} of reachable) {
      if (base.kind !== 'image' || platformRole({base, stage, ...resolved}) !== 'target') continue
      const isKnown = isSaid(base.reference)
      const reference = isKnown ? base.reference.text : stage.from.image
      const {line, endLine} = stage.from
      if (!bases.has(reference)) bases.set(reference, {reference, isKnown, line, endLine})
    }
  }
  return [...bases.values()]
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
    const reason = isKnown ? reasonOf(bases.get(reference)) : 'what it stands for is given to the build'
    return reason === undefined ? [] : [{reference, reason, line, endLine}]
  })
}

function reasonOf(answer: BaseAnswer | undefined): string | undefined {
  return answer?.kind === 'unknown' ? answer.reason : undefined
}
