import type {Seen} from './compare.ts'

/** A difference that docs/architecture.md tells, with the side that is safe. */
export interface DeclaredDifference {
  readonly id: string
  applies(what: string, seen: Seen): boolean
}

/** See docs/architecture.md, "What differs from the engines". */
export const DECLARED: readonly DeclaredDifference[] = [
  // The safe side: we stop what engines take.
  {id: 'an entry that no client matches', applies: what => /we stop: .*platform-malformed/.test(what)},
  {
    id: 'a document that the specification does not allow',
    applies: what =>
      /we stop: .*(?:(?:size|digest|schemaVersion|config|layers|manifests) is missing|: expected (?:a whole number|a string, got \[)|its mediaType is "|schema 1 manifest|but it was named as|not a digest|neither an index)/.test(
        what,
      ),
  },
  {
    id: 'a size that is not the blob’s',
    applies: what => /we stop: .*(?:expected \d+ as its descriptor says|bytes came|platform-unreadable)/.test(what),
  },
  {
    id: 'a setting that keeps the container from starting',
    applies: (what, {of}) =>
      /we stop: setup/.test(what) ||
      (/we stop: refused-by-engine/.test(what) && of.odd.some(odd => /^(?:WorkingDir|Env) /i.test(odd))),
  },
  {
    id: 'an opaque root',
    applies: (what, {of}) =>
      /unpacks otherwise: .*we see nothing/.test(what) &&
      of.odd.some(odd => /-> (?:\.|\.\.\/\.\.\/\.\.)[,\]].*opq/.test(odd)),
  },
  {
    id: 'one name for several images of a layout',
    applies: what => /we stop: .*holds \d images with this name/.test(what),
  },
  {
    id: 'an archive whose config or list is not what its name says',
    applies: what => /we stop: .*(?:nothing in the archive has the name|nothing in the layout has the name)/.test(what),
  },
  // Said in another way.
  {
    id: 'an archive that names its image in one of its lists',
    applies: (what, {of}) => of.kind === 'archive' && /refuses at load and we pass: nothing of this name/.test(what),
  },
  {
    id: 'the classic store loads no OCI archive',
    applies: what =>
      /^oci-archive: .*classic refuses at load|classic refuses at load .*blobs\/json: no such file/.test(what),
  },
  {
    id: 'another operating system',
    applies: (what, {of}) =>
      /operating system is not supported/.test(what) ||
      (/we read \[\]|don't match: 1 != 0/.test(what) && of.odd.some(odd => /windows|^os /i.test(odd))),
  },
  // The classic store alone takes these, and every pull by containerd says so.
  {
    id: 'a directory without an entry upon a lower file',
    applies: what => /containerd refuses .*not a directory/.test(what),
  },
  {
    id: 'a config that manifest.json names by a path with dots',
    applies: what => /containerd refuses at load .*image config "\.\/[^"]*" not found/.test(what),
  },
  {
    id: 'an opaque mark whose directory lower layers link in a circle',
    applies: (what, {of}) =>
      /containerd refuses .*too many levels of symbolic links/.test(what) && of.odd.some(odd => /opq/.test(odd)),
  },
  {id: 'zeros behind gzip', applies: what => /containerd refuses .*gzip: invalid header/.test(what)},
]
