import {joinPath, type Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import type {WorldView} from '../world/view.ts'
import type {Runner} from '../wrappers/handover.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'

/**
 * The service directories in a directory that is scanned: directories, and symlinks to such, whose names do not begin
 * with a dot. Undefined where there is no such directory.
 */
export async function serviceDirectories(view: WorldView, scanned: string): Promise<readonly string[] | undefined> {
  const listing = await view.directory(scanned)
  if (!listing) return undefined
  const names: string[] = []
  for (const name of listing.names) {
    if (name.startsWith('.')) continue
    const {node} = await view.place(joinPath(listing.at, name))
    if (node?.kind === 'directory') names.push(name)
  }
  return names
}

export interface SupervisedDirectory {
  readonly directory: string
  readonly name: string
  /** The supervisor. */
  readonly of: string
  /** What `run` is given. */
  readonly args?: readonly string[]
}

/**
 * The one program of a service directory, started in it as `./run`, unless a file `down` keeps it down; then `./finish`
 * where that is there, once it has ended.
 */
export async function superviseDirectory(
  runner: Runner,
  process: Process,
  {directory, name, of, args = []}: SupervisedDirectory,
): Promise<Outcome | 'no-directory'> {
  const {view} = runner
  const listing = await view.directory(directory)
  if (!listing) return 'no-directory'
  const service = {name, of}
  const inside = {...process, cwd: listing.at}
  const start = (file: string, more: Partial<ServiceStart> = {}): ServiceStart =>
    serviceStart({...inside, argv: [`./${file}`, ...(file === 'run' ? args : [])]}, service, {search: 'path', ...more})
  const isDown = listing.names.includes('down')
  // Somebody may start it by hand.
  const run = start('run', isDown ? {certainty: 'likely', guarded: true} : {})
  const outcome = await runServices(runner, [run])
  if (listing.names.includes('finish')) {
    const via = `finish of the service ${name} of ${of}`
    const {process: own, ...finish} = start('finish', {via, certainty: 'likely', tolerated: true})
    // Its arguments say how it has ended.
    await runner.run(
      {...finish, process: {...own, unknownWord: `how ${name} has ended`, isOpenEnded: true}},
      outcome.world,
    )
  }
  return outcome
}

/** A path that a process names, from the root. */
export function pathIn({cwd}: Pick<Process, 'cwd'>, path: string): string {
  return path.startsWith('/') ? path : joinPath(cwd, path)
}
