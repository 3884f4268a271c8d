import * as systemPaths from 'node:path'

/** The rules of a system: `node:path`, or its `posix` and `win32`. */
export type PathRules = Pick<typeof systemPaths.posix, 'isAbsolute' | 'relative' | 'resolve' | 'sep'>

/**
 * Where a path is below a folder, with `/` between its parts, whatever the system's separator is. Undefined where it
 * is the folder itself or outside of it, on another drive too. Neither is looked up: links are the caller's matter.
 */
export function pathInside(folder: string, path: string, paths: PathRules = systemPaths): string | undefined {
  const inside = paths.relative(folder, paths.resolve(folder, path))
  // Between two drives of Windows there is no relative path: it is the absolute one.
  if (inside === '' || paths.isAbsolute(inside)) return undefined
  const parts = inside.split(paths.sep)
  return parts[0] === '..' ? undefined : parts.join('/')
}

/** A path as it is shown: relative to the workspace where it is in there, else whole; with `/` between its parts. */
export function nameInWorkspace(path: string, workspace: string, paths: PathRules = systemPaths): string {
  return pathInside(workspace, path, paths) ?? path.split(paths.sep).join('/')
}
