import type {Doubtful} from '../../image/rootfs.ts'
import {defined} from '../../lib/defined.ts'
import {resolveUser} from '../credentials.ts'
import {baseName, type Process, resolve} from '../resolved-path.ts'
import {UMASK} from '../world/attributes.ts'
import type {Call, Outcome} from '../world/call.ts'
import {findEffect, unknownEffect} from '../world/commands/index.ts'
import {viewWorld, type WorldView} from '../world/view.ts'
import {doubtsAt} from '../world/world.ts'
import {env} from './env.ts'
import {type Caller, type Handover, passOn, type Runner} from './handover.ts'
import {interpret} from './interpreters.ts'
import {suexec} from './s6.ts'
import {followShell, isShell, readShellJob, readText, scriptCandidates} from './shells.ts'
import {wrap} from './wrap.ts'
import {findWrapper} from './wrappers.ts'

/** Names of a loader, which starts the program that its arguments name. */
const LOADER = /^(ld-linux.*\.so\.\d+|ld64\.so\.\d+|ld\.so\.\d+|ld-\d.*\.so|ld-musl-.*\.so\.1)$/

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
  const outcome = await handOverAs(runner, process, called)
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
export function asksForUser(paths: readonly string[]): boolean {
  return paths.map(baseName).some(name => {
    if (isShell(name) || isMultiCall(name) || name === 'env' || name === 's6-overlay-suexec') return true
    const wrapper = findWrapper(name)
    return wrapper?.user !== undefined || wrapper?.userOptions !== undefined
  })
}

export function isMultiCall(name: string): boolean {
  return name === 'busybox' || name === 'toybox' || name === 'busybox.static'
}

/** Undefined where nothing is known of a program of this name. */
async function handOverAs(runner: Runner, process: Process, name: string): Promise<Outcome | undefined> {
  const {view} = runner
  const {world} = view
  if (isMultiCall(name)) {
    const argv = process.argv.slice(1)
    const [applet] = argv
    if (applet === undefined) return {world, status: 'success'}
    const words = runner.words?.slice(1)
    return handOverAs({...runner, ...defined({words})}, {...process, argv}, baseName(applet))
  }
  if (isShell(name)) return shell(runner, process)
  const effect = findEffect(name)
  if (effect) return effect.run(callOf(runner, process, name, (runner.words ?? process.argv).slice(1)))
  const caller: Caller = {
    name,
    process,
    resolveUser: async spec => {
      const user = await resolveUser(view, spec)
      const maybe = /^\d+:\d+$/.test(spec) ? undefined : (await doubtOfUsers(view)).ids
      return user.ok ? {...user.value, ...defined({maybe})} : undefined
    },
    usersMaybe: async () => (await doubtOfUsers(view)).users,
  }
  const handovers = passes(name, caller)
  if (handovers) return runAll(runner, await handovers)
  const files = interpret(caller)
  if (!files) return undefined
  const ran = await runAll(runner, files)
  const script = files.flatMap(file => (file.kind === 'file' ? file.candidates : [])).find(path => SCRIPTS.test(path))
  const called = script === undefined ? undefined : findEffect(baseName(script))
  if (script !== undefined && called) {
    const words = runner.words ?? process.argv.slice(process.argv.indexOf(script))
    const after = {...runner, view: viewWorld(view.image, ran.world)}
    if (baseName(String(words[0])) === baseName(script)) {
      return called.run(callOf(after, process, baseName(script), words.slice(1)))
    }
  }
  // What an interpreter runs may do anything.
  return unknownEffect({view: viewWorld(view.image, ran.world), by: runner.by})
}

/** Commands that Debian has as scripts of Perl, at their own places: the package adduser. */
const SCRIPTS = /^(\/usr)?\/sbin\/(adduser|addgroup|deluser|delgroup)$/

function callOf(runner: Runner, process: Process, name: string, words: Call['words']): Call {
  return {
    name,
    words,
    view: runner.view,
    cwd: process.cwd,
    user: process.user,
    umask: UMASK,
    platform: runner.platform,
    env: process.env,
    by: runner.by,
    ...defined({input: runner.input}),
  }
}

/** What may have changed the ids of users that are there, and what may have added others. */
async function doubtOfUsers(view: WorldView): Promise<Readonly<Record<'ids' | 'users', Doubtful | undefined>>> {
  const [passwd, group] = [await view.lookup('/etc/passwd'), await view.lookup('/etc/group')]
  const ids = [passwd.maybe, group.maybe].find(maybe => maybe && maybe.grade !== 'mode' && maybe.grade !== 'removed')
  // What may make files anywhere may add users, as packages do when they are installed.
  return {ids, users: ids ?? doubtsAt(view.world, passwd.outcome === 'found' ? passwd.node.path : passwd.at, false)[0]}
}

/** What a program that is not a shell hands over to. */
function passes(name: string, caller: Caller): Promise<readonly Handover[]> | readonly Handover[] | undefined {
  if (name === 'env') return env(caller)
  if (name === 's6-overlay-suexec') return suexec(caller)
  if (LOADER.test(name)) return loader(caller)
  const wrapper = findWrapper(name)
  return wrapper && wrap(wrapper, caller)
}

/** One after the other: each finds the files as the one before left them. */
async function runAll(runner: Runner, handovers: readonly Handover[]): Promise<Outcome> {
  let outcome: Outcome = {world: runner.view.world, status: 'unknown'}
  for (const handover of handovers) outcome = await runner.run(handover, outcome.world)
  // What is not followed may do anything.
  return handovers.every(({kind}) => kind !== 'unknown')
    ? outcome
    : unknownEffect({view: viewWorld(runner.view.image, outcome.world), by: runner.by})
}

async function shell(runner: Runner, process: Process): Promise<Outcome> {
  const job = readShellJob(process.argv)
  const name = baseName(process.argv[0] ?? 'sh')
  const {view} = runner
  switch (job.kind) {
    case 'input':
      return unknownEffect(runner)
    case 'refused':
      return runner.run(
        {kind: 'unknown', reason: `the option ${JSON.stringify(job.option)} of ${name} is not understood`},
        view.world,
      )
    case 'text':
      return followShell(runner, process, job, `${name} -c`)
    case 'file': {
      const candidates = scriptCandidates(job.path, process)
      await runner.run({kind: 'file', candidates, via: `argument of ${name}`, cwd: process.cwd}, view.world)
      for (const path of candidates) {
        const text = await readText(view, process, path)
        if (text !== undefined) return followShell(runner, process, {...job, text, name: path}, path)
        if ((await resolve(view, process, path)).node?.kind === 'file') {
          await runner.run({kind: 'unknown', reason: `${name} runs ${path}, which is not read as a text`}, view.world)
          break
        }
      }
      return unknownEffect(runner)
    }
  }
}

/** `ld.so [options] program`: glibc's elf/rtld.c, musl's ldso/dynlink.c. */
function loader(caller: Caller): readonly Handover[] {
  const {argv} = caller.process
  let at = 1
  for (; at < argv.length; at++) {
    const word = argv[at] ?? ''
    if (!word.startsWith('--')) break
    if (word === '--') {
      at++
      break
    }
    if (['--list', '--verify', '--version', '--help'].includes(word)) return []
    if (
      [
        '--library-path',
        '--preload',
        '--argv0',
        '--audit',
        '--inhibit-rpath',
        '--glibc-hwcaps-prepend',
        '--glibc-hwcaps-mask',
      ].includes(word)
    )
      at++
  }
  return passOn(caller, argv.slice(at), {search: 'path', runsText: false})
}
