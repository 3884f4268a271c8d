import {defined} from '../../../lib/defined.ts'
import {resolveUser} from '../../credentials.ts'
import {joinPath, type Process, resolve} from '../../resolved-path.ts'

import {viewWorld, type WorldView} from '../../world/view.ts'
import type {Handover, Runner} from '../../wrappers/handover.ts'
import {readText} from '../../wrappers/shells.ts'
import {doubtOfUsers} from '../../wrappers/user-doubt.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {runServices, type ServiceStart, serviceStart} from '../run-services.ts'
import type {Supervisor} from '../supervisor.ts'
import {type ExecLine, expandSpecifiers, isUnknown, type Meanings, parseExec} from './exec-line.ts'
import {indexUnits} from './find-unit.ts'
import {findLoadProblem} from './load-problem.ts'
import {isConditional, loadUnits, MAX_UNITS, requiredBy, type StartedUnit} from './load-units.ts'
import {mayBeMade} from './made-directories.ts'
import {instanceOnly, specifierOfAll} from './specifiers.ts'
import {lastOf, valuesOf} from './unit-file.ts'
import {findHindrance} from './unstartable.ts'

/** Where systemd looks for a program that is named without a directory, and the PATH of its services. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** systemd as the first process: `/sbin/init` of a distribution. systemd 252. */
export const SYSTEMD: Supervisor = {
  names: ['systemd'],
  reads:
    'units by their load path, with drop-ins, masks, templates, `.wants` and `.requires`, from `default.target` on',
  starts:
    '`ExecStartPre`, `ExecStart`, `ExecStartPost` of their services; with a condition, or by a socket, a timer or a path, they are likely',
  async follow(runner, process) {
    const {view} = runner
    const first = targetOf(process.argv)
    const index = await indexUnits(view)
    if (index.length === 0) return endUnknown(runner, 'systemd starts what its configuration says')
    const loaded = await loadUnits(view, index, process, first)
    const {units} = loaded
    const hindranceOf = findHindrance(loaded, ({name, names, settings}) =>
      findLoadProblem(settings, specifierOfAll([...names, ...instanceOnly(name)])),
    )
    const hindrance = hindranceOf(first)
    if (hindrance !== undefined) {
      return endRefused(runner, 'systemd', `it starts nothing, for it cannot start ${first}: ${hindrance}`)
    }
    if (units.length > MAX_UNITS) await endUnknown(runner, 'systemd starts more units than are followed')
    let {world} = view
    const mains: ServiceStart[] = []
    const services = units.filter(({name}) => name.endsWith('.service'))
    const others = services.filter(unit => !isOfSystemd(unit))
    for (const unit of services) {
      const alone = others.every(other => other === unit)
      const own = {...runner, view: viewWorld(view.image, world)}
      const {before, starts} = await readService(own, process, withDoubt(unit, hindranceOf), alone)
      // What it runs before is over when it starts.
      for (const handover of before) ({world} = await runner.run(handover, world))
      for (const start of starts) {
        if (start.kind === 'program') mains.push(start)
        else await runner.run(start, world)
      }
    }
    return runServices({...runner, view: viewWorld(view.image, world)}, mains, world)
  },
}

/** `systemd.unit=NAME`, `--unit=NAME`, a runlevel; else what `default.target` leads to. */
function targetOf(argv: readonly string[]): string {
  const words = argv.slice(1)
  const named = words.findLast(word => /^(--unit|systemd\.unit)=./.test(word))
  if (named !== undefined) return named.slice(named.indexOf('=') + 1)
  const level = words.findLast(word => /^([1-5]|single|emergency|rescue)$/.test(word))
  if (level === undefined) return 'default.target'
  if (level === 'emergency') return 'emergency.target'
  return (
    {'1': 'rescue.target', single: 'rescue.target', rescue: 'rescue.target', '5': 'graphical.target'}[level] ??
    'multi-user.target'
  )
}

/**
 * A service that requires one that is not loaded: before systemd 256 its own job stays, and is dropped since. It says
 * itself why it is not loaded.
 */
