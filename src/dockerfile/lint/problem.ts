import type {Digest} from '../../image/digest.ts'
import type {Platform} from '../../platform/index.ts'
import type {DockerfileEdit} from './edit.ts'

/** The rules that look at a Dockerfile; src/rules/dockerfile-rules.ts has their levels. */
export const DOCKERFILE_RULES = [
  'base-single-platform',
  'base-platform-missing',
  'platform-arg-default',
  'build-platform-in-final-stage',
  'hardcoded-platform',
] as const
export type DockerfileRule = (typeof DOCKERFILE_RULES)[number]

/** From the gravest to the lightest, as rules have them. */
export const PROBLEM_LEVELS = ['error', 'warning', 'note'] as const
export type ProblemLevel = (typeof PROBLEM_LEVELS)[number]

/** Something in a Dockerfile that makes an image wrong on one of its platforms. */
export interface LintProblem {
  readonly rule: DockerfileRule
  readonly level: ProblemLevel
  /** By index; undefined before the first FROM. */
  readonly stage: number | undefined
  /** Counted from 1. */
  readonly line: number
  readonly endLine: number
  readonly message: string
  /** The line as it should be, or what to do where that is not one line. */
  readonly fix: string
  /** The same as an edit of the file, where it is one. */
  readonly edit?: DockerfileEdit
  /** The platforms for which it is wrong, as they are requested. */
  readonly platforms: readonly string[]
}

/** What the registry says of a base image. */
export type BaseAnswer =
  | {readonly kind: 'index'; readonly digest: Digest; readonly platforms: readonly Platform[]}
  | {
      /** One platform's manifest. */
      readonly kind: 'manifest'
      readonly digest: Digest
      /** Undefined where its config names none. */
      readonly platform: Platform | undefined
      /** What stands at the tag beside the digest, where there is one and it is an index. */
      readonly tagged?: {readonly digest: Digest; readonly platforms: readonly Platform[]; readonly hasPinned: boolean}
    }
  /** It could not be asked, and why. */
  | {readonly kind: 'unknown'; readonly reason: string}

/** By the reference of FROM, its variables replaced. */
export type BaseAnswers = ReadonlyMap<string, BaseAnswer>
