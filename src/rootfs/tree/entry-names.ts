import {FormatError} from '../../lib/format-error.ts'
import {type Bound, fixedBound, tellLimit} from '../../lib/over-limit.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {nameLength} from '../../lib/tar-name.ts'

/** NAME_MAX and PATH_MAX of Linux, the latter with the byte that ends a path. */
const NAME = fixedBound('name-bytes')
const PATH = fixedBound('path-bytes')

/** Whether a name goes further up than it went down. */
export function leavesRoot(name: string): boolean {
  if (!name.includes('..')) return false
  let depth = 0
  for (const part of name.split('/')) {
    if (part === '..') depth--
    else if (part !== '' && part !== '.') depth++
    if (depth < 0) return true
  }
  return false
}

/** What no file system of Linux takes, no engine unpacks. */
export function checkNames(entry: TarEntry): void {
  const {name, kind, linkName} = entry
  // A character has at most three bytes for each unit of UTF-16.
  if (3 * name.length > NAME.most) {
    const longest = Math.max(...name.split('/').map(nameLength))
    if (longest > NAME.most) throw tooLong(entry, 'has a name', longest, NAME)
    if (nameLength(name) >= PATH.most) throw tooLong(entry, 'has a path', nameLength(name), PATH)
  }
  if (kind !== 'symlink') return
  if (linkName === '') throw unusable(entry, 'is a symlink to nothing')
  if (nameLength(linkName) >= PATH.most) throw tooLong(entry, 'has a target', nameLength(linkName), PATH)
}

/** The same for a directory on an entry's way, which may stand in the target of a symlink. */
export function checkLinkedName(entry: TarEntry, name: string): void {
  if (3 * name.length <= NAME.most || nameLength(name) <= NAME.most) return
  throw tooLong(entry, 'goes through a name', nameLength(name), NAME)
}

/** `length`: in bytes. Linux counts the NUL behind a path, too. */
function tooLong(entry: TarEntry, what: string, length: number, bound: Bound): FormatError {
  const takes = bound === PATH ? 'less than' : 'at most'
  return unusable(
    entry,
    tellLimit(bound, most => `${what} of ${length} bytes, and Linux takes ${takes} ${most}`),
  )
}

/** What no engine unpacks, as an error that names the entry. */
export function unusable(entry: TarEntry, why: string): FormatError {
  return new FormatError('malformed', `${describeEntry(entry)} ${why}`)
}

/** What messages call an entry. */
export function describeEntry(entry: TarEntry): string {
  return `tar entry ${JSON.stringify(entry.name)} at offset ${entry.offset}`
}
