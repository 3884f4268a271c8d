import {cp, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
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
  /** The program that is started; Debian's where nothing is said. */
  readonly python?: string
  readonly env?: Readonly<Record<string, string>>
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

/** Ways of the packages into `sys.path`; each takes as long as one of the others. */
export const PYTHON_PLACES: readonly PythonVariant[] = [
  {name: 'in a virtual environment', python: '/venv/bin/python', change: root => makeVenv(root, VENV_SITE)},
  {
    name: 'in a virtual environment of another machine',
    python: '/venv/bin/python',
    change: async root => makeVenv(root, VENV_SITE, join(await pythonRoot('arm64'), SITE)),
  },
  {
    name: 'in a virtual environment for another release of Python',
    python: '/venv/bin/python',
    change: root => makeVenv(root, VENV_SITE.replace('3.13', '3.12')),
  },
  {
    name: 'in a virtual environment whose home is not there',
    python: '/venv/bin/python',
    change: async root => {
      await makeVenv(root, VENV_SITE, join(await pythonRoot('arm64'), SITE))
      await writeFile(join(root, 'venv/pyvenv.cfg'), 'home = /opt/python/bin\n')
    },
  },
  {
    name: 'of the system, seen by a virtual environment',
    python: '/venv/bin/python',
    change: async root => {
      await makeVenv(root, undefined)
      await writeFile(join(root, 'venv/pyvenv.cfg'), 'home = /usr/bin\ninclude-system-site-packages = true\n')
      await spoil(join(root, SITE))
    },
  },
  {
    name: 'of another machine, where a .pth file leads',
    change: async root => {
      await moveSite(root, 'opt/more')
      await spoil(join(root, 'opt/more'))
      await writeFile(join(root, SITE, 'more.pth'), '# comment\n/none\n../../../../opt/more\n')
    },
  },
  {
    name: 'where PYTHONPATH leads',
    env: {PYTHONPATH: '/none:/opt/more'},
    change: root => moveSite(root, 'opt/more'),
  },
  {
    name: 'of another machine, where PYTHONPATH leads',
    env: {PYTHONPATH: '/opt/more'},
    change: async root => {
      await moveSite(root, 'opt/more')
      await spoil(join(root, 'opt/more'))
    },
  },
  {
    name: 'of another machine, of the user',
    env: {HOME: '/home'},
    change: async root => {
      await moveSite(root, `home/.local/lib/python3.13/site-packages`)
      await spoil(join(root, 'home/.local'))
    },
  },
]

const VENV_SITE = 'venv/lib/python3.13/site-packages'

/** Has the real Python make a virtual environment, and moves the packages of the system into it, or copies others. */
async function makeVenv(root: string, site: string | undefined, from = join(root, SITE)): Promise<void> {
  await run('/usr/sbin/chroot', [root, '/usr/bin/python3', '-m', 'venv', '--without-pip', '/venv'])
  if (site === undefined) return
  await rm(join(root, VENV_SITE), {recursive: true})
  await mkdir(dirname(join(root, site)), {recursive: true})
  await cp(from, join(root, site), {recursive: true, verbatimSymlinks: true})
  await rm(join(root, SITE), {recursive: true})
}

async function moveSite(root: string, to: string): Promise<void> {
  await mkdir(dirname(join(root, to)), {recursive: true})
  await cp(join(root, SITE), join(root, to), {recursive: true, verbatimSymlinks: true})
  await rm(join(root, SITE), {recursive: true})
  await mkdir(join(root, SITE))
}

/** Gives the extension modules names for another machine. */
async function spoil(folder: string): Promise<void> {
  const paths = await extensions(folder)
  for (const path of paths) await rename(path, path.replace('x86_64-linux-gnu', 'aarch64-linux-gnu'))
}

/** Makes a copy of the root, with links to its files, and changes it. */
export async function makePythonRoot(folder: string, {change}: PythonVariant): Promise<string> {
  const root = join(folder, 'root')
  await run('cp', ['-al', await pythonRoot('amd64'), root])
  await change?.(root)
  return root
}

/** Imports each module in a process of its own, which costs less than to start Python for each. */
const IMPORT_ALL = `import os, sys
for name in sys.argv[1:]:
    if os.fork() == 0:
        try:
            __import__(name)
        except BaseException as error:
            print(name, repr(error)[:160].replace("\\n", " "), flush=True)
        os._exit(0)
    os.wait()
print("end")
`

/** Has the Python of a root import modules; what it says of those that fail, by their names. */
export async function importAll(
  root: string,
  modules: readonly string[],
  {python = PROGRAM, env: more}: PythonVariant,
): Promise<ReadonlyMap<string, string>> {
  await writeFile(join(root, 'all.py'), IMPORT_ALL)
  const env = {PATH: '/usr/bin', HOME: '/nonexistent', ...more}
  const command = [root, python, '/all.py', ...modules]
  const {stdout, stderr} = await runAny('/usr/sbin/chroot', command, {env, timeoutMs: 600_000})
  const lines = stdout.toString().trim().split('\n')
  if (lines.pop() !== 'end') throw new Error(`Python did not come to the end: ${stderr}`)
  return new Map(lines.map(line => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]))
}

/** Debian's. */
export const PROGRAM = '/usr/bin/python3'

async function extensions(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.so'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
