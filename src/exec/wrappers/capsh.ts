import type {Credentials} from '../credentials.ts'
import {changeUser, noSuchUser, resolveGroup} from './change-user.ts'
import {becomes, type Caller, type Handover, refuse} from './handover.ts'

/** What may stand behind the options: a shell, capsh again, and both as a process of their own. */
const STARTS = ['--', '==', '+', '=+']

const ENDS = /^(--license|--help|-h)$/

/** Options that start the shell as it is, or change only its capabilities. */
const IDLE =
  /^--(print|decode=.*|drop=.*|caps=.*|inh=.*|secbits=.*|keep=.*|addamb=.*|delamb=.*|noamb.*|mode|modes|strict|suggest=.*|quiet|explain=.*|current|no-new-privs)$/

const NOT_FOLLOWED = /^--(chroot=|has-|is-|supports=|forkfor=|killit=|iab=|mode=)/

/** What it may still change: all, the user by `--user` only, or no more than it has become. */
type Power = 'all' | 'user' | 'none'

interface State {
  readonly caller: Caller
  readonly shell: string
  readonly setsHome: boolean
  readonly power: Power
}

/** The next option has been read, or the program ends there, or it is not known how it goes on. */
type Next = State | readonly Handover[]

/**
 * capsh(1), libcap progs/capsh.c: options, each of which is done before the next one is read, then `--` and the words
 * of a shell. Measured with 2.66.
 */
export async function capsh(caller: Caller): Promise<readonly Handover[]> {
  const {argv, user} = caller.process
  const start = argv.findIndex((word, at) => at > 0 && STARTS.includes(word))
  const own = argv.slice(1, start < 0 ? undefined : start)
  let state: State = {caller, shell: '/bin/bash', setsHome: true, power: user.uid === 0 ? 'all' : 'none'}
  for (const word of own) {
    const next = await takeOption(state, word)
    if (isEnd(next)) return next
    state = next
  }
  if (start < 0) return []
  if (argv[start] !== '--') return [{kind: 'unknown', reason: `what capsh starts by ${argv[start]} is not followed`}]
  const more = {search: 'path', runsText: false} as const
  return becomes(state.caller, [state.shell, ...argv.slice(start + 1)], more)
}

function isEnd(next: Next): next is readonly Handover[] {
  return Array.isArray(next)
}

async function takeOption(state: State, word: string): Promise<Next> {
  if (ENDS.test(word)) return []
  if (IDLE.test(word)) return state
  if (NOT_FOLLOWED.test(word)) return [{kind: 'unknown', reason: 'the options of capsh are not followed'}]
  if (word === '--noenv') return {...state, setsHome: false}
  const [, name = '', value = ''] = /^--(shell|user|uid|cap-uid|gid|groups)=(.*)$/s.exec(word) ?? []
  if (name === '') return [{kind: 'unknown', reason: `the option ${word} of capsh is not understood`}]
  if (name === 'shell') return {...state, shell: value}
  if (name === 'user') return becomeUser(state, value)
  return name === 'groups' ? setGroups(state, value) : setId(state, name, value)
}

/** The user with his groups, by cap_setuid(3) and cap_setgroups(3), and his HOME. */
async function becomeUser(state: State, name: string): Promise<Next> {
  const changed = await changeUser(state.caller, name, 'name', state.setsHome)
  if (!changed) return noSuchUser(state.caller, name)
  if (state.power === 'none') return forbids(state, `--user=${name}`)
  return {...state, caller: changed, power: 'user'}
}

async function setGroups(state: State, list: string): Promise<Next> {
  const {caller} = state
  const groups: number[] = []
  for (const name of list.split(',').filter(one => one !== '')) {
    const gid = await resolveGroup(caller, name)
    if (gid === undefined) return noSuchUser(caller, name, 'group')
    groups.push(gid)
  }
  return state.power === 'all' ? asUser(state, {groups}) : forbids(state, `--groups=${list}`)
}

function setId(state: State, name: string, value: string): Next {
  const id = parseId(value)
  if (id === undefined) return refuse(state.caller, `it wants a number as --${name}, and takes "${value}" for none`)
  const {user} = state.caller.process
  const isSame = id === (name === 'gid' ? user.gid : user.uid)
  if (state.power !== 'all' && !isSame) return forbids(state, `--${name}=${value}`)
  if (name === 'gid') return asUser(state, {gid: id})
  const changed = asUser(state, {uid: id})
  if (name === 'cap-uid') return {...changed, power: 'user'}
  return isSame ? changed : {...changed, power: 'none'}
}

function asUser(state: State, more: Partial<Credentials>): State {
  const {process} = state.caller
  return {...state, caller: {...state.caller, process: {...process, user: {...process.user, ...more}}}}
}

function forbids({caller}: State, option: string): readonly Handover[] {
  return refuse(caller, `it may not do ${option} any more: its user is not root then`)
}

/** As strtoul(3) reads a number of any base. */
function parseId(text: string): number | undefined {
  const [, hex, octal, decimal] = /^\s*\+?(?:0x([\da-f]+)|0([0-7]*)|([1-9]\d*))$/i.exec(text) ?? []
  if (hex !== undefined) return Number.parseInt(hex, 16)
  if (octal !== undefined) return Number.parseInt(`0${octal}`, 8)
  return decimal === undefined ? undefined : Number(decimal)
}
