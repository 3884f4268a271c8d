import {isBelow} from '../../lib/paths.ts'
import {type Doubt, type World, withDoubt} from '../world/world.ts'

/** What became of the files from one world to a later one, for somebody who does not know whether it has yet. */
export function changesBetween(before: World, after: World): readonly Doubt[] {
  if (before === after) return []
  const changes: Doubt[] = []
  for (const path of new Set([...before.changes.keys(), ...after.changes.keys()])) {
    const change = after.changes.get(path) ?? before.changes.get(path)
    if (change && before.changes.get(path) !== after.changes.get(path))
      changes.push({below: path, grade: 'replaced', by: change.by})
  }
  for (const symlink of after.symlinks.filter(one => !before.symlinks.includes(one)))
    changes.push({below: symlink.at, grade: 'replaced', by: symlink.by, symlink})
  for (const link of after.links.filter(one => !before.links.includes(one)))
    changes.push({below: link.names[1], grade: 'replaced', by: link.by, link})
  for (const {below, by} of after.recursions.slice(before.recursions.length)) changes.push({below, grade: 'mode', by})
  return [...changes, ...after.doubts.filter(doubt => !before.doubts.includes(doubt))]
}

/** The same, of what runs at the same time: what who is followed does himself is in doubt beside it. */
export function meanwhile(changes: readonly Doubt[]): readonly Doubt[] {
  return changes.map(change => ({...change, isMeanwhile: true}))
}

export function withDoubts(world: World, doubts: readonly Doubt[]): World {
  return doubts.reduce(withDoubt, world)
}

export function withoutDoubts(world: World, doubts: readonly Doubt[]): World {
  return doubts.length === 0 ? world : {...world, doubts: world.doubts.filter(doubt => !doubts.includes(doubt))}
}

/** What one of two that run at once changes of the same files as the other. */
export function racing(own: readonly Doubt[], others: readonly Doubt[]): readonly Doubt[] {
  return own.filter(one => others.some(({below}) => isBelow(below, one.below) || isBelow(one.below, below)))
}
