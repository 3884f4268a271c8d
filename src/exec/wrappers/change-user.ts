import {defined} from '../../lib/defined.ts'
import type {Caller, Handover} from './handover.ts'
import {asEngineUser, type UserForm} from './user-forms.ts'

/** The caller as another user; undefined where the image has none of that name. */
export async function changeUser<C extends Caller>(
  caller: C,
  spec: string,
  form: UserForm = 'engine',
  setsHome = false,
): Promise<C | undefined> {
  const engineSpec = asEngineUser(form, spec)
  const user = engineSpec === undefined ? undefined : await caller.resolveUser(engineSpec)
  // Since sudo 1.8.30 a number must be in the database, too (runas_allow_unknown_id).
  if (!user || (form === 'sudo' && user.home === undefined)) return undefined
  const {process} = caller
  const env = setsHome ? new Map([...process.env, ['HOME', user.home ?? '/'] as const]) : process.env
  return {...caller, process: {...process, user, env}}
}

/** The number of a group, by its name or itself; undefined where the image has none of that name. */
export async function resolveGroup(
  {resolveUser}: Pick<Caller, 'resolveUser'>,
  spec: string,
): Promise<number | undefined> {
  return spec === '' ? undefined : (await resolveUser(`0:${spec}`))?.gid
}

/** The wrapper ends, for it finds no such user, or group: unless somebody made one meanwhile. */
export async function noSuchUser(
  caller: Caller,
  spec: string,
  kind: 'user' | 'group' = 'user',
): Promise<readonly Handover[]> {
  const maybe = await caller.usersMaybe()
  const reason = `there is no ${kind} ${spec} for ${caller.name}`
  return [{kind: 'no-such-user', via: `user of ${caller.name}`, reason, ...defined({maybe})}]
}

/** The first id that tools give to a user: `adduser`, `useradd`. */
export const LIKELY_ID = 1000

/**
 * What is started as the user. One that the image does not have, and that something may have made, is followed as well.
 */
export async function asUser<C extends Caller>(
  caller: C,
  spec: string,
  {userForm, setsHome}: {readonly userForm?: UserForm; readonly setsHome?: boolean},
  start: (changed: C) => Promise<readonly Handover[]> | readonly Handover[],
): Promise<readonly Handover[]> {
  const changed = await changeUser(caller, spec, userForm, setsHome)
  if (changed) return start(changed)
  const missing = await noSuchUser(caller, spec)
  const maybe = await caller.usersMaybe()
  if (maybe === undefined) return missing
  const user = {uid: LIKELY_ID, gid: LIKELY_ID, groups: [], home: undefined, maybe}
  return [...missing, ...(await start({...caller, process: {...caller.process, user}}))]
}
