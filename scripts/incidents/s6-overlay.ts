import {OVERLAY_3} from '../../__tests__/exec/services/overlay-trees.ts'
import type {LayoutFile} from '../support/layout-builder.ts'
import {file, link} from './files.ts'
import {type MachineName, staticProgram} from './machines.ts'

/**
 * What s6-overlay 3 puts into an image whose base has a shell: its programs for one machine, its scripts and sources.
 */
export function s6Overlay3(machine: MachineName): readonly LayoutFile[] {
  return Object.entries(OVERLAY_3)
    .filter(([path]) => !path.startsWith('/bin/'))
    .map(([absolute, entry]): LayoutFile => {
      const path = absolute.slice(1)
      if (typeof entry === 'string') return file(path, entry, 0o644)
      if (entry instanceof Uint8Array) return file(path, staticProgram(machine))
      if (entry.link !== undefined) return link(path, entry.link)
      if (entry.kind === 'directory') return {path, directory: true, mode: 0o755}
      return file(path, typeof entry.content === 'string' ? entry.content : staticProgram(machine))
    })
}
