import {doubtVariables} from '../process-variables.ts'
import type {Process} from '../resolved-path.ts'
import {asUser, noSuchUser, resolveGroup} from './change-user.ts'
import {type Caller, type Handover, lacksProgram, passOn, refuse} from './handover.ts'
import {parseOptions} from './options.ts'
import {loggedIn} from './su.ts'
import {forbidOptions, hasGroup, readSecurePath} from './sudoers.ts'
import {lastValue} from './wrapper.ts'

const GRAMMAR = {
  short: 'ABbC:D:Eeg:Hh:iKklNnPp:R:r:SsT:t:U:u:Vv',
  long: [
    ...['askpass', 'bell', 'background', 'close-from=', 'chdir=', 'preserve-env[=]', 'edit', 'group=', 'set-home'],
    ...['help', 'host=', 'login', 'remove-timestamp', 'reset-timestamp', 'list', 'non-interactive', 'no-update'],
    ...['preserve-groups', 'prompt=', 'chroot=', 'role=', 'stdin', 'shell', 'command-timeout=', 'type='],
    ...['other-user=', 'user=', 'version', 'validate'],
  ],
} as const

const ENDS = /^([eKlVv]|help|edit|remove-timestamp|list|version|validate)$/

/** sudo(8), src/parse_args.c: options and `NAME=value` in any order, then the program. */
export async function sudo(caller: Caller): Promise<readonly Handover[]> {
  const options: (readonly [string, string | undefined])[] = []
  const variables: (readonly [string, string])[] = []
  let words: readonly string[] = caller.process.argv.slice(1)
  for (;;) {
    const parsed = parseOptions(['sudo', ...words], GRAMMAR)
    if (parsed.unknown !== undefined || parsed.lacking !== undefined) {
      const odd = parsed.unknown ?? parsed.lacking
      return [{kind: 'unknown', reason: `the option ${odd} of ${caller.name} is not understood`}]
    }
    options.push(...parsed.options)
    const isOver = words[parsed.operands - 2] === '--'
    words = parsed.words
    const assigned = /^(?!\/)([^=]*)=(.*)$/s.exec(words[0] ?? '')
    if (!assigned || isOver) break
    variables.push([assigned[1] ?? '', assigned[2] ?? ''])
    words = words.slice(1)
  }
  const has = (pattern: RegExp) => options.some(([name]) => pattern.test(name))
  if (has(/^(R|chroot)$/)) return [{kind: 'unknown', reason: 'sudo starts a program in another root directory'}]
  if (has(ENDS) && has(/^([biHPs]|background|login|preserve-groups|set-home|shell)$/))
    return refuse(caller, 'two of its options exclude each other')
  if (has(ENDS) || has(/^(U|other-user)$/)) {
    return words.length === 0 ? [] : [{kind: 'unknown', reason: 'the arguments of sudo are not understood'}]
  }
  if (has(/^(i|login)$/) && has(/^(s|shell)$/)) return refuse(caller, 'only one of the options -i and -s may stand')
  const valued = options.flatMap(([name, value]) => (value === undefined ? [] : [name[0]]))
  if (new Set(valued).size < valued.length) {
    return [{kind: 'unknown', reason: 'an option of sudo stands twice'}]
  }
  const directory = lastValue(options, ['D', 'chdir'])
  const forbidden = await forbidOptions(caller, options)
  if (forbidden) return forbidden
  const spec = lastValue(options, ['u', 'user']) ?? 'root'
  // With a list it keeps those alone.
  const keepsAll = options.some(([name, value]) => /^(E|preserve-env)$/.test(name) && value === undefined)
  if (keepsAll && has(/^(i|login)$/)) return refuse(caller, 'only one of the options -i and -E may stand')
  const keeps = keepsAll && !has(/^(H|set-home)$/)
  const group = lastValue(options, ['g', 'group'])
  const gid = group === undefined ? undefined : await resolveGroup(caller, group.replace(/^#/, ''))
  const isLacking = group !== undefined && (gid === undefined || (await hasGroup(caller, group)) === false)
  if (isLacking) return noSuchUser(caller, group, 'group')
  return asUser(caller, spec, {userForm: 'sudo', setsHome: !keeps}, async as => {
    const invoker = caller.process.user
    const kept = has(/^(P|preserve-groups)$/) ? withGroups(as, invoker.groups) : as
    const changed = gid === undefined ? kept : inGroup(kept, gid)
    const securePath = await readSecurePath(caller)
    const base = keepsAll ? changed.process : resetVariables(changed.process)
    const env = new Map([
      ...base.env,
      ...(securePath === undefined ? [] : [['PATH', securePath] as const]),
      ...variables,
    ])
    const cwd = directory ?? base.cwd
    const unknownEnv = new Set([...(base.unknownEnv ?? [])].filter(name => !env.has(name)))
    const ready = {...changed, process: {...base, env, unknownEnv, cwd}}
    const text = words.map(word => word.replace(/[^\w$-]/g, '\\$&')).join(' ')
    const shellArgs = words.length === 0 ? [] : ['-c', text]
    // In the background it is left alone with the container's end.
    const certainty = has(/^(b|background)$/) ? {certainty: 'likely' as const} : {}
    // A variable of the command line is not where it looks for the program.
    const path = securePath ?? base.env.get('PATH')
    const how = path === undefined || path === env.get('PATH') ? certainty : {...certainty, path}
    if (has(/^(i|login)$/)) {
      const {shell = '/bin/sh'} = changed.process.user
      return passOn(loggedIn(ready), [shell, '-l', ...shellArgs], {search: 'path', ...how})
    }
    if (has(/^(s|shell)$/)) {
      return passOn(ready, [caller.process.env.get('SHELL') ?? invoker.shell ?? '/bin/sh', ...shellArgs], {
        search: 'path',
        ...how,
      })
    }
    return lacksProgram(ready, words) ?? passOn(ready, words, how)
  })
}

function withGroups<C extends Caller>(caller: C, groups: readonly number[]): C {
  return {...caller, process: {...caller.process, user: {...caller.process.user, groups}}}
}

/** Of its own groups the user keeps all. */
function inGroup<C extends Caller>(caller: C, gid: number): C {
  const {user} = caller.process
  return {...caller, process: {...caller.process, user: {...user, gid, groups: [...user.groups, user.gid]}}}
}

/** Those that it sets itself, or keeps by default. */
const KEPT =
  /^(PATH|HOME|USER|LOGNAME|SHELL|MAIL|TERM|DISPLAY|COLORS|HOSTNAME|KRB5CCNAME|LS_COLORS|PS1|PS2|XAUTHOR\w*)$/

/** It takes all other variables away, but for what files of sudoers(5) or doas.conf(5) keep. */
function resetVariables(process: Process): Process {
  return doubtVariables(process, name => !KEPT.test(name))
}

const DOAS = {short: 'C:Lnsu:'} as const

/** OpenDoas, doas.c: the program is looked up in the caller's PATH, and finds another one itself. */
export async function doas(caller: Caller): Promise<readonly Handover[]> {
  const {options, words, unknown, lacking} = parseOptions(caller.process.argv, DOAS)
  if (unknown !== undefined || lacking !== undefined) {
    return [{kind: 'unknown', reason: `the option ${unknown ?? lacking} of ${caller.name} is not understood`}]
  }
  if (options.some(([name]) => name === 'C' || name === 'L')) return []
  const spec = lastValue(options, ['u']) ?? 'root'
  const shell = options.some(([name]) => name === 's')
  const {env} = caller.process
  const argv = shell ? [env.get('SHELL') ?? caller.process.user.shell ?? '/bin/sh'] : words
  return asUser(
    caller,
    spec,
    {userForm: 'id', setsHome: true},
    changed =>
      lacksProgram(changed, argv) ??
      passOn({...changed, process: resetVariables(changed.process)}, argv, {after: {unknownPath: true}}),
  )
}
