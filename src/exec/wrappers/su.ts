import {doubtVariables} from '../process-variables.ts'
import {asUser} from './change-user.ts'
import {type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import {parse} from './wrap.ts'
import {lastValue} from './wrapper.ts'

const GRAMMAR = {
  short: 'c:fg:G:lmps:u:w:hVPT',
  long: [
    ...['command=', 'fast', 'group=', 'login', 'preserve-environment', 'session-command=', 'shell=', 'supp-group='],
    ...['user=', 'whitelist-environment=', 'pty', 'no-pty', 'help', 'version'],
  ],
  permutes: 'getopt_long',
} as const

const ENDS = /^([hV]|help|version)$/
const OF_SHELLS = /^([cfls]|command|fast|login|session-command|shell)$/

/**
 * su(1) and runuser(1) of util-linux (login-utils/su-common.c): a shell as the user, with `-c` and the words behind the
 * user; `runuser -u USER PROGRAM …` starts the program itself. Shadow's and busybox' su are called the same.
 */
export async function su(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(GRAMMAR, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const has = (pattern: RegExp) => options.some(([name]) => pattern.test(name))
  if (has(ENDS)) return []
  const keeps = has(/^([mp]|preserve-environment)$/)
  const named = lastValue(options, ['u', 'user'])
  if (named !== undefined) {
    if (has(OF_SHELLS)) return refuse(caller, 'its option -u does not go with options for a shell')
    return asUser(
      caller,
      named,
      {userForm: 'name', setsHome: !keeps},
      changed => lacksProgram(changed, words) ?? passOn(changed, words),
    )
  }
  const dash = words[0] === '-'
  const [user = 'root', ...rest] = dash ? words.slice(1) : words
  const login = dash || has(/^(l|login)$/)
  return asUser(caller, user, {userForm: 'name', setsHome: !keeps}, changed => {
    const {shell = '/bin/sh'} = changed.process.user
    const own = lastValue(options, ['s', 'shell']) ?? (keeps ? (changed.process.env.get('SHELL') ?? shell) : shell)
    const text = lastValue(options, ['c', 'command', 'session-command'])
    const argv = [
      own === '' ? '/bin/sh' : own,
      ...(login ? ['-l'] : []),
      ...(text === undefined ? [] : ['-c', text]),
      ...rest,
    ]
    return passOn(login ? loggedIn(doubted(changed)) : changed, argv, {search: 'path'})
  })
}

/** Those of the container are gone; PAM may set any, by files of the system. */
function doubted<C extends Caller>(caller: C): C {
  return {...caller, process: doubtVariables(caller.process, name => !/^(HOME|TERM)$/.test(name))}
}

/** A login begins in the user's home, with a PATH that the system's settings name. */
export function loggedIn<C extends Caller>(caller: C): C {
  const {process} = caller
  return {...caller, process: {...process, cwd: process.user.home ?? '/', unknownPath: true}}
}
