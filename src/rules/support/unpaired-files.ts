import type {Facts, PlatformFacts} from '../../facts/facts.ts'
import {defined} from '../../lib/defined.ts'
import {formatPlatform, programTarget} from '../../platform/index.ts'
import type {ForeignFile} from '../../scan/index.ts'
import {chainPaths, type PlatformViolation, type Violation} from '../rule.ts'
import {releasesOf} from './release.ts'
import {
  commonDirectory,
  describeDirectories,
  describeLayer,
  type Group,
  groupEvidence,
  groupFiles,
} from './scan-groups.ts'

/**
 * Files that say by their name for which other machine they are, where another platform of the same release has
 * its own native file at the same path: what that platform starts or loads there cannot be started or loaded
 * here, and there is none for this platform beside it. A plugin mirror with `linux_amd64` alone, a tool that
 * keeps the name under which it was downloaded.
 */
export function* unpairedFiles(facts: Facts): Generator<Violation> {
  for (const {images} of releasesOf(facts)) {
    const platforms = images.flatMap(image => image.platforms.map(platform => ({image: image.reference, platform})))
    for (const {image, platform} of platforms) {
      const others = platforms.flatMap(other => (other.platform === platform ? [] : other.platform))
      yield* unpairedIn(platform, others, image)
    }
  }
}

function* unpairedIn(platform: PlatformFacts, others: readonly PlatformFacts[], image: string): Generator<Violation> {
  const unpaired = platform.scan?.unpaired ?? []
  if (unpaired.length === 0) return
  const known = chainPaths(platform)
  const owners = new Map<string, string>()
  for (const {entry, scan} of others) {
    for (const path of scan?.named ?? []) if (!owners.has(path)) owners.set(path, formatPlatform(entry.platform))
  }
  const files = unpaired.filter(({path}) => owners.has(path) && !known.has(path))
  const at = {image, platform: formatPlatform(platform.entry.platform)}
  const keyOf = ({machine, path}: ForeignFile) => ({level: 'warning', key: `${machine} ${owners.get(path)}`}) as const
  for (const group of groupFiles(files, keyOf)) yield {...at, ...tell(group, platform, at.platform, owners)}
}

function tell(
  {files, layer: index}: Group<ForeignFile>,
  {entry, layers}: PlatformFacts,
  name: string,
  owners: ReadonlyMap<string, string>,
): PlatformViolation {
  const [{path, machine}] = files
  const expected = programTarget(entry.platform)?.name ?? name
  const owner = owners.get(path) ?? ''
  const layer = index === undefined ? undefined : layers[index]
  const paths = files.map(file => file.path)
  const isOne = files.length === 1
  return {
    path: isOne ? path : commonDirectory(paths),
    level: 'warning',
    message: isOne
      ? `${path} is ${machine}, expected ${expected} (${name}): ${owner} has its own program at this path, and no file for ${name} stands beside it`
      : `${files.length} files (${describeDirectories(paths)}) are ${machine}, expected ${expected} (${name}): ${owner} has its own programs at these paths, and no files for ${name} stand beside them${describeLayer(layer)}`,
    evidence: {
      ...(isOne ? {path} : groupEvidence(paths)),
      expected,
      actual: machine,
      native: owner,
      layer: index ?? null,
    },
    ...defined({layer: layer?.index}),
    fix: `Add the file for ${name}: let downloads and mirrors follow TARGETARCH. What ${name} does not need can be left out with ignore.`,
  }
}
