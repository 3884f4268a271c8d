import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import {OverBudget} from '../budget.ts'
import {wholeUser} from '../credentials.ts'
import type {Execution} from '../execve.ts'
import {execveInPath} from '../execve-in-path.ts'
import {textProgram, withLineEnds} from '../first-lines.ts'
import {mapProgram} from '../loader/map-program.ts'
import type {Process} from '../resolved-path.ts'
import type {Obstacle} from '../steps.ts'
import type {Outcome} from '../world/call.ts'
import {unknownEffect} from '../world/commands/index.ts'
import {viewWorld, type WorldView} from '../world/view.ts'
import {withDoubt} from '../world/world.ts'
import {isMultiCall} from '../wrappers/busybox-file.ts'
import {asksForUser, handOver} from '../wrappers/hand-over.ts'
import type {Handover, Libc, Runner} from '../wrappers/handover.ts'
import {isShell} from '../wrappers/shells.ts'
import {addArgument} from './argument.ts'
import {addLibraries, addLoads, lacksPackedLoader} from './loads.ts'
import {isSureAt, locate, seeker, wholePath} from './locate.ts'
import {followOneOf, takeBack} from './one-of.ts'
import {ownApplets} from './own-applets.ts'
import {passedLimit} from './passed-limit.ts'
import {causeOf, keyOf, type Start, stepOf, wordsOf} from './start.ts'
import {addUnfound} from './unfound.ts'
import {add, note, passOver, type Walk} from './walk.ts'

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
  const anything = unknownEffect({view, by: causeOf(name, start.via), isLast: start.isLast})
  if (walk.active.has(keyOf(start))) return anything
  const passed = passedLimit(walk, start)
  if (passed !== undefined) {
    note(walk, start.from, passed)
    return anything
  }
  if (process.unknownPath && start.search !== 'path' && !name.includes('/')) {
    note(walk, start.from, `${name} is looked for in a PATH that only the run knows`)
    return anything
  }
  const located = await locate(view, start, name)
  if (!located.found && !(start.mapped && located.obstacle.kind === 'not-executable')) {
    const isTold = await addUnfound(walk, start, located)
    const cannotStart = isTold && !start.accepted ? 'told' : 'silent'
    const isSure = located.maybe === undefined && start.maybe === undefined
    return {
      world,
      output: '',
      ...(isSure ? {status: 'failure', cannotStart} : {status: 'unknown', isPassedOver: !isTold}),
    }
  }
  const maybe = start.maybe ?? (located.found ? located.resolved.maybe : located.maybe)
  walk.active.add(keyOf(start))
  try {
    const path = located.found ? located.path : name
    const outcome = await followLocated(
      walk,
      {...start, maybe},
      view,
      start.isWholePath ? wholePath(start, path) : path,
    )
    return {...outcome, place: {path, isSure: located.found && isSureAt(located.resolved)}}
  } catch (thrown) {
    // A shell above ends here, and says so itself.
    if (!(thrown instanceof OverBudget) || start.depth > 0) throw thrown
    note(walk, start.from, `${name} ${thrown.message}`)
    return anything
  } finally {
    walk.active.delete(keyOf(start))
  }
}

async function followLocated(walk: Walk, start: Start, view: WorldView, path: string): Promise<Outcome> {
  const {process, world} = start
  const machine = {...walk.machine, rootfs: view}
  const execution = start.mapped
    ? await mapProgram(machine, process, path, start.mapped.by)
    : await execveInPath(machine, {...start, process: seeker(start)}, path)
  const text = start.runsText ? textProgram(execution, start.search) : undefined
  const loads = text ? [text] : withLineEnds(execution)
  const last = await addLoads(walk, start, view, loads)
  if (text?.identity?.kind === 'ape') {
    note(walk, last, `${path} is an Actually Portable Executable, and what its script starts is not followed`)
    return unknownEffect({view, by: causeOf(path, start.via), isLast: start.isLast})
  }
  if (text) {
    const argv = ['sh', text.path, ...process.argv.slice(1)]
    return text.identity?.kind === 'text' || text.identity?.kind === 'unknown'
      ? followHandovers(walk, start, view, {...process, ...start.after, argv}, await shellOfTexts(start, view), last)
      : {world, status: 'unknown', output: ''}
  }
  return followProgram(walk, start, view, {...execution, loads}, last)
}

