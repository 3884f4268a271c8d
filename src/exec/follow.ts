import {readPackedInterpreter, readServerError} from '../binary/index.ts'
import {defined} from '../lib/defined.ts'
import {OverBudget} from './budget.ts'
import {findCounterpart} from './counterpart.ts'
import {wholeUser} from './credentials.ts'
import {type Execution, type Load, type Machine, readContent} from './execve.ts'
import {execveInPath} from './execve-in-path.ts'
import {textProgram, withLineEnds} from './first-lines.ts'
import {checkLibraries} from './loader/check.ts'
import {explainMissingLoader} from './loader/explain.ts'
import {mayRead} from './permission.ts'
import {baseName, type Process, resolve} from './resolved-path.ts'
import {type Located, locateEntrypoint, locateProgram, takePath} from './search.ts'
import type {Certainty, Obstacle, Step, Unknown} from './steps.ts'
import type {Outcome} from './world/call.ts'
import {unknownEffect} from './world/commands/index.ts'
import type {Value} from './world/value.ts'
import {viewWorld, type WorldView} from './world/view.ts'
import type {World} from './world/world.ts'
import {asksForUser, handOver, isMultiCall} from './wrappers/hand-over.ts'
import type {Handover, Runner, Search} from './wrappers/handover.ts'

/** What is found out on the way, in order. */
export interface Walk {
  readonly machine: Machine
  readonly steps: Step[]
  readonly unknowns: Unknown[]
  /** Processes that are being followed: one that starts itself again is not followed a second time. */
  readonly active: Set<string>
  /** By process: its first step and its last, which what it hands over to comes from. */
  readonly started: Map<string, {readonly first: number; readonly last: number}>
}

export function newWalk(machine: Machine): Walk {
  return {machine, steps: [], unknowns: [], active: new Set(), started: new Map()}
}

/** One program to start. */
export interface Start {
  readonly process: Process
  readonly search: Search
  readonly via: string
  readonly certainty: Certainty
  /** The step that leads here. */
  readonly from: number | undefined
  readonly depth: number
  readonly guarded: boolean
  readonly runsText: boolean
  readonly shallow: boolean
  /** Nothing depends on its success. */
  readonly tolerated: boolean
  /** The files as they are when it starts. */
  readonly world: World
  /** What may have made the program another file. */
  readonly maybe?: string | undefined
  /** What it reads from standard input, where that is known. */
  readonly input?: Value
  /** All its words, where some are not known. */
  readonly words?: readonly Value[]
}

/** Programs that hand over to each other; no image has more. */
const MAX_DEPTH = 24
/** Programs that are looked at for one command line. */
const MAX_STEPS = 200

/**
 * Follows a program: how it is found, what execve makes of it, what its loader needs, what it hands
 * over to, and what it leaves of the files.
 */
export async function follow(walk: Walk, start: Start): Promise<Outcome> {
  const {process, world} = start
  const name = process.argv[0]
  const view = viewWorld(walk.machine.rootfs, world)
  const nothing: Outcome = {world, status: 'unknown'}
  if (name === undefined) return nothing
  const anything = unknownEffect({view, by: describeCall(name, start.via)})
  if (walk.active.has(keyOf(process))) return anything
  if (start.depth > MAX_DEPTH || walk.steps.length > MAX_STEPS) {
    note(walk, start.from, 'more programs hand over to each other than are followed')
    return anything
  }
  if (process.unknownPath && start.search !== 'path' && !name.includes('/')) {
    note(walk, start.from, `${name} is looked for in a PATH that only the run knows`)
    return anything
  }
  const located = await locate(view, start, name)
  if (!located.found) {
    const cannotStart = (await addUnfound(walk, start, located)) ? 'told' : 'silent'
    const isSure = located.maybe === undefined && !located.resolved?.hidden
    return {world, output: '', ...(isSure ? {status: 'failure', cannotStart} : {status: 'unknown'})}
  }
  walk.active.add(keyOf(process))
  try {
    return await followLocated(walk, {...start, maybe: located.resolved.maybe}, view, located.path)
  } catch (thrown) {
    // A shell above ends here, and says so itself.
    if (!(thrown instanceof OverBudget) || start.depth > 0) throw thrown
    note(walk, start.from, `${name} ${thrown.message}`)
    return anything
  } finally {
    walk.active.delete(keyOf(process))
  }
}

