import {expect, test} from '@jest/globals'
import type {NativeFile, NativeFiles} from '../../src/addons/addon.ts'
import {findErlangAddons} from '../../src/addons/erlang/find-erlang-addons.ts'
import {readServer} from '../../src/addons/httpd/read-server.ts'
import {findLuaAddons} from '../../src/addons/lua/find-lua-addons.ts'
import {findNginxAddons} from '../../src/addons/nginx/find-nginx-addons.ts'
import {findPerlAddons} from '../../src/addons/perl/find-perl-addons.ts'
import {findPhpAddons} from '../../src/addons/php/find-php-addons.ts'
import {readSettings} from '../../src/addons/postgresql/read-settings.ts'
import {findPythonSearch} from '../../src/addons/python/search-path.ts'
import {findRAddons} from '../../src/addons/r/find-r-addons.ts'
import {findRubyAddons} from '../../src/addons/ruby/find-ruby-addons.ts'
import {countPasses} from '../support/count-passes.ts'
import type {MemoryTree} from '../support/memory-rootfs.ts'

/*
 * What is asked for at once is read in one pass over a compressed layer, and one by one each file is a pass: 20
 * packages of Ruby were 20 passes over 350 MB.
 */

const OWN: NativeFile = {machine: 'aarch64', fit: 'own'}
const OTHER: NativeFile = {machine: 'x86-64', fit: 'other'}
const ENV = new Map<string, string>()
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']

const ARCH = '/usr/lib/ruby/3.3.0/aarch64-linux'
const RUBY: MemoryTree = {
  [`${ARCH}/rbconfig.rb`]: '  CONFIG["ruby_version"] = "3.3.0"\n  CONFIG["arch"] = "aarch64-linux"\n',
  ...treeOf(name => [`/gems/specifications/${name}-1.0.gemspec`, '']),
}
const PERL = '/usr/lib/perl/5.40'
const PERL_CONFIG = `archname='aarch64-linux-gnu'\narchlibexp='${PERL}'\nversion='5.40.0'\n`
const PHP = '/usr/local/etc/php/conf.d'
const SITE = '/usr/lib/python3.13/site-packages'

function treeOf(entry: (name: string) => readonly [string, string]): MemoryTree {
  return Object.fromEntries(NAMES.map(entry))
}

test.each<[string, MemoryTree, Readonly<Record<string, NativeFile>>, (given: NativeFiles) => Promise<unknown>, number]>(
  [
    [
      'Ruby: the configuration, then what packages say',
      RUBY,
      {
        [`${ARCH}/enc/encdb.so`]: OWN,
        ...Object.fromEntries(NAMES.map(name => [`/gems/gems/${name}-1.0/lib/${name}.so`, OTHER])),
      },
      given => findRubyAddons({...given, env: ENV, workingDir: '/'}),
      2,
    ],
    [
      'PHP: all settings',
      {
        ...treeOf(name => [`${PHP}/${name}.ini`, '']),
        '/usr/local/etc/php/php.ini': '',
        '/usr/local/lib/php/extensions/no-debug-non-zts-20240924/x.so': '',
      },
      {'/usr/local/bin/php': OWN},
      given => findPhpAddons({...given, env: ENV}),
      1,
    ],
    [
      'R: what packages load',
      {
        ...treeOf(name => [`/usr/lib/R/library/${name}/DESCRIPTION`, '']),
        ...treeOf(name => [`/usr/lib/R/library/${name}/NAMESPACE`, `useDynLib(${name})`]),
      },
      {
        '/usr/lib/R/bin/exec/R': OWN,
        ...Object.fromEntries(NAMES.map(name => [`/usr/lib/R/library/${name}/libs/${name}.so`, OTHER])),
      },
      given => findRAddons({...given, env: ENV}),
      1,
    ],
    [
      'Erlang: the modules of an application',
      treeOf(name => [`/app/lib/x-1.0/ebin/${name}.beam`, 'FOR1']),
      {'/usr/lib/erlang/erts-15.0/bin/beam.smp': OWN, '/app/lib/x-1.0/priv/x.so': OTHER},
      given => findErlangAddons(given),
      1,
    ],
    [
      'Perl: the configurations, then the modules',
      {
        ...treeOf(name => [`${PERL}/${name}.pm`, `XSLoader::load "${name}";\n`]),
        [`${PERL}/Config_heavy.pl`]: PERL_CONFIG,
        '/usr/lib/perl-base/Config_heavy.pl': PERL_CONFIG,
      },
      {
        [`${PERL}/auto/POSIX/POSIX.so`]: OWN,
        '/usr/lib/perl-base/auto/POSIX/POSIX.so': OWN,
        ...Object.fromEntries(NAMES.map(name => [`${PERL}/auto/${name}/${name}.so`, OTHER])),
      },
      given => findPerlAddons({...given, env: ENV}),
      2,
    ],
    [
      'Lua: what packages require',
      {
        ...treeOf(name => [`/usr/share/lua/5.4/${name}.lua`, `require "${name}.core"\n`]),
        ...treeOf(name => [`/usr/lib/lua/5.4/${name}/core.so`, '']),
      },
      {
        '/usr/bin/lua5.4': OWN,
        ...Object.fromEntries(NAMES.map(name => [`/usr/lib/lua/5.4/${name}/core.so`, OTHER])),
      },
      given => findLuaAddons({...given, env: ENV}),
      1,
    ],
    [
      'httpd: the configuration, then what it includes, a file and what is in a directory',
      {
        '/etc/apache2/apache2.conf': 'IncludeOptional mods/*.load\nInclude more\n',
        ...treeOf(name => [`/etc/apache2/mods/${name}.load`, `LoadModule ${name}_module ${name}.so\n`]),
        ...treeOf(name => [`/etc/apache2/more/${name}`, `LoadModule ${name}2_module ${name}.so\n`]),
      },
      {},
      ({files}) => readServer(files, '/etc/apache2/apache2.conf', '/etc/apache2'),
      3,
    ],
    [
      'nginx: the configuration, then what it includes',
      {
        '/etc/nginx/nginx.conf': 'include modules/*.conf;\n',
        ...treeOf(name => [`/etc/nginx/modules/${name}.conf`, '']),
      },
      {'/usr/sbin/nginx': OWN},
      given => findNginxAddons({...given, command: []}),
      2,
    ],
    [
      'PostgreSQL: the configuration, then what it includes',
      {
        '/etc/postgresql.conf': "include_dir 'more'\n",
        ...treeOf(name => [`/etc/more/${name}.conf`, '']),
      },
      {},
      ({files}) => readSettings(files, '/etc/postgresql.conf'),
      2,
    ],
    [
      'Python: the files that name more directories',
      {
        '/usr/bin/python3.13': '',
        '/usr/lib/python3.13/os.py': '',
        '/usr/lib/python3.13/lib-dynload/x.so': '',
        ...treeOf(name => [`${SITE}/${name}.pth`, '']),
      },
      {},
      ({files}) =>
        findPythonSearch(files, {
          ...{path: '/usr/bin/python3.13', file: '/usr/bin/python3.13', first: undefined, env: ENV, home: undefined},
        }),
      1,
    ],
  ],
)('%s', async (_, tree, natives, find, expected) => {
  const {passes, files} = countPasses(tree)
  await find({natives: new Map(Object.entries(natives)), files})
  expect(passes()).toEqual(expected)
})
