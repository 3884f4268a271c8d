import {cp, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import type {UsualArch} from '../systems/architectures.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'

const SUITE = 'trixie'

/** A root with packages of Debian and all that they depend on, of one architecture; nothing of it was configured. */
async function debianRoot(kind: string, arch: UsualArch, packages: readonly string[]): Promise<string> {
  const debs = await fetchDebs(arch, ['dash', 'coreutils', ...packages], SUITE)
  const key = debs.map(({file}) => file).join(' ')
  const hash = Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte) % 0xffffffff, 7)
  return cachedFolder(join(cacheFolder(), 'addons', `${kind}-${arch}-${hash.toString(16)}`), folder =>
    unpackDebs(debs, arch, folder),
  )
}

/** A copy of amd64's root, with links to its files, that a test may change. */
async function copyRoot(from: string, folder: string): Promise<string> {
  const root = join(folder, 'root')
  await run('cp', ['-al', from, root])
  return root
}

/** A root as it should not be. */
export interface RootVariant {
  readonly name: string
  /** Changes a copy of amd64's root; `other` is arm64's. */
  change?(root: string, other: string): Promise<void>
}

/** Has each variant of a root with packages of Debian tested, in a copy that is gone afterwards. */
export async function testVariants(
  {
    kind,
    packages,
    variants,
  }: {
    readonly kind: string
    readonly packages: readonly string[]
    readonly variants: readonly RootVariant[]
  },
  test: (root: string, name: string) => Promise<void>,
  prepare: (root: string) => Promise<void> = async () => {},
): Promise<void> {
  const [own, other] = await Promise.all([debianRoot(kind, 'amd64', packages), debianRoot(kind, 'arm64', packages)])
  for (const {name, change} of variants) {
    await withTemporaryFolder('addons', async folder => {
      const root = await copyRoot(own, folder)
      await prepare(root)
      await change?.(root, other)
      await test(root, name)
    })
  }
}

/** Copies a directory of another root, with its own files. */
export async function copyDirectory(from: string, to: string): Promise<void> {
  await rm(to, {recursive: true, force: true})
  await cp(from, to, {recursive: true, verbatimSymlinks: true})
}

/** Regular files below a folder whose names end so. */
export async function filesBelow(folder: string, ending: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith(ending))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}

/** Puts other content in the place of a file that is a hard link to one of the cache. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  await rm(path, {force: true})
  await writeFile(path, content)
}

/** Puts one file of another machine in the place of each of these. */
export async function replaceBy(foreign: string, paths: readonly string[]): Promise<void> {
  const content = await readFile(foreign)
  for (const path of paths) await replaceFile(path, content)
}

/** What programs of a root want besides files of packages: a place for theirs, and /dev/null. */
export async function addDevices(root: string): Promise<void> {
  for (const directory of ['dev', 'tmp', 'run']) await mkdir(join(root, directory), {recursive: true})
  await run('mknod', ['-m', '666', join(root, 'dev/null'), 'c', '1', '3'])
}

/** Runs a program of a root; what it says of what goes wrong, or undefined where it ends well. */
export async function runIn(root: string, command: readonly string[]): Promise<string | undefined> {
  const env = {PATH: '/usr/sbin:/usr/bin', HOME: '/nonexistent'}
  const {code, signal, stderr} = await runAny('/usr/sbin/chroot', [root, ...command], {env, timeoutMs: 60_000})
  return code === 0 ? undefined : `${code ?? signal}: ${stderr.trim().split('\n').at(-1)?.slice(0, 200) ?? ''}`
}
