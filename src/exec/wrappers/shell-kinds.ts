import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import type {Environment} from '../command.ts'
import type {Process} from '../resolved-path.ts'
import type {Dialect} from '../shell/dialect.ts'
import type {ShellState} from '../shell/state.ts'
import type {Value} from '../world/value.ts'
import type {Runner} from './handover.ts'

/** Which shell it is, by the file that runs: /bin/sh is a link to it. */
export function dialectOf({file, busybox}: Pick<Runner, 'file' | 'busybox'>, {argv}: Process): Dialect | undefined {
  if (busybox !== undefined || file === 'busybox') return 'ash'
  if (file === 'dash') return 'dash'
  if (file !== 'bash') return undefined
  return baseName(argv[0] ?? '') === 'sh' ? 'posix' : 'bash'
}

/**
 * PATH where the environment has none: dash's var.c and bash's config-top.h as Debian builds them, busybox'
 * bb_default_path. It is not exported.
 */
export function defaultPath(dialect: Dialect | undefined): string | undefined {
  if (dialect === undefined) return undefined
  return dialect === 'ash'
    ? '/sbin:/usr/sbin:/bin:/usr/bin'
    : '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
}

/** dash and ash pass on no variable that a script could not name: execline makes `1`, `2` and `#`. */
export function takenVariables(env: Environment, dialect: Dialect | undefined): Environment {
  if (dialect !== 'dash' && dialect !== 'ash') return env
  return new Map([...env].filter(([name]) => /^[A-Za-z_]\w*$/.test(name)))
}

/** Gives a shell its own variables, and those of its environment that only the run knows. */
export function addVariables(state: ShellState, {file, path}: Pick<Runner, 'file' | 'path'>, process: Process): void {
  for (const [variable, value] of ownVariables(defined({file, path}), process))
    if (!state.vars.has(variable)) state.vars.set(variable, value)
  for (const variable of process.unknownEnv ?? []) {
    state.vars.set(variable, {unknown: `$${variable}`})
    state.exported.add(variable)
  }
}

/** Variables that a shell sets itself: bash(1), "Shell Variables"; dash and busybox have hardly any. */
function ownVariables(
  {file, path}: Pick<Runner, 'file' | 'path'>,
  {user, argv: [name = '']}: Process,
): readonly (readonly [string, Value])[] {
  if (file === 'dash' || file === 'busybox') return [['PPID', {unknown: '$PPID'}]]
  const names = 'PPID RANDOM SECONDS LINENO BASH_VERSION BASHPID HOSTTYPE MACHTYPE OSTYPE SHLVL'
  const uid = file === 'bash' ? String(user.uid) : undefined
  return [
    ...names.split(' ').map(name => [name, {unknown: `$${name}`}] as const),
    ...['UID', 'EUID'].map(name => [name, uid ?? {unknown: `$${name}`}] as const),
    ...(file === 'bash' ? [['BASH', (name.startsWith('/') ? name : path) ?? {unknown: '$BASH'}] as const] : []),
  ]
}
