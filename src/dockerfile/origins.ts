import {posix} from 'node:path'
import {defined} from '../lib/defined.ts'
import type {Platform} from '../platform/index.ts'
import {findCopied} from './copied.ts'
import type {CopyInstruction, Dockerfile, Instruction, RunInstruction} from './model.ts'
import {type ResolvedInstruction, type ResolvedStage, resolveDockerfile, stageNamed, targetStage} from './resolve.ts'
import type {BuildPlatforms} from './scope.ts'
import {scriptOf} from './script.ts'
import {escapeExpression, findWrite} from './written-file.ts'

/**
 * How sure it is that this instruction brought the file: nothing else can have, it
 * looks like it, it is one that may have.
 */
export const CERTAINTIES = ['certain', 'likely', 'possible'] as const
export type Certainty = (typeof CERTAINTIES)[number]

/** What an instruction did for the file. */
export type OriginKind =
  /** COPY from another stage. */
  | 'stage'
  /** COPY or ADD from the build context. */
  | 'context'
  /** `COPY --from` of an image, or of a named context. */
  | 'image'
  | 'url'
  /** The text stands in the Dockerfile. */
  | 'inline'
  | 'run'
  /** FROM: it was in the base image. */
  | 'base'

/** One instruction on the way of a file into the image. */
export interface OriginStep {
  /** The stage that the instruction stands in, by index. */
  readonly stage: number
  readonly instruction: Instruction
  /** Of the instruction, or of its line that names the file. */
  readonly line: number
  readonly endLine: number
  readonly kind: OriginKind
  /** The file in that stage. */
  readonly path: string
  /** Where the instruction takes it from: a path, a URL, the base's reference. */
  readonly source?: string
  readonly certainty: Certainty
}

/** A way that a file may have come: the last step is where its bytes were made or fetched. */
export interface Origin {
  /** From the stage that is built down to the source. */
  readonly steps: readonly OriginStep[]
  /** Of its weakest step. */
  readonly certainty: Certainty
}

export interface OriginOptions {
  /** Absolute, in the final image, every symlink followed. */
  readonly path: string
  /** `--target`: the last stage if left out. */
  readonly stage?: string
  /** For what the variables stand; linux/amd64 built on linux/amd64 if left out. */
  readonly platforms?: BuildPlatforms
}

const WAYS_LIMIT = 12
const AMD64: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

/**
 * The ways by which a file may have come into the image, the likeliest first; empty where the file has no stage, or the
 * builder refuses the Dockerfile. It is worked out from the text alone: what a RUN does is judged by what it names.
 */
export function originsOf(dockerfile: Dockerfile, {path, stage, platforms}: OriginOptions): readonly Origin[] {
  const resolved = resolveDockerfile(dockerfile, platforms ?? {target: AMD64, build: AMD64})
  if (!resolved.ok) return []
  const {stages} = resolved.value
  const target = targetStage(stages, stage)
  if (target === undefined) return []
  const ways = waysInto(target, posix.normalize(path), {
    known: new Map(),
    stages,
    escapeToken: dockerfile.directives.escapeToken,
  })
  return ways.slice(0, WAYS_LIMIT).map(({steps}) => ({steps, certainty: weakest(steps)}))
}

interface Way {
  readonly steps: readonly OriginStep[]
  /** The likelihood of each step: compared from the first on. */
  readonly scores: readonly number[]
}

interface Context {
  /** The ways that are worked out, by stage and path: two COPYs may ask for the same. */
  readonly known: Map<string, readonly Way[]>
  readonly stages: readonly ResolvedStage[]
  readonly escapeToken: string
}

/** What indicates an instruction, weighed against the others. */
const SCORE = {
  written: 90,
  named: 80,
  mentioned: 60,
  system: 55,
  packaged: 52,
  directoryOfStage: 50,
  directoryOfContext: 40,
  ran: 30,
  base: 20,
} as const

function waysInto(stage: ResolvedStage, path: string, context: Context): readonly Way[] {
  const key = `${stage.stage.index} ${path}`
  const ways = context.known.get(key) ?? findWays(stage, path, context)
  context.known.set(key, ways)
  return ways
}

