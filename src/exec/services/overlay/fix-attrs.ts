import {joinPath, type Process} from '../../resolved-path.ts'
import {findEffect} from '../../world/commands/index.ts'
import {textOf} from '../../world/text.ts'
import {viewWorld} from '../../world/view.ts'
import {type World, withDoubt} from '../../world/world.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {callBy} from '../environment-directory.ts'

/**
 * The owners and modes that files of `fix-attrs.d` ask for: lines of PATH RECURSE ACCOUNT[,DEFAULT] FILE-MODE
 * DIRECTORY-MODE. Where a path has a pattern in it, or all below it is meant, they may be others from there on.
 */
export async function fixAttributes(runner: Runner, process: Process, etc: string, first: World): Promise<World> {
  const directory = `${etc}/fix-attrs.d`
  const listing = await viewWorld(runner.view.image, first).directory(directory)
  let world = first
  for (const name of listing?.names ?? []) {
    if (name.startsWith('.')) continue
    const view = viewWorld(runner.view.image, world)
    const text = await textOf(view, await view.place(joinPath(directory, name)))
    if (text === undefined) world = withDoubt(world, {below: '/', grade: 'mode', by: runner.by})
    for (const line of text?.split('\n') ?? []) world = await fixLine(runner, process, line, world)
  }
  return world
}

async function fixLine(runner: Runner, process: Process, line: string, first: World): Promise<World> {
  const [path = '', recurse, account = '', fileMode, directoryMode] = line.trim().split(/[ \t]+/)
  if (!path.startsWith('/') || fileMode === undefined || directoryMode === undefined) return first
  const wild = path.search(/[*?[]/)
  if (wild >= 0) return doubtBelow(runner, first, path.slice(0, path.lastIndexOf('/', wild)) || '/')
  if (recurse === 'true') return doubtBelow(runner, first, path)
  const place = await viewWorld(runner.view.image, first).place(path)
  const [user = '', otherwise] = account.split(',')
  const owned = await change(runner, process, 'chown', [user, path], first)
  const world =
    owned.status === 'failure' && otherwise
      ? (await change(runner, process, 'chown', [otherwise, path], first)).world
      : owned.world
  const mode = place.node?.kind === 'directory' ? directoryMode : fileMode
  return (await change(runner, process, 'chmod', [mode, path], world)).world
}

function doubtBelow(runner: Runner, world: World, below: string): World {
  return withDoubt(world, {below, grade: 'mode', by: {...runner.by, name: 'fix-attrs of s6-overlay'}})
}

async function change(runner: Runner, process: Process, name: 'chown' | 'chmod', words: string[], world: World) {
  const outcome = await findEffect(name)?.run(callBy(runner, process, name, words, world))
  return outcome ?? {world, status: 'unknown' as const}
}
