import {
  type Accounts,
  type Change,
  changeLine,
  fails,
  findGroup,
  findUser,
  hasGid,
  hasUid,
  readId,
  withMember,
} from './accounts.ts'

/** What `usermod` changes. */
export interface UserChange {
  readonly uid: string | undefined
  readonly group: string | undefined
  readonly groups: readonly string[] | undefined
  /** `groups` are added to those that he is in. */
  readonly appends: boolean
  readonly home: string | undefined
  readonly shell: string | undefined
  readonly isShared: boolean
}

/** `usermod USER`, shadow 4.13. */
export function changeUser(accounts: Accounts, name: string, change: UserChange): Change {
  const before = findUser(accounts, name)
  if (!before) return fails(accounts)
  const [, password = 'x', oldUid = '', oldGid = '', comment = '', oldHome = '', oldShell = ''] = before
  const uid = readId(change.uid ?? oldUid)
  if (uid === undefined) return {status: 'unknown'}
  if (change.uid !== undefined && oldUid !== String(uid) && hasUid(accounts, uid) && !change.isShared) {
    return fails(accounts)
  }
  const gid = change.group === undefined ? oldGid : findGroup(accounts, change.group)?.[2]
  if (gid === undefined) return fails(accounts)
  let groups = change.groups && !change.appends ? withoutMember(accounts.groups, name) : accounts.groups
  for (const group of change.groups ?? []) {
    const found = findGroup(accounts, group)
    if (!found) return fails(accounts)
    groups = withMember(groups, found[0] ?? '', name)
  }
  const fields = [name, password, String(uid), gid, comment, change.home ?? oldHome, change.shell ?? oldShell]
  const users = changeLine(accounts.users, name, () => fields)
  return {status: accounts.isSure ? 'success' : 'unknown', accounts: {...accounts, users, groups}}
}

/** `groupmod -g GID GROUP`: who logs in with the group does so with its new number. */
export function changeGroup(accounts: Accounts, name: string, gid: string, isShared: boolean): Change {
  const before = accounts.groups.find(fields => fields[0] === name)
  const wanted = readId(gid)
  if (!before) return fails(accounts)
  if (wanted === undefined) return {status: 'unknown'}
  const old = before[2] ?? ''
  if (old !== String(wanted) && hasGid(accounts, wanted) && !isShared) return fails(accounts)
  const groups = changeLine(accounts.groups, name, ([own = '', password = 'x', , members = '']) => [
    own,
    password,
    String(wanted),
    members,
  ])
  const users = accounts.users.map(fields =>
    fields[3] === old ? [...fields.slice(0, 3), String(wanted), ...fields.slice(4)] : fields,
  )
  return {status: accounts.isSure ? 'success' : 'unknown', accounts: {...accounts, users, groups}}
}

function withoutMember(groups: Accounts['groups'], user: string): Accounts['groups'] {
  return groups.map(([name = '', password = 'x', gid = '', members = '']) => [
    name,
    password,
    gid,
    members
      .split(',')
      .filter(member => member !== user)
      .join(','),
  ])
}
