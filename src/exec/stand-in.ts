import type {RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {baseName, directoryOf} from '../lib/paths.ts'
import {ARCHITECTURES} from '../platform/index.ts'
import {joinPath} from './resolved-path.ts'
import type {Step} from './steps.ts'

/** What an image has in place of a program that is missing. */
export type StandIn =
  /**
   * `/usr/bin/sh` for `/bin/sh`: distributions have a link /bin -> usr/bin, and a directory stands in its place.
   * https://systemd.io/THE_CASE_FOR_THE_USR_MERGE/
   */
  | {readonly kind: 'merged-usr'; readonly directory: string; readonly layer?: number; readonly path: string}
  /** Files beside it whose names say the same for one platform or system: `/app_linux_arm64` for `/app`. */
  | {readonly kind: 'alike'; readonly paths: readonly string[]}

/** By the path that is missing. */
export type StandIns = ReadonlyMap<string, StandIn>

/** Directories that merged systems have as links to those of their name in /usr. */
const MERGED = /^(\/(?:bin|sbin|lib|lib32|lib64|libx32))\/(.+)$/
const NAMED = 3

/** Looks for what stands in place of each file that a step lacks. Nothing that it finds changes what starts. */
export async function findStandIns(rootfs: RootFs, steps: readonly Step[]): Promise<StandIns> {
  const missing = new Set(
    steps.flatMap(({obstacle}) =>
      obstacle?.kind === 'missing' && obstacle.errno === 'ENOENT' && !obstacle.removedBy ? [obstacle.at] : [],
    ),
  )
  const found = new Map<string, StandIn>()
  for (const at of missing) {
    const standIn = (await inUsr(rootfs, at)) ?? (await beside(rootfs, at))
    if (standIn !== undefined) found.set(at, standIn)
  }
  return found
}

async function inUsr(rootfs: RootFs, at: string): Promise<StandIn | undefined> {
  const [, top] = MERGED.exec(at) ?? []
  if (top === undefined) return undefined
  const [directory, file] = [await rootfs.lookup(top), await rootfs.lookup(`/usr${at}`)]
  // Where /bin is a link, the file would have been found by it.
  if (directory.outcome !== 'found' || directory.node.path !== top || file.outcome !== 'found') return undefined
  const {layer} = directory.node
  return {kind: 'merged-usr', directory: top, ...defined({layer}), path: `/usr${at}`}
}

async function beside(rootfs: RootFs, at: string): Promise<StandIn | undefined> {
  const directory = await rootfs.lookup(directoryOf(at))
  if (directory.outcome !== 'found' || directory.node.kind !== 'directory') return undefined
  const name = baseName(at)
  const names = (await rootfs.list(directory.node)).filter(other => isAlike(name, other))
  const paths: string[] = []
  for (const other of names.slice(0, NAMED)) {
    const path = joinPath(directoryOf(at), other)
    const file = await rootfs.lookup(path)
    if (file.outcome === 'found' && file.node.kind === 'file') paths.push(path)
  }
  return paths.length === 0 ? undefined : {kind: 'alike', paths}
}

/** `app_linux_arm64`, `app-aarch64`, `app.exe`, `App`: the name, with the name of a system or a machine behind it. */
function isAlike(name: string, other: string): boolean {
  if (other.toLowerCase() === name.toLowerCase()) return true
  const rest = other.startsWith(name) ? other.slice(name.length) : ''
  if (!/^[-_.]/.test(rest)) return false
  const words = rest.toLowerCase().split(/[-_.]/).slice(1)
  return words.every(word => WORDS.has(word))
}

const WORDS: ReadonlySet<string> = new Set([
  ...['linux', 'darwin', 'macos', 'windows', 'freebsd', 'exe', 'sh', 'bin', 'unknown', 'gnu', 'musl', 'static', '64'],
  ...['v5', 'v6', 'v7', 'v8', 'v1', 'v2', 'v3', 'gnueabihf', 'musleabihf'],
  // `x86_64` is cut at its `_`.
  ...['x86', ...ARCHITECTURES.flatMap(({name, words = []}) => [name, ...words])].map(word => word.toLowerCase()),
])
