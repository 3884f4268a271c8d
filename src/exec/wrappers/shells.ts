import {defined} from '../../lib/defined.ts'
import {baseName} from '../../lib/paths.ts'
import {mayRead} from '../permission.ts'
import {joinPath, type Process, resolve} from '../resolved-path.ts'
import {locateProgram, withPath} from '../search.ts'
import type {Reached, ShellHost} from '../shell/evaluator.ts'
import {runShell} from '../shell/run.ts'
import {newState, type ShellState} from '../shell/state.ts'
import {isApplet} from '../world/busybox.ts'
import {absolutePath, type Call, type Outcome} from '../world/call.ts'
import {findEffect, unknownEffect} from '../world/commands/index.ts'
import {joinWorlds} from '../world/join-worlds.ts'
import {listNames} from '../world/list-names.ts'
import {redirect} from '../world/redirect.ts'
import {testFile} from '../world/test-file.ts'
import {isOpenable, textOf} from '../world/text.ts'
import type {Value} from '../world/value.ts'
import {viewWorld, type WorldView} from '../world/view.ts'
import {withDoubt} from '../world/world.ts'
import {isMultiCall, isSameFile} from './busybox-file.ts'
import {runEither} from './either.ts'
import {findCommand} from './find-command.ts'
import type {Handover, Runner} from './handover.ts'
import {restrictHost} from './restricted.ts'
import type {ShellOptions} from './shell-job.ts'
import {addVariables, defaultPath, dialectOf, takenVariables} from './shell-kinds.ts'
import {startupText} from './startup-files.ts'

const SHELLS = ['sh', 'ash', 'dash', 'bash', 'rbash', 'ksh', 'mksh', 'ksh93', 'zsh', 'hush', 'yash']

export function isShell(name: string): boolean {
  return SHELLS.includes(name)
}

/** Follows shell text: what it starts, and what it leaves of the files. `where` names it: `/entrypoint.sh`, `sh -c`. */
export async function followShell(
  runner: Runner,
  process: Process,
  job: ShellOptions & {
    readonly text: string
    readonly name: string
    readonly params: readonly string[]
    readonly isFile: boolean
    /** What it is called by, where it is a restricted bash. */
    readonly restricted?: string | undefined
    /** Why what the shell reads behind the text is not known. */
    readonly rest?: string | undefined
  },
  where: string,
): Promise<Outcome> {
  const {unknownWord, isOpenEnded} = process
  const open = {unknown: unknownWord ?? '', ...(isOpenEnded ? {isOpen: isOpenEnded} : {})}
  const params = unknownWord === undefined ? job.params : [...job.params, open]
  const cwd = process.unknownCwd ? undefined : process.cwd
  const free = shellHost(runner, process, where)
  const host = job.restricted === undefined ? free : restrictHost(free, runner, job.restricted)
  const {world} = runner.view
  const dialect = dialectOf(runner, process)
  const env = takenVariables(process.env, dialect)
  const look = host.testFile
  const list = host.listNames
  const hasArrays = runner.file !== 'dash' && runner.file !== 'busybox'
  const {name, errexit, isFile} = job
  const files = startupText(job, dialect, env)
  // bash heeds -e in its own text alone.
  const errexitLater = errexit && files !== ''
  const state = newState({
    ...{env, params, name, cwd, isFile, hasArrays, world, look, list, dialect},
    errexit: errexit && !errexitLater,
  })
  if (job.isFile && dialect !== 'dash' && dialect !== 'ash') {
    const path = (await runner.view.place(job.name.startsWith('/') ? job.name : joinPath(process.cwd, job.name))).at
    state.own = {path, change: world.changes.get(path)}
  }
  Object.assign(state, {umask: runner.umask, nounset: job.nounset, pipefail: job.pipefail})
  if (!job.isFile && process.ending === undefined) state.isGiven = true
  addVariables(state, runner, process)
  const ownPath = defaultPath(dialect)
  if (!state.vars.has('PATH') && ownPath !== undefined) state.vars.set('PATH', ownPath)
  if (process.unknownPath) {
    state.vars.set('PATH', {unknown: '$PATH'})
    state.exported.add('PATH')
  }
  const text = `${files}${errexitLater ? 'set -e\n' : ''}${job.text}`
  const {problem, status} = await runShell(text, state, host, job.rest)
  if (problem !== undefined) {
    await runner.run({kind: 'unknown', reason: `${where} ${problem}`}, state.world)
    return unknownEffect({view: viewWorld(runner.view.image, state.world), by: {kind: 'command', name: where}})
  }
  return {world: state.world, status, ...defined({output: state.output})}
}

