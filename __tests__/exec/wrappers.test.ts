// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {glibcLibrary, glibcLoader, glibcProgram, muslLoader, muslProgram} from '../../scripts/incidents/machines.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * What was seen of the real programs (npm run test:wrappers), as literals.
 */

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const native = executable(program({}))
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const owned = (mode: number, uid: number, gid: number) => ({content: program({}), mode, uid, gid})

const NAMES =
  'sh tini-static dumb-init gosu setpriv env nice timeout stdbuf flock start-stop-daemon capsh bash su runuser sudo ' +
  'chpst setuidgid envdir s6-setuidgid s6-applyuidgid setarch prlimit choom numactl taskset chrt xargs s6-setsid' +
  ' s6-notifyoncheck s6-maximumtime s6-envuidgid envuidgid'

const BASE: MemoryTree = {
  ...Object.fromEntries(NAMES.split(' ').map(name => [`/bin/${name}`, native])),
  [GLIBC]: executable(glibcLoader('amd64')),
  '/lib/x86_64-linux-gnu/libc.so.6': {content: glibcLibrary('amd64', '2.36'), mode: 0o644},
  [MUSL]: executable(muslLoader('amd64')),
  '/bin/tini': executable(glibcProgram('amd64')),
  '/bin/catatonit': executable(glibcProgram('amd64')),
  '/sbin/tini': executable(muslProgram('amd64')),
  '/sbin/su-exec': executable(muslProgram('amd64')),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\nodd:x:1001:1001::/:/bin/own-shell\n',
  '/etc/group': 'app:x:1000:\nmore:x:2000:app\n',
  '/bin/app': native,
  '/bin/own-shell': native,
  '/bin/libstdbuf.so': native,
  '/bin/of-app': owned(0o700, 1000, 1000),
  '/bin/of-more': owned(0o070, 0, 2000),
  '/bin/of-root': owned(0o700, 0, 0),
  '/home/app/own': native,
  '/text': executable('exec /bin/app\n'),
  '/run': {kind: 'directory'},
  ...Object.fromEntries(
    ['constructor', '__proto__', 'toString', 'hasOwnProperty'].map(name => [`/opt/${name}`, native]),
  ),
}

/** What is started last, with its words; what is wrong; or why it is not known. */
async function start(argv: readonly string[], env: readonly string[] = [], tree = BASE): Promise<string> {
  const config = imageConfig({entrypoint: argv, env: ['PATH=/bin', ...env]})
  const {steps, undetermined} = await readStartup({config, rootfs: memoryRootfs(tree), platform: AMD64})
  const failed = steps.find(({obstacle}) => obstacle !== undefined)
  if (failed?.obstacle) return 'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  const last = steps.findLast(({role}) => role === 'program')
  return `${last?.certainty === 'certain' ? '' : 'likely '}${(last?.argv ?? []).join(' ')}`
}

describe('options behind the program', () => {
  test.each<[what: string, argv: string, expected: string]>([
    ['tini takes them for its own', 'tini /bin/app -g', '/bin/app'],
    [
      'and fails where it has none of that name',
      'tini sh -c x',
      'it takes -c, which stands behind sh, for an option of its own, and has none of that name',
    ],
    ['up to two dashes', 'tini -- /bin/app -g', '/bin/app -g'],
    [
      'catatonit as well',
      'catatonit /bin/app -x',
      'it takes -x, which stands behind /bin/app, for an option of its own, and has none of that name',
    ],
    ['getopt of musl leaves them', '/sbin/tini /bin/app -g', '/bin/app -g'],
    [
      'of a static tini nobody knows',
      'tini-static /bin/app -g',
      'unknown: whether tini-static takes options behind the program for its own depends on its C library',
    ],
    ['dumb-init leaves them', 'dumb-init /bin/app -v', '/bin/app -v'],
    ['runuser takes them', 'runuser -u app /bin/app -m', '/bin/app'],
    ['choom takes them', 'choom -n 5 /bin/app -n 6', '/bin/app'],
    ['setpriv leaves them', 'setpriv --nnp /bin/app --nnp', '/bin/app --nnp'],
  ])('%s', async (_, argv, expected) => {
    expect(await start(argv.split(' '))).toBe(expected)
  })

  test('POSIXLY_CORRECT ends it', async () => {
    expect(await start(['tini', '/bin/app', '-g'], ['POSIXLY_CORRECT=1'])).toBe('/bin/app -g')
  })
})

