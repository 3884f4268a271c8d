import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import {resolveUser} from '../credentials.ts'
import {isExecline, runExecline} from '../execline/index.ts'
import {mayRead} from '../permission.ts'
import {type Process, resolve} from '../resolved-path.ts'
import {findScriptSupervisor, findSupervisor, isSupervisor} from '../services/index.ts'
import {isApplet} from '../world/busybox.ts'
import type {Outcome} from '../world/call.ts'
import {findEffect, unknownEffect} from '../world/commands/index.ts'
import {viewWorld} from '../world/view.ts'
import {isMultiCall, readBusybox} from './busybox-file.ts'
import {callOf} from './call-of.ts'
import {runEither} from './either.ts'
import {type Caller, type Handover, type Runner, refuse} from './handover.ts'
import {interpret} from './interpreters.ts'
import {refuseBinary} from './not-a-script.ts'
import {hasOwnRule, madeFirst, passes} from './own-rules.ts'
import {findScriptProgram} from './script-programs.ts'
import {isShell, readText} from './shells.ts'
import {startShell} from './start-shell.ts'
import {doubtOfUsers} from './user-doubt.ts'
import {readVariableFiles} from './variable-files.ts'
import {readPackageVersion} from './versions.ts'
import {findWrapper, mayMakeFiles} from './wrappers.ts'
import {runXargs} from './xargs.ts'

/**
 * What a program that has been started hands over to, by its own rules, and what it leaves of the files.
 * `paths`: the names by which it may be known, as it was called first, then what the path led to.
 * Undefined where nothing is known of it.
 */
export async function handOver(
  runner: Runner,
  process: Process,
  paths: readonly string[],
): Promise<Outcome | undefined> {
  const [called = '', ...others] = paths.map(baseName)
  const multiCall = paths.find(path => isMultiCall(baseName(path)))
  const outcome = await handOverAs({...runner, ...defined({multiCall})}, process, called)
  if (outcome) return outcome
  for (const name of others) {
    // `/bin/chown -> busybox` is called as chown: only what is itself called busybox
    // takes its applet from its arguments.
    const known = isMultiCall(name) ? undefined : await handOverAs(runner, process, name)
    if (known) return known
  }
  return undefined
}

/**
 * Programs that may read variables (HOME is from /etc/passwd), or change the user and leave the variables as they are.
 */
export function asksForUser(paths: readonly string[], {argv}: Process): boolean {
  if (isSupervisor([...paths, ...argv.slice(0, 4)])) return true
  return paths.map(baseName).some(name => {
    if (isShell(name) || isMultiCall(name) || isExecline(name) || hasOwnRule(name)) return true
    const wrapper = findWrapper(name)
    return wrapper?.user !== undefined || wrapper?.userOptions !== undefined
  })
}

/** Undefined where nothing is known of a program of this name. */
async function handOverAs(runner: Runner, process: Process, name: string): Promise<Outcome | undefined> {
  const {view} = runner
  const {world} = view
  if (isMultiCall(name)) {
    const argv = process.argv.slice(1)
    const [applet] = argv
    if (applet === undefined) return {world, status: 'success'}
    const isThere = await hasApplet(runner, process, baseName(applet))
    if (typeof isThere === 'object') {
      const reason = `whether ${name} has an applet ${JSON.stringify(applet)} is not known: ${isThere.beyond}`
      return runAll(runner, [{kind: 'unknown', reason}])
    }
    if (isThere === false && (applet === '--' || !applet.startsWith('-'))) {
      return runAll(runner, refuse({name}, `it has no applet ${JSON.stringify(applet)}`))
    }
    const words = runner.words?.slice(1)
    return handOverAs({...runner, ...defined({words})}, {...process, argv}, baseName(applet))
  }
  if (isShell(name)) {
    return startShell(runner, process, script => runScriptProgram(runner, callerOf(runner, process, name), script))
  }
  const supervisor = findSupervisor(name)
  if (supervisor && (supervisor.isFile?.(runner) ?? true)) return supervisor.follow(runner, process)
  const own = await findScriptSupervisor(view, process, name)
  if (own) return own.supervisor.follow(runner, own.process)
  const chained = await runExecline(runner, process, name)
  if (chained) return chained
  if (name === 'xargs') await runXargs(runner, process)
  const caller = callerOf(runner, process, name)
  const handovers = await passes(name, caller)
  if (handovers) {
    const {world: made} = mayMakeFiles(name, process.argv) ? await unknownEffect(runner) : {world}
    const before = madeFirst(name, made, runner)
    return runAll({...runner, view: viewWorld(view.image, before)}, withoutGuesses(handovers, caller))
  }
  const effect = findEffect(name)
  if (effect) return effect.run(callOf(runner, process, name, (runner.words ?? process.argv).slice(1)))
  const files = interpret(caller)
  if (!files) return undefined
  const ran = await runAll(runner, files)
  const [file] = files.flatMap(one => (one.kind === 'file' ? one.candidates.slice(0, 1) : []))
  const scripted = await runScriptProgram({...runner, view: viewWorld(view.image, ran.world)}, caller, file)
  if (scripted) return scripted
  for (const one of files) {
    const refused = one.kind === 'file' ? await refuseBinary(runner, process, name, one.candidates) : undefined
    if (refused) return runAll(runner, [refused])
  }
  const script = files.flatMap(file => (file.kind === 'file' ? file.candidates : [])).find(path => SCRIPTS.test(path))
  const called = script === undefined ? undefined : findEffect(baseName(script))
  if (script !== undefined && called) {
    const all = runner.words ?? process.argv
    const words = all.slice(all.indexOf(script))
    const after = {...runner, view: viewWorld(view.image, ran.world)}
    if (baseName(String(words[0])) === baseName(script)) {
      return called.run(callOf(after, process, baseName(script), words.slice(1)))
    }
  }
  // What an interpreter runs may do anything.
  return unknownEffect({...runner, view: viewWorld(view.image, ran.world)})
}

