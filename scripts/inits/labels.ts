import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {readLabel} from '../start-scripts/stand-in.ts'

/** The stand-in at each path of a tree. */
export function labelsOf(tree: MemoryTree): ReadonlyMap<string, string> {
  const labels = Object.entries(tree).map(([path, entry]) => [path, labelOf(entry)] as const)
  return new Map(labels.flatMap(([path, label]) => (label === undefined ? [] : [[path, label]])))
}

function labelOf(entry: MemoryEntry): string | undefined {
  const content = typeof entry === 'object' && 'content' in entry ? entry.content : entry
  return content instanceof Uint8Array ? readLabel(content.subarray(-64)) : undefined
}
