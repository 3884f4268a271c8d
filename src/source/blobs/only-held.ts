import type {Digest} from '../../image/digest.ts'
import type {ImageRoot} from '../../image/source.ts'

/**
 * An image as a daemon has it, which may hold an index of which it pulled some platforms: of the others not even the
 * manifest is there. A platform whose manifest is there counts, whatever else is missing.
 */
export function onlyHeld(root: ImageRoot, holds: (manifest: Digest) => boolean): ImageRoot {
  const absent = root.entries.filter(({descriptor}) => !holds(descriptor.digest))
  if (absent.length === 0 || root.kind === 'manifest') return root
  return {...root, entries: root.entries.filter(entry => !absent.includes(entry)), absent}
}
