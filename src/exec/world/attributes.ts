import type {FileNode} from '../../image/rootfs.ts'

/** What `chmod` and `chown` change of a file. */
export interface Attributes {
  /** As chmod(1) takes it: `755`, `u+x`. */
  readonly mode?: string
  readonly uid?: number
  readonly gid?: number
}

/** The umask of a container's first process, and so of all that do not change it: runc's default. */
export const UMASK = 0o022

/**
 * The same file with other attributes; undefined where the mode is not understood. A symlink has no mode of its own.
 */
export function withAttributes(node: FileNode, {mode: text, uid: owner, gid: group}: Attributes): FileNode | undefined {
  const [uid, gid] = [owner ?? node.uid, group ?? node.gid]
  const isOwned = owner !== undefined || group !== undefined
  // chown(2) takes the set-user-ID and set-group-ID bits of a file away, whosever it was before.
  const kept = isOwned && node.kind === 'file' ? node.mode & ~0o6000 : node.mode
  const mode = text === undefined || node.kind === 'symlink' ? kept : changeMode(kept, text, node.kind === 'directory')
  return mode === undefined ? undefined : {...node, mode, uid, gid}
}

/**
 * A mode in digits or in clauses (`u+x,go-w`), as coreutils src/chmod.c and gnulib modechange.c have it; undefined for
 * one that is not understood.
 */
export function changeMode(before: number, text: string, isDirectory: boolean, umask = UMASK): number | undefined {
  if (/^[0-7]{1,5}$/.test(text)) {
    const mode = Number.parseInt(text, 8)
    if (mode > 0o7777) return undefined
    // A directory keeps its special bits unless five digits say otherwise.
    return isDirectory && text.length < 5 ? mode | (before & 0o6000) : mode
  }
  let mode = before
  for (const clause of text.split(',')) {
    const [, who = '', actions = ''] = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause) ?? []
    if (actions === '') return undefined
    for (const [, operator = '', letters = ''] of actions.matchAll(/([-+=])([ugo]|[rwxXst]*)/g)) {
      const bits = permissionBits(letters, mode, isDirectory || (mode & 0o111) !== 0)
      const mask = classMask(who)
      const value = who === '' ? bits & mask & ~umask : bits & mask
      if (operator === '+') mode |= value
      else if (operator === '-') mode &= ~value
      else mode = (mode & ~(mask & (isDirectory ? 0o1777 : 0o7777))) | value
    }
  }
  return mode
}

function permissionBits(letters: string, mode: number, executes: boolean): number {
  if (/^[ugo]$/.test(letters)) {
    const copied = (mode >> {u: 6, g: 3, o: 0}[letters as 'u' | 'g' | 'o']) & 0o7
    return copied * 0o111
  }
  let bits = 0
  if (letters.includes('r')) bits |= 0o444
  if (letters.includes('w')) bits |= 0o222
  if (letters.includes('x') || (letters.includes('X') && executes)) bits |= 0o111
  if (letters.includes('s')) bits |= 0o6000
  if (letters.includes('t')) bits |= 0o1000
  return bits
}

function classMask(who: string): number {
  if (who === '' || who.includes('a')) return 0o7777
  let mask = 0
  if (who.includes('u')) mask |= 0o4700
  if (who.includes('g')) mask |= 0o2070
  if (who.includes('o')) mask |= 0o1007
  return mask
}
