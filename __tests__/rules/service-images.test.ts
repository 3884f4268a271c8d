import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {OPENRC_TREE} from '../exec/services/openrc-tree.ts'
import {OVERLAY_3} from '../exec/services/overlay-trees.ts'
import {findingsOfImage} from '../support/image-findings.ts'
import {executable, type MemoryTree} from '../support/memory-rootfs.ts'

const native = executable(program({}))
const foreign = executable(program({machine: 183}))
const programs = (...names: readonly string[]): MemoryTree => Object.fromEntries(names.map(name => [name, native]))

/** An init or a supervisor, and how a program is made a service of it. */
interface Init {
  readonly entrypoint: readonly string[]
  readonly base: MemoryTree
  /** The service starts the program; with `isEnabled` false it is there, and not started. */
  service(program: string, isEnabled: boolean): MemoryTree
  /** Default: error. What it starts only some time later is a warning. */
  readonly level?: 'warning'
}

const run = (path: string) => executable(`#!/bin/sh\nexec ${path}\n`)
/** A service directory; a disabled one is not linked into the directory that is scanned. */
const linked = (scanned: string) => (path: string, isEnabled: boolean) => ({
  '/etc/sv/web/run': run(path),
  ...(isEnabled ? {[`${scanned}/web`]: {link: '/etc/sv/web'}} : {[`${scanned}/.keep`]: ''}),
})