/** What the evaluator of a shell's text asks of the image, and of the programs that it starts. */
function shellHost(runner: Runner, process: Process, where: string): ShellHost {
  const {image} = runner.view
  const viewOf = ({world}: ShellState) => viewWorld(image, world)
  const callOf = (name: string, words: readonly Value[], state: ShellState): Call => ({
    name,
    words,
    view: viewOf(state),
    cwd: state.cwd,
    user: process.user,
    umask: state.umask,
    platform: runner.platform,
    env: process.env,
    by: {kind: 'command', name: `${name} in ${where}`},
  })
  return {
    readScript: async (path, state) => {
      const script = path === undefined ? undefined : await readText(viewOf(state), process, path)
      // What only the run adds is not foreseen; a file that is named, and not there, may come with anything.
      if (script === undefined && path !== undefined)
        state.world = withDoubt(state.world, {below: '/', grade: 'made', by: {kind: 'command', name: `. in ${where}`}})
      return script
    },
    readInput: async (path, state) => {
      const absolute = absolutePath(state, path)
      const view = viewOf(state)
      const place = absolute === undefined ? undefined : await view.place(absolute)
      return place && isOpenable(process, place) ? textOf(view, place) : undefined
    },
    findCommand: (name, state) => findCommand(runner, process, name, state, viewOf(state)),
    start: async (reached, state) => {
      const ways = await waysOfApplet(runner, process, reached, where, state)
      if (ways) return runEither(runner, state.world, ways)
      let outcome: Outcome = {world: state.world, status: 'unknown'}
      const handovers = handOver(process, reached, where, runner, state.umask)
      for (const handover of handovers) outcome = await runner.run(handover, outcome.world)
      if (handovers.some(({kind}) => kind === 'program')) return outcome
      // It is not known which file runs: most likely one that does what others of its name do.
      const [name, ...words] = reached.words
      if (typeof name !== 'string') {
        // `for f in /entrypoint.d/*.sh; do "$f"; done`: whatever it is, it may make files.
        const by = {kind: 'command', name: `${reached.unknownWord ?? 'a program'} in ${where}`} as const
        return unknownEffect({view: viewWorld(image, outcome.world), by})
      }
      const effect = await findEffect(baseName(name))?.run(callOf(baseName(name), words, state))
      return effect ? {...outcome, world: joinWorlds(outcome.world, effect.world)} : outcome
    },
    testFile: (operator, path, state) =>
      testFile(viewOf(state), {...process, ...standing(state.cwd, where)}, operator, path),
    listNames: (directory, state) => listNames(viewOf(state), {...process, ...standing(state.cwd, where)}, directory),
    redirect: (write, state) => redirect(callOf('redirection', [], state), write),
    print: async (name, words, state) =>
      (await findEffect(name)?.run(callOf(name, words, state))) ?? {world: state.world, status: 'unknown'},
    tell: async (reason, {world}) => {
      await runner.run({kind: 'unknown', reason: `${where} ${reason}`, isWord: true}, world)
    },
    rehearse: run => runner.rehearse(run),
    oneOf: runs => runner.oneOf(runs),
  }
}

/**
 * Of a static busybox that may take its applets before PATH: its own applet, and what is in PATH. Undefined where it
 * makes no difference.
 */