/** Undefined where its names are not to be seen. */
async function hasApplet(
  {view, multiCall = '', busyboxFiles}: Runner,
  process: Process,
  applet: string,
): Promise<boolean | {readonly beyond: string} | undefined> {
  const {node} = await resolve(view, process, multiCall)
  if (!node) return undefined
  const {applets, beyond, isBusybox} = await readBusybox(view, node, busyboxFiles)
  // busybox libbb/appletlib.c, run_applet_and_exit(): its own name needs no entry in the table.
  if (isBusybox && applet.startsWith('busybox')) return true
  return beyond === undefined ? applets?.includes(applet) : {beyond}
}

/** Of an interpreter whose script starts another program. */
async function runScriptProgram(
  runner: Runner,
  caller: Caller,
  script: string | undefined,
): Promise<Outcome | undefined> {
  const found = script === undefined ? undefined : findScriptProgram(script)
  if (script === undefined || !found) return undefined
  const {process} = caller
  const {node} = await resolve(runner.view, process, script)
  // Corepack's script of the same name fetches the real one.
  if (!node || node.path.includes('/corepack/')) return undefined
  const argv = process.argv.slice(process.argv.indexOf(script))
  const {world} = await runAll(
    runner,
    (await found.run({...caller, name: found.name, process: {...process, argv}})) ?? [],
  )
  return unknownEffect({...runner, view: viewWorld(runner.view.image, world)})
}

/** The input of a program's rules. */
function callerOf(runner: Runner, process: Process, name: string): Caller {
  const {view} = runner
  return {
    name,
    process,
    resolveUser: async spec => {
      const user = await resolveUser(view, spec)
      const maybe = /^\d+:\d+$/.test(spec) ? undefined : (await doubtOfUsers(view)).ids
      return user.ok ? {...user.value, ...defined({maybe})} : undefined
    },
    usersMaybe: async () => (await doubtOfUsers(view)).users,
    readText: async path => {
      const {maybe} = await resolve(view, process, path)
      return maybe === undefined ? readText(view, process, path) : undefined
    },
    readHead: async (path, length) => {
      const {node, maybe} = await resolve(view, process, path)
      if (node?.kind !== 'file' || maybe || !mayRead(node, process.user)) return undefined
      return (await view.open(node)).read(0, Math.min(length, node.size))
    },
    isMissing: async path => {
      const {node, maybe} = await resolve(view, process, path)
      return node === undefined && maybe === undefined
    },
    readVariables: (inside, directory, rules) => readVariableFiles(view, inside, directory, rules),
    isApplet: runner.multiCall !== undefined,
    platform: runner.platform,
    version: async () => (runner.path === undefined ? undefined : readPackageVersion(view, process, runner.path)),
    ...defined({libc: runner.libc, input: runner.input, isFirst: runner.isFirst, path: runner.path}),
  }
}

/** Commands that Debian has as scripts of Perl, at their own places: the package adduser. */
const SCRIPTS = /^(\/usr)?\/sbin\/(adduser|addgroup|deluser|delgroup)$/

/** What a program refuses of which only the first words are known, it may take with the others. */
function withoutGuesses(handovers: readonly Handover[], {name, process}: Caller): readonly Handover[] {
  const {unknownWord} = process
  if (unknownWord === undefined) return handovers
  const reason = `what ${name} makes of ${unknownWord} only the run knows`
  return handovers.map(one => (one.kind === 'refused' ? {kind: 'unknown', reason, isWord: true} : one))
}

/** One after the other: each finds the files as the one before left them. */
async function runAll(runner: Runner, handovers: readonly Handover[]): Promise<Outcome> {
  let outcome: Outcome = {world: runner.view.world, status: 'unknown'}
  for (const handover of handovers) {
    const ways = waysOf(runner, handover)
    outcome = ways ? await runEither(runner, outcome.world, ways) : await runner.run(handover, outcome.world)
    if (handover.kind === 'program' && handover.isDetached) {
      // A name is looked for in PATH before anything goes to the background; of a path the rule has seen to that.
      const isSought = !handover.process.argv[0]?.includes('/')
      const isLacking = isSought && outcome.place === undefined && outcome.status === 'failure'
      if (!isLacking) outcome = {world: outcome.world, status: 'success'}
    }
  }
  // What is not followed may do anything.
  const unknown = handovers.filter(one => one.kind === 'unknown')
  const view = viewWorld(runner.view.image, outcome.world)
  const isLast = unknown.every(one => one.isLast)
  return unknown.length === 0 ? outcome : unknownEffect({...runner, view, ...(isLast ? {isLast} : {})})
}

/**
 * Debian's static busybox starts its own applets before what is in PATH (FEATURE_PREFER_APPLETS); others do not.
 * Undefined where it makes no difference.
 */
function waysOf(
  {busybox: sure, perhapsBusybox}: Runner,
  handover: Handover,
): readonly [Handover, Handover] | undefined {
  const busybox = sure ?? perhapsBusybox
  if (busybox === undefined || handover.kind !== 'program') return undefined
  const {argv} = handover.process
  if (!isApplet(argv[0] ?? '')) return undefined
  const process = {...handover.process, argv: [busybox, ...argv]}
  return [
    {...handover, process, search: 'path', ...(isMultiCall(baseName(busybox)) ? {} : {asApplet: true})},
    {...handover, guarded: true},
  ]
}
