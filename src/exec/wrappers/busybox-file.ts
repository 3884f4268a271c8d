import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {fixedBound, tellLimit} from '../../lib/over-limit.ts'
import {findAppletNames} from './applets.ts'

/** The largest busybox or toybox that is searched. */
const LARGEST = fixedBound('busybox-bytes')

/**
 * The build of which it was measured that its static program takes its own applets before PATH, by what stands behind
 * the version in the banner (busybox Makefile EXTRAVERSION, libbb/messages.c). Whether another does was chosen when it
 * was built (Config.in FEATURE_SH_STANDALONE), and leaves no text in the file.
 */
const STANDALONE = /BusyBox v[\d.]+ \(Debian /

const BANNER = /BusyBox v\d+\.\d/

/** What a busybox or toybox says of itself. */
export interface BusyboxFile {
  /** Undefined where they are not to be seen. */
  readonly applets?: readonly string[] | undefined
  /** Why it was not read: it is larger than what is searched. */
  readonly beyond?: string
  /** It says that it is busybox, whatever the file is called. */
  readonly isBusybox: boolean
  /** A static one starts its own applets before what is in PATH; false: it is not known. */
  readonly isStandalone: boolean
}

/** Those that were read, by the path of the file: each has a megabyte or two, and scripts call it often. */
export type BusyboxFiles = Map<string, Promise<BusyboxFile>>

const UNREAD: BusyboxFile = {isBusybox: false, isStandalone: false}

/** What a file says that is called busybox or toybox; it is read once. */
export function readBusybox(view: RootFs, node: FileNode, known: BusyboxFiles): Promise<BusyboxFile> {
  const key = `${node.path}\0${node.size}`
  const read = known.get(key) ?? readAnew(view, node)
  known.set(key, read)
  return read
}

async function readAnew(view: RootFs, node: FileNode): Promise<BusyboxFile> {
  if (node.kind !== 'file') return UNREAD
  if (node.size > LARGEST.most)
    return {...UNREAD, beyond: tellLimit(LARGEST, most => `${node.path} has more than ${most}`)}
  const file = await view.open(node)
  const text = Buffer.from(await file.read(0, node.size)).toString('latin1')
  return {applets: findAppletNames(text), isBusybox: BANNER.test(text), isStandalone: STANDALONE.test(text)}
}

export function isMultiCall(name: string): boolean {
  return name === 'busybox' || name === 'toybox' || name === 'busybox.static'
}

/** The file itself, or a hard link of it: a busybox of one size, and of one layer. */
export async function isSameFile(view: RootFs, node: FileNode, path: string, known: BusyboxFiles): Promise<boolean> {
  if (node.path === path) return true
  const own = await view.lookup(path)
  if (own.outcome !== 'found' || own.node.size !== node.size || own.node.layer !== node.layer) return false
  return (await readBusybox(view, node, known)).isBusybox && (await readBusybox(view, own.node, known)).isBusybox
}