/**
 * The shell that runs a text without `#!`: glibc's execvp and dash start /bin/sh, busybox runs it itself; of other
 * callers it is not known which one reads it.
 */
async function shellOfTexts({search}: Start, view: WorldView): Promise<readonly string[]> {
  if (search === 'ash') return ['sh', 'busybox']
  if (search !== 'execvp' && search !== 'dash') return ['sh']
  const {node, maybe} = await view.place('/bin/sh')
  return node?.kind === 'file' && maybe === undefined ? ['sh', node.path] : ['sh']
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
  const isSure = failing?.resolved.maybe === undefined && start.maybe === undefined
  const ending: Pick<Outcome, 'status' | 'cannotStart'> = isSure
    ? {status: 'failure', cannotStart: start.accepted ? 'silent' : 'told'}
    : {status: 'unknown'}
  const failed: Outcome = {world, output: '', ...ending}
  if (!program?.resolved.node) return failed
  // A program of another machine would do the same as the right one.
  const foreign = failing === program && failing.obstacle?.kind === 'refused' && program.verdict?.fit === 'foreign'
  if (failing && !foreign) return failed
  if (program.verdict?.fit === 'undetermined') {
    note(walk, last, program.verdict.reason)
    return unknownEffect({view, by: causeOf(program.path, start.via), isLast: start.isLast})
  }
  if (!failing && loader && !start.shallow) await addLibraries(walk, start, view, program, loader, last)
  // A stub that ends with 127 hands nothing over.
  if (!failing && !loader && (await lacksPackedLoader(walk, start, view, program, last))) return failed
  const process = {...start.process, ...start.after, argv: execution.argv}
  const {node} = program.resolved
  if (!failing) walk.onStart(node.path, process)
  const libc = program.identity?.kind === 'elf' ? libcOf(loader?.path) : undefined
  const outcome = await followHandovers(walk, start, view, process, [program.path, node.path], last, libc)
  if (failing) return {...outcome, ...ending}
  // It has started, and what it comes to then is another matter.
  return start.rest === undefined ? outcome : withoutCannotStart(outcome)
}

function withoutCannotStart({cannotStart: _, ...outcome}: Outcome): Outcome {
  return outcome
}

async function followHandovers(
  walk: Walk,
  start: Start,
  view: WorldView,
  process: Process,
  paths: readonly string[],
  from: number,
  libc?: Libc | 'static',
): Promise<Outcome> {
  if (start.isOpaque) return {world: start.world, status: 'unknown'}
  const file = paths.at(-1)
  if (start.asApplet) {
    const {asApplet: _, ...rest} = start
    const applet = {...process, argv: process.argv.slice(1)}
    const words = start.words && {words: start.words.slice(1)}
    const names = [applet.argv[0] ?? '']
    return handOverTo(walk, {...rest, ...words}, view, applet, names, from, libc, file)
  }
  return handOverTo(walk, start, view, process, paths, from, libc, file)
}

/** `file`: what the path of the program led to. */
async function handOverTo(
  walk: Walk,
  start: Start,
  view: WorldView,
  process: Process,
  paths: readonly string[],
  from: number,
  libc: Libc | 'static' | undefined,
  file: string | undefined,
): Promise<Outcome> {
  const [called = ''] = paths
  const isApplet = file !== paths.at(-1)
  const whole = asksForUser(paths, process) ? await withUser(walk, start, view, process) : process
  const runner: Runner = {
    view,
    platform: walk.machine.platform,
    by: causeOf(isMultiCall(baseName(called)) ? (process.argv[1] ?? called) : called, start.via),
    umask: start.umask,
    isLast: start.isLast,
    busyboxFiles: walk.busyboxFiles,
    ...defined({input: start.input, words: wordsOf(start, process), file: file && baseName(file), path: file}),
    ...(start.isFirst ? {isFirst: true} : {}),
    ...(libc === 'static' ? await ownApplets(walk, view, file, isApplet || isShell(baseName(called))) : {}),
    ...(libc === 'static' ? {} : defined({libc})),
    run: (handover, world) => take(walk, {...start, world}, handover, from),
    rehearse: async run => {
      await takeBack(walk, run)
    },
    oneOf: runs => followOneOf(walk, runs),
  }
  return (await handOver(runner, whole, paths)) ?? unknownEffect(runner)
}

