import type {ModuleFiles} from './resolve.ts'

/**
 * The files of an image as a Node with NODE_PATH sees them: what is in no node_modules is looked for in its directories
 * at last. `/node_modules` is the last of those upwards, so that what is not there is taken from them. Entries that
 * depend on the working directory are left out. https://nodejs.org/api/modules.html#loading-from-the-global-folders
 */
export function lookupWithNodePath(
  files: Pick<ModuleFiles, 'lookup'>,
  path: string | undefined,
): ModuleFiles['lookup'] {
  const directories = (path ?? '').split(':').flatMap(one => (one.startsWith('/') ? [one.replace(/\/+$/, '')] : []))
  return async asked => {
    const found = await files.lookup(asked)
    const below = /^\/node_modules(\/.+)$/.exec(asked)?.[1]
    if (below === undefined || found.outcome === 'found') return found
    for (const directory of directories) {
      const other = await files.lookup(directory + below)
      if (other.outcome === 'found') return other
    }
    return found
  }
}
