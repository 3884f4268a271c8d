import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'

/** The largest busybox that is searched, in bytes. */
const MAX_SIZE = LIMITS['busybox-bytes'].most

/**
 * The build of which it was measured that its static program takes its own applets before PATH, by what stands behind
 * the version in the banner (busybox Makefile EXTRAVERSION, libbb/messages.c). Whether another does was chosen when it
 * was built (Config.in FEATURE_SH_STANDALONE), and leaves no text in the file.
 */
const STANDALONE = /BusyBox v[\d.]+ \(Debian /

/** Whether a static busybox starts its own applets before what is in PATH; undefined where its bytes do not tell. */
export async function isStandalone(view: RootFs, node: FileNode): Promise<true | undefined> {
  if (node.kind !== 'file' || node.size > MAX_SIZE) return undefined
  const file = await view.open(node)
  const text = Buffer.from(await file.read(0, node.size)).toString('latin1')
  return STANDALONE.test(text) || undefined
}
