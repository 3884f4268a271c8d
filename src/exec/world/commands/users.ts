import {type Arguments, after, type Call, hasOption, type Outcome, optionValue, readArguments} from '../call.ts'
import {doubtfulAnywhere, doubtfulAt} from '../files.ts'
import {textOf} from '../text.ts'
import {type Accounts, type Change, doubtfulAccounts, readAccounts, writeAccounts} from './accounts.ts'
import {addGroup, addMember, addUser} from './add-accounts.ts'
import {changeGroup, changeUser} from './change-accounts.ts'
import {groupRange} from './group-range.ts'
import {knownWords} from './print.ts'

/** What a command makes of the accounts, and the home that it may make or give to another. */
interface Effect {
  readonly change: Change
  readonly home?: string | undefined
}
type Run = (parsed: Arguments, accounts: Accounts, call: Call) => Promise<Effect | undefined> | Effect | undefined

// shadow 4.13 src/useradd.c, src/groupadd.c, src/usermod.c, src/groupmod.c: without what reads or writes elsewhere.
const USERADD = {
  short: 'b:c:d:e:f:Fg:G:k:lmMNop:rs:u:U',
  long: [
    ...['base-dir=', 'comment=', 'home-dir=', 'expiredate=', 'inactive=', 'gid=', 'groups=', 'skel=', 'no-log-init'],
    ...['create-home', 'no-create-home', 'no-user-group', 'non-unique', 'password=', 'system', 'shell=', 'uid='],
    'user-group',
  ],
}
const USERMOD = {
  short: 'ac:d:e:f:g:G:Lop:s:u:U',
  long: [
    ...['append', 'comment=', 'home=', 'expiredate=', 'inactive=', 'gid=', 'groups=', 'lock', 'non-unique'],
    ...['password=', 'shell=', 'uid=', 'unlock'],
  ],
}
const GROUPADD = {short: 'fg:op:r', long: ['force', 'gid=', 'non-unique', 'password=', 'system']}
const GROUPMOD = {short: 'g:o', long: ['gid=', 'non-unique']}
// busybox 1.36 loginutils/adduser.c, loginutils/addgroup.c; Debian's adduser(8) 3.134.
const ADDUSER = {
  short: 'h:g:s:G:SDHu:k:',
  long: [
    ...['home=', 'gecos=', 'comment=', 'shell=', 'ingroup=', 'gid=', 'uid=', 'skel=', 'system', 'group', 'quiet'],
    ...['disabled-password', 'disabled-login', 'empty-password', 'no-create-home', 'allow-badname', 'force-badname'],
  ],
}
const ADDGROUP = {short: 'g:S', long: ['gid=', 'system', 'quiet', 'allow-badname', 'force-badname']}

const COMMANDS: Readonly<Record<string, {readonly grammar: typeof USERADD; readonly run: Run}>> = {
  useradd: {grammar: USERADD, run: useradd},
  usermod: {grammar: USERMOD, run: usermod},
  groupadd: {grammar: GROUPADD, run: groupadd},
  groupmod: {grammar: GROUPMOD, run: groupmod},
  adduser: {grammar: ADDUSER, run: adduser},
  addgroup: {grammar: ADDGROUP, run: addgroup},
}

/** Names that every tool takes, whatever its settings. */
const NAME = /^[a-z_][a-z0-9_-]{0,30}$/

/**
 * `useradd` and the like, by root: the users and groups that their words name. Of what is not understood, who is in
 * the databases is in doubt.
 */
export async function users(call: Call): Promise<Outcome> {
  const command = COMMANDS[call.name]
  const parsed = command && knownWords(call) && readArguments(call.words, command.grammar)
  const isNamed = parsed?.operands.every(operand => typeof operand === 'string' && NAME.test(operand))
  const accounts = isNamed && call.user.uid === 0 ? await readAccounts(call) : undefined
  const effect = parsed && accounts && (await command?.run(parsed, accounts, call))
  if (!effect) return {world: await doubtfulAccounts(after(call, doubtfulAnywhere(call).world)), status: 'unknown'}
  const {change, home} = effect
  if (change.status === 'failure') return {world: call.view.world, status: 'failure'}
  let world = change.accounts ? await writeAccounts(call, change.accounts) : call.view.world
  // It is made with what /etc/skel has, and given to the user.
  if (home?.startsWith('/')) {
    const inner = after(call, world)
    const {at} = await inner.view.place(home)
    ;({world} = doubtfulAt(after(call, doubtfulAt(inner, at, 'made').world), at, 'mode'))
  }
  return {world, status: change.status}
}

async function useradd(parsed: Arguments, accounts: Accounts, call: Call): Promise<Effect | undefined> {
  const [name, ...rest] = texts(parsed)
  if (name === undefined || rest.length > 0) return undefined
  const home = textValue(parsed, 'd', 'home-dir') ?? `${textValue(parsed, 'b', 'base-dir') ?? '/home'}/${name}`
  const isAlone = hasOption(parsed, 'N', 'no-user-group')
  const hasOwnGroup = hasOption(parsed, 'U', 'user-group') || (await readSetting(call, '/etc/login.defs', OWN_GROUP))
  const change = addUser(accounts, {
    name,
    uid: textValue(parsed, 'u', 'uid'),
    group: textValue(parsed, 'g', 'gid'),
    hasOwnGroup: isAlone ? false : hasOwnGroup,
    ownGids: await groupRange(call, hasOption(parsed, 'r', 'system')),
    groups: listOf(textValue(parsed, 'G', 'groups')) ?? [],
    home,
    shell: textValue(parsed, 's', 'shell') ?? '/bin/sh',
    isShared: hasOption(parsed, 'o', 'non-unique'),
  })
  return {change, home: hasOption(parsed, 'M', 'no-create-home') ? undefined : home}
}

