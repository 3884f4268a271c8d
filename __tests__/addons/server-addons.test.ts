import {describe, expect, test} from '@jest/globals'
import {parseServerDirectives} from '../../src/addons/httpd/server-directives.ts'
import {parseMainDirectives} from '../../src/addons/nginx/main-directives.ts'
import {parseConfigure} from '../../src/addons/nginx/nginx-build.ts'
import {parseLibraries, parseSettings} from '../../src/addons/postgresql/postgresql-settings.ts'
import {readServerOptions} from '../../src/addons/postgresql/server-options.ts'
import {optionValue} from '../../src/addons/server-command.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = buildElf({machine: 183, align: 0x10000})

async function told(files: MemoryTree, entrypoint: readonly string[], env: readonly string[] = []) {
  const config = {entrypoint: [...entrypoint], env: ['PATH=/usr/sbin:/usr/bin:/usr/local/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files}])
  return findings
    .filter(({rule}) => rule === 'missing-addon' || rule === 'foreign-executable')
    .map(({level, message}) => `${level} ${message}`)
}

const CERTAIN = '; what starts loads it for certain'
const missing = (level: string, file: string, name: string, path: string) =>
  `${level} ${file} loads ${name}, and there is no ${path}${level === 'error' ? CERTAIN : ''}`
const foreign = (level: string, file: string, path: string) =>
  `${level} ${file} loads ${path}, which is x86-64, expected aarch64 (linux/arm64)${level === 'error' ? CERTAIN : ''}`

describe('nginx', () => {
  const configure =
    "configure arguments: --with-cc-opt='-g --x' --prefix=/etc/nginx --conf-path=/etc/nginx/nginx.conf --y\n"
  const program = executable(Buffer.concat([PROGRAM, Buffer.from(`\0${configure}\0`)]))
  const NGINX: MemoryTree = {'/usr/sbin/nginx': program, '/etc/nginx/modules': {link: '/usr/lib/nginx/modules'}}
  const conf = '/etc/nginx/nginx.conf'
  const start = ['nginx', '-g', 'daemon off;']
  test.each<[string, MemoryTree, readonly string[], readonly string[]]>([
    [
      'missing',
      {[conf]: 'load_module modules/a.so;\nevents {}'},
      start,
      [missing('error', conf, 'modules/a.so', '/etc/nginx/modules/a.so')],
    ],
    [
      'of another machine, behind a link and in a file that is included',
      {
        [conf]: '# x\ninclude /etc/nginx/on/*.conf;',
        '/etc/nginx/on/a.conf': 'load_module "modules/a.so";',
        '/etc/nginx/on/.b.conf': 'load_module none.so;',
        '/usr/lib/nginx/modules/a.so': OTHER,
      },
      start,
      [foreign('error', '/etc/nginx/on/a.conf', '/usr/lib/nginx/modules/a.so')],
    ],
    [
      'missing, where nothing starts it',
      {[conf]: 'load_module /opt/a.so;', '/bin/x': program},
      ['/bin/x'],
      [missing('warning', conf, '/opt/a.so', '/opt/a.so')],
    ],
    [
      'missing, in the configuration that the command names',
      {[conf]: '', '/app.conf': 'load_module modules/a.so;'},
      ['nginx', '-c', '/app.conf'],
      [missing('error', '/app.conf', 'modules/a.so', '/etc/nginx/modules/a.so')],
    ],
  ])('a module %s', async (_, files, entrypoint, expected) => {
    expect(await told({...NGINX, ...files}, entrypoint)).toEqual(expected)
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['it is there', {[conf]: 'load_module modules/a.so;', '/usr/lib/nginx/modules/a.so': OWN}, start],
    ['it stands in a block', {[conf]: 'http { load_module a.so; }'}, start],
    ['it is a comment', {[conf]: '#load_module a.so;'}, start],
    ['another configuration is named', {[conf]: 'load_module a.so;', '/b.conf': ''}, ['nginx', '-c', '/b.conf']],
    [
      'the program does not say where it looks',
      {[conf]: 'load_module a.so;', '/usr/sbin/nginx': executable(PROGRAM)},
      start,
    ],
    ['it reads another file by itself', {'/usr/local/nginx/conf/nginx.conf': 'load_module a.so;'}, start],
    ['it includes itself', {[conf]: 'include nginx.conf; include *.conf;'}, start],
  ])('nothing where %s', async (_, files, entrypoint) => {
    expect(await told({...NGINX, ...files}, entrypoint)).toEqual([])
  })

  test.each<[string, readonly (readonly string[])[]]>([
    ['a b c;d;', [['a', 'b', 'c'], ['d']]],
    ['a "x y" \'z;\' w\\ v;', [['a', 'x y', 'z;', 'w v']]],
    ['a { b; c { d; } } e;', [['e']]],
    ['a # b;\nc;', [['a', 'c']]],
    ['a $' + '{b}c;', [['a', '$' + '{b}c']]],
    ['a "b', []],
    ['}} a;', [['a']]],
    [`${'{'.repeat(50_000)}a;`, []],
    [`"${'\\'.repeat(50_001)}`, []],
  ])('directives %#', (text, expected) => {
    expect(parseMainDirectives(text)).toEqual(expected)
  })

  test.each([
    [`x\0${configure}`, {prefix: '/etc/nginx', configuration: '/etc/nginx/nginx.conf'}],
    [
      'configure arguments: --with-debug',
      {prefix: '/usr/local/nginx', configuration: '/usr/local/nginx/conf/nginx.conf'},
    ],
    ['configure arguments:', undefined],
    ['--prefix=/x', undefined],
  ])('what it was built with: %#', (text, expected) => {
    expect(parseConfigure(text)).toEqual(expected)
  })
})

describe('httpd', () => {
  const DEBIAN: MemoryTree = {'/usr/sbin/apache2': executable(PROGRAM)}
  const conf = '/etc/apache2/apache2.conf'
  const load = '/etc/apache2/mods-enabled/a.load'
  const start = ['apache2', '-D', 'FOREGROUND']
  test.each<[string, MemoryTree, readonly string[], readonly string[]]>([
    [
      'missing',
      {
        [conf]: 'IncludeOptional mods-enabled/*.load\n',
        [load]: 'LoadModule a_module /usr/lib/apache2/modules/mod_a.so\n',
      },
      start,
      [missing('error', load, '/usr/lib/apache2/modules/mod_a.so', '/usr/lib/apache2/modules/mod_a.so')],
    ],
    [
      'of another machine, in a directory that is included, by its root and a variable',
      {
        [conf]: 'ServerRoot "/srv"\nDefine HERE lib\nInclude on\n',
        '/srv/on/deep/a': 'loadmodule a_module \\\n "$' + '{HERE}/a.so"',
        '/srv/lib/a.so': OTHER,
      },
      start,
      [foreign('error', '/srv/on/deep/a', '/srv/lib/a.so')],
    ],
    [
      'missing, in the layout of httpd itself, where nothing starts it',
      {
        '/usr/local/apache2/bin/httpd': executable(PROGRAM),
        '/usr/local/apache2/conf/httpd.conf': 'LoadFile lib/b.so\n',
      },
      ['/usr/local/apache2/bin/httpd', '-t'],
      [missing('warning', '/usr/local/apache2/conf/httpd.conf', 'lib/b.so', '/usr/local/apache2/lib/b.so')],
    ],
    [
      'missing, in the configuration that the command names',
      {'/x.conf': 'LoadModule a_module a.so'},
      ['apache2', '-f', '/x.conf'],
      [missing('error', '/x.conf', 'a.so', '/etc/apache2/a.so')],
    ],
  ])('a module %s', async (_, files, entrypoint, expected) => {
    expect(await told({...DEBIAN, ...files}, entrypoint)).toEqual(expected)
  })

  test.each<[string, string]>([
    ['it is there', 'LoadModule a_module /a.so'],
    ['another of the name was loaded', 'LoadModule a_module /a.so\nLoadModule a_module /b.so'],
    ['it is under a condition', '<IfModule b>\nLoadModule b_module /b.so\n</IfModule>'],
    ['it may be in the program', 'LoadModule unixd_module /b.so'],
    ['a variable is not known', 'LoadModule b_module $' + '{B}/b.so'],
    ['it is a comment', '#LoadModule b_module /b.so'],
    ['it includes itself', 'Include apache2.conf'],
  ])('nothing where %s', async (_, text) => {
    expect(await told({...DEBIAN, [conf]: text, '/a.so': OWN}, start)).toEqual([])
  })

  test.each<[string, readonly (readonly string[])[]]>([
    ['A b "c d" \'e\'\n', [['a', 'b', 'c d', 'e']]],
    ['<X>\na\n<Y z>\nb\n</Y>\nc\n</X>\nd', [['d']]],
    ['a \\\r\n b', [['a', 'b']]],
    ['a "b\\"c"', [['a', 'b"c']]],
    ['</X>\na', [['a']]],
  ])('directives %#', (text, expected) => {
    expect(parseServerDirectives(text)).toEqual(expected)
  })
})

test('a line of quotes is no trouble', () => {
  expect(parseServerDirectives(`${'"\\'.repeat(20_000)} x\na`).at(-1)).toEqual(['a'])
})

describe('PostgreSQL', () => {
  const lib = '/usr/lib/postgresql/17/lib'
  const bin = '/usr/lib/postgresql/17/bin/postgres'
  const DEBIAN: MemoryTree = {[bin]: executable(PROGRAM), [`${lib}/dict_snowball.so`]: OWN, [`${lib}/plpgsql.so`]: OWN}
  const cluster = '/etc/postgresql/17/main/postgresql.conf'
  test.each<[string, MemoryTree, readonly string[], readonly string[]]>([
    [
      'that a cluster names, and that is missing',
      {[cluster]: "shared_preload_libraries = 'timescaledb, plpgsql' # x\n"},
      [bin],
      [missing('warning', cluster, 'timescaledb', `${lib}/timescaledb.so`)],
    ],
    [
      'of another machine, in a file that is included',
      {
        [cluster]: "include_dir 'conf.d'",
        '/etc/postgresql/17/main/conf.d/a.conf': 'session_preload_libraries=a',
        [`${lib}/a.so`]: OTHER,
      },
      [bin],
      [foreign('warning', '/etc/postgresql/17/main/conf.d/a.conf', `${lib}/a.so`)],
    ],
    [
      'that the command names',
      {},
      [bin, '-c', 'shared_preload_libraries=a', '--session-preload-libraries=b'],
      [missing('error', bin, 'a', `${lib}/a.so`), missing('warning', bin, 'b', `${lib}/b.so`)],
    ],
    [
      'in the configuration that the command names, in another directory',
      {
        '/p.conf': "Dynamic_Library_Path '/opt:$libdir'\nshared_preload_libraries 'plpgsql,$libdir/x/a'\n",
        [cluster]: 'shared_preload_libraries=none',
      },
      [bin, '-c', 'config_file=/p.conf'],
      [missing('error', '/p.conf', '$libdir/x/a', `${lib}/x/a.so`)],
    ],
    [
      'that new clusters are made with',
      {'/usr/share/postgresql/17/postgresql.conf.sample': "local_preload_libraries = 'a'"},
      [bin],
      [missing('warning', '/usr/share/postgresql/17/postgresql.conf.sample', 'a', `${lib}/plugins/a.so`)],
    ],
  ])('a library %s', async (_, files, entrypoint, expected) => {
    expect((await told({...DEBIAN, ...files}, entrypoint)).sort()).toEqual([...expected].sort())
  })

  test('in the layout of its own images', async () => {
    const files = {
      '/usr/local/bin/postgres': executable(PROGRAM),
      '/usr/local/lib/postgresql/dict_snowball.so': OWN,
      '/usr/local/share/postgresql/postgresql.conf.sample': "shared_preload_libraries = 'timescaledb'\n",
    }
    const file = '/usr/local/share/postgresql/postgresql.conf.sample'
    const path = '/usr/local/lib/postgresql/timescaledb.so'
    expect(await told(files, ['postgres'])).toEqual([missing('warning', file, 'timescaledb', path)])
  })

  test.each<[string, string]>([
    ['it is there', "shared_preload_libraries = 'plpgsql'"],
    ['it is a comment', "#shared_preload_libraries = 'a'"],
    ['a later line says otherwise', "shared_preload_libraries = 'a'\nshared_preload_libraries = ''"],
    ['it is relative', "shared_preload_libraries = 'x/a'"],
    ['it includes itself', 'include postgresql.conf'],
  ])('nothing where %s', async (_, text) => {
    expect(await told({...DEBIAN, [cluster]: text}, [bin])).toEqual([])
  })

  test.each<[string, readonly (readonly [string, string])[]]>([
    ["a = 'b' # c", [['a', 'b']]],
    ["A 'b''c\\'d'", [['a', "b'c'd"]]],
    ['a=b', [['a', 'b']]],
    ['a b', [['a', 'b']]],
    ["a = 'b", []],
    ['# a = b', []],
    [`a = '${'\\'.repeat(50_001)}`, []],
  ])('settings %#', (text, expected) => {
    expect(parseSettings(text).map(({name, value}) => [name, value])).toEqual(expected)
  })

  test.each([
    ['a, b ,c', ['a', 'b', 'c']],
    ['"a b", "c""d"', ['a b', 'c"d']],
    ['', []],
    [' , ', []],
  ])('libraries %j', (text, expected) => {
    expect(parseLibraries(text)).toEqual(expected)
  })

  test('options', () => {
    const words = ['-c', 'a=b', '--c-d=e', '-cf=g', '-D', '/data', '-p', '1', '--x']
    expect([...readServerOptions(words)]).toEqual([
      ['a', 'b'],
      ['c_d', 'e'],
      ['f', 'g'],
      ['data_directory', '/data'],
    ])
  })
})

test.each([
  [['-c', 'a'], 'a'],
  [['-ca', '-c', 'b'], 'b'],
  [['--cd'], undefined],
  [['-c'], undefined],
])('the value of an option %j', (words, expected) => {
  expect(optionValue(words, 'c')).toBe(expected)
})