async function waysOfApplet(
  {view: {image}, perhapsBusybox, file, busyboxFiles}: Runner,
  process: Process,
  reached: Reached,
  where: string,
  {world, umask}: ShellState,
): Promise<readonly [Handover, Handover] | undefined> {
  const [name] = reached.argv
  if (perhapsBusybox === undefined || name === undefined || !isApplet(name)) return undefined
  const found = await locateProgram(
    viewWorld(image, world),
    {...process, env: withPath(reached.env, reached.path), ...standing(reached.cwd, where)},
    name,
  )
  if (found.found && !found.resolved.maybe) {
    if (await isSameFile(image, found.resolved.node, perhapsBusybox, busyboxFiles)) return undefined
  }
  const [own] = handOver(process, reached, where, {busybox: perhapsBusybox, ...defined({file})}, umask)
  const [other] = handOver(process, reached, where, defined({file}), umask)
  if (!own || other?.kind !== 'program') return undefined
  return [own, {...other, guarded: true}]
}

function handOver(
  process: Process,
  reached: Reached,
  where: string,
  {busybox, file}: Pick<Runner, 'busybox' | 'file'>,
  umask: number | undefined,
): readonly Handover[] {
  const {argv, reach, certainty, cwd, unknownWord} = reached
  const [name] = argv
  const unknown = (reason: string): readonly Handover[] =>
    // What only may be reached, and is not known either, is not worth a word.
    [{kind: 'unknown', reason, isSilent: reach === 'command' || reached.guarded}]
  if (name === '' && unknownWord === undefined) return unknown(`${where} runs a command whose name is empty`)
  if (name === undefined || name === '')
    return unknown(`${where} runs ${unknownWord ?? 'a name'}, which only the run knows`)
  if (cwd === undefined && !name.startsWith('/') && name.includes('/')) {
    return unknown(`${where} runs ${name} in a directory that only the run knows`)
  }
  const isOwnApplet = busybox !== undefined && isApplet(name)
  const unknownPath = reached.unknownEnv.has('PATH') && !isOwnApplet
  if (unknownPath && !name.includes('/')) return unknown(`${where} looks for ${name} in a PATH that only the run knows`)
  return [
    {
      kind: 'program',
      process: {
        argv: isOwnApplet ? [busybox, ...argv] : argv,
        ...standing(cwd, where),
        env: reached.env,
        user: process.user,
        unknownPath,
        ...defined({unknownWord}),
        ...(process.ending === 'closed' || !reached.isGiven ? {ending: 'closed'} : {}),
        ...(reached.unknownEnv.size > 0 ? {unknownEnv: reached.unknownEnv} : {}),
      },
      search: file === 'dash' ? 'dash' : file === 'busybox' ? 'ash' : 'shell',
      via: `${reach} in ${where}`,
      certainty,
      guarded: reached.guarded,
      runsText: true,
      shallow: reach === 'command',
      tolerated: reached.tolerated || (reach === 'command' && !reached.background),
      accepted: reached.accepted,
      isFollowed: reach !== 'exec' && reach !== 'last command',
      ...(reach === 'exec' ? {becomes: true} : {}),
      umask,
      words: isOwnApplet ? [busybox, ...reached.words] : reached.words,
      ...(isOwnApplet && !isMultiCall(baseName(busybox)) ? {asApplet: true} : {}),
      ...defined({path: reached.path, isWholePath: reached.isWholePath}),
      ...defined({input: reached.input}),
    },
  ]
}

/** Where a process of a script stands; a guess, where only the run knows it. */
function standing(cwd: string | undefined, where: string): Pick<Process, 'cwd' | 'unknownCwd'> {
  return {cwd: cwd ?? '/', unknownCwd: cwd === undefined ? {kind: 'directory', name: `cd in ${where}`} : undefined}
}

/** A file as text; undefined where it is missing, unreadable or no text. Throws OverBudget where it is too large. */
export async function readText(view: WorldView, process: Process, path: string): Promise<string | undefined> {
  const {node} = await resolve(view, process, path)
  if (node?.kind !== 'file' || !mayRead(node, process.user)) return undefined
  view.world.budget?.check('bytes', node.size)
  const file = await view.open(node)
  const bytes = await file.read(0, node.size)
  return bytes.includes(0) ? undefined : new TextDecoder().decode(bytes)
}
