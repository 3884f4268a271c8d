import {readGoBuildInfo, readVariantEvidence} from './binary/index.ts'
import {readStartup, type Step} from './exec/index.ts'
import type {ImageFacts, PlatformFacts, ProgramEvidence} from './facts.ts'
import type {RootFs} from './image/rootfs.ts'
import type {Document, ImageSource, PlatformEntry} from './image/source.ts'
import {settleAll, withCleanup} from './lib/cleanup.ts'
import type {Limiter} from './lib/concurrency.ts'
import {formatPlatform, normalisePlatform, type Platform, platformsEqual} from './platform/index.ts'

/**
 * Reads one image: its document, and what starts on each platform that was asked for. What cannot be read is thrown (a
 * SourceError), so that nothing counts as verified that was not seen.
 */
export async function gatherImage(
  source: ImageSource,
  required: readonly Platform[] | undefined,
  limiter: Limiter,
): Promise<ImageFacts> {
  const document = await limiter(() => source.root())
  const wanted = selectEntries(document, required)
  const platforms = await settleAll(wanted.map(entry => limiter(() => gatherPlatform(source, entry))))
  return {reference: source.reference, name: source.name, document, required, platforms}
}

/** The entries to read: all, or each that is one of the required platforms (a client may take any of several). */
function selectEntries(document: Document, required: readonly Platform[] | undefined): PlatformEntry[] {
  return document.entries.filter(
    entry => required === undefined || required.some(platform => platformsEqual(platform, entry.platform)),
  )
}

async function gatherPlatform(source: ImageSource, entry: PlatformEntry): Promise<PlatformFacts> {
  if (normalisePlatform(entry.platform).os !== 'linux') return notLinux(entry)
  const image = await source.platformImage(entry)
  return withCleanup(
    async () => {
      const {config, layers, rootfs} = image
      const startup = await readStartup({config, rootfs, platform: entry.platform})
      const programs = await gatherEvidence(startup.steps, rootfs, entry.platform)
      return {entry, config, layers, startup, programs}
    },
    () => image.close(),
  )
}

/** Reads on in the programs that start: what Go or the toolchain recorded in them. */
async function gatherEvidence(
  steps: readonly Step[],
  rootfs: RootFs,
  platform: Platform,
): Promise<readonly ProgramEvidence[]> {
  const evidence = new Map<string, ProgramEvidence>()
  for (const {node, identity, role} of steps) {
    if (node === undefined || identity?.kind !== 'elf' || role === 'library' || evidence.has(node.path)) continue
    const file = await rootfs.open(node)
    const go = await readGoBuildInfo(identity, file)
    const variant = await readVariantEvidence(identity, file, platform, {
      role: role === 'loader' ? 'loader' : 'program',
      ...(go ? {go} : {}),
    })
    evidence.set(node.path, {path: node.path, ...(go ? {go} : {}), variant})
  }
  return [...evidence.values()]
}

/** A docker engine on Linux cannot even pull such an image, and nothing here knows how its system starts a program. */
function notLinux(entry: PlatformEntry): PlatformFacts {
  const reason = `the programs of ${formatPlatform(entry.platform)} are not checked: only those of linux are`
  return {entry, layers: [], programs: [], startup: {argv: [], steps: [], unknowns: [{reason}], undetermined: reason}}
}
