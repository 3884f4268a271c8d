import {posix} from 'node:path'
import {defined} from '../../lib/defined.ts'
import type {Credentials} from '../credentials.ts'
import {soughtBy} from '../process-variables.ts'
import {joinPath, type Process} from '../resolved-path.ts'
import {asUser, changeUser, noSuchUser, resolveGroup} from './change-user.ts'
import {type Caller, type Handover, lacksProgram, passOn, refusal, refuse} from './handover.ts'
import {type ParsedOptions, parseOptions} from './options.ts'
import {furtherGroups} from './user-forms.ts'
import type {WithVariables} from './variable-files.ts'
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
    return process.argv.length > 1 && !wrapper.alone
      ? [{kind: 'unknown', reason: `the arguments of ${name} are not understood`}]
      : []
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
  const given = await readVariables(wrapper, caller, parsed)
  if (given.kind === 'refused') return [{...refusal(name, given.reason), ...defined({maybe: given.maybe})}]
  const inside = {...caller, process: given.process}
  const named = lastValue(options, wrapper.userOptions ?? [])
  const spec = named ?? (wrapper.user === undefined ? undefined : words[wrapper.user])
  if (spec === undefined) return finish(wrapper, inside, parsed, process)
  return asUser(inside, spec, wrapper, async changed => {
    const {user} = changed.process
    const groups = await groupsOf(wrapper, changed, spec)
    if (!groups) return noSuchUser(caller, spec)
    return finish(wrapper, {...changed, process: {...changed.process, user: {...user, groups}}}, parsed, process)
  })
}

/** With what a directory of variables holds, if the wrapper reads one before it starts its program. */
async function readVariables(
  {variables, operands = 0}: Wrapper,
  {process, name, isApplet, readVariables: read}: Caller,
  {options, words}: ParsedOptions,
): Promise<WithVariables> {
  const directory = variables?.option === undefined ? words[0] : lastValue(options, [variables.option])
  if (!variables || directory === undefined || words.length <= operands) return {kind: 'process', process}
  const has = (option: string) => options.some(([other]) => other === option)
  const nul = lastValue(options, ['c'])
  if (variables.of !== 's6') return read(process, directory, {of: isApplet ? 'busybox' : variables.of})
  if (nul === '') return {kind: 'refused', reason: `${name} does not take an empty text as -c`}
  const rules = {isWhole: has('f'), keepsEnd: has('n'), isUnbounded: has('L'), ...defined({nul: nul?.slice(0, 1)})}
  return read(process, directory, {of: 's6', ...rules})
}

/** The further groups of a user; undefined where the image does not have one of them. */
async function groupsOf(
  {userForm, dropsGroups}: Wrapper,
  {process: {user}, resolveUser}: Caller,
  spec: string,
): Promise<readonly number[] | undefined> {
  if (dropsGroups && !spec.includes(':')) return []
  if (userForm !== 'chpst') return user.groups
  const groups = await Promise.all(furtherGroups(spec).map(group => resolveGroup({resolveUser}, group)))
  return groups.every(gid => gid !== undefined) ? groups : undefined
}

/** `caller`: as the user that it changes to. `seeker`: what it was before, by whose PATH the program is found. */
async function finish(
  wrapper: Wrapper,
  caller: Caller,
  parsed: ParsedOptions,
  seeker: Process,
): Promise<readonly Handover[]> {
  const {words, options} = parsed
  const waits = wrapper.forksFirst
  if (waits && caller.isFirst && !options.some(([option]) => waits.includes(option))) {
    const reason = `${caller.name} forks where it is the first process, and the container ends with it`
    return [...passOn(caller, words, {certainty: 'likely'}), {kind: 'unknown', reason}]
  }
  const option = wrapper.accountOption === undefined ? undefined : lastValue(options, [wrapper.accountOption])
  const account = option ?? (wrapper.account === undefined ? undefined : words[wrapper.account])
  if (account === undefined) return handOn(wrapper, caller, parsed, seeker)
  const named = await changeUser(caller, account, option === undefined ? 'name' : wrapper.userForm)
  return named ? handOn(wrapper, withIds(caller, named.process.user), parsed, seeker) : noSuchUser(caller, account)
}

/** envuidgid and `chpst -U` name an account in variables, and change nothing else. */
function withIds(caller: Caller, {uid, gid}: Credentials): Caller {
  const {process} = caller
  const ids: readonly (readonly [string, string])[] = [
    ['UID', `${uid}`],
    ['GID', `${gid}`],
  ]
  return {...caller, process: {...process, env: new Map([...process.env, ...ids])}}
}

function directoryFor({directory}: Wrapper, options: ParsedOptions['options'], cwd: string): string {
  if (!directory) return cwd
  const path = lastValue(options, [directory.option]) ?? directory.otherwise
  return path.startsWith('/') ? path : joinPath(cwd, path)
}

async function handOn(
  wrapper: Wrapper,
  caller: Caller,
  {words, options}: ParsedOptions,
  seeker: Process,
): Promise<readonly Handover[]> {
  const rest = words.slice(wrapper.operands ?? 0)
  const lacking = goesAlone(wrapper, options) ? undefined : lacksProgram(caller, rest)
  if (lacking) return lacking
  const found = (await failsAsFirst(wrapper, caller)) ?? (await lacksPreload(wrapper, caller))
  const search = wrapper.search ? {search: wrapper.search} : {}
  // busybox looks in the PATH that it has by then.
  const {process, ...after} = caller.isApplet ? {process: caller.process} : soughtBy(seeker, caller.process)
  const cwd = directoryFor(wrapper, options, process.cwd)
  if (cwd !== process.cwd && (await caller.isMissing(cwd)))
    return refuse(caller, `it cannot change to ${cwd}, which is missing`)
  const passed = passOn({...caller, process: {...process, cwd}}, rest, {
    ...after,
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
