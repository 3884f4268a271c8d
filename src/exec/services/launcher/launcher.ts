import {baseName} from '../../../lib/paths.ts'
import {joinPath, type Process, resolve} from '../../resolved-path.ts'
import {ends, type Outcome} from '../../world/call.ts'
import {viewWorld} from '../../world/view.ts'
import {passOn, type Runner} from '../../wrappers/handover.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import type {Supervisor} from '../supervisor.ts'
import {chooseProcess} from './choose-process.ts'
import {filesIn, launchEnvironment, layersOf} from './environment.ts'
import {type LaunchMetadata, type LaunchProcess, parseMetadata} from './metadata.ts'

/**
 * `/cnb/lifecycle/launcher`, to which `/cnb/process/TYPE` leads: the first process of every image that Cloud Native
 * Buildpacks make. https://github.com/buildpacks/spec/blob/main/platform.md#launcher; lifecycle launch/launcher.go.
 */
export const LAUNCHER: Supervisor = {
  names: ['launcher'],
  reads: '`/layers/config/metadata.toml`, and `env`, `env.launch`, `exec.d` and `profile.d` of the layers',
  starts:
    'the programs of `exec.d`, then the process of the type that it is called by, or its words: itself, or by bash',
  async follow(runner, process) {
    const {view} = runner
    const layers = process.env.get('CNB_LAYERS_DIR') || '/layers'
    const path = joinPath(layers, 'config/metadata.toml')
    const {maybe} = await resolve(view, process, path)
    const text = maybe ? undefined : await readText(view, process, path)
    if (text === undefined) return endUnknown(runner, 'launcher starts what its configuration says')
    const metadata = parseMetadata(text)
    if (!metadata) return endUnknown(runner, `${path} is not as the lifecycle writes it`)
    const choice = chooseProcess(metadata, baseName(process.argv[0] ?? ''), process.argv.slice(1), process.env)
    if ('problem' in choice) return endRefused(runner, 'launcher', choice.problem)
    return launch(runner, process, metadata, choice.process, layers)
  },
}

async function launch(
  runner: Runner,
  process: Process,
  metadata: LaunchMetadata,
  chosen: LaunchProcess,
  layersPath: string,
): Promise<Outcome> {
  const {view} = runner
  const app = process.env.get('CNB_APP_DIR') || '/workspace'
  const directory = await resolve(view, process, app)
  if (directory.node?.kind !== 'directory' && !directory.maybe)
    return endRefused(runner, 'launcher', `it cannot change to ${app}`)
  const layers = await layersOf(view, layersPath, metadata)
  const env = await launchEnvironment(view, process, layers, chosen.type)
  const inApp = {...process, cwd: directory.node?.path ?? app, env}
  const executed = await runExecD(runner, inApp, layers, chosen.type)
  if (executed.outcome.status === 'failure') return executed.outcome
  const {world} = executed.outcome
  const working = chosen.directory || app
  const command = chosen.isDirect
    ? [...chosen.command, ...chosen.args]
    : [
        '/bin/bash',
        '-c',
        await bashText({...runner, view: viewWorld(view.image, world)}, layers, chosen, app, working),
        ...tail(process, chosen),
      ]
  const [name = ''] = command
  if (name === '') return endRefused(runner, 'launcher', `the process ${chosen.type} has no command`)
  const place = await resolve(view, inApp, working)
  if (place.node?.kind !== 'directory' && !place.maybe)
    return endRefused(runner, 'launcher', `it cannot change to ${working}`)
  // A program of exec.d says what is in PATH then.
  const certainty = executed.count > 0 && !name.includes('/') ? 'likely' : 'certain'
  const own =
    chosen.isDirect && !name.startsWith('/') && name.includes('/')
      ? inApp
      : {...inApp, cwd: place.node?.path ?? working}
  const [handover] = passOn({name: 'launcher', process: own}, command, {
    search: chosen.isDirect ? 'go' : 'path',
    runsText: false,
    certainty,
    via: chosen.type === '' ? 'argument of launcher' : `process ${chosen.type} of launcher`,
  })
  return handover ? runner.run(handover, world) : ends(runner, 'failure')
}

/** The programs of exec.d, each of which must succeed; what they print may set any variable. */
async function runExecD(
  runner: Runner,
  process: Process,
  layers: readonly (readonly string[])[],
  type: string,
): Promise<{readonly outcome: Outcome; readonly count: number}> {
  let outcome: Outcome = ends(runner, 'success')
  let count = 0
  for (const layer of layers.flat()) {
    for (const name of ['exec.d', ...(type === '' ? [] : [`exec.d/${type}`])]) {
      for (const path of await filesIn(runner.view, layer, name)) {
        count++
        const more = {search: 'path', runsText: false, isFollowed: true, via: 'exec.d of launcher'} as const
        const [handover] = passOn({name: 'launcher', process}, [path], more)
        if (!handover) continue
        const done = await runner.run(handover, outcome.world)
        if (done.cannotStart) return {outcome: {...done, status: 'failure'}, count}
        // What they are there for is to set variables; the files of the image they leave alone.
        outcome = {world: outcome.world, status: 'unknown'}
      }
    }
  }
  return {outcome, count}
}

/** The text that bash runs: lifecycle launch/bash.go. */
async function bashText(
  {view}: Runner,
  layers: readonly (readonly string[])[],
  {type, args}: LaunchProcess,
  app: string,
  directory: string,
): Promise<string> {
  const profiles: string[] = []
  for (const layer of layers.flat()) {
    for (const name of ['profile.d', ...(type === '' ? [] : [`profile.d/${type}`])]) {
      profiles.push(...(await filesIn(view, layer, name)))
    }
  }
  const own = await view.place(joinPath(app, '.profile'))
  if (own.node && own.node.kind !== 'directory') profiles.push('.profile')
  const words = args.map((_, index) => ` "$(eval echo \\"\${${index + 1}}\\")"`)
  const start =
    args.length === 0 ? 'exec bash -c "$@"' : `exec bash -c '"$(eval echo \\"$0\\")"${words.join('')}' "\${@:1}"`
  return [...profiles.map(path => `source "${path}"`), `cd "${directory}"`, start].join('\n')
}

function tail({argv}: Process, {command, args}: LaunchProcess): readonly string[] {
  return [argv[0] ?? 'launcher', command.join(' '), ...args]
}
