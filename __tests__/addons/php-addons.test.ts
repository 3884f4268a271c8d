import {describe, expect, test} from '@jest/globals'
import {readPhpSettings} from '../../src/addons/php/php-settings.ts'
import {buildElf} from '../support/elf-builder.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'
import {checkWholeImage} from '../support/whole-image.ts'

const OWN = buildElf({machine: 183, type: 'dyn', entry: 0, soname: 'x.so'})
const OTHER = buildElf({machine: 62, type: 'dyn', entry: 0, soname: 'x.so'})
const PROGRAM = executable(buildElf({machine: 183, align: 0x10000}))
const CONF = '/usr/local/etc/php/conf.d'
const DIRECTORY = '/usr/local/lib/php/extensions/no-debug-non-zts-20240924'
const PHP: MemoryTree = {'/usr/local/bin/php': PROGRAM, [`${DIRECTORY}/sodium.so`]: OWN}

async function told(files: MemoryTree, env: readonly string[] = []) {
  const config = {entrypoint: ['/usr/local/bin/php'], env: ['PATH=/usr/local/bin:/bin', ...env]}
  const {findings} = await checkWholeImage([{platform: 'linux/arm64', config, files: {...PHP, ...files}}])
  return findings
    .filter(({rule}) => rule === 'missing-addon' || rule === 'foreign-executable')
    .map(({rule, level, message}) => [rule, level, message])
}

const MISSING = (config: string, path: string, name = 'redis') => [
  ['missing-addon', 'warning', `${config} loads ${name}, and there is no ${path}`],
]
const FOREIGN = (config: string, path: string) => [
  ['missing-addon', 'warning', `${config} loads ${path}, which is x86-64, expected aarch64 (linux/arm64)`],
]

describe('modules that the configuration of PHP names', () => {
  const ini = `${CONF}/redis.ini`
  const debian = '/etc/php/8.2/fpm/conf.d/20-redis.ini'
  test.each<[string, MemoryTree, ReturnType<typeof MISSING>]>([
    ['missing', {[ini]: 'extension=redis\n'}, MISSING(ini, `${DIRECTORY}/redis.so`)],
    [
      'missing, by its file',
      {[ini]: 'extension = "redis.so" ; why\n'},
      MISSING(ini, `${DIRECTORY}/redis.so.so`, 'redis.so'),
    ],
    ['missing, by its path', {[ini]: 'zend_extension=/opt/x.so'}, MISSING(ini, '/opt/x.so', '/opt/x.so')],
    [
      'of another machine',
      {[ini]: 'extension=redis', [`${DIRECTORY}/redis.so`]: OTHER},
      FOREIGN(ini, `${DIRECTORY}/redis.so`),
    ],
    [
      'in php.ini, with a directory of its own',
      {'/usr/local/etc/php/php.ini': '[PHP]\nextension_dir="/opt/ext"\nextension=redis'},
      MISSING('/usr/local/etc/php/php.ini', '/opt/ext/redis.so'),
    ],
    [
      "in Debian's directories, by a link",
      {
        [debian]: {link: '/etc/php/8.2/mods-available/redis.ini'},
        '/etc/php/8.2/mods-available/redis.ini': 'extension=redis.so',
        '/usr/lib/php/20220829/redis.so': OTHER,
      },
      FOREIGN(debian, '/usr/lib/php/20220829/redis.so'),
    ],
    [
      "in Alpine's directories",
      {'/etc/php83/conf.d/00_redis.ini': 'extension=redis'},
      MISSING('/etc/php83/conf.d/00_redis.ini', '/usr/lib/php83/modules/redis.so'),
    ],
    [
      "in Fedora's directories",
      {'/etc/php.d/50-redis.ini': 'extension=redis', '/usr/lib64/php/modules/curl.so': OWN},
      MISSING('/etc/php.d/50-redis.ini', '/usr/lib64/php/modules/redis.so'),
    ],
  ])('%s', async (_, files, expected) => {
    expect(await told(files)).toEqual(expected)
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['it is there', {[ini]: 'extension=redis', [`${DIRECTORY}/redis.so`]: OWN}, []],
    [
      'it is a link',
      {[ini]: 'extension=redis', '/opt/redis.so': OWN, [`${DIRECTORY}/redis.so`]: {link: '/opt/redis.so'}},
      [],
    ],
    ['a file without the suffix is there', {[ini]: 'extension=redis', [`${DIRECTORY}/redis`]: OWN}, []],
    ['it is a comment', {[ini]: ';extension=redis\n# extension=redis\n'}, []],
    ['it is of one host', {[ini]: '[HOST=example.com]\nextension=redis'}, []],
    ['the file is not read', {[`${CONF}/redis.ini.disabled`]: 'extension=redis'}, []],
    ['a variable says where', {[ini]: 'extension_dir=\x24{X}\nextension=redis'}, []],
    ['the directory is relative', {[ini]: 'extension_dir=ext\nextension=redis'}, []],
    [
      'two builds have their modules there',
      {[ini]: 'extension=redis', [`${DIRECTORY.replace('non-zts', 'zts')}/x.so`]: OWN},
      [],
    ],
    ['the image says where settings are', {[ini]: 'extension=redis'}, ['PHP_INI_SCAN_DIR=/x']],
    ['another php.ini is read', {'/usr/local/etc/php/php.ini': 'extension=redis', '/x/php.ini': ''}, ['PHPRC=/x']],
    ['there is no PHP of the platform', {[ini]: 'extension=redis', '/usr/local/bin/php': ''}, []],
    ['the release is not known', {'/etc/php/9.9/cli/conf.d/x.ini': 'extension=redis'}, []],
  ])('nothing where %s', async (_, files, env) => {
    expect(await told(files, env)).toEqual([])
  })

  test.each<[string, MemoryTree, readonly string[], string]>([
    ['a directory of php.ini', {'/x/php.ini': 'extension=redis'}, ['PHPRC=/x'], '/x/php.ini'],
    ['a file', {'/x.ini': 'extension=redis'}, ['PHPRC=/x.ini'], '/x.ini'],
    ['a directory without php.ini', {[ini]: 'extension=redis'}, ['PHPRC=/x'], ini],
    ['another directory of settings', {'/x/a.ini': 'extension=redis'}, ['PHP_INI_SCAN_DIR=/x/'], '/x/a.ini'],
    ['one besides', {[ini]: 'extension=redis', '/x/a.ini': ''}, ['PHP_INI_SCAN_DIR=/x:'], ini],
  ])('that a variable of the image leads to: %s', async (_, files, env, file) => {
    expect(await told(files, env)).toEqual(MISSING(file, `${DIRECTORY}/redis.so`))
  })

  test.each<[string, readonly string[], string | undefined, boolean]>([
    ['extension=a\r\nextension=b.so\r\n', ['a', 'b.so'], undefined, false],
    ["extension='a b'\nzend_extension = c", ['a b', 'c'], undefined, false],
    ['extension_dir=/a\nextension=x\nextension_dir="/b"', ['x'], '/b', false],
    ['extension=\nextension', [], undefined, false],
    ['extension=\x24{X}', [], undefined, true],
    ['extension="$X"', [], undefined, true],
    ['extension="a', [], undefined, true],
    ['memory_limit=1\n[xdebug]\nextension=x', ['x'], undefined, false],
    [`${'='.repeat(9999)}\nextension=${' '.repeat(9999)}x`, ['x'], undefined, false],
  ])('settings %j', (text, names, directory, isUncertain) => {
    const settings = readPhpSettings([{file: 'f', text}])
    expect([settings.extensions.map(({name}) => name), settings.directory, settings.isUncertain]).toEqual([
      names,
      directory,
      isUncertain,
    ])
  })
})

