import type {ImageConfig} from '../image/config.ts'
import type {RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {DEFAULT_LIMITS, type Limits} from '../lib/limits.ts'
import {formatPlatform, normalisePlatform, type Platform} from '../platform/index.ts'
import {findTooLarge} from './argument-size.ts'
import {Budget, OverBudget} from './budget.ts'
import {type Command, readCommand} from './command.ts'
import {resolveStartUser} from './credentials.ts'
import {follow} from './follow/follow.ts'
import {newWalk, type OnStart, type Walk} from './follow/walk.ts'
import {resolveCwd} from './resolved-path.ts'
import type {Obstacle, Startup} from './steps.ts'
import {type BlockedVolume, findBlockedVolume} from './volumes.ts'
import {UMASK} from './world/attributes.ts'
import {initialWorld} from './world/initial.ts'
import type {World} from './world/world.ts'

export type {Certainty, Obstacle, Passed, Service, ShebangProblem, Startup, Step, StepRole, Unknown} from './steps.ts'

/** Of a command that is too large: words, and characters of the first, that are shown. */
const SHOWN = 100

/** POSIX system(), and the shell form of every builder. */
const SHELL = '/bin/sh'

/** What to follow, and in what. */
export interface StartupInput {
  readonly config: ImageConfig
  readonly rootfs: RootFs
  readonly platform: Platform
  /** DEFAULT_LIMITS where nothing is said. */
  readonly limits?: Limits
  /** Is given each program that starts, with the process that it then is; also one that is only followed on trial. */
  readonly onStart?: OnStart
}

/** What a container of the image starts, step by step. Throws only what the root filesystem throws. */
export async function readStartup(input: StartupInput): Promise<Startup> {
  const {config, rootfs, platform} = input
  const command = readCommand(config)
  if (command.argv.length === 0) return unfollowed(command, 'the image has neither an entrypoint nor a command')
  if (normalisePlatform(platform).os !== 'linux') {
    return unfollowed(command, `how ${formatPlatform(platform)} starts a program is not modelled`)
  }
  const via = command.fromEntrypoint > 0 ? 'entrypoint' : 'cmd'
  const blocked = await findBlockedVolume(rootfs, config.volumes)
  if (blocked) return blockedStart(command, blocked)
  return followCommand(input, command, via)
}

/**
 * The HEALTHCHECK command, followed as the engine starts it: moby daemon/health.go. Undefined where there is none. It
 * runs in the container's environment; an engine that cannot start it reports the container as unhealthy and goes on.
 */
export async function readHealthcheck(input: StartupInput): Promise<Startup | undefined> {
  const {config, platform} = input
  const [kind, ...rest] = config.healthcheck ?? []
  if ((kind !== 'CMD' && kind !== 'CMD-SHELL') || rest.length === 0 || normalisePlatform(platform).os !== 'linux') {
    return undefined
  }
  const argv = kind === 'CMD' ? rest : ['/bin/sh', '-c', ...rest]
  return followCommand(input, {...readCommand(config), argv, ending: 'closed'}, 'healthcheck')
}

/**
 * What `/bin/sh` loads, where there is one: every command in shell form stands on it, and whatever the entrypoint calls
 * by system(3). Undefined where there is none, which is nothing wrong in itself.
 */
export async function readShell(input: StartupInput): Promise<Startup | undefined> {
  const {config, rootfs, platform} = input
  if (normalisePlatform(platform).os !== 'linux') return undefined
  const found = await rootfs.lookup(SHELL)
  if (found.outcome !== 'found' || found.node.kind !== 'file') return undefined
  return followCommand(input, {...readCommand(config), argv: [SHELL, '-c', ':']}, 'shell')
}

function blockedStart({argv}: Command, {path, obstacle}: BlockedVolume): Startup {
  return {argv, steps: [{path, via: 'volume', role: 'setup', certainty: 'certain', hops: [], obstacle}], unknowns: []}
}

async function followCommand(
  {config, limits = DEFAULT_LIMITS, onStart, ...machine}: StartupInput,
  command: Command,
  via: string,
): Promise<Startup> {
  const {argv} = command
  const walk = newWalk({...machine, runtimes: command.runtimes}, limits, onStart)
  const setup = (path: string, obstacle: Obstacle): Startup => {
    const step = {path, via, role: 'setup', certainty: 'certain', hops: [], obstacle} as const
    return {argv, steps: [step], unknowns: []}
  }
  const user = await resolveStartUser(machine.rootfs, command.user)
  if (!user.ok) return setup('/etc/passwd', {kind: 'no-such-user', reason: user.problem})
  const cwd = await resolveCwd(machine.rootfs, command.cwd)
  if (cwd.obstacle) return setup(command.cwd, cwd.obstacle)
  const large = findTooLarge(argv, command.env, machine.platform)
  const name = argv[0]?.slice(0, SHOWN) ?? ''
  if (large?.certainty === 'certain') return {...setup(name, large.obstacle), argv: argv.slice(0, SHOWN)}
  const env = new Map(command.env)
  // runc sets HOME where the image does not (libcontainer/init_linux.go); of an unread user, once somebody asks.
  if (!env.has('HOME') && user.value.unread === undefined) env.set('HOME', user.value.home ?? '/')
  const world = await startWorld(config, machine.rootfs, command.cwd, new Budget(limits))
  if ('tooMuch' in world) return unfollowed(command, world.tooMuch)
  await follow(walk, {
    process: {argv, cwd: cwd.node?.path ?? cwd.path, env, user: user.value, ending: command.ending},
    search: 'go',
    via,
    certainty: 'certain',
    from: undefined,
    depth: 0,
    isFirst: via !== 'healthcheck',
    guarded: false,
    runsText: false,
    shallow: false,
    tolerated: false,
    accepted: false,
    isLast: false,
    umask: UMASK,
    world,
  })
  if (large) walk.steps.push({path: name, via, role: 'setup', hops: [], ...large})
  return finish(argv, walk)
}

/** A config may name more volumes than are followed. */
async function startWorld(
  config: ImageConfig,
  rootfs: RootFs,
  cwd: string,
  budget: Budget,
): Promise<World | {readonly tooMuch: string}> {
  try {
    return await initialWorld(rootfs, config, cwd, budget)
  } catch (thrown) {
    if (!(thrown instanceof OverBudget)) throw thrown
    return {tooMuch: `what the engine makes and mounts ${thrown.message}`}
  }
}

function finish(argv: readonly string[], {steps, unknowns, passedOver}: Walk): Startup {
  const [first] = unknowns
  return {argv, steps, unknowns, passedOver, ...defined({undetermined: first?.reason})}
}

function unfollowed({argv}: Command, reason: string): Startup {
  return {argv, steps: [], unknowns: [{reason}], undetermined: reason}
}
