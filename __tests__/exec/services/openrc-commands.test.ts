// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import type {MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'
import {followServices} from './follow-services.ts'
import {OPENRC_TREE} from './openrc-tree.ts'

// Command lines of OpenRC's programs, its settings and the order of services: src/openrc, src/openrc-run and
// src/rc-service of OpenRC, and its openrc(8) and rc-service(8). Each walk is held to ../golden/openrc-commands.txt.

const service = (text: string, mode = 0o755) => ({content: `#!/sbin/openrc-run\n${text}\n`, mode})
const prints = (name: string, more = '') => service(`command=/bin/app\ncommand_args=${name}\n${more}`)
const directory = {kind: 'directory'} as const

const BASE: MemoryTree = {
  ...OPENRC_TREE,
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': foreign,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
  '/etc/runlevels/sysinit/s': {link: '/etc/init.d/s'},
  '/etc/runlevels/boot/b': {link: '/etc/init.d/b'},
  '/etc/runlevels/default/a': {link: '/etc/init.d/a'},
  '/etc/runlevels/own/o': {link: '/etc/init.d/o'},
  ...Object.fromEntries('sbao'.split('').map(name => [`/etc/init.d/${name}`, prints(name)])),
}
const BOOTED: MemoryTree = {'/run/openrc/softlevel': 'default\n', '/run/openrc/exclusive': directory}

async function follow(
  entrypoint: readonly string[],
  files: MemoryTree = {},
  env: readonly string[] = ['PATH=/bin'],
): Promise<readonly string[]> {
  const lines = await followDaemons(
    {entrypoint: [...entrypoint], env: [...env], workingDir: '/etc'},
    {...BASE, ...files},
  )
  return lines.filter(line => /^\/bin\/(?!sh)|refused|unknown/.test(line))
}

describe('openrc', () => {
  test.each<[readonly string[], readonly string[]]>([
    [[], ['s']],
    [['sysinit'], ['s']],
    [['boot'], ['b']],
    [['default'], ['a']],
    [['own'], ['o']],
    [['-q', 'default'], ['a']],
    [['--quiet', '--verbose', '--nocolor', 'own'], ['o']],
    [['-n', 'own'], ['o']],
    [['--no-stop', 'own'], ['o']],
    [['own', '-C'], ['o']],
    [['shutdown'], []],
    [['reboot'], []],
    [['single'], []],
    [['-o', 'own'], []],
    [['--override=own'], []],
    [['-S'], []],
    [['--sys'], []],
    [['-s', 'a'], []],
    [['--service', 'a', 'own'], []],
    [['-h'], []],
    [['--help', 'own'], []],
    [['-V', 'own'], []],
    [['--version'], []],
    [['-a', 'x', 'own'], []],
  ])('openrc %j', async (words, names) => {
    const lines = await follow(['/sbin/openrc', ...words])
    expect(lines.map(line => line.replace(/^\/bin\/app (\w).*/, '$1'))).toEqual(names)
  })

  test.each([[['-x']], [['--what']], [['none']], [['own/']], [['-o']]])(
    'openrc %j: an odd command line',
    async words => {
      expect(await follow(['/sbin/openrc', ...words])).toBeDefined()
    },
  )

  test.each<[string, readonly string[], MemoryTree]>([
    ['openrc-init', ['/sbin/openrc-init'], {}],
    ['openrc-init of a runlevel', ['/sbin/openrc-init', 'own'], {}],
    ['openrc-init of none', ['/sbin/openrc-init', 'none'], {}],
    ['a default runlevel', ['/sbin/openrc-init'], {'/etc/rc.conf': 'rc_default_runlevel="own"\n'}],
    ['a default runlevel in a part', ['/sbin/openrc-init'], {'/etc/rc.conf.d/x.conf': 'rc_default_runlevel=own\n'}],
    ['a level that was reached', ['/sbin/openrc'], {'/run/openrc/softlevel': 'own\n'}],
    ['a level that was reached and is gone', ['/sbin/openrc'], {'/run/openrc/softlevel': 'gone\n'}],
    ['runlevels within another', ['/sbin/openrc', 'default'], {'/etc/runlevels/default/own': directory}],
    [
      'runlevels in a circle',
      ['/sbin/openrc', 'default'],
      {'/etc/runlevels/default/own': directory, '/etc/runlevels/own/default': directory},
    ],
    [
      'what is not a service there',
      ['/sbin/openrc', 'default'],
      {
        '/etc/runlevels/default/.hidden': {link: '/etc/init.d/b'},
        '/etc/runlevels/default/x.sh': {link: '/etc/init.d/b'},
      },
    ],
    ['a link to nothing', ['/sbin/openrc', 'default'], {'/etc/runlevels/default/z': {link: '/etc/init.d/z'}}],
    ['no scripts of its own', ['/sbin/openrc', 'default'], {'/lib/rc/sh/openrc-run.sh': directory}],
    [
      'its scripts elsewhere',
      ['/sbin/openrc', 'default'],
      {
        '/lib/rc/sh/openrc-run.sh': directory,
        '/usr/libexec/rc/sh/openrc-run.sh': {
          content: '#!/bin/sh\n. "/usr/libexec/rc/sh/functions.sh"\n',
          mode: 0o755,
        },
      },
    ],
  ])('%s', async (_, entrypoint, files) => {
    expect(await follow(entrypoint, files)).toBeDefined()
  })
})

