import {LIMITS} from '../../lib/limits.ts'
import type {AddonProblem, NativeFiles} from '../addon.ts'
import {followUses} from './follow-uses.ts'
import {type PerlRelease, readPerlRelease} from './perl-release.ts'

export interface PerlAddonInput extends NativeFiles {
  readonly env: ReadonlyMap<string, string>
}

/** Native code of a module, of another machine. */
interface ForeignObject {
  readonly path: string
  /** The directory of `@INC` that it is in, or would be in of that machine. */
  readonly place: string
  /** `JSON/XS` */
  readonly name: string
}

/** `auto/JSON/XS/XS.so`: https://perldoc.perl.org/DynaLoader */
const OBJECT = /^(.*)\/auto\/((?:[^/]+\/)*([^/]+))\/\3\.so$/

/**
 * Modules of Perl whose native code is of another machine: in a directory of `@INC`, where loading it fails; or in one
 * for the other machine, where Perl does not look. It is read of an image that has such files alone.
 */
export async function findPerlAddons({natives, files, env}: PerlAddonInput): Promise<readonly AddonProblem[]> {
  const foreign: ForeignObject[] = []
  for (const [path, {fit}] of natives) {
    const [, place, name] = (fit === 'other' ? OBJECT.exec(path) : null) ?? []
    if (place !== undefined && name !== undefined) foreign.push({path, place, name})
  }
  const release = foreign.length === 0 ? undefined : await findRelease({natives, files, env})
  if (release === undefined) return []
  // At once: what is asked for together is read in one pass over a layer.
  const judged = await Promise.all(
    foreign.slice(0, LIMITS['followed-packages'].most).map(one => judge(one, release, {natives, files})),
  )
  return judged.flatMap(problem => problem ?? [])
}

async function judge(
  {path, place, name}: ForeignObject,
  release: PerlRelease,
  {natives, files}: NativeFiles,
): Promise<AddonProblem | undefined> {
  const {inc} = release
  const own = inc.includes(place) ? place : ownPlace(place, release)
  if (own === undefined) return undefined
  const object = `auto/${name}/${name.replace(/^.*\//, '')}`
  const common = {language: 'perl', directory: place, package: name.replaceAll('/', '::')} as const
  const covers = [path]
  if (own === place) {
    const stems = await followUses(files, [`${place}/${name}.pm`], {inc: [place, ...inc], others: []})
    const isNeeded = stems.has(`${place}/${object}`)
    const outcome = {kind: 'foreign', path, machine: natives.get(path)?.machine ?? ''} as const
    const modules = [`${place}/${object}`]
    return {...common, wanted: [path], outcome, covers, isRequired: false, isNeeded, modules, searched: inc}
  }
  if (await isFound(files, inc, `${name}.pm`)) return undefined
  const outcome = {kind: 'missing', present: [path]} as const
  const wanted = [`${own}/${object}.so`]
  const modules = [`${place}/${name}`]
  return {...common, wanted, outcome, covers, isRequired: false, isNeeded: true, modules, searched: inc}
}

async function findRelease({natives, files, env}: PerlAddonInput): Promise<PerlRelease | undefined> {
  const directories = [...natives].flatMap(([path, {fit}]) =>
    fit === 'own' ? (/^(.*)\/auto\/POSIX\/POSIX\.so$/.exec(path)?.[1] ?? []) : [],
  )
  const read = await Promise.all(directories.map(directory => readPerlRelease(files, directory, env)))
  const releases = read.flatMap(release => release ?? [])
  const [first] = releases
  if (first === undefined || releases.some(({version}) => version !== first.version)) return undefined
  // Debian's perl-base has the same configuration in a directory of its own.
  return {...first, inc: [...new Set(releases.flatMap(({inc}) => inc))]}
}

/** The directory of `@INC` that is this one but for the machine in its path. */
function ownPlace(place: string, {inc}: PerlRelease): string | undefined {
  const pattern = place.split('/').map(part => (/-linux(?:-|$)/.test(part) ? undefined : part))
  if (!pattern.includes(undefined)) return undefined
  return inc.find(one => {
    const parts = one.split('/')
    const isSame =
      parts.length === pattern.length && parts.every((part, at) => pattern[at] === undefined || pattern[at] === part)
    return isSame && parts.some((part, at) => pattern[at] === undefined && /-linux(?:-|$)/.test(part))
  })
}

async function isFound(files: NativeFiles['files'], places: readonly string[], name: string): Promise<boolean> {
  for (const place of places) if ((await files.lookup(`${place}/${name}`)).outcome === 'found') return true
  return false
}
