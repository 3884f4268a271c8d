import type {PlatformFacts} from '../../facts/facts.ts'
import type {LibraryProblem} from '../../scan/index.ts'
import {chainPaths, type PlatformViolation} from '../rule.ts'
import {describeAbsentLibrary} from './absent-library.ts'
import {addonFiles} from './addons.ts'
import {commonDirectory, groupEvidence, groupFiles} from './scan-groups.ts'

type Obstacle = LibraryProblem['obstacle']
type Problem<K extends Obstacle['kind']> = LibraryProblem & {readonly obstacle: Extract<Obstacle, {kind: K}>}

/** Programs whose library is not found, one finding for each. A launcher may set where it is found: a warning. */
export function* missingLibraries(platform: PlatformFacts): Generator<PlatformViolation> {
  for (const {files, subject, isOne, common} of told(platform, 'missing-library', ({library}) => library)) {
    const [{obstacle, path, more}] = files
    const {which, evidence, ...rest} = describeAbsentLibrary(platform, obstacle, isOne)
    // A note names what brings the library, and that is the same for all of them.
    const isOfOne = rest.level === undefined && files.length === 1
    const others = isOfOne && more > 0 ? ` (and ${more} more)` : ''
    const by = isOfOne && obstacle.neededBy !== path ? ` (of ${obstacle.neededBy})` : ''
    yield {
      ...common,
      ...rest,
      message: `${subject} ${obstacle.library}${others}${by}, ${which}`,
      evidence: {...common.evidence, ...evidence},
    }
  }
}

/** Programs that need symbol versions which no library of the image defines. */
export function* missingVersions(platform: PlatformFacts): Generator<PlatformViolation> {
  const keyOf = ({library, provider}: Problem<'missing-version'>['obstacle']): string => `${library} ${provider}`
  for (const {files, subject, common} of told(platform, 'missing-version', keyOf)) {
    const {library, provider, neededBy} = files[0].obstacle
    const versions = [...new Set(files.flatMap(({obstacle}) => obstacle.versions))].sort()
    yield {
      ...common,
      message: `${subject} ${versions.join(', ')} of ${library}, which ${provider} does not define`,
      evidence: {...common.evidence, library, provider, neededBy, versions},
      fix: 'Build for the image’s own base, or base the image on the one that they were built on.',
    }
  }
}

/** Programs whose loader is not in the image. */
export function* missingLoaders(platform: PlatformFacts): Generator<PlatformViolation> {
  for (const {files, subject, isOne, common} of told(platform, 'missing-loader', ({loader}) => loader)) {
    const {loader, cause} = files[0].obstacle
    yield {
      ...common,
      message: `${subject} ${loader} to start, which is not in the image${cause === undefined ? '' : `: ${cause}`}`,
      evidence: {...common.evidence, loader, role: 'loader'},
      fix: `Link ${isOne ? 'it' : 'them'} statically, or base the image on the C library that ${isOne ? 'it was' : 'they were'} linked for (${loader}).`,
    }
  }
}

/** Programs whose libraries could not all be followed. */
export function* unfollowedLibraries(platform: PlatformFacts): Generator<PlatformViolation> {
  for (const {files, subject, common} of told(platform, 'undetermined', ({reason}) => reason)) {
    const {reason} = files[0].obstacle
    const message = `${subject} libraries that could not all be followed: ${reason}`
    yield {...common, message, evidence: {...common.evidence, reason}}
  }
}

interface ToldGroup<K extends Obstacle['kind']> {
  readonly files: readonly [Problem<K>, ...Problem<K>[]]
  /** `/usr/bin/x needs`, `12 programs in PATH (/usr/bin/x, …) need` */
  readonly subject: string
  readonly isOne: boolean
  readonly common: Pick<PlatformViolation, 'path' | 'level' | 'evidence'>
}

function told<K extends Obstacle['kind']>(
  platform: PlatformFacts,
  kind: K,
  keyOf: (obstacle: Problem<K>['obstacle']) => string,
): ToldGroup<K>[] {
  const known = chainPaths(platform)
  const isOfAddon = addonFiles(platform)
  const isWanted = (problem: LibraryProblem): problem is Problem<K> => problem.obstacle.kind === kind
  const problems = (platform.scan?.libraries.problems ?? [])
    .filter(isWanted)
    .filter(({path, place}) => !known.has(path) && (place === 'path' || !isOfAddon(path)))
  const groups = groupFiles(problems, ({obstacle, place}) => ({level: 'warning', key: `${place} ${keyOf(obstacle)}`}))
  return groups.map(({files, level}) => {
    const paths = [...new Set(files.map(({path}) => path))]
    const [first] = paths
    const isOne = paths.length === 1
    return {
      files,
      isOne,
      subject: isOne
        ? `${first} needs`
        : `${paths.length} ${files[0].place === 'path' ? 'programs in PATH' : 'files outside PATH'} (${named(paths)}) need`,
      common: {
        path: isOne && first !== undefined ? first : commonDirectory(paths),
        level,
        evidence: isOne ? {path: first ?? '', more: files[0].more} : groupEvidence(paths),
      },
    }
  })
}

/** Paths that a message names. */
const NAMED = 3

function named(paths: readonly string[]): string {
  return paths.length <= NAMED ? paths.join(', ') : `${paths.slice(0, NAMED).join(', ')}, …`
}
