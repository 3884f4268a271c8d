/** The last component of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The directory that a path is in; of what stands in the root, `/`. */
export function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

/** Whether a path is a directory or below it. */
export function isBelow(path: string, directory: string): boolean {
  return directory === '/' || path === directory || path.startsWith(`${directory}/`)
}
