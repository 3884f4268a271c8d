import {readServerError} from '../binary/index.ts'
import {baseName} from '../lib/paths.ts'
import type {Execution, Load} from './execve.ts'
import type {Search} from './wrappers/handover.ts'

/** dash and bash look for a NUL in so many bytes of what they start. */
const SAMPLE = 128

/** bash looks for one in so many bytes of a script that it reads. */
export const SCRIPT_SAMPLE = 80

/**
 * What glibc's execvp and every shell run as a shell script: what execve refuses with ENOEXEC and is not a program of
 * any kind. An error page is not one, whatever runs it. Shells look at the first line: an archive may stand behind it.
 * A NUL in it is nothing to execvp and to busybox; dash and bash take the file for a binary one (126). UTF-16 is full
 * of them.
 */
export function textProgram({loads, outcome}: Execution, search: Search): Load | undefined {
  const [only] = loads
  const {identity} = only ?? {}
  const isText =
    (identity?.kind === 'text' && !identity.encoding.startsWith('utf-16')) ||
    identity?.kind === 'empty' ||
    identity?.kind === 'ape' ||
    (identity?.kind === 'unknown' &&
      identity.beginsAsText === true &&
      (search === 'execvp' || search === 'ash' || (identity.nulInFirstLine ?? SAMPLE) >= SAMPLE))
  if (!only || !identity || loads.length !== 1 || outcome !== 'ENOEXEC' || !isText) return undefined
  if (readServerError(identity) !== undefined) return undefined
  const {obstacle: _, verdict, ...rest} = only
  // An empty file does nothing: that is not an error to a shell, and no program either.
  return identity.kind === 'empty' && verdict ? {...rest, verdict} : rest
}

/**
 * A carriage return at the end of the one argument of a `#!` line is part of it: env
 * looks for `bash\r`, sh refuses `-e\r`.
 */
export function withLineEnds({loads}: Execution): readonly Load[] {
  return loads.map((load): Load => {
    if (load.identity?.kind !== 'script' || load.obstacle) return load
    const {shebang} = load.identity
    if (shebang.kind !== 'runs' || shebang.argument === undefined || !shebang.argument.endsWith('\r')) return load
    // perl alone passes over it.
    if (baseName(shebang.interpreter).startsWith('perl')) return load
    const reason = `its first line ends with a carriage return, so ${shebang.interpreter} is started with ${JSON.stringify(shebang.argument)}`
    return {...load, obstacle: {kind: 'bad-shebang', problem: 'carriage-return-in-argument', reason}}
  })
}
