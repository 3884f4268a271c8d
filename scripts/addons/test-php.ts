import {copyFile, mkdir, readdir, readFile, rename, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {imageConfig} from '../../__tests__/support/image-config.ts'
import {cachedFolder, cacheFolder} from '../../e2e/ground/cache.ts'
import {runAny} from '../../e2e/ground/run.ts'
import {scanImage} from '../../src/scan/index.ts'
import {fetchDebs, unpackDebs} from '../systems/debian.ts'
import {copyDirectory, filesBelow, type RootVariant, replaceBy, replaceFile, testVariants} from './debian-root.ts'
import {scannedRootfs} from './scanned-rootfs.ts'
import type {Tally} from './tally.ts'

const PACKAGES = ['apcu', 'curl', 'gd', 'igbinary', 'intl', 'mbstring', 'sqlite3', 'xdebug', 'zip']
const MODULES = 'usr/lib/php/20240924'
const CONFIGURATIONS = 'etc/php/8.4/cli/conf.d'
/** In one package with others, and in this order. */
const FIRST = ['pdo', 'opcache']

/** Modules, and an extension of Zend. */
const OF_ANOTHER = ['apcu', 'igbinary', 'xdebug', 'zip']

const VARIANTS: readonly (RootVariant & {readonly env?: readonly string[]})[] = [
  {name: 'installed on the platform'},
  {name: 'of another machine', change: (root, other) => copyDirectory(join(other, MODULES), join(root, MODULES))},
  {name: 'for another API', change: root => rename(join(root, MODULES), join(root, 'usr/lib/php/20230831'))},
  {
    name: 'one of another machine, one gone, and two by their paths',
    change: async (root, other) => {
      await replaceBy(join(other, MODULES, 'gd.so'), [join(root, MODULES, 'curl.so')])
      await rm(join(root, MODULES, 'intl.so'))
      const text = `extension=/${MODULES}/none.so\nextension="/${MODULES}/sockets.so" ; it is here\n`
      await writeFile(join(root, CONFIGURATIONS, '90-more.ini'), text)
    },
  },
  {
    name: 'with settings that a variable leads to',
    change: async root => {
      await rm(join(root, MODULES, 'zip.so'))
      await mkdir(join(root, 'opt-settings'))
      const text = `extension=/${MODULES}/none.so\nextension=/${MODULES}/sockets.so\n`
      await writeFile(join(root, 'opt-settings/more.ini'), text)
      await writeFile(join(root, 'opt-settings/php.ini'), 'extension=nothing.so\n')
    },
    env: ['PHP_INI_SCAN_DIR=:/opt-settings', 'PHPRC=/opt-settings'],
  },
  {
    name: 'for another API, in the directory of this one',
    change: async root => {
      const debs = await fetchDebs(
        'amd64',
        OF_ANOTHER.map(name => `php8.2-${name}`),
        'bookworm',
      )
      const other = await cachedFolder(join(cacheFolder(), 'addons', 'php-8.2-amd64'), folder =>
        unpackDebs(debs, 'amd64', folder),
      )
      for (const name of OF_ANOTHER) {
        await rm(join(root, MODULES, `${name}.so`))
        await copyFile(join(other, 'usr/lib/php/20220829', `${name}.so`), join(root, MODULES, `${name}.so`))
      }
    },
  },
  {
    name: 'for threads',
    change: async root => {
      for (const name of ['igbinary', 'zip']) {
        const path = join(root, MODULES, `${name}.so`)
        const text = (await readFile(path)).toString('latin1')
        // What a build for threads has in its place.
        const changed = text.replaceAll('API20240924,NTS\0', 'API20240924,TS\0\0')
        if (changed === text) throw new Error(`${name} does not say what it is built for`)
        await replaceFile(path, Buffer.from(changed, 'latin1'))
      }
    },
  },
  {
    name: 'in a directory of their own',
    change: async root => {
      await rename(join(root, MODULES), join(root, 'opt-php'))
      await writeFile(join(root, CONFIGURATIONS, '99-directory.ini'), "extension_dir = '/opt-php'\n")
    },
  },
]

/** Has the real PHP start with the modules of Debian, as they are and as they should not be. */
export function testPhp(tally: Tally): Promise<void> {
  const packages = ['php8.4-cli', ...PACKAGES.map(name => `php8.4-${name}`)]
  return testVariants(
    {kind: 'php', packages, variants: VARIANTS},
    (root, name) => testVariant(root, name, tally),
    enableModules,
  )
}

/** What `phpenmod` does when packages are configured: a link for each. */
async function enableModules(root: string): Promise<void> {
  await mkdir(join(root, CONFIGURATIONS), {recursive: true})
  const names: string[] = []
  for (const folder of await readdir(join(root, 'usr/share'))) {
    if (!folder.startsWith('php8.4-')) continue
    names.push(...(await filesBelow(join(root, 'usr/share', folder), '.ini')))
  }
  names.push(...(await filesBelow(join(root, 'etc/php/8.4/mods-available'), '.ini')))
  for (const path of names) {
    const name = path.slice(path.lastIndexOf('/') + 1)
    const order = FIRST.includes(name.replace('.ini', '')) ? 10 : 20
    await copyFile(path, join(root, CONFIGURATIONS, `${order}-${name}`))
  }
}

async function testVariant(root: string, name: string, tally: Tally): Promise<void> {
  const rootfs = scannedRootfs(root)
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const own = VARIANTS.find(one => one.name === name)?.env ?? []
  const config = imageConfig({env: ['PATH=/usr/bin', ...own]})
  const {addons} = await scanImage({rootfs, platform, config, ignore: []})
  const said = new Set(addons.filter(({language}) => language === 'php').map(one => one.package))
  const set = Object.fromEntries(own.map(one => one.split('=')))
  const env = {PATH: '/usr/bin', HOME: '/nonexistent', ...set}
  const {stdout, stderr} = await runAny('/usr/sbin/chroot', [root, '/usr/bin/php8.4', '-r', 'echo "runs";'], {env})
  if (!stdout.includes('runs')) tally.fail(`PHP, ${name}: it does not start: ${stdout}${stderr}`)
  const warnings = /(?:load dynamic library|loading Zend extension) '([^']+)'/g
  const told = `${stdout}\n${stderr}`
  const refusals = /Startup: ([\w ]+): Unable to initialize module|^(\w+) requires Zend Engine API/gm
  const failed = new Set([
    ...[...told.matchAll(warnings)].map(([, module = '']) => module),
    ...[...told.matchAll(refusals)].map(([, module, extension]) => `${(module ?? extension ?? '').toLowerCase()}.so`),
  ])
  const names = await readdir(join(root, CONFIGURATIONS))
  const modules = new Set([...names.map(file => file.replace(/^\d+-(.*)\.ini$/, '$1.so')), ...failed, ...said])
  for (const module of modules) {
    tally.take({
      about: `PHP's ${module}, ${name}`,
      said: said.has(module) ? [module] : [],
      failure: failed.has(module) ? 'PHP warns' : undefined,
      unsaid: undefined,
    })
  }
  tally.summarize(`PHP, ${name}`, 'modules')
}
