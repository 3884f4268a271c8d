import {joinPath, type Process} from '../resolved-path.ts'
import type {Call} from '../world/call.ts'
import {findEffect} from '../world/commands/index.ts'
import {textOf, writeText} from '../world/text.ts'
import {viewWorld, type WorldView} from '../world/view.ts'
import type {World} from '../world/world.ts'
import {callOf} from '../wrappers/call-of.ts'
import type {Runner} from '../wrappers/handover.ts'

/**
 * Variables that files of a directory hold, without a newline at the end; those whose text is not known are left out.
 */
export async function importEnvironment(
  view: WorldView,
  process: Process,
  directory: string,
): Promise<ReadonlyMap<string, string>> {
  const listing = await view.directory(directory)
  const env = new Map<string, string>()
  for (const name of listing?.names ?? []) {
    const place = await view.place(joinPath(directory, name))
    const text = await textOf(view, place)
    // What only the run knows of PATH is taken to be what it was.
    const value = text?.replace(/\n$/, '') ?? process.env.get(name)
    if (value !== undefined && place.node?.kind === 'file') env.set(name, value)
  }
  return env
}

/** Writes variables to files of a directory, where that is there. */
export async function exportEnvironment(
  runner: Runner,
  process: Process,
  directory: string,
  env: ReadonlyMap<string, string>,
): Promise<World> {
  let {world} = runner.view
  if (!(await runner.view.directory(directory))) return world
  for (const [name, value] of env) {
    if (name.includes('/') || name === '') continue
    const call = callBy(runner, process, 'export', [], world)
    world = (await writeText(call, joinPath(directory, name), value, false)).world
  }
  return world
}

/** Makes a directory with all variables of the container in it, as an init that resets the environment does first. */
export async function dumpEnvironment(runner: Runner, process: Process, directory: string | undefined): Promise<World> {
  if (directory === undefined) return runner.view.world
  const root = asRoot(process)
  const made = await findEffect('mkdir')?.run(callBy(runner, root, 'mkdir', ['-p', directory], runner.view.world))
  const world = made?.world ?? runner.view.world
  const view = viewWorld(runner.view.image, world)
  return exportEnvironment({...runner, view}, root, directory, process.env)
}

/** For what an init does before it runs as the container's user, or sees to before. */
export function asRoot(process: Process): Process {
  return {...process, user: {...process.user, uid: 0, gid: 0, groups: []}}
}

/** A command that a supervisor runs itself, for what it does to the files. */
export function callBy(runner: Runner, process: Process, name: string, words: Call['words'], world: World): Call {
  return callOf({...runner, view: viewWorld(runner.view.image, world)}, process, name, words)
}
