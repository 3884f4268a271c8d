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

/** What a busybox or toybox says of itself. */
export interface BusyboxFile {
  /** Undefined where they are not to be seen. */
  readonly applets?: readonly string[] | undefined
  /** Why it was not read: it is larger than what is searched. */
  readonly beyond?: string
  /** A static one starts its own applets before what is in PATH; where this is false nobody knows. */
  readonly isStandalone: boolean
}

/** Those that were read, by the path of the file: each has a megabyte or two, and scripts call it often. */
export type BusyboxFiles = Map<string, Promise<BusyboxFile>>

const UNREAD: BusyboxFile = {isStandalone: false}

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
  return {applets: findAppletNames(text), isStandalone: STANDALONE.test(text)}
}