function withDoubt(unit: StartedUnit, hindranceOf: (name: string) => string | undefined): StartedUnit {
  const isHindered = requiredBy(unit).some(name => hindranceOf(name) !== undefined)
  return isHindered ? {...unit, certainty: 'likely'} : unit
}

/** Whether all that a service executes is systemd's own. */
function isOfSystemd({settings}: StartedUnit): boolean {
  const values = settings.filter(([setting]) => setting.startsWith('Service.Exec')).map(([, value]) => value)
  return values.every(value =>
    /^[-@:+!|]*(?:(?:\/usr)?(?:\/lib\/systemd\/|\/bin\/(?:systemd-|journalctl )))/.test(value),
  )
}

interface Service {
  readonly before: readonly Handover[]
  readonly starts: readonly Handover[]
}

/** What a service executes: systemd.service(5), systemd.exec(5). */
async function readService(
  runner: Runner,
  process: Process,
  unit: StartedUnit,
  /** Nothing but systemd's own programs is started beside it, which make no directory for it. */
  alone: boolean,
): Promise<Service> {
  const {view} = runner
  const {settings, name} = unit
  const certainty = unit.certainty === 'certain' && unit.isSure && !isConditional(unit) ? 'certain' : 'likely'
  const service = {name, of: 'systemd'}
  // A condition often asks for what comes with the program.
  const guarded = isConditional(unit)
  if (lastOf(settings, 'Service.RootDirectory') || lastOf(settings, 'Service.RootImage')) {
    return {before: [], starts: [{kind: 'unknown', reason: `${name} of systemd runs in another root`}]}
  }
  const specifier = specifierOfAll([...unit.names, ...instanceOnly(name)])
  const problem = findLoadProblem(settings, specifier)
  if (problem !== undefined) {
    const reason = `systemd does not load ${name}: ${problem}`
    return {before: [], starts: [{kind: 'refused', via: `service ${name} of systemd`, reason, service, certainty}]}
  }
  const env = await environmentOf(view, process, unit, specifier)
  const spec = expandSpecifiers(lastOf(settings, 'Service.User') ?? '', specifier)
  const isDynamic = /^(yes|true|on|1)$/i.test(lastOf(settings, 'Service.DynamicUser') ?? '')
  const root = {...process, cwd: '/', env: env.known, unknownPath: false}
  const own = await asUser(view, root, isDynamic || isUnknown(spec) ? '' : spec)
  if (own === undefined) {
    const reason = `there is no user ${spec} for the service ${name}`
    // systemd-sysusers may make one when the system starts.
    const refused = {kind: 'refused', via: `service ${name} of systemd`, reason, service, certainty: 'likely'} as const
    return {before: [], starts: [refused]}
  }
  const named = expandSpecifiers(lastOf(settings, 'Service.WorkingDirectory') ?? '', specifier)
  const directory = named.replace(/^-/, '')
  const cwd = directory === '~' ? (own.user.home ?? '/') : directory.startsWith('/') ? directory : '/'
  const place = await resolve(view, own, isUnknown(cwd) ? '/' : cwd)
  const isMissing =
    place.node?.kind !== 'directory' &&
    place.maybe === undefined &&
    !(await mayBeMade(view, process, settings, place.path))
  // Of `~` it depends on the release, and on what the user is.
  if (isMissing && /^[/]/.test(named)) {
    const reason = `the working directory ${cwd} of the service ${name} is ${place.node ? 'not a directory' : 'not there'}`
    const may = alone ? certainty : 'likely'
    const refused = {kind: 'refused', via: `service ${name} of systemd`, reason, service, certainty: may} as const
    return {before: [], starts: [refused]}
  }
  // With a dash it stays where systemd is, if the directory is not there.
  const isPassedOver = named.startsWith('-') && isMissing
  const inside = {...own, cwd: isPassedOver ? '/' : (place.node?.path ?? place.path)}
  const meanings: Meanings = {specifier, variable: variable => env.value(variable)}
  const handovers = (setting: string, more: Partial<ServiceStart>): Promise<readonly Handover[]> =>
    Promise.all(
      valuesOf(settings, `Service.${setting}`)
        .flatMap(value => parseExec(value, meanings))
        .map(line =>
          startOf(view, line, line.isPrivileged ? {...inside, user: process.user} : inside, {
            ...more,
            service,
            certainty,
            guarded,
          }),
        ),
    )
  return {
    before: await handovers('ExecStartPre', {isLast: false, isFollowed: true, via: `ExecStartPre of ${name}`}),
    starts: [
      ...(await handovers('ExecStart', {via: `ExecStart of ${name}`})),
      ...(await handovers('ExecStartPost', {via: `ExecStartPost of ${name}`})),
    ],
  }
}

