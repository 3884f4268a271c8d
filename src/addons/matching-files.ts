import picomatch from 'picomatch'
import {LIMITS} from '../lib/limits.ts'
import type {NativeFiles} from './addon.ts'
import {namesIn} from './files.ts'

/** Of a name on a path; a pattern of glob(3). */
const WILD = /[*?[]/
/** NAME_MAX of Linux. */
const LONGEST_NAME = 255

/**
 * The paths that an absolute pattern fits, as glob(3) finds them, in the order of their bytes: what has no wildcard
 * stands for itself, whether it is there or not. At most `configuration-files`.
 */
export async function matchingPaths(
  files: Pick<NativeFiles['files'], 'lookup' | 'list'>,
  pattern: string,
): Promise<readonly string[]> {
  let paths: readonly string[] = ['']
  for (const part of pattern.split('/').filter(one => one !== '')) {
    if (!WILD.test(part)) {
      paths = paths.map(path => `${path}/${part}`)
      continue
    }
    if (part.length > LONGEST_NAME) return []
    const fits = picomatch(part, {nonegate: true, nobrace: true, noextglob: true, noglobstar: true})
    const next: string[] = []
    for (const path of paths) {
      for (const name of [...(await namesIn(files, path || '/'))].sort()) if (fits(name)) next.push(`${path}/${name}`)
    }
    paths = next.slice(0, LIMITS['configuration-files'].most)
  }
  return paths
}
