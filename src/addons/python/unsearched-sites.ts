import type {RootFs} from '../../image/rootfs.ts'
import {LIMITS} from '../../lib/limits.ts'
import {baseName} from '../../lib/paths.ts'
import type {AddonProblem, NativeFile} from '../addon.ts'
import {readTextAt} from '../files.ts'
import {extensionSuffixes} from './extension-modules.ts'
import {installedIn, releaseInName} from './search-path.ts'
import {parseVirtualEnvironment} from './virtual-environment.ts'

export interface UnsearchedInput {
  /** Directories of packages of one release. */
  readonly sites: readonly string[]
  readonly extensions: ReadonlyMap<string, NativeFile>
  readonly natives: ReadonlyMap<string, NativeFile>
  readonly env: ReadonlyMap<string, string>
  readonly files: Pick<RootFs, 'lookup' | 'list' | 'open'>
}

/**
 * Packages that were installed for a release of Python that the image does not have, so that nothing looks where they
 * are: in a virtual environment whose interpreter is of another release, or is not there; or for a Python of which the
 * image has no program, library or standard library, where it has another.
 */
export async function findUnsearchedSites(input: UnsearchedInput): Promise<readonly AddonProblem[]> {
  const {sites, env, files} = input
  const named = (env.get('PYTHONPATH') ?? '').split(':')
  const present = presentReleases(input)
  const problems: AddonProblem[] = []
  for (const site of sites.slice(0, LIMITS['judged-packages'].most)) {
    const [, prefix, release] = SITE.exec(site) ?? []
    if (prefix === undefined || release === undefined || named.includes(site)) continue
    const packages = await installedIn(files, site)
    if (packages.length === 0) continue
    const interpreter = await interpreterOf(input, prefix)
    const isMissed =
      interpreter === undefined
        ? !present.has(release) && present.size > 0 && !(await hasLibrary(files, prefix, release))
        : interpreter.kind === 'missing' || (interpreter.release !== release && interpreter.release !== undefined)
    if (!isMissed) continue
    const searching = interpreter?.kind === 'found' ? [interpreter.release ?? ''] : [...present].sort()
    problems.push({
      language: 'python',
      directory: site,
      package: packages[0] ?? '',
      wanted: interpreter?.kind === 'missing' ? [interpreter.path] : [],
      outcome: {kind: 'unsearched', release, by: interpreter?.kind === 'missing' ? [] : searching, packages},
      covers: [],
      isRequired: true,
      isNeeded: true,
    })
  }
  return problems
}

const SITE = /^(.*)\/lib(?:64)?\/python(3\.[0-9]+t?)\/(?:site|dist)-packages$/

/** Releases whose programs or libraries are here, of the platform. */
function presentReleases({natives, extensions}: UnsearchedInput): ReadonlySet<string> {
  const releases = new Set(extensionSuffixes(extensions).keys())
  for (const [path, {fit}] of natives) {
    const release = releaseInName(path) ?? /^libpython(3\.[0-9]+t?)\.so/.exec(baseName(path))?.[1]
    if (release !== undefined && fit !== 'other') releases.add(release)
  }
  return releases
}

async function hasLibrary(files: Pick<RootFs, 'lookup'>, prefix: string, release: string): Promise<boolean> {
  for (const base of [prefix, '/usr/local', '/usr']) {
    for (const name of ['os.py', 'os.pyc', '__pycache__'])
      if ((await files.lookup(`${base}/lib/python${release}/${name}`)).outcome === 'found') return true
  }
  return false
}

type Found =
  | {readonly kind: 'found'; readonly release: string | undefined}
  | {readonly kind: 'missing'; readonly path: string}

/** The interpreter of a virtual environment; undefined where a prefix is none, or has no program at all. */
async function interpreterOf({files}: UnsearchedInput, prefix: string): Promise<Found | undefined> {
  const text = await readTextAt(files, `${prefix}/pyvenv.cfg`, LIMITS['addon-settings-bytes'].most)
  if (text === undefined) return undefined
  const {version} = parseVirtualEnvironment(text)
  for (const name of ['python', 'python3']) {
    const path = `${prefix}/bin/${name}`
    const found = await files.lookup(path)
    if (found.outcome === 'found' && found.node.kind === 'file')
      return {kind: 'found', release: releaseInName(found.node.path) ?? (found.hops.length > 0 ? undefined : version)}
    // A link whose file is not there.
    if (found.outcome === 'missing' && found.hops.length > 0) return {kind: 'missing', path: found.at}
  }
  return undefined
}
