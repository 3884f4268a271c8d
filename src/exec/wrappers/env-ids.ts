import {unknownVariable, withVariable} from '../process-variables.ts'
import type {Process} from '../resolved-path.ts'
import {noSuchUser} from './change-user.ts'
import {becomes, type Caller, type Handover, lacksProgram} from './handover.ts'
import {parse} from './wrap.ts'

const GRAMMAR = {short: 'ugBniD:'} as const

/**
 * s6-envuidgid(8), s6 src/daemontools-extras/s6-envuidgid.c: the ids of an account as the variables UID, GID and
 * GIDLIST; with `-u`, `-g` and `-B` those of a user, a group or both (`USER:GROUP`) alone, with `-n` both, and numbers
 * for what has no name.
 * What `-D` gives, and what it reads without a group, only the run knows.
 */
export async function s6EnvUidGid(caller: Caller): Promise<readonly Handover[]> {
  const parsed = parse(GRAMMAR, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words} = parsed
  const [account = '', ...rest] = words
  const lacking = lacksProgram(caller, rest)
  if (lacking) return lacking
  let which = 'account'
  for (const [name] of options) {
    if (name === 'u' || name === 'g' || name === 'B') which = name
    else if (name === 'n' && which === 'account') which = 'B'
  }
  const takesNumbers = options.some(([name]) => name === 'n')
  const insists = options.findLast(([name]) => name === 'i' || name === 'D')?.[0] !== 'D'
  const colon = which === 'B' ? account.indexOf(':') : -1
  const user = which === 'g' ? '' : colon < 0 ? account : account.slice(0, colon)
  const group = which === 'g' ? account : colon < 0 ? '' : account.slice(colon + 1)
  const find = async (name: string, spec: string) =>
    name.includes(':') || (/^\d+$/.test(name) && !takesNumbers) ? undefined : caller.resolveUser(spec)
  const foundGroup = group === '' ? undefined : await find(group, `0:${group}`)
  if (group !== '' && !foundGroup && insists) return noSuchUser(caller, account)
  const foundUser = user === '' ? undefined : await find(user, user)
  if (user !== '' && !foundUser && insists) return noSuchUser(caller, account)
  const isAll = which === 'account'
  let process: Process = caller.process
  const set = (name: string, value: number | string | undefined) => {
    process = withVariable(process, name, value === undefined ? unknownVariable(name) : `${value}`)
  }
  if (which !== 'g') set('UID', foundUser?.uid)
  if (which !== 'u') set('GID', isAll ? foundUser?.gid : foundGroup?.gid)
  if (isAll) set('GIDLIST', foundUser?.groups.join())
  return becomes({...caller, process}, rest, {runsText: false})
}
