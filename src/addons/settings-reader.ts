import {LIMITS} from '../lib/limits.ts'
import type {NativeFiles} from './addon.ts'
import {readTextAt} from './files.ts'

/** Reads the files of a server's configuration, at most `configuration-files`. */
export interface SettingsReader {
  /** The text of a file; undefined where there is none, it is too large, or too many were read before. */
  read(path: string): Promise<string | undefined>
  /** Begins to read files that are read next: what is asked for at once is read in one pass over a layer. */
  ahead(paths: readonly string[]): void
}

/** Texts that are in memory before it is their turn. */
const AHEAD = 100

export function settingsReader(files: NativeFiles['files']): SettingsReader {
  let left = LIMITS['configuration-files'].most
  const begun = new Map<string, Promise<string | undefined>>()
  const begin = (path: string): Promise<string | undefined> =>
    readTextAt(files, path, LIMITS['addon-settings-bytes'].most)
  return {
    read: async path => {
      left -= 1
      const known = begun.get(path)
      begun.delete(path)
      return left < 0 ? undefined : (known ?? begin(path))
    },
    ahead: paths => {
      for (const path of paths.slice(0, Math.max(0, left))) {
        if (begun.has(path) || begun.size >= AHEAD) continue
        const text = begin(path)
        // It fails where it is asked for.
        text.catch(() => undefined)
        begun.set(path, text)
      }
    },
  }
}
