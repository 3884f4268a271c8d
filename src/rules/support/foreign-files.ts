import type {EssentialFile} from '../../exec/index.ts'
import type {PlatformFacts} from '../../facts/facts.ts'
import {defined} from '../../lib/defined.ts'
import {programTarget} from '../../platform/index.ts'
import type {ForeignFile, ScanFacts} from '../../scan/index.ts'
import type {Level} from '../finding.ts'
import type {PlatformViolation} from '../rule.ts'
import {
  commonDirectory,
  describeDirectories,
  describeLayer,
  type Group,
  groupEvidence,
  groupFiles,
} from './scan-groups.ts'

/** A platform's name, and what must be reported of its scan elsewhere. */
export interface ForeignInput {
  readonly platform: PlatformFacts
  readonly scan: ScanFacts
  /** As the user would request it. */
  readonly name: string
  /** Paths of files that the startup chain reports. */
  readonly known: ReadonlySet<string>
  /** Whether a finding on an add-on reports a file. */
  isOfAddon(path: string): boolean
}

/** What the scan of a whole image found of other machines: one finding for each cause. */
export function* foreignFiles({platform, scan, name, known, isOfAddon}: ForeignInput): Generator<PlatformViolation> {
  const expected = programTarget(platform.entry.platform)?.name ?? name
  const files = scan.foreign.filter(({path, place}) => !known.has(path) && (place !== 'elsewhere' || !isOfAddon(path)))
  const isFolded = userlandOf(files, scan.pathPrograms)
  for (const group of groupFiles(files, file => ({
    level: isFolded(file) ? 'error' : foreignLevel(file),
    key: file.machine,
  }))) {
    yield group.files.length === 1
      ? tellOne(group.files[0], group.level, platform, expected, name)
      : tellMany(group, platform, scan, expected, name)
  }
  if (scan.beyond > 0) {
    yield {
      level: 'warning',
      message: `${scan.beyond} more files of other machines or kinds were not judged one by one: there are too many`,
      evidence: {beyond: scan.beyond},
    }
  }
}

/**
 * An error where a shell or a loader would take the file; where some kernels of the platform run it, no more than a
 * warning.
 */
export function foreignLevel({place, fit, isEmulator}: ForeignFile): Level {
  if (isEmulator) return 'note'
  if (fit === 'compat') return place === 'path' ? 'warning' : 'note'
  return place === 'elsewhere' ? 'warning' : 'error'
}

/**
 * Where hardly any program of PATH is the platform's, all that came with the wrong ones has one cause: it is reported
 * with them, and not as warnings besides.
 */
function userlandOf(
  files: readonly ForeignFile[],
  {native, all}: ScanFacts['pathPrograms'],
): (file: ForeignFile) => boolean {
  if (native * 10 > all) return () => false
  const wrong = files.filter(file => file.place === 'path' && foreignLevel(file) === 'error')
  const batches = new Set(wrong.map(batchOf))
  return file => wrong.length > FEW && file.fit === 'foreign' && !file.isEmulator && batches.has(batchOf(file))
}

/** With so many wrong programs in PATH nothing is said of the userland. */
const FEW = 3

function batchOf({machine, layer}: ForeignFile): string {
  return `${layer ?? ''} ${machine}`
}

function tellOne(
  file: ForeignFile,
  level: Level,
  {layers}: PlatformFacts,
  expected: string,
  name: string,
): PlatformViolation {
  const {path, link, machine, what, place, size, reason, isEmulator} = file
  const layer = file.layer === undefined ? undefined : layers[file.layer]
  const where = link === undefined ? path : `${link} -> ${path}`
  const is = machine === 'Windows' || machine === 'Mach-O' ? `a ${what}` : machine
  return {
    path: link ?? path,
    level,
    message: `${where} is ${is}, expected ${expected} (${name})${reason === undefined ? '' : `: it ${reason}`}${isEmulator ? ': the emulator of the build machine, which nothing needs here' : ''}`,
    evidence: {
      path: link ?? path,
      resolved: path,
      kind: what,
      expected,
      actual: machine,
      place,
      size,
      layer: file.layer ?? null,
    },
    ...defined({layer: layer?.index}),
    fix: isEmulator
      ? `Leave ${path} out of the image: build with binfmt_misc, whose F flag keeps the emulator on the build machine.`
      : fixOf(name),
  }
}

function tellMany(
  {level, key: machine, layer: index, files}: Group<ForeignFile>,
  {layers, essential}: PlatformFacts,
  {pathPrograms}: ScanFacts,
  expected: string,
  name: string,
): PlatformViolation {
  const paths = files.map(file => file.path)
  const layer = index === undefined ? undefined : layers[index]
  const isUserland = level === 'error' && isWhole(files, pathPrograms)
  const known = essential.filter(({node}) => paths.includes(node.path))
  const among = known.length === 0 ? '' : `, among them ${known.map(nameOf).join(', ')}`
  const subject = isUserland
    ? `the whole userland is ${machine} (${files.length} files)`
    : `${files.length} files (${describeDirectories(paths)}) are ${machine}`
  return {
    path: commonDirectory(paths),
    level,
    message: `${subject}, expected ${expected} (${name})${among}${describeLayer(layer)}`,
    evidence: {
      ...groupEvidence(paths),
      expected,
      actual: machine,
      wholeUserland: isUserland,
      layer: index ?? null,
      reasons: [...new Set(files.flatMap(({reason}) => reason ?? []))],
    },
    ...defined({layer: layer?.index}),
    fix: fixOf(name),
  }
}

/** Nine in ten programs that PATH offers are of the other machine. */
function isWhole(files: readonly ForeignFile[], {native, all}: ScanFacts['pathPrograms']): boolean {
  const inPath = files.filter(({place}) => place === 'path').length
  return inPath > 0 && native * 10 <= all && inPath * 2 >= all
}

function nameOf({path, role}: EssentialFile): string {
  return `${path} (${ROLES[role]})`
}

/** What an essential file is for others. */
export const ROLES: Readonly<Record<EssentialFile['role'], string>> = {
  shell: 'the shell',
  loader: 'a loader',
  libc: 'a C library',
}

function fixOf(name: string): string {
  return `Take the files that were built for ${name}: pin base images to the digest of their index, let downloads follow TARGETARCH, install packages inside the image. What is meant to be there can be left out with ignore.`
}
