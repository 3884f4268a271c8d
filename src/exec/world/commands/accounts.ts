import {LIMITS} from '../../../lib/limits.ts'
import {after, type Call} from '../call.ts'
import {doubtfulAt} from '../files.ts'
import type {Place} from '../view.ts'
import {type World, withChange} from '../world.ts'

/** The users and groups of a container, line by line as passwd(5) and group(5) have them. */
export interface Accounts {
  readonly users: readonly (readonly string[])[]
  readonly groups: readonly (readonly string[])[]
  /** All of it is certain, ids too. */
  readonly isSure: boolean
}

/** What a command makes of the accounts; without `accounts` it leaves them as they are. */
export interface Change {
  readonly status: 'success' | 'failure' | 'unknown'
  readonly accounts?: Accounts
}

const PASSWD = '/etc/passwd'
const GROUP = '/etc/group'
/** What has the passwords, and is not read. */
const SHADOWS = ['/etc/shadow', '/etc/gshadow']
/** The largest database that is read. */
const MAX_READ = LIMITS['script-read-bytes'].most
/** The largest id: shadow takes more, container runtimes do not. */
const MAX_ID = 2 ** 31 - 1
/** Where ids of ordinary users begin: login.defs(5) UID_MIN, adduser.conf(5) FIRST_UID, busybox. */
const FIRST_ID = 1000

/** Undefined where a database is missing, or too large to be read. */
export async function readAccounts({view}: Call): Promise<Accounts | undefined> {
  const [passwd, group] = [await view.place(PASSWD), await view.place(GROUP)]
  const [users, groups] = [await linesOf(view, passwd), await linesOf(view, group)]
  return users && groups && {users, groups, isSure: !passwd.maybe && !group.maybe}
}

async function linesOf(view: Call['view'], {node, content}: Place): Promise<string[][] | undefined> {
  if (node?.kind !== 'file' || content?.kind === 'unknown' || node.size > MAX_READ) return undefined
  const text = new TextDecoder().decode(await (await view.open(node)).read(0, node.size))
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => line.split(':'))
}

/** The databases as a command leaves them; passwords, and what is not sure, are in doubt. */
export async function writeAccounts(call: Call, {users, groups, isSure}: Accounts): Promise<World> {
  let {world} = call.view
  for (const [path, lines] of [[PASSWD, users] as const, [GROUP, groups] as const]) {
    const {node, at} = await call.view.place(path)
    if (!node) continue
    const text = lines.map(fields => `${fields.join(':')}\n`).join('')
    const written = {...node, path: at, size: new TextEncoder().encode(text).length}
    world = withChange(world, at, {
      kind: 'there',
      node: written,
      content: {kind: 'text', text, isRough: true},
      by: call.by,
    })
  }
  for (const path of [...SHADOWS, ...(isSure ? [] : [PASSWD, GROUP])]) {
    const inner = after(call, world)
    ;({world} = doubtfulAt(inner, (await inner.view.place(path)).at))
  }
  return world
}

/** Every database may be another. */
export async function doubtfulAccounts(call: Call): Promise<World> {
  let {world} = call.view
  for (const path of [PASSWD, GROUP, ...SHADOWS]) {
    const inner = after(call, world)
    ;({world} = doubtfulAt(inner, (await inner.view.place(path)).at))
  }
  return world
}

/** An id in digits; undefined where it is not one that container runtimes take. */
export function readId(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined
  return Number(text) <= MAX_ID ? Number(text) : undefined
}

export function findUser({users}: Accounts, name: string): readonly string[] | undefined {
  return users.find(fields => fields[0] === name)
}

/** By its name, or by its number. */
export function findGroup({groups}: Accounts, group: string): readonly string[] | undefined {
  return groups.find(fields => fields[0] === group) ?? groups.find(fields => /^\d+$/.test(group) && fields[2] === group)
}

export function hasUid({users}: Accounts, uid: number): boolean {
  return users.some(fields => fields[2] === String(uid))
}

export function hasGid({groups}: Accounts, gid: number): boolean {
  return groups.some(fields => fields[2] === String(gid))
}

/** An id that most likely is chosen: which one it is depends on the tool and its settings. */
export function likelyId({users, groups}: Accounts): number {
  const taken = new Set([...users, ...groups].map(fields => Number(fields[2])))
  let id = FIRST_ID
  while (taken.has(id)) id++
  return id
}

/** Nothing that is certain ends in failure; what was in doubt before is still. */
export function fails({isSure}: Accounts): Change {
  return {status: isSure ? 'failure' : 'unknown'}
}

/** The lines with one of them changed. */
export function changeLine(
  lines: Accounts['users'],
  name: string,
  change: (fields: readonly string[]) => readonly string[],
): Accounts['users'] {
  return lines.map(fields => (fields[0] === name ? change(fields) : fields))
}

/** One more member of a group; none twice. */
export function withMember(groups: Accounts['groups'], group: string, user: string): Accounts['groups'] {
  return changeLine(groups, group, ([name = '', password = 'x', gid = '', members = '']) => {
    const names = members.split(',').filter(member => member !== '' && member !== user)
    return [name, password, gid, [...names, user].join(',')]
  })
}
