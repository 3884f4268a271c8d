import {cp, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {run, runAny} from '../../e2e/ground/run.ts'
import type {UsualArch} from '../systems/architectures.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import {PYTHON_PACKAGES} from './python-packages.ts'

const SUITE = 'trixie'
const SITE = 'usr/lib/python3/dist-packages'

/** A root with Debian's Python and all packages, of one architecture; nothing of it was configured. */
export async function pythonRoot(arch: UsualArch): Promise<string> {
  const names = ['python3', 'dash', 'coreutils', ...Object.keys(PYTHON_PACKAGES)]
  const debs = await fetchDebs(arch, names, SUITE)
  const key = debs.map(({file}) => file).join(' ')
  const hash = Buffer.from(key).reduce((sum, byte) => (sum * 31 + byte) % 0xffffffff, 7)
  return cachedFolder(join(cacheFolder(), 'addons', `python-${arch}-${hash.toString(16)}`), folder =>
    unpackDebs(debs, arch, folder),
  )
}

/** How packages of Python come into an image. */
export interface PythonVariant {
  readonly name: string
  /** Changes the root, a copy of amd64's. */
  change?(root: string): Promise<void>
}

export const PYTHON_VARIANTS: readonly PythonVariant[] = [
  {name: 'installed on the platform'},
  {
    name: 'installed on another machine',
    change: async root => {
      await rm(join(root, SITE), {recursive: true})
      await cp(join(await pythonRoot('arm64'), SITE), join(root, SITE), {recursive: true, verbatimSymlinks: true})
    },
  },
  {
    name: 'of another machine under the right name',
    change: async root => {
      const modules = await extensions(join(root, SITE))
      const other = await pythonRoot('arm64')
      const [foreign] = await extensions(join(other, SITE))
      if (foreign === undefined) throw new Error('the packages of arm64 have no extension modules')
      const content = await readFile(foreign)
      for (const path of modules) {
        // It is a hard link to the file in the cache.
        await rm(path)
        await writeFile(path, content)
      }
    },
  },
  {
    name: 'for another release of Python',
    change: async root => {
      for (const path of await extensions(join(root, SITE)))
        await rename(path, path.replace('cpython-313', 'cpython-312'))
    },
  },
]

/** Makes a copy of the root, with links to its files, and changes it. */
export async function makePythonRoot(folder: string, {change}: PythonVariant): Promise<string> {
  const root = join(folder, 'root')
  await run('cp', ['-al', await pythonRoot('amd64'), root])
  await change?.(root)
  return root
}

/** Runs a script of a root with its Python; what it says of what goes wrong, or undefined where it ends well. */
export async function runPython(root: string, script: string): Promise<string | undefined> {
  const env = {PATH: '/usr/bin', HOME: '/nonexistent'}
  const {code, signal, stderr} = await runAny('/usr/sbin/chroot', [root, '/usr/bin/python3', script], {
    env,
    timeoutMs: 60_000,
  })
  return code === 0 ? undefined : `${code ?? signal}: ${stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? ''}`
}

async function extensions(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.so'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
