import {cleanPath, type Process} from '../../resolved-path.ts'
import type {Runner} from '../../wrappers/handover.ts'
import type {ParsedOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {pathIn} from '../service-directory.ts'
import {FOREMAN, type ProcfileRunner} from './runners.ts'

/** What a runner was called with. */
export interface Call {
  readonly own: ProcfileRunner
  readonly runner: Runner
  readonly process: Process
  readonly value: (...names: readonly string[]) => string | undefined
  readonly has: (...names: readonly string[]) => boolean
  readonly operands: readonly string[]
}

export function callOf(
  own: ProcfileRunner,
  runner: Runner,
  process: Process,
  options: ParsedOptions['options'],
  operands: readonly string[],
): Call {
  const value = (...names: readonly string[]) => options.findLast(([option]) => names.includes(option))?.[1]
  const has = (...names: readonly string[]) => options.some(([option]) => names.includes(option))
  return {own, runner, process, value, has, operands}
}

/** The path of the Procfile; `-` for what the runner reads. */
export function procfileOf({own, process, value, operands}: Call, root: string | undefined): string {
  const variable = own.fileVariable === undefined ? undefined : process.env.get(own.fileVariable)
  const named = (own.takesFile ? operands[0] : value(...own.file)) ?? (variable || undefined)
  if (named === '-') return named
  // foreman looks for a file that is named where it is called, honcho in its directory.
  const isInRoot = own.name === 'honcho' || (own === FOREMAN && named === undefined)
  const base = isInRoot && root !== undefined ? pathIn(process, root) : process.cwd
  return cleanPath(pathIn({cwd: base}, named ?? 'Procfile'))
}

/** The variables of all processes. */
export interface Variables {
  readonly env: ReadonlyMap<string, string>
  /** Those that it has read itself. */
  readonly own: ReadonlyMap<string, string>
  readonly unknowns?: ReadonlySet<string>
  /** Of the first process; undefined where only the run knows it. */
  readonly port: number | undefined
}

/** What the container and the files of variables give; in words why the runner ends. */
export async function readVariables(call: Call, root: string | undefined): Promise<Variables | string> {
  const {own, runner, process, value} = call
  const env = new Map(process.env)
  const read = new Map<string, string>()
  const unknowns = new Set(process.unknownEnv)
  const isNamed = value('e', 'env') !== undefined
  // Files that foreman is given are relative to where it is called.
  const base = root === undefined || own.isOfGo || (own === FOREMAN && isNamed) ? process.cwd : pathIn(process, root)
  for (const path of own.envFiles(process, {named: value('e', 'env')})) {
    const text = await readText(runner.view, process, pathIn({cwd: base}, path))
    if (text === undefined && own === FOREMAN && isNamed) return `there is no ${path}`
    for (const [name, said] of own.parseEnv(text ?? '')) {
      if (own.isWeak && env.has(name)) continue
      if (said === undefined) unknowns.add(name)
      else {
        env.set(name, said)
        read.set(name, said)
        unknowns.delete(name)
      }
    }
  }
  const asked = value(...own.port.options)
  const text = own === FOREMAN || own.isOfGo ? (asked ?? env.get('PORT')) : (env.get('PORT') ?? asked)
  const hasNone = own.isOfGo && call.has('N', 'no-port')
  const port = unknowns.has('PORT') || hasNone ? undefined : Number.parseInt(text ?? '5000', 10)
  return {
    env,
    own: read,
    port: Number.isNaN(port) ? undefined : port,
    ...(unknowns.size === 0 ? {} : {unknowns}),
  }
}
