import type {LibraryPlace} from '../../exec/index.ts'
import type {PlatformFacts} from '../../facts/facts.ts'
import {baseName, directoryOf} from '../../lib/paths.ts'
import type {Evidence} from '../finding.ts'

/** What is wrong with a library that its loader does not find, and what mends it. */
export interface Absence {
  /** The end of a sentence that says who needs the library. */
  readonly reason: string
  readonly fix: string
  /** Where it is all the same. */
  readonly evidence: Evidence
}

/** Places that a message names. */
const NAMED = 2

/**
 * Tells apart a library that is not installed, one that is where the loader does not look, and one whose link is
 * missing. `user` is what needs it, undefined where several do; `searched` where its loader looks, `rejected` what it
 * found there and did not take.
 */
export function describeAbsence(
  {elsewhere}: Pick<PlatformFacts, 'elsewhere'>,
  library: string,
  user: string | undefined,
  {searched, rejected}: {readonly searched: readonly string[]; readonly rejected: readonly unknown[]},
): Absence {
  const known = elsewhere?.get(library)
  const places = known ?? []
  const [first] = places
  const linked = user ?? 'them'
  const evidence = {elsewhere: places.map(({path, kind}) => ({path, kind}))}
  switch (first?.kind) {
    case undefined:
      return {
        // A file of the name that the loader refused is named behind this.
        reason: known && rejected.length === 0 ? 'is not in the image' : 'is not found where the loader looks',
        fix: `Install the package that brings ${library}, or link ${linked} statically.`,
        evidence,
      }
    case 'same-name':
      return {
        reason: `is there, but not where the loader looks: ${named(places, 'same-name')}`,
        fix: `Tell the loader of ${directoryOf(first.path)}: link ${linked} with -Wl,-rpath,${rpathTo(first.path, user)}, set LD_LIBRARY_PATH=${directoryOf(first.path)}, or name the directory in /etc/ld.so.conf.d and run ldconfig.`,
        evidence,
      }
    case 'dangling-link':
      return {
        reason: `is a dangling symlink: ${first.path} -> ${first.target}, which is not in the image`,
        fix: `Copy the file that ${first.path} points to as well: COPY takes the link alone where only the link is named.`,
        evidence,
      }
    case 'real-file':
      return missingLink(first, library, user, searched, evidence, named(places, 'real-file'))
    case 'other-version':
      return {
        reason: `is not in the image; another version is: ${named(places, 'other-version')}`,
        fix: `Install the version of the library that ${user === undefined ? 'they were' : `${user} was`} linked with (${library}), or build ${linked} with the one that is there.`,
        evidence,
      }
  }
}

function missingLink(
  place: LibraryPlace,
  library: string,
  user: string | undefined,
  searched: readonly string[],
  evidence: Evidence,
  paths: string,
): Absence {
  const directory = directoryOf(place.path)
  const link = `${directory === '/' ? '' : directory}/${library}`
  const isSearched = searched.includes(directory)
  const more = isSearched
    ? ''
    : `, and tell the loader of ${directory}: LD_LIBRARY_PATH, or an RPATH of ${user ?? 'theirs'}`
  return {
    reason: `has no link to the real file: ${paths} is there, ${link} is not`,
    fix: `Make the link: ln -s ${baseName(place.path)} ${link} (ldconfig makes it in the directories that it knows)${more}.`,
    evidence,
  }
}

function named(places: readonly LibraryPlace[], kind: LibraryPlace['kind']): string {
  const paths = places.filter(place => place.kind === kind).map(({path}) => path)
  const more = paths.length - NAMED
  return `${paths.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** A library beside its program is found by `$ORIGIN`. */
function rpathTo(library: string, user: string | undefined): string {
  const directory = directoryOf(library)
  return user !== undefined && directoryOf(user) === directory ? "'$ORIGIN'" : directory
}
