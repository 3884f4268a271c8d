import {joinPath} from '../../resolved-path.ts'
import {matchesPattern} from '../../shell/pattern.ts'
import type {WorldView} from '../../world/view.ts'

/** The paths that a pattern stands for, in their order, and whether there may be others. */
export interface Matches {
  readonly paths: readonly string[]
  readonly isSure: boolean
}

/** Python's `glob.glob` of an absolute pattern: `*`, `?` and `[…]`; a leading dot is matched by a dot alone. */
export async function globPaths(view: WorldView, pattern: string): Promise<Matches> {
  let paths: readonly string[] = ['/']
  let isSure = true
  const names = pattern.split('/').filter(name => name !== '')
  for (const [index, name] of names.entries()) {
    const next: string[] = []
    const isLast = index === names.length - 1
    for (const path of paths) {
      if (!/[*?[]/.test(name)) {
        const place = await view.place(joinPath(path, name), {followLast: !isLast})
        if (place.maybe) isSure = false
        if (place.node) next.push(joinPath(path, name))
        continue
      }
      const listing = await view.directory(path)
      if (!listing) continue
      if (listing.maybe) isSure = false
      // What is not the same in a shell.
      if (/\[[[^]/.test(name)) isSure = false
      const shown = listing.names.filter(one => name.startsWith('.') || !one.startsWith('.'))
      const found = shown.filter(one => matchesPattern([{text: name, literal: false}], one, view.world.budget) === true)
      next.push(...found.map(one => joinPath(path, one)))
    }
    paths = next
  }
  return {paths: [...paths].sort(), isSure}
}
