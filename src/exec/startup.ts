import {identify, judge, type Verdict} from '../binary/index.ts'
import type {ImageConfig} from '../image/config.ts'
import type {RootFs} from '../image/rootfs.ts'
import type {Platform} from '../platform/index.ts'
import {readCommand} from './command.ts'
import {resolveUser} from './credentials.ts'
import {type Process, resolveCwd} from './look.ts'
import {locateEntrypoint} from './search.ts'
import type {Obstacle, Startup, Step} from './steps.ts'

export type {Certainty, Obstacle, Passed, ShebangProblem, Startup, Step, StepRole, Unknown} from './steps.ts'

/** What to follow, and in what. */
export interface StartupInput {
  readonly config: ImageConfig
  readonly rootfs: RootFs
  readonly platform: Platform
}

/** What a container of the image starts, step by step. Throws only what the root filesystem throws. */
export async function readStartup({config, rootfs, platform}: StartupInput): Promise<Startup> {
  const command = readCommand(config)
  const {argv} = command
  const name = argv[0]
  const nothing: Startup = {argv, steps: [], unknowns: []}
  if (name === undefined) {
    return undetermined(nothing, 'the image has neither an entrypoint nor a command')
  }
  const via = command.fromEntrypoint > 0 ? 'entrypoint' : 'cmd'
  const base = {via, role: 'program', certainty: 'certain', argv} as const
  const user = await resolveUser(rootfs, command.user)
  if (!user.ok) {
    const obstacle: Obstacle = {kind: 'no-such-user', reason: user.problem}
    return {...nothing, steps: [{...base, role: 'setup', path: '/etc/passwd', hops: [], obstacle}]}
  }
  const cwd = await resolveCwd(rootfs, command.cwd)
  if (cwd.obstacle) {
    return {...nothing, steps: [{...base, role: 'setup', path: command.cwd, hops: cwd.hops, obstacle: cwd.obstacle}]}
  }
  const process: Process = {argv, cwd: cwd.node?.path ?? cwd.path, env: command.env, user: user.value}
  const located = await locateEntrypoint(rootfs, process, name)
  if (!located.found) {
    if (located.sight?.hidden) return undetermined(nothing, `${name} is under a directory that the engine mounts`)
    const node = located.sight?.node ? {node: located.sight.node} : {}
    const hops = located.sight?.hops ?? []
    return {...nothing, steps: [{...base, path: name, hops, ...node, obstacle: located.obstacle}]}
  }
  const {node, hops} = located.sight
  const path = located.path
  if (node.kind !== 'file') {
    const obstacle = {kind: 'not-executable', errno: 'EACCES', reason: 'special-file', at: node.path} as const
    return {...nothing, steps: [{...base, path, hops, node, obstacle}]}
  }
  const identity = await identify(await rootfs.open(node))
  const verdict = judge(identity, platform)
  const obstacle = obstacleOf(verdict)
  const step: Step = {...base, path, hops, node, identity, verdict, ...(obstacle ? {obstacle} : {})}
  const startup: Startup = {...nothing, steps: [step]}
  return identity.kind === 'script' ? undetermined(startup, `${node.path} is a script`) : startup
}

function undetermined(startup: Startup, reason: string): Startup {
  const from = startup.steps.length > 0 ? {from: startup.steps.length - 1} : {}
  return {...startup, undetermined: startup.undetermined ?? reason, unknowns: [...startup.unknowns, {...from, reason}]}
}

/** What a verdict means for execve. */
function obstacleOf(verdict: Verdict): Obstacle | undefined {
  switch (verdict.fit) {
    case 'refused':
      return {kind: 'refused', errno: verdict.errno, reason: verdict.reason}
    case 'foreign':
      return {kind: 'refused', errno: 'ENOEXEC', reason: `${verdict.actual}, expected ${verdict.expected}`}
    case 'crashes':
      return {kind: 'crashes', signal: verdict.signal, reason: verdict.reason}
    default:
      return undefined
  }
}