describe('command lines that are refused', () => {
  test.each<[argv: string, expected: string]>([
    ['tini -p TERM -- app', 'it does not take "TERM" as -p'],
    ['tini -e 256 -- app', 'it does not take "256" as -e'],
    [
      'setpriv --reuid=app --regid=app app',
      '--regid, --rgid and --egid want --clear-groups, --keep-groups, --init-groups or --groups',
    ],
    ['setpriv --reuid=app --clear-groups --keep-groups app', 'of the options for groups only one may stand'],
    ['setpriv --init-groups app', '--init-groups wants --reuid or --ruid'],
    ['stdbuf app', 'it wants at least one of -i, -o and -e'],
    ['stdbuf -iL app', 'it does not take "L" as -i'],
    ['timeout -s NOSUCH 5 app', 'it does not take "NOSUCH" as -s'],
    ['timeout app 5', 'it takes "app" for its duration'],
    ['nice -n x app', 'it does not take "x" as -n'],
    ['env -0 app', 'its option -0 does not go with a program'],
    ['chpst -u 1000 app', 'there is no user 1000 for chpst'],
    ['setuidgid 1000 app', 'there is no user 1000 for setuidgid'],
    ['s6-setuidgid 1000 app', 'there is no user 1000 for s6-setuidgid'],
    ['gosu -- app /bin/app', 'there is no user -- for gosu'],
    ['sudo -u #1500 app', 'there is no user #1500 for sudo'],
    ['start-stop-daemon --exec /bin/app', 'it wants one of --start, --stop and --status'],
    [
      'start-stop-daemon --start --startas /bin/app',
      'it wants one of --exec, --pidfile, --pid, --ppid, --user and --name',
    ],
    ['start-stop-daemon --start --exec /none --startas /bin/app', '/none, which --exec names, is missing'],
    ['start-stop-daemon --start --user svc:more --exec /bin/app', 'there is no user svc:more for start-stop-daemon'],
    ['start-stop-daemon --start --chuid app:none --exec /bin/app', 'there is no group none for start-stop-daemon'],
    ['start-stop-daemon --start --chdir /none --exec /bin/app', 'it cannot change to /none, which is missing'],
    ['setpriv --inh-caps=-all --inh-caps=-all app', '--inh-caps may stand only once'],
    ['setpriv --pdeathsig TERM --pdeathsig keep app', '--pdeathsig may stand only once'],
    ['setpriv --nnp --no-new-privs app', '--no-new-privs may stand only once'],
    ['setpriv --reuid= --clear-groups app', 'it does not take "" as --reuid'],
    ['setpriv --rgid= --clear-groups app', 'it does not take "" as --rgid'],
    ['sudo -g none app', 'there is no group none for sudo'],
    ['sudo --group= app', 'there is no group  for sudo'],
    ['sudo --user= app', 'there is no user  for sudo'],
    ['setpriv --nnp --nnp app', '--no-new-privs may stand only once'],
    ['sudo -i -s app', 'only one of the options -i and -s may stand'],
    ['sudo -s -l', 'two of its options exclude each other'],
    ['choom app', 'it wants -n and a value'],
    ['chrt 0 app', 'without -o, -b or -i it takes priorities from 1'],
    ['numactl -l --interleave=all app', 'of the options for a policy only one may stand'],
  ])('%s', async (argv, expected) => {
    expect(await start(argv.split(' '))).toBe(expected)
  })
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('%s is no wrapper', async name => {
  expect(await start([`/opt/${name}`, 'x'])).toBe(`/opt/${name} x`)
})

describe('what is started, and as whom', () => {
  test.each<[argv: readonly string[], expected: string]>([
    [['flock', '/run/lock', '/bin/app', 'x'], '/bin/app x'],
    [['flock', '-n', '/run/lock', '-c', 'exec app'], 'app'],
    [['flock', '/run/lock', '--', 'app'], 'not-in-path'],
    [['envdir', '/run', 'app'], 'app'],
    [['envdir', '/run', '/text'], 'text without #!'],
    [['nice', '/text'], '/bin/app'],
    // A directory that is not in the image may be mounted.
    [['envdir', '/etc/env', 'app'], 'app'],
    [['chpst', '-e', '/etc/env', 'app'], 'app'],
    [['env', '-C', '/work', 'app'], 'app'],
    [['flock', '/locks/one', 'app'], 'app'],
    [['/sbin/su-exec', 'app', '/text'], 'text without #!'],
    [['setuidgid', 'app', 'of-app'], 'of-app'],
    [['setuidgid', 'app', 'of-more'], 'not-in-path'],
    [['gosu', 'app', 'of-more'], 'of-more'],
    [['chpst', '-u', 'app:more', 'of-more'], 'of-more'],
    [['chpst', '-u', ':1000:2000', 'of-more'], 'of-more'],
    [['s6-setuidgid', '1000:2000', 'of-more'], 'of-more'],
    [['s6-applyuidgid', '-u', '1000', '-G', '2000', 'of-more'], 'of-more'],
    [['s6-envuidgid', 'app', 's6-applyuidgid', '-U', 'of-app'], 'of-app'],
    [['s6-envuidgid', 'app', 's6-applyuidgid', '-U', 'of-more'], 'of-more'],
    [['s6-envuidgid', 'odd', 's6-applyuidgid', '-U', 'of-app'], 'not-in-path'],
    [['envuidgid', 'app', 's6-applyuidgid', '-U', 'of-app'], 'of-app'],
    [['s6-envuidgid', 'app', 'of-root'], 'of-root'],
    // It changes the ids, keeps the capabilities until execve, and so starts what the user alone could not.
    [['setpriv', '--reuid=app', '--clear-groups', 'of-root'], 'of-root'],
    [['setpriv', '--reuid=app', '--clear-groups', 'sh', '-c', 'exec of-root'], 'not-in-path'],
    [['setpriv', '--reuid=app', '--init-groups', 'sh', '-c', 'exec of-more'], 'of-more'],
    [['setpriv', '--euid=app', 'app'], 'unknown: setpriv starts a program whose real ids are not its effective ones'],
    [['setpriv', '--ruid=app', '--euid=app', '--keep-groups', 'sh', '-c', 'exec of-root'], 'not-in-path'],
    [['sudo', '-g', 'more', '-u', 'app', 'of-more'], 'of-more'],
    [['su', 'app', '-c', 'exec "$HOME/own"'], '/home/app/own'],
    [['su', '-m', 'odd', '-c', 'app'], '/bin/own-shell -c app'],
    [['su', 'odd', '-c', 'app'], '/bin/own-shell -c app'],
    [['su', '-s', '/bin/sh', 'odd', '-c', 'exec app'], 'app'],
    [['su', '-', 'app', '-c', 'exec /bin/app'], '/bin/app'],
    [['sudo', 'A=b', '-u', 'app', 'of-app', 'x'], 'of-app x'],
    [['sudo', '-u', '#1000', 'of-app'], 'of-app'],
    [['sudo', '-i', '-u', 'app', '/bin/app'], '/bin/app'],
    [['capsh', '--user=app', '--', '-c', 'exec of-app'], 'of-app'],
    [['start-stop-daemon', '--start', '--chuid', 'app', '--exec', '/bin/of-app', '--', '-x'], '/bin/of-app -x'],
    [['start-stop-daemon', '--start', '--exec', '/text'], 'text without #!'],
    [['sh', '-c', 'start-stop-daemon --start -b --exec /none || exec app failed'], 'app failed'],
    // What of a command line only the run knows may be what it lacks.
    [['sh', '-c', 'exec choom $HOSTNAME'], 'unknown: what choom makes of $HOSTNAME only the run knows'],
    [['setarch', 'x86_64', '-R', 'app'], 'app'],
    [['setpriv', '--pdeathsig', 'keep', '--pdeathsig', 'keep', '--pdeathsig', 'TERM', 'app'], 'app'],
    [['prlimit', '--nofile=64', '-c0', 'app'], 'app'],
    [['prlimit', '--nofile', '64', 'app'], 'not-in-path'],
    [['prlimit', '-n=64', '-c', '--core=0:', '--stack=64:unlimited', '--as=unlimited', 'app'], 'app'],
    [['env', '--ignore-signal=TERM,,sigint', '--block-signal=KILL', '--default-signal', 'app'], 'app'],
    [['env', '--ignore-signal=x', 'app'], 'it knows no signal "x"'],
    [['env', '--block-signal=INT,65', 'app'], 'it knows no signal "65"'],
    [['env', '--default-signal=0', 'app'], 'it knows no signal "0"'],
    [['env', '--ignore-signal=KILL', 'app'], 'what signal KILL does cannot be set by --ignore-signal'],
    [['prlimit', '--nofile=many', 'app'], 'it does not take "many" as --nofile'],
    [['prlimit', '--nofile=', 'app'], 'it does not take "" as --nofile'],
    [['prlimit', '-n:', 'app'], 'it does not take ":" as -n'],
    [['prlimit', '-n64:32', 'app'], 'the soft limit of -n is larger than the hard one'],
    [['prlimit', '--core=unlimited:5', 'app'], 'the soft limit of --core is larger than the hard one'],
    [['numactl', '--interleave=all', 'app', '-H'], 'app -H'],
    [['xargs', '-n', '1', 'app'], 'likely app'],
    [['s6-setsid', '-q', 'app'], 'app'],
    [['s6-notifyoncheck', '-d', '-n', '3', '-w', '100', '-c', 'nc -z localhost 80', 'app', '-c'], 'app -c'],
    [['s6-notifyoncheck', '-3', '4', 's6-setsid', 'app'], 'app'],
    [['s6-maximumtime', '-k', '5000', 'app'], 'app'],
    [['taskset', '1', '--', 'app'], 'unknown: whether taskset takes "--" there for the program depends on its version'],
  ])('%j', async (argv, expected) => {
    expect(await start(argv)).toBe(expected)
  })
})

test('stdbuf without its library ends', async () => {
  const {'/bin/libstdbuf.so': _, ...tree} = BASE
  const why = 'unknown: stdbuf needs libstdbuf.so, which is nowhere where it looks for it'
  expect(await start(['stdbuf', '-oL', 'app'], [], tree)).toBe(why)
})
