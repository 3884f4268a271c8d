import {type Caller, type Handover, passOn} from './handover.ts'
import {splitString} from './split-string.ts'

/**
 * s6-overlay-suexec, the last word of s6-overlay's `/init`:
 * `s6-overlay-suexec PREINIT-LINE SUFFIX-LINE STAGE0 ARGUMENTS…`. It runs the first line as root, then becomes STAGE0
 * as the container's user, which starts the services and at last the arguments themselves.
 * https://github.com/just-containers/s6-overlay-helpers (s6-overlay-suexec.c)
 */
export function suexec(caller: Caller): readonly Handover[] {
  const [, before = '', , ...stage] = caller.process.argv
  const preinit = splitString(before, caller.process.env) ?? []
  const [stage0, ...command] = stage
  return [
    ...passOn(caller, preinit),
    ...(stage0 === undefined ? [] : passOn(caller, stage)),
    ...passOn(caller, command, {via: 'command of s6-overlay'}),
    {kind: 'unknown', reason: 's6-overlay starts services of its own, which are not followed'},
  ]
}