/** The process as it really is, once it matters what /etc/passwd says of its user: runc has set HOME from there. */
async function withUser(walk: Walk, start: Start, view: WorldView, process: Process): Promise<Process> {
  if (process.user.unread === undefined) return process
  const user = await wholeUser(view, process.user)
  const env = new Map(process.env)
  if (!env.has('HOME')) env.set('HOME', user.home ?? '/')
  // A script that starts itself again does so with these.
  walk.active.add(keyOf({...start, process: {...start.process, user, env}}))
  return {...process, user, env}
}

async function take(walk: Walk, start: Start, handover: Handover, from: number): Promise<Outcome> {
  const {world} = start
  // What becomes of one whose start alone counts is another matter.
  const isTolerated = start.tolerated || start.rest === 'tolerated'
  const asked = start.rest === undefined ? start : ({...start, certainty: 'likely'} as const)
  switch (handover.kind) {
    case 'unknown':
      if (handover.isSilent) passOver(walk, from, handover.reason)
      else if (!handover.isWord || !(start.guarded || start.shallow)) note(walk, from, handover.reason)
      return {world, status: 'unknown'}
    case 'no-such-user': {
      const obstacle: Obstacle = {kind: 'no-such-user', reason: handover.reason}
      const maybe = handover.maybe ?? start.maybe
      const step = {path: '/etc/passwd', role: 'setup', hops: [], obstacle} as const
      add(walk, {...stepOf({...asked, via: handover.via, from}), ...step, ...defined({maybe})})
      return {world, status: maybe === undefined ? 'failure' : 'unknown', output: ''}
    }
    case 'refused': {
      const {reason, via, fix} = handover
      const maybe = handover.maybe ?? start.maybe
      const failed: Outcome = {
        world,
        output: '',
        ...(maybe ? {status: 'unknown'} : {status: 'failure', cannotStart: isTolerated ? 'silent' : 'told'}),
      }
      if (isTolerated) return failed
      const ofService = handover.service === undefined ? {} : ({isService: true} as const)
      const obstacle: Obstacle = {kind: 'refused-arguments', reason, ...ofService, ...defined({fix})}
      const path = start.process.argv[0] ?? ''
      const step = {path, role: 'setup', hops: [], obstacle} as const
      const certainty = handover.certainty === 'likely' ? 'likely' : asked.certainty
      const of = {...start, via, from, certainty, ...defined({service: handover.service ?? start.service})}
      add(walk, {...stepOf(of), ...step, ...defined({maybe})})
      return failed
    }
    case 'file':
      await addArgument(walk, start, handover, from)
      return {world, status: 'unknown'}
    case 'program': {
      const certain = start.certainty === 'certain' && start.rest === undefined && handover.certainty === 'certain'
      // What may be another program hands over to others, too.
      const {
        input: _,
        words: __,
        after: ___,
        path: ____,
        mapped: _____,
        isWholePath: ______,
        asApplet: _______,
        ...rest
      } = start
      const {maybe} = handover.process.user
      // As whom it runs is not certain: nor is what he may execute.
      const doubted = maybe ? withDoubt(world, {below: '/', grade: 'mode', by: maybe.by}) : world
      return follow(walk, {
        ...rest,
        world: doubted,
        ...handover,
        from,
        certainty: certain ? 'certain' : 'likely',
        depth: start.depth + (handover.isChain ? 0 : 1),
        isFirst: start.isFirst && handover.becomes === true && handover.service === undefined,
        guarded: start.guarded || handover.guarded,
        shallow: start.shallow || isTolerated || handover.shallow,
        tolerated: isTolerated || handover.tolerated === true,
        accepted: start.accepted || handover.accepted === true,
        isLast: handover.isLast ?? (handover.service !== undefined || (start.isLast && handover.isFollowed !== true)),
      })
    }
  }
}

function libcOf(loader: string | undefined): Libc | 'static' | undefined {
  if (loader === undefined) return 'static'
  if (/\/ld-musl-[^/]*$/.test(loader)) return 'musl'
  return /\/(ld-linux[^/]*|ld64|ld)\.so\.\d+$/.test(loader) ? 'glibc' : undefined
}
