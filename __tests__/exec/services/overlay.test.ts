import {describe, expect, test} from '@jest/globals'
import {program} from '../../../scripts/kernel/elf.ts'
import {orderServices} from '../../../src/exec/services/overlay/s6-rc-order.ts'
import {readS6RcSources} from '../../../src/exec/services/overlay/s6-rc-source.ts'
import {viewWorld} from '../../../src/exec/world/view.ts'
import {EMPTY_WORLD} from '../../../src/exec/world/world.ts'
import {executable, type MemoryTree, memoryRootfs} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'
import {OVERLAY_3} from './overlay-trees.ts'

const follow = async (
  files: MemoryTree,
  env: Readonly<Record<string, string>> = {},
  command: readonly string[] = [],
) => {
  const tree = {...OVERLAY_3, '/app': native, ...files}
  const steps = await followServices(['/init', ...command], tree, {PATH: '/command:/bin:/usr/bin', ...env})
  return steps.filter(step => !OWN.test(step))
}

/** What each of these images starts of s6-overlay itself. */
const OWN = /^(\/bin\/sh|\/command\/s6-\S+|\/package\/\S+|\/bin\/execlineb) \| -$/

const service = (name: string, more: MemoryTree): MemoryTree => ({
  ...Object.fromEntries(
    Object.entries(more).map(([path, entry]) => [`/etc/s6-overlay/s6-rc.d/${name}/${path}`, entry]),
  ),
})
const user = (...names: readonly string[]): MemoryTree =>
  Object.fromEntries(names.map(name => [`/etc/s6-overlay/s6-rc.d/user/contents.d/${name}`, '']))

