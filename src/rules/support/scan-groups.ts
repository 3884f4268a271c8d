import type {LayerInfo} from '../../image/source.ts'
import type {EvidenceValue, Level} from '../finding.ts'

/** A file that a rule has something to say about. */
export interface Grouped {
  readonly path: string
  /** From the bottom, where it is known. */
  readonly layer?: number
}

/** Files with one cause. */
export interface Group<T extends Grouped> {
  readonly level: Level
  /** What they have in common besides: a machine, a library. */
  readonly key: string
  readonly layer: number | undefined
  /** In the order of their paths; at least one. */
  readonly files: readonly [T, ...T[]]
}

/** So many of one group are reported one by one. */
const ALONE = 3
/** Paths that a finding lists; of more the report says how many. */
const LISTED = 1000
/** Characters of a layer's command that a message shows. */
const COMMAND = 120
/** Directories that a message names. */
const NAMED = 3

/** Files by level, key and layer, in the order of the first of each; small groups are taken apart. */
export function groupFiles<T extends Grouped>(
  files: readonly T[],
  keyOf: (file: T) => {readonly level: Level; readonly key: string},
): Group<T>[] {
  const groups = new Map<string, {level: Level; key: string; layer: number | undefined; files: [T, ...T[]]}>()
  for (const file of files) {
    const {level, key} = keyOf(file)
    const id = JSON.stringify([level, key, file.layer])
    const group = groups.get(id)
    if (group) group.files.push(file)
    else groups.set(id, {level, key, layer: file.layer, files: [file]})
  }
  return [...groups.values()].flatMap((group): Group<T>[] =>
    group.files.length <= ALONE ? group.files.map(file => ({...group, files: [file]})) : [group],
  )
}

/** The deepest directory that all paths are in. */
export function commonDirectory(paths: readonly string[]): string {
  const [first = '/', ...others] = paths.map(path => path.split('/').slice(0, -1))
  if (typeof first === 'string') return '/'
  let length = first.length
  for (const other of others) {
    while (length > 0 && first.slice(0, length).some((name, index) => name !== other[index])) length -= 1
  }
  return first.slice(0, length).join('/') || '/'
}

/** How many of the paths are where: by package, or else by directory; the fullest first. */
export function directoriesOf(
  paths: readonly string[],
): readonly {readonly directory: string; readonly count: number}[] {
  const counts = new Map<string, number>()
  for (const path of paths) {
    const directory = packageOf(path)
    counts.set(directory, (counts.get(directory) ?? 0) + 1)
  }
  return [...counts]
    .map(([directory, count]) => ({directory, count}))
    .sort((a, b) => b.count - a.count || (a.directory < b.directory ? -1 : 1))
}

/** The directory of the package that a file came with, where its path shows one; else its directory. */
function packageOf(path: string): string {
  const [inside] =
    /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path) ??
    /^.*\/(?:site-packages|dist-packages|gems)\/[^/]+(?=\/)/.exec(path) ??
    []
  return inside ?? (path.slice(0, path.lastIndexOf('/')) || '/')
}

/**
 * Where the paths are, as a part of a sentence: `in /usr/bin`, or
 * `312 in /usr/bin, 80 in /usr/lib/x, and 3 more directories`.
 */
export function describeDirectories(paths: readonly string[]): string {
  const places = directoriesOf(paths)
  if (places.length === 1) return `in ${places[0]?.directory}`
  const named = places.slice(0, NAMED).map(({directory, count}) => `${count} in ${directory}`)
  const more = places.length - named.length
  return more === 0
    ? named.join(', ')
    : `${named.join(', ')}, and ${more} more ${more === 1 ? 'directory' : 'directories'}`
}

/** What a finding says of a group's files. */
export function groupEvidence(paths: readonly string[]): {readonly [key: string]: EvidenceValue} {
  return {
    count: paths.length,
    files: paths.slice(0, LISTED),
    filesLeftOut: Math.max(0, paths.length - LISTED),
    directories: directoriesOf(paths)
      .slice(0, LISTED)
      .map(({directory, count}) => ({directory, count})),
  }
}

/** `, from layer 1, COPY …`; empty where the layer is not known. */
export function describeLayer(layer: LayerInfo | undefined): string {
  if (layer === undefined) return ''
  const made = layer.createdBy === undefined ? '' : `, ${shortened(layer.createdBy)}`
  return `, from layer ${layer.index}${made}`
}

/** A command can be a whole script. */
function shortened(command: string): string {
  return command.length > COMMAND ? `${command.slice(0, COMMAND)}…` : command
}
