import type {Doubtful} from '../../image/rootfs.ts'
import type {LoaderReport} from '../loader/check.ts'
import type {LoaderObstacle} from '../loader/obstacle.ts'
import {joinPath, type Process, resolve} from '../resolved-path.ts'
import type {WorldView} from '../world/view.ts'

/**
 * What may have made a library that is missing, or replaced one of those that were found, so that the loader's error
 * is not certain.
 */
export async function doubtOfLibraries(
  view: WorldView,
  process: Process,
  obstacle: LoaderObstacle,
  {libraries}: LoaderReport,
): Promise<Doubtful | undefined> {
  for (const path of [...placesOf(obstacle, process), ...libraries.map(library => library.path)]) {
    const {maybe} = await resolve(view, process, path)
    if (maybe) return maybe
  }
  return undefined
}

/** Where a library may be that would end the error. */
function placesOf(obstacle: LoaderObstacle, process: Process): readonly string[] {
  const {neededBy} = obstacle
  if (obstacle.kind !== 'missing-library') {
    const provider = obstacle.provider === undefined ? [] : [obstacle.provider]
    const name = provider[0]?.slice(provider[0].lastIndexOf('/') + 1)
    const first = name === undefined ? [] : variableDirectories(process).map(directory => joinPath(directory, name))
    return [neededBy, ...provider, ...first]
  }
  const {library, searched} = obstacle
  if (library.includes('/')) return [neededBy, library]
  return [neededBy, ...searched.map(place => (place === CACHE ? place : joinPath(place, library)))]
}

/** The loader's list of libraries, among the directories that it searches. */
const CACHE = '/etc/ld.so.cache'

/** What is there is found before the system's own. */
function variableDirectories({env}: Process): readonly string[] {
  return (env.get('LD_LIBRARY_PATH') ?? '').split(/[:;]/).filter(directory => directory !== '')
}
