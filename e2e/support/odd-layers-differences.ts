import type {Store} from '../ground/engine.ts'
import type {Tree} from './engine-tree.ts'

/**
 * An engine that does not unpack the image says so in these words; a tree is what
 * it shows instead of what the others do.
 */
export type Difference = Partial<Record<'ours' | Store, RegExp | Tree>>

const noTarget = /link.*(?:no such file|not a directory)/
const duplicate = /duplicates of file paths not supported/
const cannotMark = /mknod.*file exists|failed to convert whiteout file/
const noWhiteout = /invalid whiteout/
const foreignType = /unhandled tar header type/
const both = (difference: RegExp): Difference => ({classic: difference, containerd: difference})

/**
 * Where engines on overlayfs do not show what we do. Those that no engine unpacks never start, whatever we say of their
 * programs; where an engine shows something else, the specification decides:
 * https://github.com/opencontainers/image-spec/blob/main/layer.md
 */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  // A layer is unpacked into a directory of its own, in which the lower layers' files are not; engines that copy
  // each layer (vfs, native) bind them.
  'a hard link to a lower file': both(noTarget),
  'a hard link two layers up': both(noTarget),
  'a hard link to a lower file that its layer replaces later': both(noTarget),
  'a hard link to a lower file that its layer takes away later': both(noTarget),
  'hard links in a chain across layers': both(noTarget),
  'a hard link to itself, which is there below': both(noTarget),
  'a hard link through a symlink of a lower layer': both(noTarget),
  'a hard link over a lower file': both(noTarget),
  'a hard link to a lower file, with another mode': both(noTarget),
  'a hard link before its target': both(noTarget),
  'a hard link to nothing': {ours: /which is not there/, ...both(noTarget)},
  // There the whiteout itself gets a second name, and so the link is not there either.
  'a hard link to a lower file that its layer takes away before': {
    ours: /which is not there/,
    classic: {},
    containerd: {},
  },
  'a hard link to a lower file below a directory that its layer takes away before': {
    ours: /which is not there/,
    ...both(noTarget),
  },
  'a hard link to a lower file that its layer makes opaque before': {ours: /which is not there/, ...both(noTarget)},
  // The classic store takes no name twice, and none that leads out of the root; for the
  // specification a layer with either is none.
  'a hard link to a file that comes again later in its layer': {classic: duplicate},
  'a directory upon a symlink of its layer': {classic: duplicate},
  'a file twice': {classic: duplicate},
  'a file, then a directory of its name': {classic: duplicate},
  'a directory twice': {classic: duplicate},
  'a symlink upon a file of its layer': {classic: duplicate},
  'a hard link whose target leads out of the root': {classic: /invalid hardlink target/},
  'a file below a symlink that leads out of the root': {classic: /path escapes from parent/},
  'names that lead out of the root': {classic: /invalid entry name/},
  // Overlayfs's whiteout is a device under the very name.
  'a whiteout behind its file in one layer': both(cannotMark),
  'a whiteout behind its file, which no lower layer has': both(cannotMark),
  'a whiteout behind its directory in one layer': both(cannotMark),
  'a whiteout before its directory in one layer': both(/not a directory/),
  'a whiteout of a directory that comes again above without entries': {containerd: /not a directory/},
  // The directory replaces that device and is merged with what is below; the
  // specification says that what is below is gone.
  'a whiteout, then its directory with an entry, in one layer': {
    ours: {'/a': 'directory 0755 0:0', '/a/new': 'file 0755 0:0 "a/new"'},
  },
  // The kernel merges the roots of all layers, opaque or not; the specification makes no exception.
  'an opaque root': {ours: {'/d': 'file 0755 0:0 "d"'}},
  'a bare .wh.': both(noWhiteout),
  '.wh... of the parent': both(noWhiteout),
  // Engines without AUFS leave what it kept.
  'what AUFS kept': {ours: {'/app': 'file 0644 0:0 "linked"'}},
  // Containerd takes the mode of the directory below; who may go through it is the only thing that hangs on it.
  'directories whose mode an upper layer leaves unsaid': {
    containerd: {'/p': 'directory 0700 0:0', '/p/q': 'file 0755 0:0 "p/q"', '/p/r': 'file 0755 0:0 "p/r"'},
  },
  'a file below a file': {ours: /is below what is not a directory/, ...both(/not a directory/)},
  'an old GNU sparse file': both(foreignType),
  'a type that is none': {ours: /which no engine unpacks/, ...both(foreignType)},
  // Containerd believes the media type, and reads gzip strictly.
  'gzip with zeros behind': {containerd: /gzip: invalid header/},
  'gzip under the media type of a plain tar': {containerd: /unexpected EOF/},
  'zstd under the media type of a plain tar': {containerd: /unexpected EOF/},
}
