import {defined} from '../../lib/defined.ts'
import {type Caller, type Handover, passOn} from './handover.ts'
import {parseOptions} from './options.ts'
import type {Wrapper} from './wrappers.ts'

/** What a wrapper of the table starts. */
export async function wrap(wrapper: Wrapper, caller: Caller): Promise<readonly Handover[]> {
  const {process} = caller
  if (wrapper.opaque !== undefined) return [{kind: 'unknown', reason: `${caller.name} ${wrapper.opaque}`}]
  if (wrapper.afterDashes) {
    const dashes = process.argv.indexOf('--')
    const rest = dashes < 0 ? [] : process.argv.slice(dashes + 1)
    if (rest.length > 0) return passOn(caller, rest)
    return process.argv.length > 1
      ? [{kind: 'unknown', reason: `the arguments of ${caller.name} are not understood`}]
      : []
  }
  const {options, operands, unknown} = parseOptions(process.argv, wrapper)
  if (unknown !== undefined) {
    return [{kind: 'unknown', reason: `the option ${unknown} of ${caller.name} is not understood`}]
  }
  if (options.some(([name]) => wrapper.ends?.includes(name))) return []
  const named = options.find(([name]) => wrapper.userOptions?.includes(name))?.[1]
  const own = named !== undefined && wrapper.user !== undefined ? 0 : (wrapper.operands ?? 0)
  const userSpec = named ?? (wrapper.user === undefined ? undefined : process.argv[operands + wrapper.user])
  const changed = await changeUser(caller, userSpec)
  if (changed) return passBehindUser(wrapper, changed, operands + own, named !== undefined, options)
  const maybe = await caller.usersMaybe()
  const missing: Handover = {
    kind: 'no-such-user',
    via: `user of ${caller.name}`,
    reason: `there is no user ${userSpec} for ${caller.name}`,
    ...defined({maybe}),
  }
  if (!maybe) return [missing]
  const user = {uid: LIKELY_ID, gid: LIKELY_ID, groups: [], home: undefined, maybe}
  const likely = {...caller, process: {...caller.process, user}}
  return [missing, ...passBehindUser(wrapper, likely, operands + own, named !== undefined, options)]
}

/** The first id that tools give to a user: `adduser`, `useradd`. */
const LIKELY_ID = 1000

/** What is started as the user. */
function passBehindUser(
  wrapper: Wrapper,
  caller: Caller,
  operands: number,
  isNamed: boolean,
  options: readonly (readonly [string, string | undefined])[],
): readonly Handover[] {
  const {process} = caller
  const rest = process.argv.slice(operands)
  const search = wrapper.search ? {search: wrapper.search, runsText: false} : {}
  if (wrapper.shellOption === undefined) return passOn(caller, rest, search)
  // `su user -c text`: options may stand after the user, too.
  const after = parseOptions(['', ...rest], wrapper)
  const text = [...options, ...after.options].find(([name]) => name === wrapper.shellOption || name === 'command')?.[1]
  if (text !== undefined) return passOn(caller, ['/bin/sh', '-c', text])
  return rest.length === 0 ? [] : passOn(caller, isNamed ? rest : ['/bin/sh', ...rest])
}

async function changeUser(caller: Caller, spec: string | undefined): Promise<Caller | undefined> {
  if (spec === undefined || spec === '') return caller
  const user = await caller.resolveUser(spec)
  return user && {...caller, process: {...caller.process, user}}
}
