import {readPackedInterpreter, readServerError} from '../binary/index.ts'
import {wholeUser} from './credentials.ts'
import {type Execution, execve, type Load, type Machine, readContent} from './execve.ts'
import {textProgram, withLineEnds} from './first-lines.ts'
import {checkLibraries} from './loader/check.ts'
import {explainMissingLoader} from './loader/explain.ts'
import {mayRead} from './permission.ts'
import {type Process, resolve} from './resolved-path.ts'
import {type Located, locateEntrypoint, locateProgram, takePath} from './search.ts'
import type {Certainty, Obstacle, Step, Unknown} from './steps.ts'
import {asksForUser, handOver} from './wrappers/hand-over.ts'
import type {Handover, Search} from './wrappers/handover.ts'

/** What is found out on the way, in order. */
export interface Walk {
  readonly machine: Machine
  readonly steps: Step[]
  readonly unknowns: Unknown[]
  /** Starts that were followed already. */
  readonly seen: Set<string>
}

export function newWalk(machine: Machine): Walk {
  return {machine, steps: [], unknowns: [], seen: new Set()}
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
}

/** Programs that hand over to each other; no image has more. */
const MAX_DEPTH = 24
/** Programs that are looked at for one command line. */
const MAX_STEPS = 200

/** Follows a program: how it is found, what execve makes of it, what its loader needs, and what it hands over to. */
export async function follow(walk: Walk, start: Start): Promise<void> {
  const {process} = start
  const name = process.argv[0]
  if (name === undefined || alreadySeen(walk, start)) return
  if (start.depth > MAX_DEPTH || walk.steps.length > MAX_STEPS) {
    return note(walk, start.from, 'more programs hand over to each other than are followed')
  }
  if (process.unknownPath && start.search !== 'path' && !name.includes('/')) {
    return note(walk, start.from, `${name} is looked for in a PATH that only the run knows`)
  }
  const located = await locate(walk, start, name)
  if (!located.found) return addUnfound(walk, start, located)
  const execution = await execve(walk.machine, process, located.path)
  if (execution.loads.some(load => load.resolved.hidden && load.obstacle?.kind === 'missing')) {
    return note(walk, start.from, `${located.path} leads under a directory that the engine mounts`)
  }
  const text = start.runsText ? textProgram(execution) : undefined
  const loads = text ? [text] : withLineEnds(execution)
  if (start.shallow && isKnown(walk, loads)) return
  const last = await addLoads(walk, start, loads)
  if (text?.identity?.kind === 'ape') {
    return note(
      walk,
      last,
      `${located.path} is an Actually Portable Executable, and what its script starts is not followed`,
    )
  }
  if (text) {
    const argv = ['sh', located.path, ...process.argv.slice(1)]
    return text.identity?.kind === 'text' ? followHandovers(walk, start, {...process, argv}, ['sh'], last) : undefined
  }
  await followProgram(walk, start, {...execution, loads}, last)
}

/** Once the files are there: libraries, then what the program does with its arguments. */
async function followProgram(walk: Walk, start: Start, execution: Execution, last: number): Promise<void> {
  const {loads} = execution
  const program = loads.findLast(load => load.role !== 'loader')
  const loader = loads.find(load => load.role === 'loader')
  if (!program?.resolved.node) return
  const failing = loads.find(load => load.obstacle)
  // A program of another machine would do the same as the right one.
  const foreign = failing === program && failing.obstacle?.kind === 'refused' && program.verdict?.fit === 'foreign'
  if (failing && !foreign) return
  if (program.verdict?.fit === 'undetermined') return note(walk, last, program.verdict.reason)
  if (!failing && loader && !start.shallow) await addLibraries(walk, start, program, loader, last)
  // A stub that ends with 127 hands nothing over.
  if (!failing && !loader && (await lacksPackedLoader(walk, start, program, last))) return
  const process = {...start.process, argv: execution.argv}
  await followHandovers(walk, start, process, [program.path, program.resolved.node.path], last)
}

