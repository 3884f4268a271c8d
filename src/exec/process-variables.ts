import type {Process} from './resolved-path.ts'
import type {Unknown, Value} from './world/value.ts'

/** What the engine sets, unless a setting says otherwise: the container's id. */
const OF_ENGINE = ['HOSTNAME']

/** The value of a variable that only the run knows. */
export function unknownVariable(name: string): Unknown {
  return {unknown: `\${${name}}`}
}

/** What a variable holds; undefined where it is not set. */
export function variableOf({env, unknownEnv}: Process, name: string): Value | undefined {
  if (unknownEnv?.has(name)) return unknownVariable(name)
  return env.get(name) ?? (OF_ENGINE.includes(name) ? unknownVariable(name) : undefined)
}

/** A process with a variable set to something, or not set any more. */
export function withVariable(process: Process, name: string, value: Value | undefined): Process {
  const env = new Map(process.env)
  const unknown = new Set(process.unknownEnv)
  env.delete(name)
  unknown.delete(name)
  if (typeof value === 'string') env.set(name, value)
  else if (value) unknown.add(name)
  const {unknownPath, ...rest} = process
  const isOpen = unknown.has('PATH') || (unknownPath === true && name !== 'PATH')
  return {...rest, env, unknownEnv: unknown, ...(isOpen ? {unknownPath: true} : {})}
}

/** Variables of these names are not set any more. */
export function withoutVariables(process: Process, isGone: (name: string) => boolean): Process {
  const env = new Map([...process.env].filter(([name]) => !isGone(name)))
  const unknown = new Set([...(process.unknownEnv ?? [])].filter(name => !isGone(name)))
  const {unknownPath, ...rest} = process
  return {...rest, env, unknownEnv: unknown, ...(unknownPath && !isGone('PATH') ? {unknownPath: true} : {})}
}

/** Whether these variables are as they were only the run knows. */
export function doubtVariables(process: Process, isDoubtful: (name: string) => boolean): Process {
  let inside = process
  for (const name of process.env.keys()) {
    if (isDoubtful(name)) inside = withVariable(inside, name, unknownVariable(name))
  }
  return inside
}

/** A process as its caller looks for its program, and what it is besides once that is found. */
export interface Sought {
  readonly process: Process
  readonly after?: Partial<Process>
}

/**
 * What a program becomes that gives its own process other variables, and looks for the next program in the PATH that it
 * had itself: pathexec_run of daemontools and runit, exec_ae of skalibs.
 */
export function soughtBy(caller: Process, process: Process): Sought {
  const {unknownPath: _, ...rest} = process
  const isSame = caller.env.get('PATH') === process.env.get('PATH') && isPathUnknown(caller) === isPathUnknown(process)
  if (isSame) return {process: {...rest, ...unknownPathOf(caller)}}
  const env = new Map(process.env)
  const path = caller.env.get('PATH')
  if (path === undefined) env.delete('PATH')
  else env.set('PATH', path)
  return {
    process: {...rest, env, ...unknownPathOf(caller)},
    after: {env: process.env, ...unknownPathOf(process)},
  }
}

function isPathUnknown({unknownPath, unknownEnv}: Process): boolean {
  return unknownPath === true || unknownEnv?.has('PATH') === true
}

function unknownPathOf(process: Process): Pick<Process, 'unknownPath'> {
  return {unknownPath: isPathUnknown(process)}
}
