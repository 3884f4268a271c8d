import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {arm64, followServices, native} from './follow-services.ts'
import {OVERLAY_2, OVERLAY_3} from './overlay-trees.ts'

const OWN = [
  '/bin/execlineb | -',
  '/etc/s6/init/init-stage1 | -',
  '/bin/execlineb | -',
  '/etc/s6/init/init-stage2 | -',
  '/bin/execlineb | -',
  '/bin/s6-svscan | -',
]

describe('s6-overlay 2', () => {
  test.each<[string, MemoryTree, Readonly<Record<string, string>>, readonly string[]]>([
    ['the command alone', {}, {}, ['/app | -']],
    [
      'start scripts and services, which it makes executable',
      {
        '/etc/cont-init.d/10': '#!/bin/sh\ncp /app /made\n',
        '/etc/services.d/web/run': '#!/bin/sh\nexec /made\n',
        '/etc/services.d/other/run': arm64,
        '/etc/services.d/none/run': executable('exec /app\n'),
      },
      {},
      [
        '/etc/cont-init.d/10 | 10 of s6-overlay',
        '/bin/sh | 10 of s6-overlay',
        '/bin/cp | 10 of s6-overlay',
        './run | none of s6-overlay | refused',
        './run | other of s6-overlay | foreign',
        './run | web of s6-overlay',
        '/bin/sh | web of s6-overlay',
        '/made | web of s6-overlay',
        '/app | -',
      ],
    ],
    [
      'a start script without #! cannot be started',
      {'/etc/cont-init.d/10': 'exit 0\n'},
      {},
      ['/etc/cont-init.d/10 | 10 of s6-overlay | refused', '/app | -'],
    ],
    [
      'a start script that fails, where that is to end it',
      {'/etc/cont-init.d/10': arm64, '/etc/cont-init.d/20': native},
      {S6_BEHAVIOUR_IF_STAGE2_FAILS: '1'},
      ['/etc/cont-init.d/10 | - | foreign'],
    ],
    ['the end', {'/etc/cont-finish.d/10': arm64}, {}, ['/app | -', '/etc/cont-finish.d/10 | - | likely | foreign']],
    ['words before the command', {'/bin/with': arm64}, {S6_CMD_ARG0: 'with\n-x'}, ['/bin/with | - | foreign']],
    [
      'the command has the variables of the container, and services have their own',
      {
        '/app': executable('#!/bin/sh\nexec "$TOOL"\n'),
        '/etc/services.d/a/run': executable('#!/bin/sh\n[ -n "$TOOL" ] && exec /none\nexec /tool\n'),
        '/tool': native,
      },
      {TOOL: '/tool'},
      [
        './run | a of s6-overlay',
        '/bin/sh | a of s6-overlay',
        '/tool | a of s6-overlay',
        '/app | -',
        '/bin/sh | -',
        '/tool | -',
      ],
    ],
  ])('%s', async (_, files, env, steps) => {
    expect(await followServices(['/init', '/app'], {...OVERLAY_2, ...files}, env)).toEqual([...OWN, ...steps])
  })

  test.each(['2', '3'])('a word that only the run knows is told of version %s', async version => {
    const start = executable('#!/bin/sh\nread -r word\nexec /init "$word"\n')
    const files = {...(version === '2' ? OVERLAY_2 : OVERLAY_3), '/bin/sh': native, '/e.sh': start}
    const steps = await followServices(['/e.sh'], files, {PATH: '/command:/bin'})
    expect(steps.at(-1)).toBe('s6-overlay starts $word, which only the run knows')
  })

  test('another /init of execline is not taken for it', async () => {
    const files = {...OVERLAY_2, '/init': executable('#!/bin/execlineb -P\n/app\n'), '/etc/cont-init.d/10': arm64}
    const steps = await followServices(['/init', '/app'], files)
    expect(steps.filter(step => step.includes('cont-init'))).toEqual([])
  })
})
