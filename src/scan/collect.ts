import {createHash, type Hash} from 'node:crypto'
import {ET, readServerError} from '../binary/index.ts'
import type {FileNode} from '../image/rootfs.ts'
import {baseName, directoryOf} from '../lib/paths.ts'
import type {Platform} from '../platform/index.ts'
import {programTarget} from '../platform/index.ts'
import {nodePackage} from './own-names.ts'
import {saysNoProgram} from './programs.ts'
import type {Seen, SeenElf} from './seen.ts'
import type {Snapshot} from './snapshot.ts'
import {parallelName} from './spellings.ts'

/** A file that was seen, with where it is. */
export interface Found<S extends Seen = Seen> {
  readonly node: FileNode
  readonly seen: S
}

/** What is kept of a walk until all is known that decides: paths of links, mostly. */
export interface Collection {
  readonly files: number
  readonly machines: ReadonlyMap<string, number>
  /** ELF files of the platform's machine, or one that its kernels also run, by path. */
  readonly own: ReadonlyMap<string, Found<SeenElf>>
  /** Files of other machines and systems; no more than KEPT. */
  readonly others: readonly Found[]
  /** Files with an execute bit that are neither, where PATH may offer them; no more than KEPT. */
  readonly executables: readonly Found[]
  /** How many more there were of other machines, or in directories that may be of PATH. */
  readonly beyond: number
  /** Names that a sibling of a native file would have. */
  readonly parallels: ReadonlySet<string>
  readonly links: readonly FileNode[]
  /** Whether every file with an execute bit was remembered, so that a link to none of them leads nowhere. */
  readonly areLinksKnown: boolean
  /** Scripts with an execute bit in directories that may be of PATH. */
  readonly scripts: readonly string[]
  readonly content: {readonly count: number; readonly digest: string} | undefined
}

/** Files of each kind that are remembered one by one. More would take memory that grows with the image. */
const KEPT = 100_000
/** In bytes: a file of `own` with its names in `parallels`, beside their letters. */
const OWN = 250

export interface Collector {
  add(node: FileNode, seen: Seen | undefined): void
  finish(): Collection
}

/**
 * `path`: the directories of PATH as they are written; they may lead through links that are not known before the end.
 */
export function createCollector(platform: Platform, snapshot: Snapshot, path: readonly string[]): Collector {
  const lastNames = new Set(['bin', 'sbin', ...path.map(directory => baseName(directory))])
  const expected = programTarget(platform)?.name
  const machines = new Map<string, number>()
  const own = new Map<string, Found<SeenElf>>()
  const others: Found[] = []
  const executables: Found[] = []
  const parallels = new Set<string>()
  const links: FileNode[] = []
  const scripts: string[] = []
  const content: {count: number; readonly hash: Hash} = {count: 0, hash: createHash('sha256')}
  let files = 0
  let beyond = 0
  /** Of files with an execute bit, how many more a link can be followed to. */
  let room = KEPT

  const keep = (list: Found[], found: Found): void => {
    if (list.length >= KEPT) {
      beyond += 1
      return
    }
    list.push(found)
    snapshot.add(found.node)
  }
  const mayBeInPath = (node: FileNode): boolean => lastNames.has(baseName(directoryOf(node.path)))
  /**
   * Elsewhere a link of PATH may still lead to it. There are images in which every file has an execute bit: what is
   * text, or goes by the name of data, is left out, and of the rest so many are remembered as there is room for.
   */
  const keepExecutable = (found: Found): void => {
    if (mayBeInPath(found.node)) keep(executables, found)
    else if (executables.length < KEPT && !isPlainText(found.seen) && !saysNoProgram(baseName(found.node.path))) {
      keep(executables, found)
    }
  }
  const addElf = (node: FileNode, seen: SeenElf): void => {
    const {type} = seen.header
    if (type === ET.ET_EXEC || type === ET.ET_DYN) {
      content.count += 1
      content.hash.update(JSON.stringify([node.path, node.size, seen.machine, seen.buildId ?? '']))
    }
    if (seen.fit === 'native' || seen.fit === 'compat') {
      snapshot.keep(OWN + 2 * node.path.length)
      own.set(node.path, {node, seen})
    }
    if (seen.fit === 'native') {
      const packageDirectory = nodePackage(node.path)
      for (const path of [node.path, ...(packageDirectory === undefined ? [] : [packageDirectory])]) {
        const name = parallelName(path)
        if (name !== undefined) parallels.add(name)
      }
    }
    if (seen.fit === 'foreign' || seen.fit === 'compat') keep(others, {node, seen})
    else if (seen.fit === 'refused' && seen.machine !== expected) keep(others, {node, seen})
    else if ((seen.fit === 'refused' || seen.refusal !== undefined) && isExecutable(node)) keepExecutable({node, seen})
  }
  return {
    add(node, seen) {
      if (isAskedFor(node, seen)) snapshot.add(node)
      if (node.kind === 'symlink') links.push(node)
      if (node.kind !== 'file') return
      files += 1
      if (isExecutable(node)) {
        if (room > 0) snapshot.add(node)
        room -= 1
      }
      if (seen === undefined) {
        if (isExecutable(node) && scripts.length < KEPT && mayBeInPath(node)) scripts.push(node.path)
        return
      }
      const machine = machineLabel(seen)
      if (machine !== undefined) machines.set(machine, (machines.get(machine) ?? 0) + 1)
      if (seen.kind === 'elf') addElf(node, seen)
      else if (machine === undefined) keepExecutable({node, seen})
      else keep(others, {node, seen})
    },
    finish: () => ({
      files,
      machines,
      own,
      others,
      executables,
      beyond,
      parallels,
      links,
      areLinksKnown: room >= 0,
      scripts,
      content: content.count === 0 ? undefined : {count: content.count, digest: content.hash.digest('hex')},
    }),
  }
}

/** What a file's machine is called in counts; undefined for what is for none. */
export function machineLabel(seen: Seen): string | undefined {
  if (seen.kind === 'elf') return seen.machine
  if (seen.identity.kind === 'pe') return 'Windows'
  return seen.identity.kind === 'mach-o' ? 'Mach-O' : undefined
}

function isPlainText(seen: Seen): boolean {
  if (seen.kind !== 'other' || readServerError(seen.identity) !== undefined) return false
  return seen.identity.kind === 'text' || seen.identity.kind === 'json'
}

function isExecutable({mode}: FileNode): boolean {
  return (mode & 0o111) !== 0
}

/** What a path may lead through, and what a loader may look for. */
function isAskedFor({kind, path}: FileNode, seen: Seen | undefined): boolean {
  return kind !== 'file' || seen?.kind === 'elf' || /\.so(?:\.|$)/.test(path) || path.startsWith('/etc/')
}
