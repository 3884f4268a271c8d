import {posix} from 'node:path'
import type {Credentials} from '../credentials.ts'
import {asUser, changeUser, noSuchUser} from './change-user.ts'
import {type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import {type ParsedOptions, parseOptions} from './options.ts'
import {isFrom} from './versions.ts'
import {lastValue, type Wrapper} from './wrapper.ts'

/** What a wrapper of the table starts. */
export async function wrap(wrapper: Wrapper, caller: Caller): Promise<readonly Handover[]> {
  const {process, name} = caller
  if (wrapper.opaque !== undefined) return [{kind: 'unknown', reason: `${name} ${wrapper.opaque}`}]
  if (wrapper.afterDashes) {
    const dashes = process.argv.indexOf('--')
    const rest = dashes < 0 ? [] : process.argv.slice(dashes + 1)
    if (rest.length > 0) return passOn(caller, rest)
    return process.argv.length > 1 ? [{kind: 'unknown', reason: `the arguments of ${name} are not understood`}] : []
  }
  const parsed = parse(wrapper, caller)
  if ('handovers' in parsed) return parsed.handovers
  const {options, words, doubt} = parsed
  if (doubt !== undefined) return [...passOn(caller, words, asIs(wrapper)), {kind: 'unknown', reason: doubt}]
  if (options.some(([option]) => wrapper.ends?.includes(option))) return []
  if (wrapper.unsureOfDashes && process.argv.includes('--')) return unsure(name)
  if (options.some(([option]) => wrapper.roots?.includes(option))) {
    return [{kind: 'unknown', reason: `${name} starts a program in another root directory`}]
  }
  const refused = wrapper.refuses?.(options, words)
  if (refused !== undefined) return refuse(caller, refused)
  const named = lastValue(options, wrapper.userOptions ?? [])
  const spec = named ?? (wrapper.user === undefined ? undefined : words[wrapper.user])
  if (spec === undefined) return finish(wrapper, caller, parsed)
  return asUser(caller, spec, wrapper, async changed => {
    const {user} = changed.process
    const groups = wrapper.dropsGroups && !spec.includes(':') ? [] : user.groups
    return finish(wrapper, {...changed, process: {...changed.process, user: {...user, groups}}}, parsed)
  })
}

/** `caller`: as the user that it changes to. */
async function finish(wrapper: Wrapper, caller: Caller, parsed: ParsedOptions): Promise<readonly Handover[]> {
  const {words, options} = parsed
  const waits = wrapper.forksFirst
  if (waits && caller.isFirst && !options.some(([option]) => waits.includes(option))) {
    const reason = `${caller.name} forks where it is the first process, and the container ends with it`
    return [...passOn(caller, words, {certainty: 'likely'}), {kind: 'unknown', reason}]
  }
  const account = wrapper.account === undefined ? undefined : words[wrapper.account]
  if (account === undefined) return handOn(wrapper, caller, parsed)
  const named = await changeUser(caller, account, 'name')
  return named ? handOn(wrapper, withIds(caller, named.process.user), parsed) : noSuchUser(caller, account)
}

/** envuidgid and s6-envuidgid name an account in variables, and change nothing else; daemontools knows no GIDLIST. */
function withIds(caller: Caller, {uid, gid, groups}: Credentials): Caller {
  const {process, name} = caller
  const ids: readonly (readonly [string, string])[] = [
    ['UID', `${uid}`],
    ['GID', `${gid}`],
    ...(name.startsWith('s6-') ? [['GIDLIST', groups.join()] as const] : []),
  ]
  return {...caller, process: {...process, env: new Map([...process.env, ...ids])}}
}

async function handOn(wrapper: Wrapper, caller: Caller, {words, options}: ParsedOptions): Promise<readonly Handover[]> {
  const rest = words.slice(wrapper.operands ?? 0)
  const lacking = goesAlone(wrapper, options) ? undefined : lacksProgram(caller, rest)
  if (lacking) return lacking
  const found = (await failsAsFirst(wrapper, caller)) ?? (await lacksPreload(wrapper, caller))
  const search = wrapper.search ? {search: wrapper.search} : {}
  const passed = passOn(caller, rest, {
    ...search,
    ...asIs(wrapper),
    ...(wrapper.search || wrapper.refusesText ? {runsText: false} : {}),
    ...(wrapper.background ? {certainty: 'likely'} : {}),
  })
  return found === undefined ? passed : [...passed, {kind: 'unknown', reason: found}]
}

function goesAlone({alone}: Wrapper, options: ParsedOptions['options']): boolean {
  return typeof alone === 'function' ? alone(options) : alone === true
}

function asIs({becomes}: Wrapper): {readonly becomes?: true} {
  return becomes ? {becomes} : {}
}

/** Whoever starts the container may give it another first process, and then it is none. */
async function failsAsFirst({failsFirst}: Wrapper, caller: Caller): Promise<string | undefined> {
  if (!failsFirst || !caller.isFirst || caller.isApplet) return undefined
  const {name, version} = (await caller.version()) ?? {}
  if (name !== failsFirst.name || !isFrom(version, failsFirst.from) || isFrom(version, failsFirst.before)) {
    return undefined
  }
  return `${caller.name} of ${name} ${version?.join('.')} starts nothing where it is the first process`
}

/** Where its own build looks for the library besides, only that build knows. */
async function lacksPreload({preloads}: Wrapper, caller: Caller): Promise<string | undefined> {
  if (!preloads) return undefined
  const beside = caller.path === undefined ? [] : [posix.dirname(caller.path)]
  for (const directory of [...beside, ...preloads.directories]) {
    if (!(await caller.isMissing(`${directory}/${preloads.name}`))) return undefined
  }
  return `${caller.name} needs ${preloads.name}, which is nowhere where it looks for it`
}

function unsure(name: string): readonly Handover[] {
  return [{kind: 'unknown', reason: `whether ${name} takes "--" there for the program depends on its version`}]
}

/** The wrapper's own words, or why they are not known. */
export function parse(
  grammar: Wrapper | Omit<Wrapper, 'names'>,
  caller: Caller,
): (ParsedOptions & {readonly doubt?: string}) | {readonly handovers: readonly Handover[]} {
  const {process, name, libc} = caller
  const {argv, env} = process
  if (grammar.plain) return {options: [], operands: 1, words: argv.slice(1)}
  const hangsOnLibc = grammar.permutes === 'getopt'
  const permutes = grammar.permutes !== undefined && !env.has('POSIXLY_CORRECT') && !(hangsOnLibc && libc === 'musl')
  const parsed = parseOptions(argv, {...grammar, permutes})
  const {unknown, lacking, operands} = parsed
  if (lacking !== undefined) {
    if (process.unknownWord !== undefined)
      return {handovers: [{kind: 'unknown', reason: `an argument of ${name} is known only to the run`}]}
    return {handovers: refuse(caller, `its option ${lacking} wants an argument`)}
  }
  if (permutes && hangsOnLibc && libc === undefined) {
    // The program is the same, if it starts at all; its words may be others.
    const other = parseOptions(argv, {...grammar, permutes: false})
    if (other.unknown === undefined && (unknown !== undefined || other.words.length !== parsed.words.length)) {
      return {...other, doubt: `whether ${name} takes options behind the program for its own depends on its C library`}
    }
  }
  if (unknown === undefined) return parsed
  const first = parseOptions(argv, {...grammar, permutes: false})
  if (permutes && first.unknown === undefined && operands > first.operands) {
    const program = first.words[0]
    const reason = `it takes ${unknown}, which stands behind ${program}, for an option of its own, and has none of that name`
    return {handovers: refuse(caller, reason, `Put "--" before ${program}.`)}
  }
  return {handovers: [{kind: 'unknown', reason: `the option ${unknown} of ${name} is not understood`}]}
}
