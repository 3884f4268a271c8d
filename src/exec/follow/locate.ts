import {joinPath, type Process, type ResolvedPath} from '../resolved-path.ts'
import {type Located, locateEntrypoint, locateProgram, takePath, withPath} from '../search.ts'
import type {WorldView} from '../world/view.ts'
import type {Start} from './start.ts'

/** Where a program is, as its caller looks for it. */
export async function locate(view: WorldView, start: Start, name: string): Promise<Located> {
  const {search} = start
  const process = seeker(start)
  if (search === 'go') return locateEntrypoint(view, process, name)
  return search === 'path' ? takePath(view, process, name) : locateProgram(view, process, name)
}

/** bash general.c, full_pathname. */
export function wholePath({process: {cwd}}: Start, path: string): string {
  return path.startsWith('/') ? path : joinPath(cwd, path.replace(/^\.\//, ''))
}

export function isSureAt({maybe, mode, gone}: ResolvedPath): boolean {
  return !maybe && !mode && !gone
}

/** The process as its caller looks for its program. */
export function seeker({process, path}: Pick<Start, 'process' | 'path'>): Process {
  return path === undefined ? process : {...process, env: withPath(process.env, path)}
}
