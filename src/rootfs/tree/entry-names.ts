import {FormatError} from '../../lib/format-error.ts'
import {LIMITS} from '../../lib/limits.ts'
import type {TarEntry} from '../../lib/tar-entry.ts'
import {nameLength} from '../../lib/tar-name.ts'

/** In bytes: NAME_MAX and PATH_MAX of Linux, the latter with the byte that ends a path. */
const NAME_LIMIT = LIMITS['name-bytes'].most
const PATH_LIMIT = LIMITS['path-bytes'].most

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
  if (3 * name.length > NAME_LIMIT) {
    const longest = Math.max(...name.split('/').map(nameLength))
    if (longest > NAME_LIMIT) throw unusable(entry, `has a name of ${longest} bytes, and Linux takes ${NAME_LIMIT}`)
    if (nameLength(name) >= PATH_LIMIT) throw unusable(entry, `has a path of ${PATH_LIMIT} bytes or more`)
  }
  if (kind !== 'symlink') return
  if (linkName === '') throw unusable(entry, 'is a symlink to nothing')
  if (nameLength(linkName) >= PATH_LIMIT) throw unusable(entry, `is a symlink to ${PATH_LIMIT} bytes or more`)
}

/** The same for a directory on an entry's way, which may stand in the target of a symlink. */
export function checkLinkedName(entry: TarEntry, name: string): void {
  if (3 * name.length <= NAME_LIMIT || nameLength(name) <= NAME_LIMIT) return
  throw unusable(entry, `goes through a name of ${nameLength(name)} bytes, and Linux takes ${NAME_LIMIT}`)
}

/** What no engine unpacks, as an error that names the entry. */
export function unusable(entry: TarEntry, why: string): FormatError {
  return new FormatError('malformed', `${describeEntry(entry)} ${why}`)
}

/** What messages call an entry. */
export function describeEntry(entry: TarEntry): string {
  return `tar entry ${JSON.stringify(entry.name)} at offset ${entry.offset}`
}
