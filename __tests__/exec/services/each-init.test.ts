import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import type {ImageConfig} from '../../../src/image/config.ts'
import {sayFindings} from '../../support/image-findings.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {OPENRC_TREE} from './openrc-tree.ts'
import {OVERLAY_2, OVERLAY_3} from './overlay-trees.ts'

/*
 * Each init and supervisor with one service, which starts /opt/app: what the report says of a good program, of one of
 * another machine, of one without an execute bit, and of a wrong one in a service that is not enabled.
 */

const native = executable(program({}))
const script = (text: string) => executable(`#!/bin/sh\n${text}\n`)
const linkedWith = (library: string) => executable(Buffer.concat([program({}), Buffer.from(`\0${library}\0`)]))

interface Init {
  readonly name: string
  readonly config: Partial<ImageConfig>
  readonly files: MemoryTree
  /** The service, enabled or not. */
  readonly service: (isEnabled: boolean) => MemoryTree
  /** A job runs at its time: likely. */
  readonly level?: 'warning'
  /** What is said of the wrong program in a service that is not enabled. */
  readonly disabled?: readonly string[]
}

const BASE: MemoryTree = {
  ...Object.fromEntries(['sh', 'bash', 'python3', 'ruby', 'node', 'env'].map(name => [`/bin/${name}`, native])),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
}
const UNITS = '/usr/lib/systemd/system'
const METADATA =
  '[[buildpacks]]\n  id = "own"\n  version = "1"\n  api = "0.9"\n' +
  ['web', 'other'].map(type => `[[processes]]\n  type = "${type}"\n  buildpack-id = "own"\n  direct = true\n`).join('')

const directories = (at: string, isEnabled: boolean): MemoryTree => ({
  [at]: {kind: 'directory'},
  [`${isEnabled ? at : '/etc/available'}/web/run`]: script('exec /opt/app'),
})