async function followLocated(walk: Walk, start: Start, view: WorldView, path: string): Promise<Outcome> {
  const {process, world} = start
  const execution = await execveInPath({...walk.machine, rootfs: view}, start, path)
  if (execution.loads.some(load => load.resolved.hidden && load.obstacle?.kind === 'missing')) {
    note(walk, start.from, `${path} leads under a directory that the engine mounts`)
    return {world, status: 'unknown'}
  }
  const text = start.runsText ? textProgram(execution) : undefined
  const loads = text ? [text] : withLineEnds(execution)
  const last = await addLoads(walk, start, view, loads)
  if (text?.identity?.kind === 'ape') {
    note(walk, last, `${path} is an Actually Portable Executable, and what its script starts is not followed`)
    return unknownEffect({view, by: describeCall(path, start.via)})
  }
  if (text) {
    const argv = ['sh', path, ...process.argv.slice(1)]
    return text.identity?.kind === 'text'
      ? followHandovers(walk, start, view, {...process, argv}, ['sh'], last)
      : {world, status: 'unknown', output: ''}
  }
  return followProgram(walk, start, view, {...execution, loads}, last)
}

/** Once the files are there: libraries, then what the program does with its arguments. */
async function followProgram(
  walk: Walk,
  start: Start,
  view: WorldView,
  execution: Execution,
  last: number,
): Promise<Outcome> {
  const {loads} = execution
  const {world} = start
  const program = loads.findLast(load => load.role !== 'loader')
  const loader = loads.find(load => load.role === 'loader')
  const failing = loads.find(load => load.obstacle)
  const isSure = failing?.resolved.maybe === undefined
  const failed: Outcome = {
    world,
    output: '',
    ...(isSure ? {status: 'failure', cannotStart: 'told'} : {status: 'unknown'}),
  }
  if (!program?.resolved.node) return failed
  // A program of another machine would do the same as the right one.
  const foreign = failing === program && failing.obstacle?.kind === 'refused' && program.verdict?.fit === 'foreign'
  if (failing && !foreign) return failed
  if (program.verdict?.fit === 'undetermined') {
    note(walk, last, program.verdict.reason)
    return unknownEffect({view, by: describeCall(program.path, start.via)})
  }
  if (!failing && loader && !start.shallow) await addLibraries(walk, start, view, program, loader, last)
  // A stub that ends with 127 hands nothing over.
  if (!failing && !loader && (await lacksPackedLoader(walk, start, view, program, last))) return failed
  const process = {...start.process, argv: execution.argv}
  const {node} = program.resolved
  const isStatic = program.identity?.kind === 'elf' && !loader
  const outcome = await followHandovers(walk, start, view, process, [program.path, node.path], last, isStatic)
  return failing ? {...outcome, status: 'failure', cannotStart: 'told'} : outcome
}

async function followHandovers(
  walk: Walk,
  start: Start,
  view: WorldView,
  process: Process,
  paths: readonly string[],
  from: number,
  isStatic = false,
): Promise<Outcome> {
  const file = paths.at(-1)
  const whole = asksForUser(paths) ? await withUser(walk, start, view, process) : process
  const runner: Runner = {
    view,
    platform: walk.machine.platform,
    by: describeCall(paths[0] ?? '', start.via),
    ...defined({input: start.input, words: start.words, file: file && baseName(file)}),
    ...(isStatic && file !== undefined && isMultiCall(baseName(file)) ? {busybox: file} : {}),
    run: (handover, world) => take(walk, {...start, world}, handover, from),
    rehearse: async run => {
      await takeBack(walk, run)
    },
    oneOf: runs => followOneOf(walk, runs),
  }
  return (await handOver(runner, whole, paths)) ?? unknownEffect(runner)
}