describe('openrc-run', () => {
  test.each<[readonly string[], MemoryTree]>([
    [['/sbin/openrc-run'], BOOTED],
    [['/sbin/openrc-run', '/etc/init.d/a'], BOOTED],
    [['/sbin/openrc-run', '/etc/init.d/a', 'start'], BOOTED],
    [['/sbin/openrc-run', 'init.d/a', 'start'], BOOTED],
    [['/sbin/runscript', '/etc/init.d/a', 'start'], {...BOOTED, '/sbin/runscript': native}],
    [['/etc/init.d/a', '--bad'], BOOTED],
    [['/etc/init.d/a', '-h'], BOOTED],
    [['/etc/init.d/a', '--help', 'start'], BOOTED],
    [['/etc/init.d/a', '-V', 'start'], BOOTED],
    [['/etc/init.d/a', '--version', 'start'], BOOTED],
    [['/etc/init.d/a', '-Z', 'start'], BOOTED],
    [['/etc/init.d/a', '--dry-run', 'start'], BOOTED],
    [['/etc/init.d/a', 'start', '-D'], BOOTED],
    [['/etc/init.d/a', '--nodeps', '-d', '-S', '-s', 'start'], BOOTED],
    [['/etc/init.d/a', 'restart'], BOOTED],
    [['/etc/init.d/a', 'condrestart'], BOOTED],
    [['/etc/init.d/a', 'conditionalrestart'], BOOTED],
    [['/etc/init.d/a', 'zap', 'start'], BOOTED],
    [['/etc/init.d/a', 'status', 'describe', 'ineed', 'needsme', 'pause'], BOOTED],
    [['/etc/init.d/a', 'start', 'start'], BOOTED],
    [['/etc/init.d/a', 'reload'], BOOTED],
    [['/etc/init.d/a', 'restarted'], BOOTED],
    [['/etc/init.d/a', 'start'], {}],
    [['/etc/init.d/a', 'restart'], {}],
    [['/etc/init.d/a', 'reload'], {}],
    [['/etc/init.d/a', 'start'], {'/run/openrc/softlevel': 'default\n'}],
    [['/etc/init.d/a', 'start'], {...BOOTED, '/run/openrc/started/a': ''}],
    [['/etc/init.d/a', 'restart'], {...BOOTED, '/run/openrc/started/a': ''}],
    [['/etc/init.d/a', 'start'], {...BOOTED, '/lib/rc/sh/openrc-run.sh': directory}],
  ])('%j', async (entrypoint, files) => {
    expect(await follow(entrypoint, files)).toBeDefined()
  })

  const needing = prints('a', 'depend() {\n\tneed b\n\twant o\n\tuse s u\n\tafter s\n}')

  test.each<[string, readonly string[], MemoryTree]>([
    ['what it needs and wants first', ['start'], {}],
    ['but not without dependencies', ['--nodeps', 'start'], {}],
    ['nor by a short option', ['-D', 'start'], {}],
    ['what it uses is in the runlevel', ['start'], {'/etc/runlevels/default/s': {link: '/etc/init.d/s'}}],
    ['what it needs is started', ['start'], {'/run/openrc/started/b': ''}],
    ['what it uses is in the runlevel boot', ['start'], {'/etc/runlevels/boot/s': {link: '/etc/init.d/s'}}],
    ['what it needs fails', ['start'], {'/etc/init.d/b': service('start() { return 1; }')}],
    ['what it needs is not there', ['start'], {'/etc/init.d/b': directory}],
  ])('%s', async (_, words, files) => {
    const lines = await follow(['/etc/init.d/a', ...words], {...BOOTED, '/etc/init.d/a': needing, ...files})
    expect(lines).toBeDefined()
  })

  test('starts nothing where what it needs fails', async () => {
    const files = {...BOOTED, '/etc/init.d/a': needing, '/etc/init.d/b': service('start() { return 1; }')}
    expect(await follow(['/etc/init.d/a', 'start'], files)).toEqual(['/bin/app o | o | likely'])
  })
})

