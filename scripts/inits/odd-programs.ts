import type {MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {standIn} from '../start-scripts/stand-in.ts'

/** What starts in some ways only, or in none, in a directory: `text` has no `#!`, and starts `program`. */
export function oddPrograms(directory: string, program: string): MemoryTree {
  return {
    [`${directory}/plain`]: {content: standIn('plain'), mode: 0o644},
    [`${directory}/foreign`]: {content: standIn('foreign', {foreign: true}), mode: 0o755},
    [`${directory}/text`]: {content: `exec ${program} from text\n`, mode: 0o755},
  }
}
