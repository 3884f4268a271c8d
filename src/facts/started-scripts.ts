import type {Step} from '../exec/index.ts'
import {baseName} from '../lib/paths.ts'

export interface StartedScript {
  readonly path: string
  /** The step of the interpreter. */
  readonly program: Step
}

/** The scripts that an interpreter is started with, where nothing can keep it from that. */
export function startedScripts(steps: readonly Step[], interpreter: RegExp): readonly StartedScript[] {
  return steps.flatMap(step => {
    const other = step.from === undefined ? undefined : steps[step.from]
    if (other === undefined || !isSure(step) || !isSure(other)) return []
    // A file that it is to run; or a script whose first line names it.
    if (step.role === 'argument' && interpreter.test(other.path)) return [{path: step.node?.path ?? '', program: other}]
    const isInterpreter = step.role === 'interpreter' && interpreter.test(step.path) && other.role === 'program'
    if (isInterpreter) return [{path: other.node?.path ?? '', program: step}]
    const script = interpreter.test(step.path) ? scriptOfEnv(step, other, steps) : undefined
    return script === undefined ? [] : [{path: script, program: step}]
  })
}

/** The script whose first line has `env` look for the interpreter, which gets no option before its path. */
function scriptOfEnv(step: Step, env: Step, steps: readonly Step[]): string | undefined {
  const script = env.from === undefined ? undefined : steps[env.from]
  if (step.role !== 'program' || env.role !== 'interpreter' || baseName(env.path) !== 'env') return undefined
  if (script?.role !== 'program' || !isSure(script) || step.argv?.[1] === undefined) return undefined
  return step.argv[1] === script.path || step.argv[1] === script.hops.at(-1)?.path ? script.node?.path : undefined
}

export function isSure({certainty, accepted, maybe, service, obstacle, node}: Step): boolean {
  const isTaken = certainty === 'certain' && accepted !== true && service === undefined
  return isTaken && maybe === undefined && obstacle === undefined && node !== undefined
}

/** Programs that start another one where they are. */
const HANDS_OVER = /(?:^|\/)(?:tini|tini-static|dumb-init|catatonit|gosu|su-exec)$/

/** A shell whose text, and no file that it reads, is all that it runs. */
const SHELL = /(?:^|\/)(?:sh|ash|dash|bash)$/
/**
 * What may lead a shell elsewhere, or have it read what does; and variables that
 * lead what it starts, or what that loads.
 */
const LEAVES =
  /(?:^|[\s;&|({`])(?:(?:cd|pushd|popd|eval|source|\.|builtin|command)\s|(?:PYTHON|GUNICORN|UVICORN|GRANIAN|NODE|RUBY|GEM|BUNDLE)[A-Z_]*=)/

/** The shell form of a Dockerfile: `sh -c TEXT`. */
function staysThere({path, role, argv = []}: Step): boolean {
  const [, option = '', text = ''] = argv
  return role === 'program' && SHELL.test(path) && /^-[eux]*c$/.test(option) && !LEAVES.test(text)
}

/** Whether a program is started in the working directory of the config: no script but its own can have left it. */
export function keepsDirectory(step: Step, steps: readonly Step[], script?: string): boolean {
  for (let at = step.from; at !== undefined; at = steps[at]?.from) {
    const other = steps[at]
    const isOwn = script !== undefined && (other?.role === 'interpreter' || other?.node?.path === script)
    if (!other || !(isOwn || HANDS_OVER.test(other.path) || staysThere(other))) return false
  }
  return true
}