async function startOf(
  view: WorldView,
  line: ExecLine,
  process: Process,
  more: Partial<ServiceStart> & Required<Pick<ServiceStart, 'service' | 'certainty'>>,
): Promise<Handover> {
  if (isUnknown(line.path)) return {kind: 'unknown', reason: `${more.via} names a program that only the run knows`}
  const argv = [line.path, ...line.words]
  // It looks for a name in its own PATH, not in that of the service.
  let path = line.path
  if (!path.includes('/')) {
    for (const directory of PATH.split(':')) {
      const {node} = await view.place(joinPath(directory, line.path))
      if (node?.kind !== 'file') continue
      path = joinPath(directory, line.path)
      break
    }
  }
  const search = path.includes('/') ? 'path' : 'execvp'
  const tolerated = line.isTolerated ? ({certainty: 'likely', tolerated: true} as const) : {}
  return serviceStart(
    {...process, argv: [path, ...argv.slice(1)], ...defined({unknownWord: line.unknownWord})},
    more.service,
    {...more, search, ...tolerated},
  )
}

interface ServiceEnvironment {
  readonly known: ReadonlyMap<string, string>
  /** Undefined where only the run knows it. */
  readonly value: (name: string) => string | undefined
}

/** The variables of a service are its own: what the container was given stays with systemd. */
async function environmentOf(
  view: WorldView,
  process: Process,
  {settings}: StartedUnit,
  specifier: Meanings['specifier'],
): Promise<ServiceEnvironment> {
  const known = new Map([['PATH', PATH]])
  const unknown = new Set<string>()
  const set = (text: string) => {
    const equals = text.indexOf('=')
    if (equals < 1) return
    const [name, value] = [text.slice(0, equals), text.slice(equals + 1)]
    if (isUnknown(value)) unknown.add(name)
    else known.set(name, value)
  }
  for (const value of valuesOf(settings, 'Service.Environment')) {
    // Words as those of a command are, in which a dollar sign is one.
    const [line] = parseExec(`:environment ${value}`, {specifier, variable: () => undefined})
    for (const word of line?.words ?? []) set(word)
  }
  let isOpen = valuesOf(settings, 'Service.PassEnvironment').length > 0
  for (const value of valuesOf(settings, 'Service.EnvironmentFile')) {
    const text = await readText(view, process, expandSpecifiers(value, specifier).replace(/^-/, ''))
    if (text === undefined) isOpen = true
    for (const line of (text ?? '').split('\n')) {
      const pair = /^\s*(?![#;])([A-Za-z_]\w*)=(.*)$/.exec(line)
      if (pair) set(`${pair[1]}=${(pair[2] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2')}`)
    }
  }
  // What is set nowhere is empty.
  return {known, value: name => known.get(name) ?? (isOpen || unknown.has(name) ? undefined : '')}
}

/** Undefined where the image has no such user, and nothing may have made one. */
async function asUser(view: WorldView, process: Process, spec: string): Promise<Process | undefined> {
  if (spec === '') return process
  const user = spec.includes(':') ? undefined : await resolveUser(view, spec)
  const {users, ids} = await doubtOfUsers(view)
  // A number has to be that of a user: get_user_creds. Of root and nobody systemd knows itself.
  if (user?.ok && user.value.home === undefined && !/^(?:0|65534)$/.test(spec)) return users ? process : undefined
  if (user?.ok) return {...process, user: {...user.value, ...defined({maybe: ids})}}
  return users ? process : undefined
}
