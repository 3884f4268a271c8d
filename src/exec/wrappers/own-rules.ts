import type {World} from '../world/world.ts'
import {authbind} from './authbind.ts'
import {withBunNode} from './bun-scripts.ts'
import {capsh} from './capsh.ts'
import {entrypointDemoter} from './demoter.ts'
import {behindDashes} from './dotenv.ts'
import {env} from './env.ts'
import {s6EnvUidGid} from './env-ids.ts'
import {beam, erlexec, escript} from './erlang.ts'
import {flock} from './flock.ts'
import {newgrp} from './groups.ts'
import type {Caller, Handover, Runner} from './handover.ts'
import {litestream} from './litestream.ts'
import {LOADER, loader} from './loader.ts'
import {multilog} from './multilog.ts'
import {superviseDaemon} from './openrc-daemons.ts'
import {bun, bunx} from './package-scripts.ts'
import {chrt, taskset} from './scheduling.ts'
import {script} from './script.ts'
import {inEnvironment} from './script-programs.ts'
import {applyUidGid, setpriv} from './set-ids.ts'
import {setarch} from './setarch.ts'
import {startStopDaemon} from './start-stop-daemon.ts'
import {su} from './su.ts'
import {doas, sudo} from './sudo.ts'
import {wrap} from './wrap.ts'
import {findWrapper} from './wrappers.ts'

/** Undefined where it starts nothing by these words, and does what else is known of its name. */
type OwnRule = (caller: Caller) => Promise<readonly Handover[] | undefined> | readonly Handover[]

/** Programs whose command line is more than options and operands. */
const OWN_RULES = new Map<string, OwnRule>([
  ['env', env],
  ['su', su],
  ['runuser', su],
  ['sudo', sudo],
  ['doas', doas],
  ['setpriv', setpriv],
  ['flock', flock],
  ['setarch', setarch],
  ['linux32', setarch],
  ['linux64', setarch],
  ['x86_64', setarch],
  ['i386', setarch],
  ['authbind', authbind],
  ['capsh', capsh],
  ['sg', newgrp],
  ['newgrp', newgrp],
  ['taskset', taskset],
  ['chrt', chrt],
  ['multilog', multilog],
  ['entrypoint-demoter', entrypointDemoter],
  ['uv', caller => inEnvironment(caller, 'run')],
  ['micromamba', caller => inEnvironment(caller, 'run')],
  ['bun', bun],
  ['dotenvx', behindDashes],
  ['varlock', behindDashes],
  ['bunx', bunx],
  ['litestream', litestream],
  ['erlexec', erlexec],
  ['beam.smp', beam],
  ['escript', escript],
  ['script', script],
  ['start-stop-daemon', startStopDaemon],
  ['supervise-daemon', superviseDaemon],
  ['s6-applyuidgid', applyUidGid],
  ['s6-envuidgid', s6EnvUidGid],
])

/** What a program puts among the files before it starts another one. */
const MADE_FIRST = new Map([
  ['bun', withBunNode],
  ['bunx', withBunNode],
])

/** Whether a program of this name has a rule that is more than options and operands. */
export function hasOwnRule(name: string): boolean {
  return OWN_RULES.has(name)
}

/** What a program that is not a shell hands over to. */
export async function passes(name: string, caller: Caller): Promise<readonly Handover[] | undefined> {
  const own = OWN_RULES.get(name)
  if (own) return own(caller)
  if (LOADER.test(name)) return loader(caller)
  const wrapper = findWrapper(name)
  return wrapper && wrap(wrapper, caller)
}

/** The files as a program of this name leaves them before it starts another one. */
export function madeFirst(name: string, world: World, {path, by}: Pick<Runner, 'path' | 'by'>): World {
  const make = MADE_FIRST.get(name)
  return make === undefined || path === undefined ? world : make(world, path, by)
}