async function followHandovers(
  walk: Walk,
  start: Start,
  process: Process,
  paths: readonly string[],
  from: number,
): Promise<void> {
  const whole = asksForUser(paths) ? await withUser(walk, start, process) : process
  for (const handover of await handOver(walk.machine.rootfs, whole, paths)) {
    await take(walk, start, handover, from)
  }
}

/** The process as it really is, once it matters what /etc/passwd says of its user: runc has set HOME from there. */
async function withUser(walk: Walk, start: Start, process: Process): Promise<Process> {
  if (process.user.unread === undefined) return process
  const user = await wholeUser(walk.machine.rootfs, process.user)
  const env = new Map(process.env)
  if (!env.has('HOME')) env.set('HOME', user.home ?? '/')
  // A script that starts itself again does so with these.
  walk.seen.add(keyOf({...start.process, user, env}))
  return {...process, user, env}
}

async function take(walk: Walk, start: Start, handover: Handover, from: number): Promise<void> {
  switch (handover.kind) {
    case 'unknown':
      return note(walk, from, handover.reason)
    case 'no-such-user': {
      const obstacle: Obstacle = {kind: 'no-such-user', reason: handover.reason}
      const {certainty} = start
      add(walk, {path: '/etc/passwd', via: handover.via, role: 'setup', certainty, from, hops: [], obstacle})
      return
    }
    case 'file':
      return addFile(walk, start, handover, from)
    case 'program': {
      const certain = start.certainty === 'certain' && handover.certainty === 'certain'
      return follow(walk, {
        ...handover,
        from,
        certainty: certain ? 'certain' : 'likely',
        depth: start.depth + 1,
        guarded: start.guarded || handover.guarded,
        shallow: start.shallow || handover.shallow,
      })
    }
  }
}

async function locate(walk: Walk, {search, process}: Start, name: string): Promise<Located> {
  const {rootfs} = walk.machine
  if (search === 'go') return locateEntrypoint(rootfs, process, name)
  return search === 'path' ? takePath(rootfs, process, name) : locateProgram(rootfs, process, name)
}

async function addUnfound(walk: Walk, start: Start, located: Extract<Located, {found: false}>): Promise<void> {
  const name = start.process.argv[0] ?? ''
  const {obstacle, resolved} = located
  if (resolved?.hidden) return note(walk, start.from, `${name} is under a directory that the engine mounts`)
  // A script that looked first whether the program is there does not start it.
  if (start.guarded && (obstacle.kind === 'missing' || obstacle.kind === 'not-in-path')) return
  const isThere = obstacle.kind === 'not-executable' && obstacle.reason === 'no-execute-permission'
  const {verdict, ...content} = isThere ? await readContent(walk.machine, resolved?.node) : {}
  // With the permission, whoever runs texts would run this one.
  const isRun = start.runsText && content.identity?.kind === 'text' && readServerError(content.identity) === undefined
  add(walk, {
    ...stepOf(start),
    role: 'program',
    path: name,
    argv: start.process.argv,
    hops: resolved?.hops ?? [],
    ...(resolved?.node ? {node: resolved.node} : {}),
    ...content,
    ...(verdict && !isRun ? {verdict} : {}),
    obstacle,
  })
}

async function addLoads(walk: Walk, start: Start, loads: readonly Load[]): Promise<number> {
  let last = start.from
  for (const [index, load] of loads.entries()) {
    const before = loads[index - 1]
    const obstacle = await explained(walk, load)
    const via = index === 0 ? start.via : `${load.role} of ${before?.path}`
    last = add(walk, {
      ...stepOf(start),
      path: load.path,
      via,
      role: load.role,
      ...(last === undefined ? {} : {from: last}),
      ...(index === 0 ? {argv: start.process.argv} : {}),
      hops: load.resolved.hops,
      ...(load.resolved.node ? {node: load.resolved.node} : {}),
      ...(load.identity ? {identity: load.identity} : {}),
      ...(load.verdict ? {verdict: load.verdict} : {}),
      ...(obstacle ? {obstacle} : {}),
    })
  }
  // What comes next is handed over by the program, not by its loader.
  const isLoader = walk.steps.at(-1)?.role === 'loader'
  return (last ?? 0) - (isLoader ? 1 : 0)
}