const INITS: readonly Init[] = [
  {
    name: 'runsvdir',
    config: {entrypoint: ['runsvdir', '/etc/service']},
    files: {'/bin/runsvdir': native, '/bin/runsv': native},
    service: isEnabled => directories('/etc/service', isEnabled),
  },
  {
    name: 'runit-init',
    config: {entrypoint: ['/sbin/runit-init']},
    files: {
      ...Object.fromEntries(['runit-init', 'runit', 'runsvdir', 'runsv'].map(name => [`/sbin/${name}`, native])),
      ...Object.fromEntries(['1', '3'].map(stage => [`/etc/runit/${stage}`, script(':')])),
      '/etc/runit/2': script('exec /sbin/runsvdir -P /etc/service'),
      '/bin/runsv': native,
    },
    service: isEnabled => directories('/etc/service', isEnabled),
  },
  {
    name: 's6-svscan',
    config: {entrypoint: ['s6-svscan', '/etc/service']},
    files: {'/bin/s6-svscan': native, '/bin/s6-supervise': native},
    service: isEnabled => directories('/etc/service', isEnabled),
  },
  {
    name: 's6-overlay 3',
    config: {entrypoint: ['/init'], env: ['PATH=/command:/bin']},
    files: OVERLAY_3,
    service: isEnabled => ({
      '/etc/s6-overlay/s6-rc.d/web/type': 'longrun\n',
      '/etc/s6-overlay/s6-rc.d/web/run': script('exec /opt/app'),
      ...(isEnabled ? {'/etc/s6-overlay/s6-rc.d/user/contents.d/web': ''} : {}),
    }),
  },
  {
    name: 's6-overlay 2',
    config: {entrypoint: ['/init']},
    files: {...OVERLAY_2, '/bin/s6-supervise': native},
    service: isEnabled => directories('/etc/services.d', isEnabled),
  },
  {
    name: 'my_init',
    config: {entrypoint: ['/sbin/my_init']},
    files: {
      '/sbin/my_init': executable(
        '#!/bin/python3 -u\nENV_INIT_DIRECTORY = "/etc/my_init.d"\nstart("/usr/bin/runsvdir")\n',
      ),
      '/usr/bin/runsvdir': native,
      '/bin/runsv': native,
    },
    service: isEnabled => directories('/etc/service', isEnabled),
  },
  {
    name: 'supervisord',
    config: {entrypoint: ['/bin/supervisord', '-n']},
    files: {'/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n')},
    service: isEnabled => ({
      '/etc/supervisord.conf': `[supervisord]\n[program:web]\ncommand=/opt/app\nautostart=${isEnabled}\n`,
    }),
    // Whoever is in the container may start it.
    disabled: ['warning wrong-machine /opt/app'],
  },
  {
    name: 'a compiled supervisord',
    config: {entrypoint: ['/bin/supervisord']},
    files: {'/bin/supervisord': native},
    service: isEnabled => ({
      '/etc/supervisord.conf': `[program:web]\ncommand=/opt/app\nautostart=${isEnabled}\n`,
    }),
  },
  {
    name: 'the launcher of buildpacks',
    config: {entrypoint: ['/cnb/process/web'], env: ['PATH=/bin', 'CNB_PLATFORM_API=0.11']},
    files: {
      '/cnb/lifecycle/launcher': native,
      '/cnb/process/web': {link: '/cnb/lifecycle/launcher'},
      '/bin/ok': native,
    },
    service: isEnabled => ({
      '/workspace': {kind: 'directory'},
      '/layers/config/metadata.toml': METADATA.replace(
        /type = "(\w+)"/g,
        (whole, type) => `${whole}\n  command = ["${(type === 'web') === isEnabled ? '/opt/app' : '/bin/ok'}"]`,
      ),
    }),
  },
  ...(['foreman', 'honcho', 'hivemind', 'overmind'] as const).map(
    (name): Init => ({
      name,
      config: {entrypoint: [`/bin/${name}`, ...(name === 'hivemind' ? [] : ['start'])], workingDir: '/srv'},
      files: {
        '/bin/foreman': executable("#!/bin/ruby\nload Gem.bin_path('foreman', 'foreman')\n"),
        '/bin/honcho': executable('#!/bin/python3\nfrom honcho.command import main\n'),
        '/bin/hivemind': native,
        '/bin/overmind': native,
      },
      service: isEnabled => ({'/srv/Procfile': `${isEnabled ? '' : '# '}web: /opt/app\nother: sh -c :\n`}),
    }),
  ),
  {
    name: 'systemd',
    config: {entrypoint: ['/sbin/init']},
    files: {
      '/usr/lib/systemd/systemd': native,
      '/sbin/init': {link: '/usr/lib/systemd/systemd'},
      [`${UNITS}/default.target`]: {link: 'multi-user.target'},
      [`${UNITS}/multi-user.target`]: '[Unit]\n',
      [`${UNITS}/sysinit.target`]: '[Unit]\n',
    },
    service: isEnabled => ({
      [`${UNITS}/web.service`]: '[Service]\nExecStart=/opt/app\n',
      ...(isEnabled
        ? {'/etc/systemd/system/multi-user.target.wants/web.service': {link: `${UNITS}/web.service`} as const}
        : {}),
    }),
  },
  {
    name: 'init of busybox',
    config: {entrypoint: ['/sbin/init']},
    files: {'/bin/busybox': native, '/sbin/init': {link: '/bin/busybox'}},
    service: isEnabled => ({'/etc/inittab': `${isEnabled ? '' : '#'}::respawn:/opt/app\n`}),
  },
  {
    name: 'openrc',
    config: {entrypoint: ['/sbin/openrc', 'default']},
    files: {
      ...OPENRC_TREE,
      '/etc/runlevels/default': {kind: 'directory'},
      '/sbin/start-stop-daemon': linkedWith('librc.so.1'),
    },
    service: isEnabled => ({
      '/etc/init.d/web': executable('#!/sbin/openrc-run\ncommand=/opt/app\n'),
      ...(isEnabled ? {'/etc/runlevels/default/web': {link: '/etc/init.d/web'} as const} : {}),
    }),
  },
  {
    name: 'cron',
    config: {entrypoint: ['/bin/cron', '-f']},
    files: {'/bin/cron': native},
    service: isEnabled => ({'/etc/cron.d/web': `${isEnabled ? '' : '# '}* * * * * root /opt/app\n`}),
    level: 'warning',
  },
  {
    name: 'supercronic',
    config: {entrypoint: ['/bin/supercronic', '/etc/web']},
    files: {'/bin/supercronic': native},
    service: isEnabled => ({'/etc/web': `${isEnabled ? '' : '# '}* * * * * /opt/app\n* * * * * sh -c :\n`}),
    level: 'warning',
  },
]

describe.each(INITS.map(init => [init.name, init] as const))('%s', (_, {config, files, service, level, disabled}) => {
  const say = (app: MemoryTree[string], isEnabled = true) =>
    sayFindings({config, files: {...BASE, ...files, ...service(isEnabled), '/opt/app': app}, scope: 'entrypoint'})

  test('a good program', async () => {
    expect(await say(native)).toEqual([])
  })

  test('one of another machine', async () => {
    expect(await say(executable(program({machine: 183})))).toEqual([`${level ?? 'error'} wrong-machine /opt/app`])
  })

  test('one without an execute bit', async () => {
    expect(await say({content: program({}), mode: 0o644})).toEqual([`${level ?? 'error'} not-executable /opt/app`])
  })

  test('a wrong one that is not enabled', async () => {
    expect(await say(executable(program({machine: 183})), false)).toEqual(disabled ?? [])
  })
})