describe('rc-service', () => {
  test.each<[readonly string[], MemoryTree]>([
    [[], BOOTED],
    [['a', 'start'], BOOTED],
    [['/etc/init.d/a', 'start'], BOOTED],
    [['-D', 'a', 'start'], BOOTED],
    [['--nodeps', 'a', 'start'], BOOTED],
    [['-i', 'none', 'start'], BOOTED],
    [['--ifexists', 'none', 'start'], BOOTED],
    [['--ifexists', 'a', 'start'], BOOTED],
    [['none', 'start'], BOOTED],
    [['--what', 'a', 'start'], BOOTED],
    ...[
      '-h',
      '-V',
      '-Z',
      '-l',
      '-c',
      '-I',
      '-s',
      '--list',
      '--help',
      '--version',
      '--dry-run',
      '--ifcrashed',
      '--ifinactive',
      '--ifstarted',
    ].map((option): [string[], MemoryTree] => [[option, 'a', 'start'], BOOTED]),
    [['-r', 'a'], BOOTED],
    [['--resolve', 'a'], BOOTED],
    [['-e', 'a'], BOOTED],
    [['--exists=a'], BOOTED],
    [['-N', 'a', 'start'], BOOTED],
    [['-S', 'a', 'start'], BOOTED],
    [['-q', '--quiet', '-d', 'a', 'restart'], BOOTED],
    [['a', 'start'], {...BOOTED, '/etc/init.d/a': service('command=/bin/app', 0o644)}],
    [['a', 'start'], {...BOOTED, '/lib/rc/sh/openrc-run.sh': directory}],
    [['a', 'start'], {}],
  ])('%j', async (words, files) => {
    expect(await follow(['/sbin/rc-service', ...words], files, ['PATH=/bin', 'RC_RUNLEVEL=x', 'A=1'])).toBeDefined()
  })
})