const SYSTEMD = '/usr/lib/systemd/system'
const INITS: Readonly<Record<string, Init>> = {
  runit: {
    entrypoint: ['runsvdir', '/etc/service'],
    base: programs('/bin/runsvdir', '/bin/runsv'),
    service: linked('/etc/service'),
  },
  s6: {
    entrypoint: ['s6-svscan', '/scan'],
    base: programs('/bin/s6-svscan', '/bin/s6-supervise'),
    service: linked('/scan'),
  },
  's6-overlay 2': {
    entrypoint: ['/init'],
    base: {
      ...programs('/bin/execlineb', '/bin/s6-svscan', '/bin/importas'),
      '/init': executable('#!/bin/execlineb -S0\n/bin/importas -D /bin PATH PATH\n/etc/s6/init/init-stage1 $@\n'),
      '/etc/s6/init/env/PATH': '/bin',
      '/etc/s6/init/init-stage1': executable('#!/bin/execlineb -S0\n/etc/s6/init-no-catchall/init-stage1 $@\n'),
      '/etc/s6/init/init-stage2': executable('#!/bin/execlineb -S0\nforeground { /etc/s6/init/x }\n$@\n'),
      '/var/run': {link: '/run'},
    },
    service: (path, isEnabled) => ({[`/etc/services.${isEnabled ? 'd' : 'off'}/web/run`]: run(path)}),
  },
  's6-overlay 3': {
    entrypoint: ['/init'],
    base: OVERLAY_3,
    service: (path, isEnabled) => ({
      '/etc/s6-overlay/s6-rc.d/web/type': 'longrun\n',
      '/etc/s6-overlay/s6-rc.d/web/run': run(path),
      ...(isEnabled ? {'/etc/s6-overlay/s6-rc.d/user/contents.d/web': ''} : {}),
    }),
  },
  my_init: {
    entrypoint: ['/sbin/my_init'],
    base: {
      ...programs('/usr/bin/python3', '/usr/bin/runsvdir', '/usr/bin/runsv', '/bin/runsvdir', '/bin/runsv'),
      '/sbin/my_init': executable(
        '#!/usr/bin/python3 -u\nENV_INIT_DIRECTORY = "/etc/my_init.d"\nstart("/usr/bin/runsvdir")\n',
      ),
    },
    service: linked('/etc/service'),
  },
  supervisord: {
    entrypoint: ['/usr/bin/supervisord', '-n'],
    base: {
      ...programs('/bin/python3'),
      '/usr/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
    },
    service: (path, isEnabled) => ({
      '/etc/supervisord.conf': `[supervisord]\nnodaemon=true\n${isEnabled ? '[program:web]' : '[x-program:web]'}\ncommand=${path}\n`,
    }),
  },
  'a launcher of buildpacks': {
    entrypoint: ['/cnb/process/web'],
    base: {
      ...programs('/cnb/lifecycle/launcher', '/bin/bash', '/bin/good'),
      '/cnb/process/web': {link: '/cnb/lifecycle/launcher'},
      '/workspace': {kind: 'directory'},
    },
    service: (path, isEnabled) => ({
      '/layers/config/metadata.toml': [
        '[[buildpacks]]\n  id = "own/node"\n  version = "1"\n  api = "0.9"\n',
        `[[processes]]\n  type = "web"\n  buildpack-id = "own/node"\n  direct = true\n  command = ["${isEnabled ? path : '/bin/good'}"]\n`,
        `[[processes]]\n  type = "other"\n  buildpack-id = "own/node"\n  direct = true\n  command = ["${path}"]\n`,
      ].join('\n'),
    }),
  },
  systemd: {
    entrypoint: ['/sbin/init'],
    base: {
      ...programs('/usr/lib/systemd/systemd'),
      '/sbin/init': {link: '/usr/lib/systemd/systemd'},
      [`${SYSTEMD}/default.target`]: {link: 'multi-user.target'},
      [`${SYSTEMD}/multi-user.target`]: '[Unit]\n',
    },
    service: (path, isEnabled) => ({
      [`${SYSTEMD}/web.service`]: `[Service]\nExecStart=${path}\n`,
      ...(isEnabled
        ? {'/etc/systemd/system/multi-user.target.wants/web.service': {link: `${SYSTEMD}/web.service`}}
        : {}),
    }),
  },
  'init of busybox': {
    entrypoint: ['/sbin/init'],
    base: {...programs('/bin/busybox'), '/sbin/init': {link: '/bin/busybox'}},
    service: (path, isEnabled) => ({'/etc/inittab': `${isEnabled ? '' : '# '}::respawn:${path}\n`}),
  },
  OpenRC: {
    entrypoint: ['/sbin/openrc-init'],
    base: {
      ...OPENRC_TREE,
      '/etc/runlevels/default': {kind: 'directory'},
    },
    service: (path, isEnabled) => ({
      '/etc/init.d/web': executable(`#!/sbin/openrc-run\ncommand="${path}"\n`),
      ...(isEnabled ? {'/etc/runlevels/default/web': {link: '/etc/init.d/web'}} : {}),
    }),
  },
  'foreman and its Procfile': {
    entrypoint: ['foreman', 'start', 'web'],
    base: {
      ...programs('/bin/ruby'),
      '/bin/foreman': executable("#!/bin/ruby\nload Gem.bin_path('foreman', 'foreman')\n"),
    },
    service: (path, isEnabled) => ({'/Procfile': `web: exec ${isEnabled ? path : '/srv/good'}\nother: exec ${path}\n`}),
  },
  runsvinit: {
    entrypoint: ['/sbin/runsvinit'],
    base: programs('/sbin/runsvinit', '/bin/runsvdir', '/bin/runsv'),
    service: linked('/etc/service'),
  },
  'runit as the first process': {
    entrypoint: ['/sbin/runit-init'],
    base: {
      ...programs('/sbin/runit-init', '/sbin/runit', '/bin/runsvdir', '/bin/runsv'),
      '/etc/runit/1': executable('#!/bin/sh\nexit 0\n'),
      '/etc/runit/2': executable('#!/bin/sh\nexec runsvdir /etc/service\n'),
    },
    service: linked('/etc/service'),
  },
  's6-overlay 3 and its older services': {
    entrypoint: ['/init'],
    base: OVERLAY_3,
    service: (path, isEnabled) => ({[`/etc/services.${isEnabled ? 'd' : 'off'}/web/run`]: run(path)}),
  },
  'supervisord and what it includes': {
    entrypoint: ['/usr/bin/supervisord', '-n'],
    base: {
      ...programs('/bin/python3'),
      '/usr/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
      '/etc/supervisord.conf': '[supervisord]\nnodaemon=true\n[include]\nfiles = conf.d/*.conf\n',
    },
    service: (path, isEnabled) => ({
      [`/etc/conf.d/web.conf${isEnabled ? '' : '.off'}`]: `[program:web]\ncommand=${path}\n`,
    }),
  },
  'a compiled supervisord': {
    entrypoint: ['supervisord'],
    base: programs('/bin/supervisord'),
    service: (path, isEnabled) => ({
      '/etc/supervisord.conf': `[program:web]\ncommand=${path}\nautostart=${isEnabled}\n`,
    }),
  },
  honcho: {
    entrypoint: ['honcho', 'start', 'web'],
    base: {...programs('/bin/python3'), '/bin/honcho': executable('#!/bin/python3\nfrom honcho.command import main\n')},
    service: (path, isEnabled) => ({'/Procfile': `web: exec ${isEnabled ? path : '/srv/good'}\nother: exec ${path}\n`}),
  },
  hivemind: {
    entrypoint: ['hivemind', '-l', 'web'],
    base: programs('/bin/hivemind'),
    service: (path, isEnabled) => ({'/Procfile': `web: exec ${isEnabled ? path : '/srv/good'}\nother: exec ${path}\n`}),
  },
  overmind: {
    entrypoint: ['overmind', 'start', '-x', 'other'],
    base: programs('/bin/overmind'),
    service: (path, isEnabled) => ({'/Procfile': `web: exec ${isEnabled ? path : '/srv/good'}\nother: exec ${path}\n`}),
  },
  supercronic: {
    entrypoint: ['supercronic', '/etc/jobs'],
    base: programs('/bin/supercronic'),
    service: (path, isEnabled) => ({'/etc/jobs': `${isEnabled ? '' : '# '}* * * * * * * ${path}\n`}),
    level: 'warning',
  },
  cronie: {
    entrypoint: ['crond', '-n'],
    base: programs('/bin/crond'),
    service: (path, isEnabled) => ({[`/etc/cron.d/web${isEnabled ? '' : '.rpmsave'}`]: `* * * * * root ${path}\n`}),
    level: 'warning',
  },
  'crond of busybox': {
    entrypoint: ['crond', '-f'],
    base: {...programs('/bin/busybox'), '/bin/crond': {link: 'busybox'}},
    service: (path, isEnabled) => ({'/etc/crontabs/root': `${isEnabled ? '' : '# '}* * * * * ${path}\n`}),
    level: 'warning',
  },
  cron: {
    entrypoint: ['cron', '-f'],
    base: programs('/bin/cron'),
    service: (path, isEnabled) => ({[`/etc/cron.d/web${isEnabled ? '' : '.dpkg-old'}`]: `* * * * * root ${path}\n`}),
    level: 'warning',
  },
}

describe.each(Object.entries(INITS))('%s', (_, {entrypoint, base, service, level = 'error'}) => {
  const system: MemoryTree = {
    ...programs('/bin/sh', '/srv/good'),
    '/srv/wrong': foreign,
    '/srv/plain': program({}),
    '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
    '/etc/group': 'root:x:0:\n',
    '/run': {kind: 'directory'},
  }

  test.each<[string, string, boolean, readonly string[]]>([
    ['a good service', '/srv/good', true, []],
    ['a service of another machine', '/srv/wrong', true, [`${level} wrong-machine /srv/wrong`]],
    ['a service without an execute bit', '/srv/plain', true, [`${level} not-executable /srv/plain`]],
    ['a disabled service of another machine', '/srv/wrong', false, []],
  ])('%s', async (_name, path, isEnabled, expected) => {
    const files = {...system, ...base, ...service(path, isEnabled)}
    const found = await findingsOfImage({
      files,
      config: {entrypoint, env: ['PATH=/bin:/command', 'CNB_PLATFORM_API=0.11']},
    })
    expect(found.map(one => `${one.level} ${one.rule} ${one.path}`)).toEqual(expected)
  })
})
