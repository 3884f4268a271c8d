import type {RootFs} from '../image/rootfs.ts'
import {fail, ok, type Result} from '../lib/result.ts'

/** Whose permissions count. */
export interface Credentials {
  readonly uid: number
  readonly gid: number
  /** Supplementary groups. */
  readonly groups: readonly number[]
  /** From /etc/passwd; undefined where the user is not in it. */
  readonly home: string | undefined
}

export const ROOT: Credentials = {uid: 0, gid: 0, groups: [], home: '/root'}

/** The largest /etc/passwd or /etc/group that is read, in bytes. */
const MAX_DATABASE = 16 * 1024 * 1024

/**
 * Who a config's User is: `user`, `uid`, `user:group`, … by the image's own /etc/passwd and /etc/group, as moby/sys/user
 * GetExecUser does it for every engine. A failure is what the engine would say instead of starting the container.
 */
export async function resolveUser(rootfs: RootFs, spec: string): Promise<Result<Credentials>> {
  const colon = spec.indexOf(':')
  const userPart = colon < 0 ? spec : spec.slice(0, colon)
  // parseLine() gives the second field only: of `a:b:c` the group is b.
  const groupPart = colon < 0 ? '' : (spec.slice(colon + 1).split(':')[0] ?? '')
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
  if (groupPart === '') {
    const groups = name === '' ? [] : await supplementaryGroups(rootfs, name)
    return ok({uid: uid ?? 0, gid: primary, groups, home})
  }
  const wantedGid = parseId(groupPart)
  const lines = await readDatabase(rootfs, '/etc/group')
  const group = lines.find(([named, , gid]) =>
    wantedGid === undefined ? named === groupPart : parseId(gid ?? '') === wantedGid,
  )
  if (!group && wantedGid === undefined) {
    return fail(`unable to find group ${groupPart}: no matching entries in group file`)
  }
  return ok({uid: uid ?? 0, gid: group ? (parseId(group[2] ?? '') ?? 0) : (wantedGid ?? 0), groups: [], home})
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
