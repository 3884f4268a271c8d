import {setImmediate} from 'node:timers/promises'
import type {RootFs} from '../../src/image/rootfs.ts'
import {type MemoryTree, memoryRootfs} from './memory-rootfs.ts'

/** Files that are handed out as a layer does it: to all who ask in the same turn, after one pass. */
export function countPasses(tree: MemoryTree): {readonly files: RootFs; readonly passes: () => number} {
  const rootfs = memoryRootfs(tree)
  let passes = 0
  let next: Promise<void> | undefined
  const open: RootFs['open'] = async node => {
    next ??= setImmediate().then(() => {
      passes += 1
      next = undefined
    })
    await next
    return rootfs.open(node)
  }
  return {files: {...rootfs, open}, passes: () => passes}
}