function findWays(stage: ResolvedStage, path: string, context: Context): readonly Way[] {
  const ways: Way[] = []
  const index = stage.stage.index
  const add = (step: OriginStep, score: number, below: readonly Way[] = []): void => {
    if (below.length === 0) ways.push({steps: [step], scores: [score]})
    for (const way of below) ways.push({steps: [step, ...way.steps], scores: [score, ...way.scores]})
  }
  let isSettled = false
  for (const resolved of stage.instructions.toReversed()) {
    const {instruction} = resolved
    const common = {stage: index, instruction, line: instruction.line, endLine: instruction.endLine, path}
    if (instruction.kind === 'run') {
      const {score, line} = judgeRun(instruction, path)
      const certainty = score >= SCORE.mentioned ? 'likely' : 'possible'
      add({...common, kind: 'run', certainty, ...defined({line, endLine: line})}, score)
    } else if (isCopy(resolved)) {
      const copied = findCopied(resolved, path, context.escapeToken)
      if (copied === undefined) continue
      const from = stageNamed(resolved.instruction.from ?? '', context.stages, index)
      const certainty = copied.isNamed ? 'certain' : 'likely'
      const step = copyStep(resolved.instruction, copied.source, from !== undefined, {...common, certainty})
      const below = from === undefined ? [] : waysInto(from, copied.source ?? path, context)
      const score = from === undefined ? SCORE.directoryOfContext : SCORE.directoryOfStage
      add(step, copied.isNamed ? SCORE.named : score, below)
      isSettled = copied.isNamed
      if (isSettled) break
    }
  }
  if (!isSettled) addBase(stage, path, context, add, ways)
  return ways.toSorted((a, b) => compareScores(b.scores, a.scores)).slice(0, WAYS_LIMIT * 2)
}

function addBase(
  stage: ResolvedStage,
  path: string,
  context: Context,
  add: (step: OriginStep, score: number) => void,
  ways: Way[],
): void {
  const {base} = stage
  if (base.kind === 'scratch') return
  const below = base.kind === 'stage' ? context.stages[base.index] : undefined
  if (below !== undefined) {
    ways.push(...waysInto(below, path, context))
    return
  }
  const {from, index} = stage.stage
  const isOnly = ways.length === 0
  add(
    {
      stage: index,
      instruction: from,
      line: from.line,
      endLine: from.endLine,
      kind: 'base',
      path,
      ...(base.kind === 'image' ? {source: base.reference.text} : {}),
      certainty: isOnly ? 'certain' : 'possible',
    },
    SYSTEM_PATH.test(path) ? SCORE.system : SCORE.base,
  )
}

/** What distributions put there themselves: shells, loaders, the C library. */
const SYSTEM_PATH = /^\/(?:usr\/)?(?:s?bin|lib(?:32|64|x32)?(?:\/[^/]+)?)\/[^/]+$/

function isCopy(
  resolved: ResolvedInstruction,
): resolved is ResolvedInstruction & {readonly instruction: CopyInstruction} {
  return resolved.instruction.kind === 'copy'
}

function copyStep(
  {from, keyword}: CopyInstruction,
  source: string | undefined,
  isStage: boolean,
  common: Omit<OriginStep, 'kind' | 'source'>,
): OriginStep {
  if (source === undefined) return {...common, kind: 'inline'}
  if (keyword === 'ADD' && /^(?:https?|ssh|git):|^git@/.test(source)) return {...common, kind: 'url', source}
  if (from === undefined) return {...common, kind: 'context', source}
  return {...common, kind: isStage ? 'stage' : 'image', source}
}

/**
 * How much a RUN has to do with a file: it names it behind `-o`, `>` or as the target of cp, mv,
 * install; it names it at all; it runs.
 */
function judgeRun(run: RunInstruction, path: string): {readonly score: number; readonly line?: number} {
  const script = scriptOf(run)
  const name = escapeExpression(posix.basename(path))
  const written = findWrite(script.text, path)
  if (written !== null) {
    return {score: SCORE.written, line: script.lineAt(written.index + written[0].trimEnd().length - 1)}
  }
  for (const match of script.text.matchAll(new RegExp(`(?<![\\w.-])${name}(?![\\w-])`, 'g'))) {
    const command = lastCommand(script.text.slice(0, match.index))
    if (!TOUCHING.test(command)) return {score: SCORE.mentioned, line: script.lineAt(match.index)}
  }
  return {
    score:
      SYSTEM_PATH.test(path) && /\b(?:apt(?:-get)?|apk|dnf|microdnf|yum|zypper|pacman)\b/.test(script.text)
        ? SCORE.packaged
        : SCORE.ran,
  }
}

/** Commands that name a file and leave its bytes as they are. */
const TOUCHING =
  /^\s*(?:sudo\s+)?(?:chmod|chown|chgrp|ls|stat|file|test|\[|setcap|touch|echo|rm|which|command|cd|mkdir|strip|ldd)\b/

function lastCommand(text: string): string {
  return text.split(/&&|\|\||[;|&\n(]/).at(-1) ?? ''
}

function compareScores(a: readonly number[], b: readonly number[]): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function weakest(steps: readonly OriginStep[]): Certainty {
  const worst = Math.max(...steps.map(({certainty}) => CERTAINTIES.indexOf(certainty)))
  return CERTAINTIES[worst] ?? 'possible'
}