describe('what a module of PHP was built for', () => {
  const builtFor = (...ids: readonly string[]) => Buffer.concat([OWN, Buffer.from(ids.map(id => `\0${id}\0`).join(''))])
  const ini = `${CONF}/redis.ini`
  const load = (content: Uint8Array, more: MemoryTree = {}) =>
    told({[ini]: 'extension=redis', [`${DIRECTORY}/redis.so`]: content, ...more})

  test.each([
    ['another module API', 'API20230831,NTS', '20230831,NTS'],
    ['threads', 'API20240924,TS', '20240924,TS'],
    ['debugging', 'API20240924,NTS,debug', '20240924,NTS,debug'],
    ['another API of zend_extension', 'API420230831,NTS', '20230831,NTS'],
  ])('%s', async (_, id, built) => {
    const message = `${ini} loads ${DIRECTORY}/redis.so, which is built for module API ${built}, expected 20240924,NTS`
    expect(await load(builtFor(id))).toEqual([['missing-addon', 'warning', message]])
  })

  test.each<[string, Uint8Array]>([
    ['this PHP', builtFor('API20240924,NTS')],
    ['this PHP, by both numbers', builtFor('API420240924,NTS', 'API20240924,NTS')],
    ['it does not say what', OWN],
    ['it says so in a longer word', builtFor('API20230831,NTSX')],
  ])('nothing: %s', async (_, content) => {
    expect(await load(content)).toEqual([])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    [
      'Debian',
      {'/etc/php/8.2/cli/conf.d/a.ini': 'extension=a', '/usr/lib/php/20220829/a.so': builtFor('API20240924,NTS')},
      ['20240924,NTS, expected 20220829,NTS'],
    ],
    [
      'Alpine',
      {'/etc/php83/conf.d/a.ini': 'extension=a', '/usr/lib/php83/modules/a.so': builtFor('API20220829,NTS')},
      ['20220829,NTS, expected 20230831,NTS'],
    ],
    [
      'Fedora, which does not say its own',
      {'/etc/php.d/a.ini': 'extension=a', '/usr/lib64/php/modules/a.so': builtFor('API20220829,NTS')},
      [],
    ],
  ])('in the directories of %s', async (_, files, expected) => {
    const found = await told(files)
    expect(found.map(([, , message]) => message?.replace(/.*module API /, ''))).toEqual(expected)
  })
})
