import {describe, ET} from '../binary/index.ts'
import {defined} from '../lib/defined.ts'
import {baseName, directoryOf} from '../lib/paths.ts'
import {type Platform, programTarget} from '../platform/index.ts'
import {BENIGN, type BenignReason} from './benign.ts'
import {isBuildEmulator} from './build-emulator.ts'
import type {Candidate, RunEnvironment} from './candidate.ts'
import {type Collection, type Found, machineLabel} from './collect.ts'
import type {ForeignFile, Ignored, NotProgram, Suppressed} from './facts.ts'
import {type IgnoreEntry, ignoreMatcher} from './ignore.ts'
import type {Reached} from './in-path.ts'
import {createListing} from './listing.ts'
import {isMultiarch, namesOwnMachine, nodePackage} from './own-names.ts'
import type {Places} from './places.ts'
import {saysNoProgram} from './programs.ts'
import {parallelName, plainName, withoutStars} from './spellings.ts'

export interface SortingInput {
  readonly surroundings: RunEnvironment
  readonly platform: Platform
  readonly places: Places
  readonly inPath: ReadonlyMap<string, Reached>
  readonly ignore: readonly IgnoreEntry[]
}

/** What is left to report of the files of a scan, and what was left aside. */
export interface SortedOut {
  readonly foreign: readonly ForeignFile[]
  readonly notPrograms: readonly NotProgram[]
  readonly unpaired: readonly ForeignFile[]
  readonly named: readonly string[]
  /** Counts a file as ignored where an entry covers it or the link to it. */
  isIgnored(path: string, link: string | undefined): boolean
  suppressed(): readonly Suppressed[]
  ignored(): readonly Ignored[]
}

/**
 * Judges every file that is not of the platform's machine, and every executable of PATH that is none;
 * first by the table of what is benign.
 */
export function sortOut(collection: Collection, input: SortingInput): SortedOut {
  const {surroundings} = input
  const ignoredBy = ignoreMatcher(input.ignore)
  const ignored = createListing(input.ignore)
  const suppressed = createListing(BENIGN)
  const isIgnored = (path: string, link: string | undefined): boolean => {
    const entry = ignoredBy(path) ?? (link === undefined ? undefined : ignoredBy(link))
    if (entry !== undefined) ignored.add(entry, path)
    return entry !== undefined
  }
  const fits = (row: BenignReason, file: Candidate): boolean =>
    (row.where === 'anywhere' || file.place === 'elsewhere') && row.matches(file, surroundings)
  const whyBenign = (file: Candidate): BenignReason | undefined => {
    const reason = BENIGN.find(row => fits(row, file))
    if (reason !== undefined) suppressed.add(reason, file.node.path)
    return reason
  }

  const foreign: ForeignFile[] = []
  const notPrograms: NotProgram[] = []
  const unpaired: ForeignFile[] = []
  for (const found of collection.others) {
    const file = place(found, input, surroundings)
    const {seen, node} = file
    const reason = whyBenign(file)
    // Test data and the like are so whatever they are called.
    const isByNameAlone = reason?.isByName === true && !BENIGN.some(row => !row.isByName && fits(row, file))
    if (isByNameAlone && isUnpaired(file, surroundings) && !isIgnored(node.path, file.link))
      unpaired.push(foreignFile(file, surroundings))
    // An object file of an unknown type is nothing that anybody starts or loads.
    if (reason !== undefined || (seen.kind === 'elf' && seen.fit === 'refused')) continue
    if (isIgnored(node.path, file.link)) continue
    if (seen.kind === 'other' && file.place === 'path') notPrograms.push({...at(file), seen})
    else foreign.push(foreignFile(file, surroundings))
  }
  for (const found of collection.executables) {
    const file = place(found, input, surroundings)
    const {seen, node, names} = file
    if (file.place !== 'path' || names.every(saysNoProgram) || isIgnored(node.path, file.link)) continue
    if (seen.kind === 'other') notPrograms.push({...at(file), seen})
    else {
      const refusal = seen.refusal ?? {reason: seen.reason ?? seen.what}
      notPrograms.push({...at(file), seen: {kind: 'elf', what: seen.what, refusal}})
    }
  }
  const reasoned = suppressed.list
  return {
    foreign,
    notPrograms: notPrograms.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0)),
    unpaired,
    named: [...collection.own.values()].filter(isNamedNative).map(({node}) => node.path),
    isIgnored,
    suppressed: () =>
      reasoned().flatMap(({key, count, files}) => (count === 0 ? [] : [{reason: key.id, count, files}])),
    ignored: () => ignored.list().map(({key, count, files}) => ({...key, count, files})),
  }
}

