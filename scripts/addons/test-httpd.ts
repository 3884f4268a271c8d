import {mkdir, readdir, readFile, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {copyDirectory, type RootVariant, replaceBy, testVariants} from './debian-root.ts'
import {prepareServer, testServer} from './server-ground.ts'
import type {Tally} from './tally.ts'

const MODULES = 'usr/lib/apache2/modules'
const AVAILABLE = 'etc/apache2/mods-available'
const ENABLED = 'etc/apache2/mods-enabled'
/** One of the three that a server must have, and all others are for. */
const MPM = 'mpm_event'

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {name: 'of another machine', change: (root, other) => copyDirectory(join(other, MODULES), join(root, MODULES))},
  {
    name: 'with some of another machine and some gone',
    change: async (root, other) => {
      const names = ['mod_rewrite.so', 'mod_headers.so', 'mod_proxy.so']
      for (const name of names) await replaceBy(join(other, MODULES, name), [join(root, MODULES, name)])
      for (const name of ['mod_ssl.so', 'mod_deflate.so']) await rm(join(root, MODULES, name))
    },
  },
  {name: 'without its modules', change: root => rename(join(root, MODULES), join(root, 'usr/lib/apache2/gone'))},
]

/** Has the real httpd test configurations with modules of Debian, as they are and as they should not be. */
export function testHttpd(tally: Tally): Promise<void> {
  return testVariants(
    {kind: 'httpd', packages: ['apache2', 'libapache2-mod-wsgi-py3', 'libapache2-mod-security2'], variants: VARIANTS},
    (root, name) => testVariant(root, name, tally),
    prepare,
  )
}

/** What `a2enmod` does for each module. */
async function prepare(root: string): Promise<void> {
  await prepareServer(root, ['var/log/apache2', 'var/run/apache2', ENABLED])
  for (const name of await readdir(join(root, AVAILABLE))) {
    if (name.endsWith('.load')) await symlink(`../mods-available/${name}`, join(root, ENABLED, name))
  }
}

async function testVariant(root: string, name: string, tally: Tally): Promise<void> {
  const starts = []
  await mkdir(join(root, 'etc/apache2/one'))
  for (const file of await readdir(join(root, AVAILABLE))) {
    if (!file.endsWith('.load')) continue
    const module = file.slice(0, -'.load'.length)
    const all = [...(module.startsWith('mpm_') ? [] : [MPM]), ...(await withNeeds(root, module))]
    const loads = [...new Set(all)].map(one => `Include /etc/apache2/mods-available/${one}.load\n`).join('')
    const configuration = `/etc/apache2/one/${module}.conf`
    await writeFile(
      join(root, configuration),
      `ServerRoot /etc/apache2\nServerName localhost\nErrorLog /var/log/apache2/error.log\n${loads}`,
    )
    const texts = await Promise.all(all.map(one => readFile(join(root, AVAILABLE, `${one}.load`), 'utf8')))
    const modules = texts.flatMap(text => [...text.matchAll(/^LoadModule \S+ (\S+)/gm)].map(([, path = '']) => path))
    starts.push({about: module, modules, command: ['/usr/sbin/apache2', '-t', '-f', configuration]})
  }
  await testServer(root, {language: 'httpd', name, starts}, tally)
}

/** What a module needs and its file does not say. */
const UNSAID_NEEDS: Readonly<Record<string, string>> = {dav_lock: 'dav'}

/** A module behind those that its `.load` says it depends on. */
async function withNeeds(root: string, module: string): Promise<readonly string[]> {
  const text = await readFile(join(root, AVAILABLE, `${module}.load`), 'utf8')
  const [, needs = UNSAID_NEEDS[module] ?? ''] = /^# Depends: (.*)$/m.exec(text) ?? []
  const before = await Promise.all(
    needs
      .split(/\s+/)
      .filter(Boolean)
      .map(one => withNeeds(root, one)),
  )
  return [...before.flat(), module]
}
