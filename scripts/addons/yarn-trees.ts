import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {run} from '../../e2e/ground/run.ts'
import {NODE_PACKAGES} from './node-packages.ts'
import type {NpmTarget} from './node-trees.ts'

/** Releases of Yarn that write its state in either way: as an argument of a call, and in a string. */
export const YARNS = ['3.3.1', '4.9.2'] as const

/** Packages that Yarn unplugs, or that have such packages for each platform. */
export const YARN_PACKAGES = [
  ...['@node-rs/argon2', '@parcel/watcher', '@tailwindcss/oxide', 'bcrypt', 'classic-level', 'esbuild', 'lightningcss'],
  ...['lmdb', 'rollup', 'sharp', 'snappy'],
] as const

/** A folder as Yarn installs it with Plug'n'Play for a platform; no script of a package is run. */
export async function yarnTree({cpu, libc}: NpmTarget, release: string): Promise<string> {
  const names: readonly string[] = YARN_PACKAGES
  const dependencies = Object.fromEntries(Object.entries(NODE_PACKAGES).filter(([name]) => names.includes(name)))
  const manifest = JSON.stringify({name: 'app', private: true, dependencies})
  const key = Buffer.from(manifest).reduce((sum, byte) => (sum * 31 + byte) % 0xffffffff, 7)
  const yarn = await yarnProgram(release)
  return cachedFolder(
    join(cacheFolder(), 'addons', `yarn-${release}-${cpu}-${libc}-${key.toString(16)}`),
    async folder => {
      await writeFile(join(folder, 'package.json'), manifest)
      await writeFile(join(folder, 'yarn.lock'), '')
      const settings = [
        ...['nodeLinker: pnp', 'enableGlobalCache: false', 'enableTelemetry: false', 'enableScripts: false'],
        ...['supportedArchitectures:', '  os: [linux]', `  cpu: [${cpu}]`, `  libc: [${libc}]`, ''],
      ]
      await writeFile(join(folder, '.yarnrc.yml'), settings.join('\n'))
      const home = join(folder, '.home')
      await mkdir(home)
      await run(process.execPath, [yarn, 'install'], {cwd: folder, env: {...process.env, HOME: home}})
    },
  )
}

async function yarnProgram(release: string): Promise<string> {
  const folder = await cachedFolder(join(cacheFolder(), 'addons', `yarn-${release}`), async made => {
    const names = ['--ignore-scripts', '--no-audit', '--no-fund', `@yarnpkg/cli-dist@${release}`]
    await run('npm', ['install', '--prefix', made, ...names])
  })
  return join(folder, 'node_modules/@yarnpkg/cli-dist/bin/yarn.js')
}
