import {mkdir, readdir, rm} from 'node:fs/promises'
import {join} from 'node:path'
import {runApt, type Suite, updateLists} from './apt.ts'
import {cachedFolder, cacheFolder} from './cache.ts'
import {run, runAny} from './run.ts'

/** A package of Debian: any suite, any architecture. */
export interface Package extends Suite {
  readonly name: string
}

// dpkg-query's own placeholder, not one of this language.
const STATUS = '$' + '{db:Status-Status}'

/** Unpacks a package into the cache, without installing it, and gives the folder that holds its files. */
export async function downloadPackage(wanted: Package): Promise<string> {
  const target = join(cacheFolder(), 'packages', `${wanted.suite}-${wanted.arch}`, wanted.name)
  return cachedFolder(target, async folder => {
    const downloads = join(folder, '.download')
    await mkdir(downloads)
    const deb = await downloadDeb(wanted, downloads)
    await run('dpkg-deb', ['--extract', deb, folder])
    await rm(downloads, {recursive: true})
  })
}

/** Installs on this machine what is missing of these packages, from the suite that the machine itself runs. */
export async function installPackages(names: readonly string[]): Promise<void> {
  const present = await Promise.all(names.map(isInstalled))
  const missing = names.filter((_, index) => present[index] !== true)
  if (missing.length === 0) return
  const env = {...process.env, DEBIAN_FRONTEND: 'noninteractive'}
  await run('apt-get', ['-q', 'update'], {env})
  await run(
    'apt-get',
    ['-q', '-y', '-o', 'DPkg::Lock::Timeout=300', 'install', '--no-install-recommends', ...missing],
    {env},
  )
}

async function downloadDeb(wanted: Package, folder: string): Promise<string> {
  await updateLists(wanted)
  await runApt(wanted, ['download', wanted.name], folder).catch(async () => {
    // Lists of a suite that moves go stale: the version that they name may have left the mirror meanwhile.
    await updateLists(wanted, true)
    await runApt(wanted, ['download', wanted.name], folder)
  })
  const [deb] = (await readdir(folder)).filter(name => name.endsWith('.deb'))
  if (deb === undefined)
    throw new Error(`apt-get download ${wanted.name} (${wanted.suite}, ${wanted.arch}) left no file`)
  return join(folder, deb)
}

async function isInstalled(name: string): Promise<boolean> {
  const result = await runAny('dpkg-query', ['-W', '-f', STATUS, name])
  return result.code === 0 && result.stdout.toString() === 'installed'
}
