import {
  type Accounts,
  type Change,
  fails,
  findGroup,
  findUser,
  hasGid,
  hasUid,
  likelyId,
  readId,
  withMember,
} from './accounts.ts'

/** A user to add, as the options say it. */
export interface NewUser {
  readonly name: string
  /** In digits; without it the tool chooses one. */
  readonly uid: string | undefined
  /** The group that he logs in with, which has to be there. */
  readonly group: string | undefined
  /** Without `group`: he gets a group of his own name. Undefined where the tool's settings decide. */
  readonly hasOwnGroup: boolean | undefined
  /** The numbers that his own group takes from him; absent: any. */
  readonly ownGids?: readonly [least: number, most: number]
  /** Further groups, which have to be there. */
  readonly groups: readonly string[]
  readonly home: string
  readonly shell: string
  /** Another user may have the same uid. */
  readonly isShared: boolean
}

/** `useradd` of shadow 4.13, `adduser` of Debian and of busybox agree in this. */
export function addUser(accounts: Accounts, user: NewUser): Change {
  const {name, home, shell} = user
  if (findUser(accounts, name)) return fails(accounts)
  const uid = user.uid === undefined ? likelyId(accounts) : readId(user.uid)
  if (uid === undefined) return {status: 'unknown'}
  if (user.uid !== undefined && hasUid(accounts, uid) && !user.isShared) return fails(accounts)
  const group = groupOf(accounts, user, uid)
  if (group === undefined) return fails(accounts)
  let {groups} = accounts
  if (group.isNew) groups = [...groups, [name, 'x', String(group.gid), '']]
  for (const further of user.groups) {
    const found = findGroup(accounts, further)
    if (!found) return fails(accounts)
    groups = withMember(groups, found[0] ?? '', name)
  }
  const users = [...accounts.users, [name, 'x', String(uid), String(group.gid), '', home, shell]]
  const isSure = accounts.isSure && user.uid !== undefined && group.isSure
  return {status: accounts.isSure ? 'success' : 'unknown', accounts: {users, groups, isSure}}
}

interface PrimaryGroup {
  readonly gid: number
  readonly isNew: boolean
  readonly isSure: boolean
}

/** Undefined where there is none, so that no user is added. */
function groupOf(accounts: Accounts, user: NewUser, uid: number): PrimaryGroup | undefined {
  const {name, group, hasOwnGroup, ownGids: [least, most] = [0, Number.POSITIVE_INFINITY]} = user
  if (group !== undefined) {
    const gid = readId(findGroup(accounts, group)?.[2])
    return gid === undefined ? undefined : {gid, isNew: false, isSure: true}
  }
  if (hasOwnGroup !== true) return {gid: uid, isNew: false, isSure: false}
  if (findGroup(accounts, name)) return undefined
  // The same number as the user's, unless another group has it.
  const isFree = uid >= least && uid <= most && !hasGid(accounts, uid)
  return {gid: isFree ? uid : likelyId(accounts), isNew: true, isSure: isFree}
}

/** `groupadd`, `addgroup`. */
export function addGroup(
  accounts: Accounts,
  name: string,
  gid: string | undefined,
  {isShared, isForced}: {readonly isShared: boolean; readonly isForced: boolean},
): Change {
  if (accounts.groups.some(fields => fields[0] === name)) {
    return isForced && accounts.isSure ? {status: 'success'} : fails(accounts)
  }
  const wanted = gid === undefined ? likelyId(accounts) : readId(gid)
  if (wanted === undefined) return {status: 'unknown'}
  const isTaken = gid !== undefined && hasGid(accounts, wanted) && !isShared
  if (isTaken && !isForced) return fails(accounts)
  const isSure = accounts.isSure && gid !== undefined && !isTaken
  const groups = [...accounts.groups, [name, 'x', String(isTaken ? likelyId(accounts) : wanted), '']]
  return {status: accounts.isSure ? 'success' : 'unknown', accounts: {...accounts, groups, isSure}}
}

/** `adduser USER GROUP`, `addgroup USER GROUP`: both have to be there. */
export function addMember(accounts: Accounts, user: string, group: string): Change {
  const found = findGroup(accounts, group)
  if (!found || !findUser(accounts, user)) return fails(accounts)
  const groups = withMember(accounts.groups, found[0] ?? '', user)
  return {status: accounts.isSure ? 'success' : 'unknown', accounts: {...accounts, groups}}
}
