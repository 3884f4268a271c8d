import {resolveGroup} from './change-user.ts'
import {type Caller, type Handover, passOn, refuse} from './handover.ts'
import {parseOptions} from './options.ts'
import {loggedIn} from './su.ts'
import {lastValue} from './wrapper.ts'

/**
 * newgrp(1) and sg(1): a shell in another group, which runs a text, or reads what newgrp reads. shadow (src/newgrp.c)
 * and util-linux since 2.41 (login-utils/newgrp.c) have programs of these names with command lines of their own.
 */
export async function newgrp(caller: Caller): Promise<readonly Handover[]> {
  const {name} = (await caller.version()) ?? {}
  if (name === 'shadow') return caller.name === 'sg' ? sgOfShadow(caller) : newgrpOfShadow(caller)
  if (name === 'util-linux') return ofUtilLinux(caller)
  return eitherPackage(caller)
}

const OF_UTIL_LINUX = {short: 'c:hV', long: ['command=', 'help', 'version'], permutes: true} as const

/** `newgrp [GROUP [TEXT]]`, and `-c TEXT` anywhere: both names are one program. */
function ofUtilLinux(caller: Caller): Promise<readonly Handover[]> | readonly Handover[] {
  const {options, words, unknown, lacking} = parseOptions(caller.process.argv, OF_UTIL_LINUX)
  if (unknown !== undefined) return refuse(caller, `it has no option ${unknown}`)
  if (lacking !== undefined) return refuse(caller, `its option ${lacking} wants an argument`)
  if (options.some(([option]) => /^([hV]|help|version)$/.test(option))) return []
  const [group, second] = words
  const text = lastValue(options, ['c', 'command']) ?? second
  const {shell = '/bin/sh'} = caller.process.user
  return inGroup(caller, group, changed => startShell(changed, shell, text))
}

/** `sg [-|-l] GROUP [[-c] TEXT]`: a text is run by /bin/sh, whatever the user's shell is. */
function sgOfShadow(caller: Caller): Promise<readonly Handover[]> | readonly Handover[] {
  const {isLogin, rest} = loginWord(caller)
  const [group, ...words] = rest
  if (group === undefined || group.startsWith('-')) return refuse(caller, 'it wants a group')
  const [text] = words[0] === '-c' ? words.slice(1) : words
  if (words.length > 0 && text === undefined) return refuse(caller, 'its option -c wants an argument')
  return inGroup(caller, group, changed =>
    text === undefined ? ownShell(changed, isLogin) : startShell(changed, '/bin/sh', text),
  )
}

/** `newgrp [-|-l] [GROUP]`: what stands behind it is not looked at. */
function newgrpOfShadow(caller: Caller): Promise<readonly Handover[]> | readonly Handover[] {
  const {isLogin, rest} = loginWord(caller)
  const [group] = rest
  if (group?.startsWith('-')) return refuse(caller, `it has no option ${group}`)
  return inGroup(caller, group, changed => ownShell(changed, isLogin))
}

function loginWord({process}: Caller): {readonly isLogin: boolean; readonly rest: readonly string[]} {
  const [first, ...rest] = process.argv.slice(1)
  const isLogin = first === '-' || first === '-l'
  return {isLogin, rest: isLogin ? rest : process.argv.slice(1)}
}

/** What both packages take for the same; other words are not known. */
function eitherPackage(caller: Caller): Promise<readonly Handover[]> | readonly Handover[] {
  const [group, ...words] = caller.process.argv.slice(1)
  const [text, ...more] = words[0] === '-c' ? words.slice(1) : words
  const {shell = '/bin/sh'} = caller.process.user
  const isPlain =
    group !== undefined &&
    [group, text, ...more].every(word => !word?.startsWith('-')) &&
    (caller.name === 'sg' ? text !== undefined && shell === '/bin/sh' : words.length === 0)
  if (!isPlain) return [{kind: 'unknown', reason: `what ${caller.name} takes for its words depends on its version`}]
  return inGroup(caller, group, changed => startShell(changed, shell, text))
}

async function inGroup(
  caller: Caller,
  group: string | undefined,
  start: (changed: Caller) => readonly Handover[],
): Promise<readonly Handover[]> {
  if (group === undefined) return start(caller)
  // By its name alone: neither package looks for a number.
  const gid = /^\d+$/.test(group) ? undefined : await resolveGroup(caller, group)
  const {process} = caller
  const {user} = process
  if (gid !== undefined) {
    const isMember = user.uid === 0 || user.gid === gid || user.groups.includes(gid)
    if (isMember) return start({...caller, process: {...process, user: {...user, gid}}})
    return [{kind: 'unknown', reason: `${caller.name} asks who is not of the group ${group} for a password`}]
  }
  if ((await caller.usersMaybe()) === undefined) return refuse(caller, `there is no group ${group}`)
  return [{kind: 'unknown', reason: `the group ${group} is not in the image`}]
}

/** The shell that SHELL names, or at a login that of the user. */
function ownShell(caller: Caller, isLogin: boolean): readonly Handover[] {
  const {env, user} = caller.process
  const {shell = '/bin/sh'} = user
  if (!isLogin) return startShell(caller, env.get('SHELL') ?? shell, undefined)
  return startShell(loggedIn(caller), shell, undefined, ['-l'])
}

function startShell(
  caller: Caller,
  shell: string,
  text: string | undefined,
  options: readonly string[] = [],
): readonly Handover[] {
  // A shell reads its options first.
  if (text !== undefined && /^[-+]/.test(text)) return refuse(caller, `${shell} takes ${text} for an option`)
  const argv = [shell, ...options, ...(text === undefined ? [] : ['-c', text])]
  const input = text === undefined && caller.input !== undefined ? {input: caller.input} : {}
  return passOn(caller, argv, {search: 'path', runsText: false, ...input})
}
