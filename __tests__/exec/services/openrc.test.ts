// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {parseDependencies} from '../../../src/exec/services/openrc/dependencies.ts'
import type {MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'
import {OPENRC_TREE} from './openrc-tree.ts'

const service = (text: string, mode = 0o755) => ({content: `#!/sbin/openrc-run\n${text}\n`, mode})

const BASE: MemoryTree = {
  ...OPENRC_TREE,
  '/bin/sh': native,
  '/bin/app': native,
  '/bin/arm': foreign,
  '/bin/plain': 'no execute bit',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/etc/runlevels/boot': {kind: 'directory'},
  '/etc/runlevels/default/a': {link: '/etc/init.d/a'},
}

/** What is started beside the programs and scripts of OpenRC, and what is refused. */
async function follow(files: MemoryTree, entrypoint = ['/sbin/openrc', 'default']): Promise<readonly string[]> {
  const lines = await followDaemons({entrypoint}, {...BASE, ...files})
  return lines.filter(line => /^\/bin\/(?!sh)|refused|no-such-user|unknown/.test(line))
}

describe('OpenRC', () => {
  test.each<[string, MemoryTree, readonly string[]]>([
    [
      'a good service',
      {'/etc/init.d/a': service('command=/bin/app\ncommand_args="-x  $RC_SVCNAME"')},
      ['/bin/app -x a | a'],
    ],
    ['of another machine', {'/etc/init.d/a': service('command=/bin/arm')}, ['/bin/arm | a | foreign']],
    [
      'without an execute bit',
      {'/etc/init.d/a': service('command=/bin/plain')},
      ['/bin/plain | a | not-executable: no-execute-permission'],
    ],
    [
      'a script without an execute bit',
      {'/etc/init.d/a': service('command=/bin/app', 0o644)},
      [
        '/sbin/openrc | a | refused-arguments: the script of the service a, /etc/init.d/a, has no execute bit, and is passed over',
      ],
    ],
    [
      'disabled',
      {'/etc/init.d/a': service('command=/bin/app'), '/etc/init.d/off': service('command=/bin/arm')},
      ['/bin/app | a'],
    ],
    [
      'by its own function',
      {
        '/etc/init.d/a': service(
          'start() {\n ebegin\n start-stop-daemon -S -b -m -p /run/a -u svc -x /bin/arm -- -d\n eend $?\n}',
        ),
      },
      ['/bin/arm -d | a | foreign'],
    ],
    [
      'of a user that is not there',
      {'/etc/init.d/a': service('command=/bin/app\ncommand_user=none')},
      ['/etc/passwd | a | no-such-user: there is no user none for start-stop-daemon'],
    ],
    [
      'under supervise-daemon',
      {'/etc/init.d/a': service('supervisor=supervise-daemon\ncommand=/bin/arm\ncommand_args_foreground=-f')},
      ['/bin/arm -f | a | foreign'],
    ],
    [
      'with its configuration',
      {'/etc/init.d/a': service('command=/bin/$WHICH'), '/etc/conf.d/a': 'WHICH=arm\n', '/etc/rc.conf': 'WHICH=none\n'},
      ['/bin/arm | a | foreign'],
    ],
    [
      'what it needs first',
      {
        '/etc/init.d/a': service('command=/bin/app\ndepend() {\n\tneed net\n}'),
        '/etc/init.d/b': service('command=/bin/app\ncommand_args=first\ndepend() {\n\tprovide net\n}'),
      },
      ['/bin/app first | b', '/bin/app | a'],
    ],
    [
      'what it needs is to be supervised, and is not there',
      {
        '/etc/init.d/a': service('command=/bin/app\ndepend() {\n\tneed b\n}'),
        '/etc/init.d/b': service('supervisor=supervise-daemon\ncommand=/bin/none'),
      },
      ['/bin/none | b | missing'],
    ],
    [
      'after a program that may have made anything',
      {
        '/lib/rc/bin/eval_ecolors': native,
        '/lib/rc/sh/functions.sh': 'if [ -t 1 ]; then eval $(eval_ecolors); fi\nyesno() { return 1; }\n',
        '/etc/init.d/a': service('command=/bin/app\ndepend() {\n\tneed b\n}'),
        '/etc/init.d/b': service('start() {\n\t/bin/app of b\n}'),
      },
      ['/bin/app of b | b', '/bin/app | a | likely'],
    ],
    [
      'what it needs fails',
      {
        '/etc/init.d/a': service('command=/bin/app\ndepend() {\n\tneed b\n}'),
        '/etc/init.d/b': service('command=/bin/arm'),
      },
      ['/bin/arm | b | foreign'],
    ],
    [
      'what it needs is nowhere',
      {'/etc/init.d/a': service('command=/bin/app\ndepend() {\n\tneed net\n}')},
      ['/sbin/openrc | a | refused-arguments: the service a needs net, which no script of /etc/init.d is or provides'],
    ],
    [
      'not in some containers',
      {'/etc/init.d/a': service('command=/bin/arm\ndepend() {\n\tkeyword -docker\n}')},
      ['/bin/arm | a | likely | foreign'],
    ],
    ['its start_pre fails', {'/etc/init.d/a': service('command=/bin/arm\nstart_pre() { return 1; }')}, []],
    [
      'a variable of the container is not handed on',
      {'/etc/init.d/a': service('command=/bin/app${PATH_OF_IMAGE+x}')},
      ['/bin/app | a'],
    ],
  ])('%s', async (_, files, lines) => {
    expect(await follow(files)).toEqual(lines)
  })

  const files = {'/etc/init.d/a': service('command=/bin/arm')}
  const started = {'/run/openrc/softlevel': '', '/run/openrc/exclusive': {kind: 'directory'}} as const

  test.each<[string, readonly string[], MemoryTree, readonly string[]]>([
    ['openrc-init', ['/sbin/openrc-init'], {}, ['/bin/arm | a | foreign']],
    ['another runlevel', ['/sbin/openrc', 'boot'], {}, []],
    ['where nothing can be kept', ['/sbin/openrc', 'default'], {'/run': 'a file'}, ['/bin/arm | a | foreign']],
    ['no runlevel', ['/sbin/openrc', 'none'], {}, ['/sbin/openrc | refused-arguments: none is not a valid runlevel']],
    ['rc-service', ['/sbin/rc-service', 'a', 'start'], started, ['/bin/arm | foreign']],
    ['the script', ['/etc/init.d/a', 'start'], started, ['/bin/arm | foreign']],
    ['the script, to stop', ['/etc/init.d/a', 'stop'], started, []],
    [
      'no such service',
      ['/sbin/rc-service', 'b', 'start'],
      started,
      ['/sbin/rc-service | refused-arguments: the image has no service b: /etc/init.d/b is missing'],
    ],
    [
      'before openrc was started',
      ['/etc/init.d/a', 'start'],
      {},
      [
        '/etc/init.d/a | refused-arguments: openrc has not started the system: there is no /run/openrc/softlevel, and a is not started',
      ],
    ],
  ])('%s', async (_, entrypoint, more, lines) => {
    expect(await follow({...files, ...more}, [...entrypoint])).toEqual(lines)
  })
})

test('dependencies', () => {
  const known = parseDependencies(
    'depend() {\n\tneed a b # c\n\tafter !d *\n\tuse e; before f\n}\nstart() {\n\tneed x\n}\n',
  )
  expect(known).toMatchObject({need: ['a', 'b'], after: ['*'], use: ['e'], before: ['f'], isKnown: true})
  expect(parseDependencies('depend() { need net; }\n').need).toEqual(['net'])
  expect(parseDependencies('depend() {\n\tneed a !a\n\tkeyword -docker\n}\n')).toMatchObject({
    need: [],
    keyword: ['-docker'],
  })
  expect(parseDependencies('depend() {\n\t[ -e /x ] && need a\n}\n').isKnown).toBe(false)
  expect(parseDependencies('depend() {\n\tneed $x\n}\n').isKnown).toBe(false)
  expect(parseDependencies('').isKnown).toBe(true)
})
