import type {Cause} from '../../image/rootfs.ts'
import {isBelow} from '../../lib/paths.ts'
import type {Budget} from '../budget.ts'

/** A symlink may lead to itself with more behind it: over this, anywhere. */
const MAX_TARGETS = 64

/** A symlink that was made, and may be there: what is written to it may be written to its target. */
export interface Symlink {
  /** Without symlinks. */
  readonly at: string
  /** Where it led when it was made, without symlinks. */
  readonly to: string
  readonly by: Cause
}

/** Those of both. */
export function joinSymlinks(one: readonly Symlink[], other: readonly Symlink[]): readonly Symlink[] {
  if (one === other) return one
  const isIn = ({at, to}: Symlink) => one.some(symlink => symlink.at === at && symlink.to === to)
  return [...one, ...other.filter(symlink => !isIn(symlink))]
}

/** Where a path may lead besides, through the symlinks that may be there. */
export function targetsOf(symlinks: readonly Symlink[], path: string, budget?: Budget): readonly string[] {
  const found = new Set([path])
  for (const name of found) {
    budget?.charge('work', symlinks.length)
    if (found.size > MAX_TARGETS) return ['/']
    for (const {at, to} of symlinks)
      if (isBelow(name, at)) found.add(to === '/' ? name.slice(at.length) || to : to + name.slice(at.length))
  }
  return [...found].slice(1)
}