describe('settings', () => {
  const level = ['/sbin/openrc', 'default']
  const all = ['PATH=/bin:/opt/bin', 'LANG=C', 'TERM=dumb', 'RC_DEBUG=1', 'KEEP_ME=1', 'KEEP_TOO=2', 'LOSE=3']

  test.each<[string, MemoryTree]>([
    ['variables of the container', {}],
    ['some are kept', {'/etc/rc.conf': 'rc_env_allow="KEEP_ME"\n'}],
    ['some are kept by a star', {'/etc/rc.conf': 'rc_env_allow="KEEP_* X"\n'}],
    ['all are kept', {'/etc/rc.conf': 'rc_env_allow="*"\n'}],
    ['a profile', {'/etc/profile.env': "export LANG='de'\nexport OF_PROFILE='x y'\nPLAIN='1'\nnot='a\n"}],
    ['of a service', {'/etc/rc.conf': 'rc_a_need="b"\n'}],
    ['of a service in its own file', {'/etc/conf.d/a': 'rc_need="b"\n'}],
    ['of a service in quotes', {'/etc/conf.d/a': "rc_need='b o'\n# rc_need=s\n  rc_use=s\n"}],
    ['takes it away', {'/etc/conf.d/a': 'rc_need="!b"\n', '/etc/init.d/a': prints('a', 'depend() {\n\tneed b\n}')}],
    ['after all others', {'/etc/conf.d/a': 'rc_after="*"\n', '/etc/runlevels/default/o': {link: '/etc/init.d/o'}}],
    ['before another', {'/etc/conf.d/o': 'rc_before="a"\n', '/etc/runlevels/default/o': {link: '/etc/init.d/o'}}],
    ['after another', {'/etc/conf.d/a': 'rc_after="o"\n', '/etc/runlevels/default/o': {link: '/etc/init.d/o'}}],
    ['provided by another', {'/etc/conf.d/a': 'rc_need="net"\n', '/etc/conf.d/b': 'rc_provide="net"\n'}],
    [
      'provided by two, one in the runlevel',
      {
        '/etc/conf.d/a': 'rc_need="net"\n',
        '/etc/conf.d/b': 'rc_provide="net"\n',
        '/etc/conf.d/o': 'rc_provide="net"\n',
        '/etc/runlevels/default/o': {link: '/etc/init.d/o'},
      },
    ],
    ['not in a container', {'/etc/conf.d/a': 'rc_keyword="-docker"\n'}],
    ['not by a keyword', {'/etc/conf.d/a': 'rc_keyword="-shutdown"\n'}],
    [
      'needs what a container passes over',
      {'/etc/conf.d/a': 'rc_need="b"\n', '/etc/conf.d/b': 'rc_keyword="-containers"\n'},
    ],
    ['at once', {'/etc/rc.conf': 'rc_parallel="YES"\n'}],
    ['not strict', {'/etc/rc.conf': 'rc_depend_strict="NO"\n', '/etc/conf.d/a': 'rc_need="b"\n'}],
    ['a circle', {'/etc/conf.d/a': 'rc_need="o"\n', '/etc/conf.d/o': 'rc_need="a"\n'}],
    [
      'a circle of order',
      {
        '/etc/conf.d/a': 'rc_after="o"\n',
        '/etc/conf.d/o': 'rc_after="a"\n',
        '/etc/runlevels/default/o': {link: '/etc/init.d/o'},
      },
    ],
    [
      'what needs it fails with it',
      {'/etc/conf.d/a': 'rc_need="b"\n', '/etc/init.d/b': service('start() { return 1; }')},
    ],
    ['what wants it does not', {'/etc/conf.d/a': 'rc_want="b"\n', '/etc/init.d/b': service('start() { return 1; }')}],
    [
      'a script of another system',
      {'/etc/init.d/a': {content: '#!/bin/sh\n### BEGIN INIT INFO\n/bin/app lsb "$1"\n', mode: 0o755}},
    ],
    // OpenRC takes a script for a service by its first line or by its comment.
    [
      'a script of nobody beside a service',
      {
        ...{'/etc/runlevels/default/o': {link: '/etc/init.d/o'}},
        '/etc/init.d/a': {content: '#!/bin/sh\n/bin/app plain "$1"\n', mode: 0o755},
      },
    ],
    ['dependencies that a shell says', {'/etc/init.d/a': prints('a', 'depend() {\n\tneed $x\n}')}],
  ])('%s', async (_, files) => {
    expect(await follow(level, files, all)).not.toEqual([])
  })
})

// What a script does behind openrc-run, and whether the service is started, by the command.
describe.each<[state: string, files: MemoryTree, env: Readonly<Record<string, string>>]>([
  ['booted', BOOTED, {}],
  ['not booted', {}, {}],
  ['within openrc', {}, {RC_RUNLEVEL: 'default', PATH: '/bin:/sbin'}],
])('openrc-run, %s', (state, files, env) => {
  test.each<[command: string, isStarted: boolean]>([
    ['start', state !== 'not booted'],
    ['restart', state !== 'not booted'],
    ['--nodeps start', state !== 'not booted'],
    ['stop start', state !== 'not booted'],
    ['status', false],
    ['stop', false],
    ['needsme', false],
    ['condrestart', false],
    ['conditionalrestart', false],
    ['xstart', false],
    ['startx', false],
    ['restartx', false],
    ['xcondrestart', false],
    ['condrestartx', false],
    ['--dry-run start', false],
    ['--version', false],
    ['', false],
  ])('%s', async (command, isStarted) => {
    const script = `/sbin/openrc-run /etc/init.d/a ${command} && /bin/arm and || /bin/arm or`
    const steps = await followServices(['/bin/sh', '-c', script], {...BASE, ...files}, {PATH: '/bin', ...env})
    expect(steps.some(step => step.startsWith('/bin/app |'))).toBe(isStarted)
  })
})
