import {joinPath, type Process} from '../resolved-path.ts'
import {testFile} from './test-file.ts'
import type {WorldView} from './view.ts'

/** The names that a process sees in a directory: none where it may not read it, or where it is none. */
export interface VisibleNames {
  /** In the order of their bytes, without `.` and `..`. */
  readonly names: readonly string[]
  /** There may be more, or fewer. */
  readonly isOpen: boolean
}

/** What a shell finds in a directory for a pattern, opendir(3) and readdir(3), as a process of the container. */
export async function listNames(view: WorldView, process: Process, directory: string): Promise<VisibleNames> {
  for (const operator of ['-d', '-r']) {
    const status = await testFile(view, process, operator, directory)
    if (status !== 'success') return {names: [], isOpen: status === 'unknown'}
  }
  const listing = await view.directory(directory.startsWith('/') ? directory : joinPath(process.cwd, directory))
  return {names: listing?.names ?? [], isOpen: listing === undefined || listing.maybe !== undefined}
}
