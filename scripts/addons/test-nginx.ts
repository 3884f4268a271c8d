import {mkdir, readdir, rename, rm, symlink, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {copyDirectory, type RootVariant, replaceBy, replaceFile, testVariants} from './debian-root.ts'
import {prepareServer, testServer} from './server-ground.ts'
import type {Tally} from './tally.ts'

const PACKAGES = ['geoip', 'image-filter', 'perl', 'xslt-filter', 'echo', 'headers-more-filter', 'lua']
const MODULES = 'usr/lib/nginx/modules'
const ENABLED = 'etc/nginx/modules-enabled'

const VARIANTS: readonly RootVariant[] = [
  {name: 'installed on the platform'},
  {name: 'of another machine', change: (root, other) => copyDirectory(join(other, MODULES), join(root, MODULES))},
  {name: 'without its modules', change: root => rename(join(root, MODULES), join(root, 'usr/lib/nginx/gone'))},
  {
    name: 'with one of another machine and one gone',
    change: async (root, other) => {
      const name = 'ngx_http_image_filter_module.so'
      await replaceBy(join(other, MODULES, name), [join(root, MODULES, name)])
      await rm(join(root, MODULES, 'ngx_http_echo_module.so'))
    },
  },
  {
    name: 'with modules behind a link of their own',
    change: async root => {
      await rename(join(root, MODULES), join(root, 'opt-modules'))
      await symlink('/opt-modules', join(root, MODULES))
    },
  },
]

/** What a module uses of another one, which has to be loaded before it. */
const NEEDS: Readonly<Record<string, string>> = {ngx_http_lua_module: 'ndk_http_module'}

/** Has the real nginx test configurations with modules of Debian, as they are and as they should not be. */
export function testNginx(tally: Tally): Promise<void> {
  const packages = ['nginx', ...PACKAGES.map(name => `libnginx-mod-http-${name}`), 'libnginx-mod-stream']
  return testVariants(
    {kind: 'nginx', packages, variants: VARIANTS},
    (root, name) => testVariant(root, name, tally),
    prepare,
  )
}

/** What configuring the packages does: each module has a file that loads it. */
async function prepare(root: string): Promise<void> {
  await prepareServer(root, ['var/log/nginx', 'var/lib/nginx', ENABLED])
  for (const name of await readdir(join(root, MODULES))) {
    await writeFile(join(root, ENABLED, `50-${name}.conf`), `load_module ${nameOf(name)}; # of a package\n`)
  }
  await replaceFile(
    join(root, 'etc/nginx/nginx.conf'),
    'user www-data;\ninclude /etc/nginx/modules-enabled/*.conf;\nevents { worker_connections 64; }\nhttp { include none.conf*; }\n',
  )
}

function nameOf(file: string): string {
  return `modules/${file}`
}

async function testVariant(root: string, name: string, tally: Tally): Promise<void> {
  const files = (await readdir(join(root, ENABLED))).map(file => file.replace(/^50-(.*)\.conf$/, '$1')).sort()
  const starts = []
  await mkdir(join(root, 'etc/nginx/one'))
  for (const file of files) {
    const module = file.replace(/\.so$/, '')
    const modules = [NEEDS[module], module, /^ngx_stream_.*_module$/.test(module) ? 'ngx_stream_module' : undefined]
      .flatMap(one => (one === undefined ? [] : [nameOf(`${one}.so`)]))
      .sort((a, b) => Number(b.endsWith('/ngx_stream_module.so')) - Number(a.endsWith('/ngx_stream_module.so')))
    const configuration = `/etc/nginx/one/${module}.conf`
    const loads = [...new Set(modules)].map(one => `load_module ${one};\n`).join('')
    await writeFile(join(root, configuration), `user www-data;\n${loads}events {}\n`)
    starts.push({about: module, modules, command: ['/usr/sbin/nginx', '-t', '-c', configuration]})
  }
  await testServer(root, {language: 'nginx', name, starts}, tally)
}
