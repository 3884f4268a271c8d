import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {runApt, type Suite, updateLists} from '../../e2e/ground/apt.ts'
import {cacheFolder} from '../../e2e/ground/cache.ts'
import {run} from '../../e2e/ground/run.ts'
import {type DebianArch, MERGED} from './architectures.ts'

/** Where firmware is, too. */
const COMPONENTS = ['main', 'contrib', 'non-free', 'non-free-firmware']

/** The release that a system is made of. */
export function releaseOf(arch: string, suite = 'bookworm'): Suite {
  return {suite, arch, components: COMPONENTS}
}

/** A downloaded package. */
export interface Deb {
  /** `libc6_2.36-9+deb12u13_arm64.deb`: name, version and architecture. */
  readonly file: string
  readonly name: string
  readonly path: string
}

/**
 * The packages that apt would install in an empty system for these names, with all they depend on
 * and nothing that is only recommended. None is downloaded. Throws where apt finds no solution.
 */
export async function resolveDebs(arch: string, names: readonly string[], release?: string): Promise<readonly Deb[]> {
  const key = JSON.stringify([arch, names, release])
  const known = RESOLVED.get(key) ?? resolveAll(releaseOf(arch, release), names)
  RESOLVED.set(key, known)
  return known
}

/** What this process asked for already: the base is wanted by every system. */
const RESOLVED = new Map<string, Promise<readonly Deb[]>>()

async function resolveAll(suite: Suite, names: readonly string[]): Promise<readonly Deb[]> {
  await updateLists(suite)
  // Apt prints no address of what it has already: it is asked with an empty folder.
  const archives = archivesOf(suite)
  const files = parseUris(await install(suite, names, join(archives, 'empty'), '--print-uris'))
  return files.map(file => ({file, name: file.split('_')[0] ?? file, path: join(archives, file)}))
}

/** Downloads the packages that `resolveDebs` gives for the same, where they are not there yet. */
export async function downloadDebs(arch: string, names: readonly string[], release?: string): Promise<void> {
  const suite = releaseOf(arch, release)
  await install(suite, names, archivesOf(suite), '--download-only')
}

/** Both at once, for whoever wants the packages themselves. */
export async function fetchDebs(arch: string, names: readonly string[], release?: string): Promise<readonly Deb[]> {
  const fetch = async (): Promise<readonly Deb[]> => {
    const debs = await resolveDebs(arch, names, release)
    await downloadDebs(arch, names, release)
    return debs
  }
  return fetch().catch(async () => {
    await renewLists(arch, release)
    return fetch()
  })
}

/** To be called where a download fails: the versions that the lists name may have left the mirror meanwhile. */
export async function renewLists(arch: string, release?: string): Promise<void> {
  RESOLVED.clear()
  await updateLists(releaseOf(arch, release), true)
}

function archivesOf({arch}: Suite): string {
  return join(cacheFolder(), 'systems', 'debs', arch)
}

async function install(suite: Suite, names: readonly string[], folder: string, how: string): Promise<string> {
  await mkdir(join(folder, 'partial'), {recursive: true})
  return runApt(suite, [
    ...['-o', `Dir::Cache::archives=${folder}`, '-o', 'Debug::NoLocking=true'],
    ...['install', '-y', '--no-install-recommends', how, ...names],
  ])
}

/** `'ADDRESS' FILE SIZE HASH` lines. */
function parseUris(text: string): readonly string[] {
  return [...text.matchAll(/^'[^']+' (\S+\.deb) \d+ /gm)].map(([, file = '']) => file).sort()
}

/** Of these packages, those that can be installed for several architectures at once (`Multi-Arch: same`): libraries. */
export async function filterMultiArch(debs: readonly Deb[]): Promise<readonly Deb[]> {
  const fields = await Promise.all(debs.map(({path}) => run('dpkg-deb', ['--field', path, 'Multi-Arch'])))
  return debs.filter((_, index) => fields[index]?.trim() === 'same')
}

// Tar takes what a link points to for the directory that a package names, as dpkg does.
const UNPACK = 'for deb in "$@"; do dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink -C "$0"; done'

/** Unpacks packages into a folder with a merged /usr. No script of theirs is run. */
export async function unpackDebs(debs: readonly Deb[], arch: DebianArch, folder: string): Promise<void> {
  const links = ['bin', 'sbin', 'lib', ...(MERGED[arch] ?? [])].map(name => [`usr/${name}`, name])
  await run('sh', [
    '-ec',
    'for name; do mkdir -p "$0/usr/$name"; ln -s "usr/$name" "$0/$name"; done',
    folder,
    ...links.map(([, name = '']) => name),
  ])
  await run('bash', ['-eo', 'pipefail', '-c', UNPACK, folder, ...debs.map(({path}) => path)])
}