/** Runs something, and takes back what it has found: the steps and the unknowns. */
async function takeBack(walk: Walk, run: () => Promise<void>): Promise<Pick<Walk, 'steps' | 'unknowns'>> {
  const {steps, unknowns, started} = walk
  const counts = [steps.length, unknowns.length] as const
  await run()
  const found = {steps: steps.splice(counts[0]), unknowns: unknowns.splice(counts[1])}
  for (const [key, {last}] of started) if (last >= counts[0]) started.delete(key)
  return found
}

/** What one of several runs finds: what all find is as certain as before, anything else only likely. */
async function followOneOf(walk: Walk, runs: readonly (() => Promise<void>)[]): Promise<void> {
  const all = []
  for (const run of runs) all.push(await takeBack(walk, run))
  const base = walk.steps.length
  for (const {steps, unknowns} of all) {
    const places: number[] = []
    const placeOf = (from: number | undefined) => (from === undefined || from < base ? from : places[from - base])
    for (const step of steps) {
      const isCommon = all.every(other => other.steps.some(one => isSameFile(one, step)))
      const known = isCommon ? walk.steps.findIndex((one, index) => index >= base && isSameFile(one, step)) : -1
      const from = placeOf(step.from)
      const certainty = isCommon ? step.certainty : 'likely'
      places.push(known >= 0 ? known : walk.steps.push({...step, certainty, ...defined({from})}) - 1)
    }
    for (const unknown of unknowns) note(walk, placeOf(unknown.from), unknown.reason)
  }
}

function isSameFile(one: Step, other: Step): boolean {
  const keys = [one, other].map(({path, role, node, via, obstacle, argv}) =>
    JSON.stringify([path, role, node?.path, via, obstacle?.kind, argv?.[0]]),
  )
  return keys[0] === keys[1]
}

/** The process as it really is, once it matters what /etc/passwd says of its user: runc has set HOME from there. */
async function withUser(walk: Walk, start: Start, view: WorldView, process: Process): Promise<Process> {
  if (process.user.unread === undefined) return process
  const user = await wholeUser(view, process.user)
  const env = new Map(process.env)
  if (!env.has('HOME')) env.set('HOME', user.home ?? '/')
  // A script that starts itself again does so with these.
  walk.active.add(keyOf({...start.process, user, env}))
  return {...process, user, env}
}

async function take(walk: Walk, start: Start, handover: Handover, from: number): Promise<Outcome> {
  const {world} = start
  switch (handover.kind) {
    case 'unknown':
      note(walk, from, handover.reason)
      return {world, status: 'unknown'}
    case 'no-such-user': {
      const obstacle: Obstacle = {kind: 'no-such-user', reason: handover.reason}
      const {certainty} = start
      const maybe = handover.maybe === undefined ? {} : {maybe: handover.maybe}
      add(walk, {path: '/etc/passwd', via: handover.via, role: 'setup', certainty, from, hops: [], obstacle, ...maybe})
      return {world, status: handover.maybe === undefined ? 'failure' : 'unknown', output: ''}
    }
    case 'file':
      await addFile(walk, start, handover, from)
      return {world, status: 'unknown'}
    case 'program': {
      const certain = start.certainty === 'certain' && handover.certainty === 'certain'
      const {maybe: _, input: __, words: ___, ...rest} = start
      return follow(walk, {
        ...rest,
        ...handover,
        from,
        certainty: certain ? 'certain' : 'likely',
        depth: start.depth + 1,
        guarded: start.guarded || handover.guarded,
        shallow: start.shallow || handover.shallow,
        tolerated: start.tolerated || handover.tolerated === true,
      })
    }
  }
}

async function locate(view: WorldView, {search, process}: Start, name: string): Promise<Located> {
  if (search === 'go') return locateEntrypoint(view, process, name)
  return search === 'path' ? takePath(view, process, name) : locateProgram(view, process, name)
}