function usermod(parsed: Arguments, accounts: Accounts): Effect | undefined {
  const [name, ...rest] = texts(parsed)
  if (name === undefined || rest.length > 0) return undefined
  const change = changeUser(accounts, name, {
    uid: textValue(parsed, 'u', 'uid'),
    group: textValue(parsed, 'g', 'gid'),
    groups: listOf(textValue(parsed, 'G', 'groups')),
    appends: hasOption(parsed, 'a', 'append'),
    home: textValue(parsed, 'd', 'home'),
    shell: textValue(parsed, 's', 'shell'),
    isShared: hasOption(parsed, 'o', 'non-unique'),
  })
  // usermod(8): files in the home go to the new ids.
  return {change, home: accounts.users.find(fields => fields[0] === name)?.[5]}
}

function groupadd(parsed: Arguments, accounts: Accounts): Effect | undefined {
  const [name, ...rest] = texts(parsed)
  if (name === undefined || rest.length > 0) return undefined
  const isForced = hasOption(parsed, 'f', 'force')
  const isShared = hasOption(parsed, 'o', 'non-unique')
  return {change: addGroup(accounts, name, textValue(parsed, 'g', 'gid'), {isForced, isShared})}
}

function groupmod(parsed: Arguments, accounts: Accounts): Effect | undefined {
  const [name, ...rest] = texts(parsed)
  const gid = textValue(parsed, 'g', 'gid')
  if (name === undefined || rest.length > 0 || gid === undefined) return undefined
  return {change: changeGroup(accounts, name, gid, hasOption(parsed, 'o', 'non-unique'))}
}

/** Debian's program, busybox's applet, and in Fedora's systems another name of `useradd`. */
async function adduser(parsed: Arguments, accounts: Accounts, call: Call): Promise<Effect | undefined> {
  const [name, group, ...rest] = texts(parsed)
  if (name === undefined || rest.length > 0) return undefined
  if (group !== undefined) return {change: addMember(accounts, name, group)}
  // `-g` is a comment of busybox's and a group of useradd's, `-G` a group and a list.
  const isAmbiguous = hasOption(parsed, 'g', 'G') && !hasOption(parsed, 'D', 'S', 'H', 'h')
  const isSystem = hasOption(parsed, 'S', 'system')
  const usesGroups = await readSetting(call, '/etc/adduser.conf', /^\s*USERGROUPS\s*=\s*["']?no/im)
  const isOfUsers = (await readSetting(call, '/etc/login.defs', /^\s*USERGROUPS_ENAB\s+no/im)) || usesGroups
  const home = textValue(parsed, 'h', 'home') ?? `/home/${name}`
  const added = addUser(accounts, {
    name,
    uid: textValue(parsed, 'u', 'uid'),
    group: textValue(parsed, 'G', 'ingroup', 'gid'),
    hasOwnGroup: !isSystem && !isOfUsers,
    groups: [],
    home,
    shell: textValue(parsed, 's', 'shell') ?? '/bin/sh',
    isShared: false,
  })
  // It asks for a password, and a system user may be there already.
  const isQuiet = hasOption(parsed, 'D', 'disabled-password', 'disabled-login', 'empty-password')
  const asks = !isSystem && !isQuiet
  const isHomeless = hasOption(parsed, 'H', 'no-create-home')
  const change = asks || isSystem || isAmbiguous ? withDoubt(added, isAmbiguous) : added
  return {change, home: isHomeless ? undefined : home}
}

async function addgroup(parsed: Arguments, accounts: Accounts, call: Call): Promise<Effect | undefined> {
  const [name, group, ...rest] = texts(parsed)
  if (name === undefined || rest.length > 0) return undefined
  // adduser 3.134 to 3.159 of Debian, which is a script, fails; busybox' adds a member.
  const {node} = await call.view.place('/usr/sbin/adduser')
  const isScript = node?.kind === 'file' && (await (await call.view.open(node)).read(0, 2)).join() === '35,33'
  if (group !== undefined)
    return {change: isScript ? withDoubt({status: 'unknown', accounts}, true) : addMember(accounts, name, group)}
  const added = addGroup(accounts, name, textValue(parsed, 'g', 'gid'), {isForced: false, isShared: false})
  return {change: hasOption(parsed, 'S', 'system') ? withDoubt(added, false) : added}
}

/** How it ends is not certain; with `ofIds` neither are the ids. */
function withDoubt({accounts}: Change, ofIds: boolean): Change {
  return {status: 'unknown', ...(accounts ? {accounts: {...accounts, isSure: accounts.isSure && !ofIds}} : {})}
}

/** login.defs(5): a new user gets a group of his own. */
const OWN_GROUP = /^\s*USERGROUPS_ENAB\s+yes/im

/** Undefined where the file is missing, or not known. */
async function readSetting({view}: Call, path: string, pattern: RegExp): Promise<boolean | undefined> {
  const text = await textOf(view, await view.place(path))
  return text === undefined ? undefined : pattern.test(text)
}

function texts({operands}: Arguments): readonly string[] {
  return operands.filter(operand => typeof operand === 'string')
}

function textValue(parsed: Arguments, ...names: readonly string[]): string | undefined {
  const value = optionValue(parsed, ...names)
  return typeof value === 'string' ? value : undefined
}

function listOf(text: string | undefined): readonly string[] | undefined {
  return text?.split(',').filter(name => name !== '')
}