/** What UPX packed names no loader to the kernel, and has one all the same. Tells only of one that is not there. */
async function lacksPackedLoader(walk: Walk, start: Start, {identity, resolved}: Load, from: number): Promise<boolean> {
  if (identity?.kind !== 'elf' || !resolved.node) return false
  const {rootfs} = walk.machine
  const path = await readPackedInterpreter(identity, await rootfs.open(resolved.node))
  if (path === undefined) return false
  const there = await resolve(rootfs, start.process, path)
  if (there.obstacle?.kind !== 'missing' || there.hidden) return false
  const load: Load = {role: 'loader', path, resolved: there, obstacle: there.obstacle}
  const obstacle = await explained(walk, load)
  const via = `loader of what UPX packed in ${resolved.path}`
  add(walk, {...stepOf(start), path, via, role: 'loader', from, hops: there.hops, ...(obstacle ? {obstacle} : {})})
  return true
}

async function explained(walk: Walk, {role, path, obstacle}: Load): Promise<Obstacle | undefined> {
  if (role !== 'loader' || obstacle?.kind !== 'missing') return obstacle
  const cause = await explainMissingLoader(walk.machine.rootfs, walk.machine.platform, path)
  return cause === undefined ? obstacle : {...obstacle, cause}
}

async function addLibraries(walk: Walk, start: Start, program: Load, loader: Load, from: number): Promise<void> {
  const {node} = program.resolved
  if (program.identity?.kind !== 'elf' || loader.identity?.kind !== 'elf' || !node || !loader.resolved.node) return
  const report = await checkLibraries({
    rootfs: walk.machine.rootfs,
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
  for (const candidate of candidates) {
    const resolved = await resolve(walk.machine.rootfs, process, candidate)
    if (resolved.hidden) return
    if (!resolved.node) continue
    const {node} = resolved
    // The kernel has been asked to start it, and so it is in the list.
    if (walk.steps.some(step => step.node?.path === node.path && step.role !== 'argument')) return
    const obstacle: Obstacle | undefined = mayRead(node, process.user)
      ? undefined
      : {kind: 'not-readable', errno: 'EACCES', at: node.path}
    const step = {...stepOf(start), from, path: candidate, via, role: 'argument', hops: resolved.hops, node} as const
    add(walk, {...step, ...(obstacle ? {obstacle} : {})})
    return
  }
  const {obstacle, hops} = await resolve(walk.machine.rootfs, process, first)
  add(walk, {...stepOf(start), from, path: first, via, role: 'argument', hops, ...(obstacle ? {obstacle} : {})})
}

function isKnown(walk: Walk, loads: readonly Load[]): boolean {
  const path = loads[0]?.resolved.node?.path
  return path !== undefined && walk.steps.some(step => step.node?.path === path)
}

function keyOf({argv, cwd, user, env}: Process): string {
  return JSON.stringify([argv, cwd, user, [...env]])
}

function alreadySeen(walk: Walk, {process}: Start): boolean {
  const key = keyOf(process)
  if (walk.seen.has(key)) return true
  walk.seen.add(key)
  return false
}

function stepOf({via, certainty, from}: Start): Pick<Step, 'via' | 'certainty' | 'from'> {
  return {via, certainty, ...(from === undefined ? {} : {from})}
}

function add(walk: Walk, step: Step): number {
  walk.steps.push(step)
  return walk.steps.length - 1
}

function note(walk: Walk, from: number | undefined, reason: string): void {
  walk.unknowns.push({...(from === undefined ? {} : {from}), reason})
}