/** False where it was passed over in silence. */
async function addUnfound(walk: Walk, start: Start, located: Extract<Located, {found: false}>): Promise<boolean> {
  const name = start.process.argv[0] ?? ''
  const {resolved} = located
  const obstacle = await withCounterpart(walk, start, located.obstacle)
  if (resolved?.hidden) {
    note(walk, start.from, `${name} is under a directory that the engine mounts`)
    return true
  }
  // A script that looked first whether the program is there does not start it.
  const isAbsent = obstacle.kind === 'missing' || obstacle.kind === 'not-in-path'
  if ((start.guarded || start.tolerated) && isAbsent) return false
  const isThere = obstacle.kind === 'not-executable' && obstacle.reason === 'no-execute-permission'
  const machine = {...walk.machine, rootfs: viewWorld(walk.machine.rootfs, start.world)}
  const {verdict, ...content} = isThere ? await readContent(machine, resolved?.node) : {}
  // With the permission, whoever runs texts would run this one.
  const isRun = start.runsText && content.identity?.kind === 'text' && readServerError(content.identity) === undefined
  add(walk, {
    ...stepOf(start),
    role: 'program',
    path: name,
    argv: start.process.argv,
    hops: resolved?.hops ?? [],
    ...defined({node: resolved?.node}),
    ...content,
    ...(verdict && !isRun ? {verdict} : {}),
    obstacle,
    ...defined({maybe: located.maybe}),
  })
  return true
}

async function withCounterpart({machine}: Walk, {world}: Start, obstacle: Obstacle): Promise<Obstacle> {
  if (obstacle.kind !== 'missing' || obstacle.errno !== 'ENOENT') return obstacle
  const counterpart = await findCounterpart(viewWorld(machine.rootfs, world), machine.platform, obstacle.at)
  return counterpart === undefined ? obstacle : {...obstacle, counterpart}
}

async function addLoads(walk: Walk, start: Start, view: WorldView, loads: readonly Load[]): Promise<number> {
  const key = keyOf(start.process)
  const known = walk.started.get(key)
  const before = known === undefined ? undefined : walk.steps[known.first]
  if (known && before?.node?.path === loads[0]?.resolved.node?.path) {
    if (before?.certainty === start.certainty || start.certainty === 'likely') return known.last
  }
  const first = walk.steps.length
  let last = start.from
  for (const [index, load] of loads.entries()) {
    const before = loads[index - 1]
    const obstacle = await explained(walk, view, load)
    const maybe = load.resolved.maybe ?? (index === 0 ? start.maybe : undefined)
    const via = index === 0 ? start.via : `${load.role} of ${before?.path}`
    last = add(walk, {
      ...stepOf(start),
      path: load.path,
      via,
      role: load.role,
      ...defined({from: last}),
      ...(index === 0 ? {argv: start.process.argv} : {}),
      hops: load.resolved.hops,
      ...defined({node: load.resolved.node, identity: load.identity, verdict: load.verdict, obstacle, maybe}),
    })
  }
  // What comes next is handed over by the program, not by its loader.
  const isLoader = walk.steps[last ?? -1]?.role === 'loader'
  const end = (last ?? 0) - (isLoader ? 1 : 0)
  walk.started.set(key, {first, last: end})
  return end
}

/** What UPX packed names no loader to the kernel, and has one all the same. Tells only of one that is not there. */
async function lacksPackedLoader(
  walk: Walk,
  start: Start,
  view: WorldView,
  {identity, resolved}: Load,
  from: number,
): Promise<boolean> {
  if (identity?.kind !== 'elf' || !resolved.node) return false
  const path = await readPackedInterpreter(identity, await view.open(resolved.node))
  if (path === undefined) return false
  const there = await resolve(view, start.process, path)
  if (there.obstacle?.kind !== 'missing' || there.hidden || there.maybe !== undefined) return false
  const load: Load = {role: 'loader', path, resolved: there, obstacle: there.obstacle}
  const obstacle = await explained(walk, view, load)
  const via = `loader of what UPX packed in ${resolved.path}`
  add(walk, {...stepOf(start), path, via, role: 'loader', from, hops: there.hops, ...defined({obstacle})})
  return true
}

