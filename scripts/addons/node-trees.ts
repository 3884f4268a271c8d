import {copyFile, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {run} from '../../e2e/ground/run.ts'
import {BUILT, NODE_PACKAGES} from './node-packages.ts'

/** For whom npm installs. */
export interface NpmTarget {
  readonly cpu: 'x64' | 'arm64'
  readonly libc: 'glibc' | 'musl'
}

const BCRYPT = `pre-gyp-bcrypt/${BUILT['pre-gyp-bcrypt']}`

/** A folder with package.json and node_modules as npm installs it; no script of a package is run. */
export async function nodeTree({cpu, libc}: NpmTarget): Promise<string> {
  const manifest = JSON.stringify({name: 'app', private: true, dependencies: NODE_PACKAGES})
  const key = Buffer.from(manifest)
    .reduce((sum, byte) => (sum * 31 + byte) % 0xffffffff, 7)
    .toString(16)
  return cachedFolder(join(cacheFolder(), 'addons', `node-${cpu}-${libc}-${key}`), async folder => {
    await writeFile(join(folder, 'package.json'), manifest)
    await run(
      'npm',
      [
        ...['install', '--ignore-scripts', '--no-audit', '--no-fund', '--force', '--legacy-peer-deps'],
        ...['--os', 'linux', '--cpu', cpu, '--libc', libc, '--loglevel', 'error'],
      ],
      {cwd: folder},
    )
    const modules = join(folder, 'node_modules')
    // What the install script of the older release downloads; the newer has the same for node-gyp-build.
    await mkdir(join(modules, dirname(BCRYPT)), {recursive: true})
    await copyFile(join(modules, `bcrypt/prebuilds/linux-${cpu}/bcrypt.${libc}.node`), join(modules, BCRYPT))
  })
}

/** How a node_modules comes into an image. */
export interface NodeVariant {
  readonly name: string
  readonly installedFor: NpmTarget
  /** Changes the copy in a folder; what is in it are hard links. */
  change?(app: string): Promise<void>
}

/** What is right for a machine, and what is wrong in ways that are met. */
export function nodeVariants(cpu: NpmTarget['cpu']): readonly NodeVariant[] {
  const other = cpu === 'x64' ? 'arm64' : 'x64'
  return [
    {name: 'installed on the platform', installedFor: {cpu, libc: 'glibc'}},
    {name: 'installed on another machine', installedFor: {cpu: other, libc: 'glibc'}},
    {name: 'installed for the other C library', installedFor: {cpu, libc: 'musl'}},
    {
      name: 'without prebuilds for the platform',
      installedFor: {cpu, libc: 'glibc'},
      change: async app => {
        for (const path of await listFiles(join(app, 'node_modules'))) {
          if (new RegExp(`/prebuilds/linux-${cpu}/`).test(path)) await rm(path)
        }
      },
    },
    {
      name: 'built on another machine',
      installedFor: {cpu, libc: 'glibc'},
      change: app => buildElsewhere(app, other),
    },
  ]
}

/** Puts an add-on of another machine where node-gyp builds to. */
async function buildElsewhere(app: string, other: NpmTarget['cpu']): Promise<void> {
  const files = await listFiles(join(app, 'node_modules'))
  const foreign = files.find(path => path.includes(`/prebuilds/linux-${other}/`) && path.endsWith('.node'))
  if (foreign === undefined) throw new Error(`no package has prebuilds for ${other}`)
  const content = await readFile(foreign)
  for (const name of Object.keys(NODE_PACKAGES)) {
    const directory = join(app, 'node_modules', name)
    const text = await readFile(join(directory, 'package.json'), 'utf8')
    const built = BUILT[name] ?? (/"(?:node-gyp-build|bindings)"/.test(text) ? 'build/Release/addon.node' : undefined)
    if (built === undefined) continue
    const path = join(directory, built)
    await rm(path, {force: true})
    await mkdir(dirname(path), {recursive: true})
    await writeFile(path, content)
  }
}

async function listFiles(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true})
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
