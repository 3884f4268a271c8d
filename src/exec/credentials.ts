import type {Doubtful, RootFs} from '../image/rootfs.ts'
import {LIMITS} from '../lib/limits.ts'
import {fail, ok, type Result} from '../lib/result.ts'

/** Whose permissions count. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  /** From /etc/passwd; undefined where the user is not in it. */
  readonly home: string | undefined
  /** The same: the program that a login starts. */
  readonly shell?: string
  /**
   * The config's User, all of whose ids are known without /etc/passwd; what is in there
   * has not been read yet (`wholeUser`).
   */
  readonly unread?: string
  /** What may have given the user other ids, or taken him away: the ids are the likely ones. */
  readonly maybe?: Doubtful
}

/** https://github.com/moby/sys/blob/main/user/user.go */
const MAX_ID = 2 ** 31 - 1

/** The largest /etc/passwd or /etc/group that is read, in bytes. */
const MAX_DATABASE = LIMITS['account-file-bytes'].most

/**
 * The same, without a look into the image where the ids are numbers: over an engine every look is a
 * process of its own. Root and `uid:gid` are known; all that /etc/passwd adds is the home, and a group
 * that root, who may do all, does not need.
 */
export async function resolveStartUser(rootfs: RootFs, spec: string): Promise<Result<Credentials>> {
  const colon = spec.indexOf(':')
  const [user, group] = colon < 0 ? [spec, ''] : [spec.slice(0, colon), spec.slice(colon + 1)]
  const uid = user === '' ? 0 : parseId(user)
  const gid = group === '' && uid === 0 ? 0 : parseId(group)
  if (uid === undefined || gid === undefined) {
    const whole = await resolveUser(rootfs, spec)
    return whole.ok ? withinRange(spec, whole.value) : whole
  }
  return withinRange(spec, {uid, gid, groups: [], home: undefined, unread: spec})
}

/** moby/sys/user refuses numbers of the config, runc those of the image's databases. */
function withinRange(spec: string, user: Credentials): Result<Credentials> {
  const odd = [user.uid, user.gid, ...user.groups].find(id => !(id >= 0 && id <= MAX_ID))
  return odd === undefined ? ok(user) : fail(`the user ${spec} is ${odd}: uids and gids must be in range 0-${MAX_ID}`)
}

/** A user with all that the image's databases say of it. */
export async function wholeUser(rootfs: RootFs, user: Credentials): Promise<Credentials> {
  if (user.unread === undefined) return user
  const found = await resolveUser(rootfs, user.unread)
  if (!found.ok) throw new Error(`${user.unread} is a number, and was looked for: ${found.problem}`)
  return found.value
}

/**
 * Who a config's User is: `user`, `uid`, `user:group`, … by the image's own /etc/passwd and /etc/group, as
 * moby/sys/user GetExecUser does it for every engine. A failure is what the engine would say instead of starting the
 * container. Root's supplementary groups decide nothing (permission.ts), and are left out.
 */
export async function resolveUser(rootfs: RootFs, spec: string): Promise<Result<Credentials>> {
  const colon = spec.indexOf(':')
  const userPart = colon < 0 ? spec : spec.slice(0, colon)
  // Whatever stands behind the first colon: of `a:b:c` the group is `b:c`.
  const groupPart = colon < 0 ? '' : spec.slice(colon + 1)
  const wantedUid = userPart === '' ? 0 : parseId(userPart)
  const users = await readDatabase(rootfs, '/etc/passwd')
  const entry = users.find(([name, , uid]) =>
    wantedUid === undefined ? name === userPart : parseId(uid ?? '') === wantedUid,
  )
  if (!entry && wantedUid === undefined)
    return fail(`unable to find user ${userPart}: no matching entries in passwd file`)
  const name = entry?.[0] ?? ''
  const uid = entry ? parseId(entry[2] ?? '') : wantedUid
  const primary = entry ? (parseId(entry[3] ?? '') ?? 0) : 0
  const home = entry?.[5]
  const shell = entry?.[6]
  const more = shell === undefined || shell === '' ? {} : {shell}
  if (groupPart === '') {
    const groups = name === '' || uid === 0 ? [] : await supplementaryGroups(rootfs, name)
    return ok({uid: uid ?? 0, gid: primary, groups, home, ...more})
  }
  const wantedGid = parseId(groupPart)
  // A number stays what it is, listed or not.
  const lines = wantedGid === undefined ? await readDatabase(rootfs, '/etc/group') : []
  const group = lines.find(([named]) => named === groupPart)
  if (!group && wantedGid === undefined) {
    return fail(`unable to find group ${groupPart}: no matching entries in group file`)
  }
  return ok({uid: uid ?? 0, gid: group ? (parseId(group[2] ?? '') ?? 0) : (wantedGid ?? 0), groups: [], home, ...more})
}

async function supplementaryGroups(rootfs: RootFs, user: string): Promise<number[]> {
  const lines = await readDatabase(rootfs, '/etc/group')
  return lines
    .filter(fields => (fields[3] ?? '').split(',').includes(user))
    .flatMap(fields => parseId(fields[2] ?? '') ?? [])
}

/** The fields of each line; none where the file is missing. */
async function readDatabase(rootfs: RootFs, path: string): Promise<string[][]> {
  const lookup = await rootfs.lookup(path)
  if (lookup.outcome !== 'found' || lookup.node.kind !== 'file') return []
  const file = await rootfs.open(lookup.node)
  const text = new TextDecoder().decode(await file.read(0, Math.min(file.size, MAX_DATABASE)))
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
    .map(line => line.split(':'))
}

/** A decimal number as Go's strconv.Atoi takes it; undefined for a name. */
function parseId(text: string): number | undefined {
  return /^[+-]?[0-9]+$/.test(text) ? Number(text) : undefined
}