async function explained(walk: Walk, view: WorldView, {role, path, obstacle}: Load): Promise<Obstacle | undefined> {
  if (role !== 'loader' || obstacle?.kind !== 'missing') return obstacle
  const cause = await explainMissingLoader(view, walk.machine.platform, path)
  return cause === undefined ? obstacle : {...obstacle, cause}
}

async function addLibraries(
  walk: Walk,
  start: Start,
  view: WorldView,
  program: Load,
  loader: Load,
  from: number,
): Promise<void> {
  const {node} = program.resolved
  if (program.identity?.kind !== 'elf' || loader.identity?.kind !== 'elf' || !node || !loader.resolved.node) return
  const report = await checkLibraries({
    rootfs: view,
    process: start.process,
    program: {path: program.resolved.path, node, elf: program.identity},
    loader: {path: loader.path, node: loader.resolved.node, elf: loader.identity},
  })
  if (report.undetermined !== undefined) note(walk, from, report.undetermined)
  for (const obstacle of report.obstacles) {
    const path = obstacle.kind === 'missing-library' ? obstacle.library : (obstacle.provider ?? obstacle.neededBy)
    add(walk, {
      ...stepOf(start),
      from,
      path,
      via: `needed by ${obstacle.neededBy}`,
      role: 'library',
      hops: [],
      obstacle,
    })
  }
}

async function addFile(
  walk: Walk,
  start: Start,
  {candidates, via, cwd}: Extract<Handover, {kind: 'file'}>,
  from: number,
): Promise<void> {
  const process = {...start.process, cwd}
  const [first] = candidates
  if (first === undefined || start.guarded) return
  const view = viewWorld(walk.machine.rootfs, start.world)
  for (const candidate of candidates) {
    const resolved = await resolve(view, process, candidate)
    if (resolved.hidden) return
    if (!resolved.node) continue
    const {node} = resolved
    // The kernel has been asked to start it, and so it is in the list.
    if (walk.steps.some(step => step.node?.path === node.path && step.role !== 'argument')) return
    const obstacle: Obstacle | undefined = mayRead(node, process.user)
      ? undefined
      : {kind: 'not-readable', errno: 'EACCES', at: node.path}
    const step = {...stepOf(start), from, path: candidate, via, role: 'argument', hops: resolved.hops, node} as const
    add(walk, {...step, ...defined({obstacle})})
    return
  }
  const {obstacle, hops, maybe} = await resolve(view, process, first)
  if (start.tolerated) return
  add(walk, {
    ...stepOf(start),
    from,
    path: first,
    via,
    role: 'argument',
    hops,
    ...defined({obstacle, maybe}),
  })
}

function keyOf({argv, cwd, user, env}: Process): string {
  return JSON.stringify([argv, cwd, user, [...env]])
}

/** What a change is by, for the report: `npm in /entrypoint.sh`. */
function describeCall(name: string, via: string): string {
  const where = / in (.+)$/.exec(via)?.[1]
  return where === undefined ? `${baseName(name)} (${via})` : `${baseName(name)} in ${where}`
}

function stepOf({via, certainty, from}: Start): Pick<Step, 'via' | 'certainty' | 'from'> {
  return {via, certainty, ...defined({from})}
}

/** A step that is there already, from another round of a loop, is not told twice. */
function add(walk: Walk, step: Step): number {
  const key = (one: Step) => [one.path, one.role, one.node?.path, one.via, one.from, one.obstacle?.kind].join('\0')
  const known = walk.steps.findIndex(one => key(one) === key(step) && sameWords(one.argv, step.argv))
  if (known >= 0) {
    const before = walk.steps[known]
    if (before && before.certainty === 'likely' && step.certainty === 'certain') walk.steps[known] = step
    return known
  }
  walk.steps.push(step)
  return walk.steps.length - 1
}

function sameWords(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

function note(walk: Walk, from: number | undefined, reason: string): void {
  if (walk.unknowns.some(one => one.from === from && one.reason === reason)) return
  walk.unknowns.push({...defined({from}), reason})
}
