import type {Digest} from '../../image/digest.ts'
import {parseIndexOrManifest} from '../../image/index-or-manifest.ts'
import type {AbsentPlatform, Descriptor, ImageRoot, PlatformEntry} from '../../image/source.ts'

/**
 * An image as a daemon has it, or as it saved it, which may hold an index of which it pulled some platforms. Those of
 * which it holds content count, whatever else is missing: `holds` is called for each manifest of the index.
 *
 * Of a platform that it does not have, containerd may keep the manifest, and saves it without what it names
 * (WithSkipMissing in its core/images/archive/exporter.go): a manifest without its config is not content.
 */
export async function onlyHeld(
  root: ImageRoot,
  notIn: AbsentPlatform['notIn'],
  holds: (manifest: Descriptor) => boolean | Promise<boolean>,
): Promise<ImageRoot> {
  if (root.kind === 'manifest') return root
  const entries: PlatformEntry[] = []
  const absent: AbsentPlatform[] = []
  for (const entry of root.entries) {
    if (await holds(entry.descriptor)) entries.push(entry)
    else absent.push({...entry, notIn})
  }
  return absent.length === 0 ? root : {...root, entries, absent}
}

/** The config that a manifest names; undefined where the bytes are not a manifest, which is a fault of its own. */
export function configNamedBy(manifest: Uint8Array): Digest | undefined {
  const parsed = parseIndexOrManifest(manifest)
  return parsed.ok && parsed.value.kind === 'manifest' ? parsed.value.config.digest : undefined
}