describe('s6-overlay 3', () => {
  test('its own programs, in their order', async () => {
    expect(await followServices(['/init', '/app'], {...OVERLAY_3, '/app': native}, {PATH: '/bin'})).toEqual([
      '/bin/sh | -',
      '/command/s6-overlay-suexec | -',
      '/package/admin/s6-overlay-3.2/libexec/preinit | -',
      '/bin/sh | -',
      '/package/admin/s6-overlay-3.2/libexec/stage0 | -',
      '/bin/sh | -',
      '/command/s6-linux-init-maker | -',
      '/command/s6-rc-compile | -',
      '/command/s6-rc-init | -',
      '/command/s6-rc | -',
      '/command/s6-svscan | -',
      '/command/s6-supervise | -',
      '/package/admin/s6-overlay-3.2/etc/s6-rc/scripts/fix-attrs | -',
      '/bin/sh | -',
      '/package/admin/s6-overlay-3.2/etc/s6-rc/scripts/cont-init | -',
      '/bin/sh | -',
      '/package/admin/s6-overlay-3.2/etc/s6-rc/scripts/services-up | -',
      '/bin/sh | -',
      '/app | -',
    ])
  })

  test('oneshots in the order of their dependencies, then what waits for them', async () => {
    const files = {
      ...user('web', 'z-prepare'),
      ...service('z-prepare', {type: 'oneshot\n', up: '# makes it\n/scripts/prepare now\n', 'dependencies.d/base': ''}),
      ...service('web', {type: 'longrun', run: '#!/bin/sh\nexec /made\n', dependencies: 'z-prepare\n'}),
      '/scripts/prepare': executable('#!/bin/sh\ncp /app /made\n'),
    }
    expect(await follow(files, {}, ['/app'])).toEqual([
      '/scripts/prepare | z-prepare of s6-rc',
      '/bin/sh | z-prepare of s6-rc',
      '/bin/cp | z-prepare of s6-rc',
      './run | web of s6-rc',
      '/bin/sh | web of s6-rc',
      '/made | web of s6-rc',
      '/app | -',
    ])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    [
      'a service of another machine',
      {...user('a'), ...service('a', {type: 'longrun\n', run: arm64})},
      ['./run | a of s6-rc | foreign'],
    ],
    [
      'a run file without an execute bit is made executable',
      {...user('a'), ...service('a', {type: 'longrun\n', run: '#!/bin/sh\nexec /none\n'})},
      ['./run | a of s6-rc', '/bin/sh | a of s6-rc', '/none | a of s6-rc | missing'],
    ],
    ['a service that nothing enables', service('a', {type: 'longrun\n', run: arm64}), []],
    [
      'a service that another one needs',
      {
        ...user('b'),
        ...service('b', {type: 'bundle\n', 'contents.d/c': ''}),
        ...service('c', {type: 'longrun\n', run: native, 'dependencies.d/d': ''}),
        ...service('d', {type: 'longrun\n', run: arm64}),
      },
      ['./run | d of s6-rc | foreign', './run | c of s6-rc'],
    ],
    [
      'what waits for a oneshot that fails is not started',
      {
        ...user('b'),
        ...service('a', {type: 'oneshot\n', up: '/none\n'}),
        ...service('b', {type: 'longrun\n', run: arm64, 'dependencies.d/a': ''}),
      },
      ['/none | a of s6-rc | missing'],
    ],
    [
      'a command line of execline',
      {
        ...user('a', 'b'),
        ...service('a', {type: 'oneshot\n', up: 'if { /app "one word" }\nforeground { /none } /arm ok\n'}),
        ...service('b', {type: 'longrun\n', run: native, 'dependencies.d/a': ''}),
        '/arm': arm64,
        '/bin/if': native,
        '/bin/foreground': native,
      },
      [
        '/bin/if | a of s6-rc',
        '/app | a of s6-rc',
        '/bin/foreground | a of s6-rc',
        '/arm | a of s6-rc | foreign',
        './run | b of s6-rc',
      ],
    ],
    [
      'a pipeline',
      {
        ...user('logged'),
        ...service('a', {type: 'longrun\n', run: native, 'producer-for': 'b\n'}),
        ...service('b', {type: 'longrun\n', run: arm64, 'consumer-for': 'a\n', 'pipeline-name': 'logged\n'}),
      },
      ['./run.user | b of s6-rc | foreign', './run.user | a of s6-rc'],
    ],
    [
      'what ends a service',
      {...user('a'), ...service('a', {type: 'longrun\n', run: native, finish: arm64})},
      ['./run | a of s6-rc', './finish | a of s6-rc | likely | foreign'],
    ],
    [
      'start scripts one after the other, texts among them, and a README',
      {
        '/etc/cont-init.d/10-make': executable('cp /app /made\n'),
        '/etc/cont-init.d/20-use': executable('#!/bin/sh\n/made\n'),
        '/etc/cont-init.d/30-foreign': arm64,
        '/etc/cont-init.d/40-script': '#!/bin/sh\n',
        '/etc/cont-init.d/README': 'what this is\n',
      },
      [
        '/etc/cont-init.d/10-make | 10-make of s6-overlay',
        '/bin/cp | 10-make of s6-overlay',
        '/etc/cont-init.d/20-use | 20-use of s6-overlay',
        '/bin/sh | 20-use of s6-overlay',
        '/made | 20-use of s6-overlay',
        '/etc/cont-init.d/30-foreign | 30-foreign of s6-overlay | foreign',
        '/etc/cont-init.d/40-script | 40-script of s6-overlay | not-executable',
        '/etc/cont-init.d/README | README of s6-overlay | likely | not-executable',
      ],
    ],
    [
      'services of the older kind',
      {
        '/etc/services.d/web/run': executable('#!/bin/sh\nexec /app\n'),
        '/etc/services.d/web/log/run': arm64,
        '/etc/services.d/off/down': '',
        '/etc/services.d/off/run': arm64,
        '/etc/services.d/plain/run': '#!/bin/sh\n',
        '/etc/services.d/README': 'x',
      },
      [
        './run | off of s6-overlay | likely | foreign',
        './run | plain of s6-overlay | not-executable',
        './run | web of s6-overlay',
        '/bin/sh | web of s6-overlay',
        '/app | web of s6-overlay',
        './run | web/log of s6-overlay | foreign',
      ],
    ],
    [
      'services behind a start script that may make anything',
      {
        ...user('b'),
        ...service('b', {type: 'longrun\n', run: arm64, 'dependencies.d/base': ''}),
        '/etc/cont-init.d/10': native,
        '/etc/services.d/web/run': arm64,
        '/etc/services.d/late/run': executable('#!/bin/sh\nexec /none\n'),
      },
      [
        '/etc/cont-init.d/10 | 10 of s6-overlay',
        './run | b of s6-rc | foreign',
        './run | late of s6-overlay',
        '/bin/sh | late of s6-overlay',
        '/none | late of s6-overlay | missing | maybe by 10 (start script of s6-overlay)',
        './run | web of s6-overlay | foreign',
      ],
    ],
    [
      'modes that fix-attrs sets',
      {
        '/etc/fix-attrs.d/10': '/tool false root 0755 0755\n',
        '/tool': {content: program({}), mode: 0o644},
        '/etc/cont-init.d/10': executable('#!/bin/sh\n/tool\n'),
      },
      ['/etc/cont-init.d/10 | 10 of s6-overlay', '/bin/sh | 10 of s6-overlay', '/tool | 10 of s6-overlay'],
    ],
    [
      'what runs when the container ends',
      {'/etc/cont-finish.d/10': arm64},
      ['/etc/cont-finish.d/10 | - | likely | foreign'],
    ],
  ])('%s', async (_, files, steps) => {
    expect(await follow(files)).toEqual(steps)
  })

  test.each<[string, MemoryTree, string]>([
    ['a name that is not defined', user('none'), 'the bundle user names none, which is not defined'],
    ['no type', service('a', {run: native}), '/etc/s6-overlay/s6-rc.d/a/type cannot be read'],
    ['DOS line ends', service('a', {type: 'longrun\r\n', run: native}), 'type is "longrun\\r"'],
    ['no run file', service('a', {type: 'longrun\n'}), 'the longrun a has no file run'],
    ['no up file', service('a', {type: 'oneshot\n'}), 'the oneshot a has no file up'],
    ['a name of the overlay', service('base', {type: 'bundle\n', contents: ''}), 'the service base is defined twice'],
    [
      'a circle',
      {
        ...service('a', {type: 'oneshot', up: '', dependencies: 'b'}),
        ...service('b', {type: 'oneshot', up: '', dependencies: 'a'}),
      },
      'in a cycle',
    ],
  ])('s6-rc-compile refuses %s, and nothing more is started', async (_, files, reason) => {
    const steps = await followServices(['/init', '/app'], {...OVERLAY_3, ...files}, {PATH: '/bin'})
    expect(steps.slice(-1)).toEqual(['s6-overlay-suexec | - | refused-arguments'])
    const directories = ['/etc/s6-overlay/s6-rc.d', '/package/admin/s6-overlay-3.2/etc/s6-rc/sources']
    const view = viewWorld(memoryRootfs({...OVERLAY_3, ...files}), EMPTY_WORLD)
    const read = await readS6RcSources(
      view,
      directories.map(directory => ({directory})),
    )
    const order = orderServices(read, 'top')
    expect('problem' in order ? order.problem : order).toContain(reason)
  })

  test.each<[string, Readonly<Record<string, string>>, MemoryTree, readonly string[]]>([
    [
      'a start script that fails ends the container where it is to',
      {S6_BEHAVIOUR_IF_STAGE2_FAILS: '2'},
      {'/etc/cont-init.d/10': arm64},
      ['/etc/cont-init.d/10 | - | foreign'],
    ],
    [
      'a profile has directories of its own',
      {S6_RUNTIME_PROFILE: 'test'},
      {
        '/etc/cont-init.d/10': arm64,
        '/etc/cont-profile.d/test/cont-init.d/20': native,
        '/etc/cont-profile.d/test/s6-overlay/s6-rc.d/user/type': 'bundle\n',
        '/etc/cont-profile.d/test/s6-overlay/s6-rc.d/user/contents.d/.empty': '',
        '/etc/cont-profile.d/test/s6-overlay/s6-rc.d/user2/type': 'bundle\n',
        '/etc/cont-profile.d/test/s6-overlay/s6-rc.d/user2/contents.d/.empty': '',
      },
      ['/etc/cont-profile.d/test/cont-init.d/20 | 20 of s6-overlay', '/app | -'],
    ],
    [
      'words before the command',
      {S6_CMD_ARG0: '/bin/sh  -e'},
      {'/app': executable('exec /other\n'), '/other': arm64},
      ['/app | -', '/other | - | foreign'],
    ],
    ['a hook', {S6_STAGE2_HOOK: '/none now'}, {}, ['/none | S6_STAGE2_HOOK of s6-overlay | missing', '/app | -']],
  ])('%s', async (_, env, files, steps) => {
    expect(await follow(files, env, ['/app'])).toEqual(steps)
  })

  test('services see their own variables, with-contenv gives those of the container', async () => {
    const files = {
      '/command/with-contenv': executable('#!/bin/execlineb -S0\ns6-envdir /run/s6/container_environment\n$@\n'),
      '/etc/cont-init.d/10': executable('#!/bin/sh\n[ -n "$TOOL" ] || exec /one\n'),
      '/etc/cont-init.d/20': executable('#!/command/with-contenv sh\nexec "$TOOL"\n'),
      '/one': native,
      '/two': arm64,
    }
    const steps = await follow(files, {TOOL: '/two'})
    expect(steps.filter(step => /^\/(one|two)/.test(step))).toEqual([
      '/one | 10 of s6-overlay',
      '/two | 20 of s6-overlay | foreign',
    ])
  })

  test.each([
    ['S6_KEEP_ENV keeps the variables of the container', {S6_KEEP_ENV: '1'}, ['/two | 10 of s6-overlay | foreign']],
    ['and 0 does not', {S6_KEEP_ENV: '0'}, ['/one | 10 of s6-overlay']],
    ['nor does what is no number', {S6_KEEP_ENV: 'yes'}, ['/one | 10 of s6-overlay']],
  ])('%s', async (_, env, lines) => {
    const files = {
      '/etc/cont-init.d/10': executable('#!/bin/sh\n[ -z "$TOOL" ] || exec "$TOOL"\nexec /one\n'),
      '/one': native,
      '/two': arm64,
    }
    const steps = await follow(files, {TOOL: '/two', ...env})
    expect(steps.filter(step => /^\/(one|two)/.test(step))).toEqual(lines)
  })

  test('more services than are followed', async () => {
    const many = Array.from({length: 1001}, (_, index) => service(`s${index}`, {type: 'oneshot', up: ''}))
    const steps = await followServices(['/init'], {...OVERLAY_3, ...Object.assign({}, ...many)}, {PATH: '/bin'})
    expect(steps.at(-1)).toMatch(/^\/init takes more than 1,000 services/)
  })

  test('bundles in a directory of their own, as since 3.2.3', async () => {
    const rcInit = {'/package/admin/s6-overlay-3.2/etc/s6-linux-init/skel/rc.init': '#!/bin/sh\n# user-bundles.d\n'}
    const {
      '/etc/s6-overlay/s6-rc.d/user/type': _,
      '/etc/s6-overlay/s6-rc.d/user/contents.d/.empty': __,
      ...rest
    } = OVERLAY_3
    const own = service('a', {type: 'longrun\n', run: arm64})
    const bundles = ['user', 'user2'].flatMap(name => [
      [`/etc/s6-overlay/user-bundles.d/${name}/type`, 'bundle\n'] as const,
      [`/etc/s6-overlay/user-bundles.d/${name}/contents.d/.empty`, ''] as const,
    ])
    const {
      '/etc/s6-overlay/s6-rc.d/user2/type': ___,
      '/etc/s6-overlay/s6-rc.d/user2/contents.d/.empty': ____,
      ...base
    } = rest
    const tree = {
      ...base,
      ...rcInit,
      ...own,
      ...Object.fromEntries(bundles),
      '/etc/s6-overlay/user-bundles.d/user/contents.d/a': '',
    }
    const steps = await followServices(['/init'], tree, {PATH: '/bin'})
    expect(steps.filter(step => !OWN.test(step))).toEqual(['./run | a of s6-rc | foreign'])
  })
})
