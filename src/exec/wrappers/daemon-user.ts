import {defined} from '../../lib/defined.ts'
import type {Credentials} from '../credentials.ts'
import {resolveGroup} from './change-user.ts'
import type {Caller} from './handover.ts'

/** An account of /etc/passwd. */
export interface Account {
  readonly name: string
  readonly home: string
}

/** What is not there. */
export interface Lacking {
  readonly kind: 'user' | 'group'
  readonly spec: string
}

/**
 * Who a start-stop-daemon starts a program as: `USER`, `USER:GROUP`, and a group that stands alone; names or numbers.
 * dpkg utils/start-stop-daemon.c, OpenRC src/start-stop-daemon/start-stop-daemon.c.
 */
export async function daemonUser(
  {process, resolveUser, readText}: Pick<Caller, 'process' | 'resolveUser' | 'readText'>,
  spec: string | undefined,
  ownGroup: string | undefined,
  /** The groups of an account are looked for by the number that it is given by, which finds none. */
  isLiteral: boolean,
): Promise<{readonly user: Credentials; readonly account?: Account} | Lacking> {
  const [name = '', group = ownGroup] = spec?.split(':') ?? []
  const gid = group === undefined ? undefined : await resolveGroup({resolveUser}, group)
  if (group !== undefined && gid === undefined) return {kind: 'group', spec: group}
  const own = defined({gid})
  if (spec === undefined) return {user: {...process.user, ...own}}
  const found = await resolveUser(name)
  if (found?.home === undefined) return {kind: 'user', spec: name}
  const isNumber = /^\d+$/.test(name)
  const user = {...found, ...(isNumber && isLiteral ? {groups: []} : {}), ...own}
  return {user, account: {name: isNumber ? await nameOf(readText, name) : name, home: found.home}}
}

/** The first of that number. */
async function nameOf(readText: Caller['readText'], uid: string): Promise<string> {
  const lines = ((await readText('/etc/passwd')) ?? '').split('\n').map(line => line.split(':'))
  return lines.find(fields => Number(fields[2]) === Number(uid))?.[0] ?? uid
}