/** A program or library for one other machine, and none for this platform's beside it. */
function isUnpaired({seen, node}: Candidate, around: RunEnvironment): boolean {
  const isForeign =
    seen.kind === 'elf' && seen.fit === 'foreign' && (seen.header.type === ET.ET_EXEC || seen.header.type === ET.ET_DYN)
  return isForeign && !PACKAGED.test(node.path) && !around.hasSibling(node.path) && !around.hasPlain(node.path)
}

/**
 * Packages of languages come with add-ons for the platforms that their makers chose, the same files everywhere, and
 * with other ways where there is none: whether one is needed is not a matter of paths.
 */
const PACKAGED = /\/(?:node_modules|site-packages|dist-packages|gems|go\/pkg\/mod|\.cargo\/registry)\//

function isNamedNative({node, seen}: Found): boolean {
  const isNative = seen.kind === 'elf' && seen.fit === 'native'
  return isNative && namesOwnMachine({node, seen, place: 'elsewhere', names: [baseName(node.path)]})
}

type Placed = Candidate & {readonly link?: string}

function place({node, seen}: Found, {places, inPath}: SortingInput, {hasOwnLibc}: RunEnvironment): Placed {
  const names = [baseName(node.path)]
  const file = {node, seen, place: 'elsewhere', names} as const
  const reached = inPath.get(node.path)
  const isLibrary = seen.kind === 'elf' && (reached?.names ?? names).every(name => /\.so(?:\.|$)/.test(name))
  // No shell starts a library that lies in PATH, whatever its mode: PATH=/app, and /app/libnative.so.
  if (reached && !isLibrary) {
    return {...file, place: 'path', names: reached.names, ...defined({link: reached.link})}
  }
  // Without a C library of the platform, the directories of another machine's are those of a wrong root filesystem.
  const isLoaded = places.loader.has(directoryOf(node.path)) || (!hasOwnLibc && isMultiarch(file))
  return isLibrary && isLoaded ? {...file, place: 'loader'} : file
}

function at({node, link}: Placed): Pick<NotProgram, 'path' | 'link' | 'layer'> {
  return {
    path: node.path,
    ...defined({link, layer: node.layer}),
  }
}

function foreignFile(file: Placed, surroundings: RunEnvironment): ForeignFile {
  const {node, seen} = file
  const isEmulator = seen.kind === 'elf' && seen.fit === 'foreign' && isBuildEmulator(file, surroundings)
  return {
    ...at(file),
    machine: machineLabel(seen) ?? '',
    what: seen.kind === 'elf' ? seen.what : describe(seen.identity),
    fit: seen.kind === 'elf' && seen.fit === 'compat' ? 'compat' : 'foreign',
    ...(isEmulator ? {isEmulator} : {}),
    place: file.place,
    mode: node.mode,
    size: node.size,
    ...(seen.kind === 'elf' && seen.reason !== undefined ? {reason: seen.reason} : {}),
  }
}

/** Names of loaders and C libraries of glibc and musl. */
const LIBC = /^(?:ld-(?:linux|musl)|ld64\.so|ld\.so|ld-[0-9]|libc\.so\.6$|libc-[0-9]|libc\.musl-)/
const LOADER = /^ld(?:64)?[-.]/

/** What of the image as a whole decides about a file. */
export function surroundingsOf(
  {own, parallels}: Collection,
  {platform, places}: Pick<SortingInput, 'platform' | 'places'>,
): RunEnvironment {
  const target = programTarget(platform)
  // `linux-arm64/x.armv8.node` beside `linux-x64/x.node`: one more word makes no other file.
  const loose = new Set([...parallels].map(withoutStars))
  let hasOwnLibc = false
  let hasCompatLoader = false
  for (const {node, seen} of own.values()) {
    const name = baseName(node.path)
    if (seen.fit === 'native' && LIBC.test(name) && places.loader.has(directoryOf(node.path))) hasOwnLibc = true
    if (seen.fit === 'compat' && LOADER.test(name)) hasCompatLoader = true
  }
  return {
    machine: target?.name ?? '',
    width: target?.class ?? 64,
    hasOwnLibc,
    hasCompatLoader,
    hasSibling: path =>
      [path, nodePackage(path)].some(one => {
        const name = one === undefined ? undefined : parallelName(one)
        return name !== undefined && parallels.has(name)
      }),
    hasPlain: path => {
      const plain = plainName(path)
      const parallel = parallelName(path)
      return (
        (plain !== undefined && own.get(plain)?.seen.fit === 'native') ||
        (parallel !== undefined && loose.has(withoutStars(parallel)))
      )
    },
  }
}
