import {describe, expect, test} from '@jest/globals'
import {glibcLibrary, glibcLoader, glibcProgram, muslLoader, muslProgram} from '../../scripts/incidents/machines.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * Command lines of images that were once judged wrongly, each as it was seen to run (npm run test:wrappers).
 */

const native = executable(program({}))
const arm = executable(program({machine: 183}))
const GLIBC = '/lib64/ld-linux-x86-64.so.2'
const MUSL = '/lib/ld-musl-x86_64.so.1'
const NAMES =
  'sh env setpriv nice timeout sudo runuser su gosu s6-setuidgid s6-softlimit s6-setsid s6-setlock chpst envdir ' +
  'softlimit start-stop-daemon flock numactl setuidgid setlock capsh choom faketime authbind xargs prlimit bash dash ' +
  'dbus-run-session xvfb-run catatonit dumb-init pgrphack fghack rlwrap multilog daemonize logexec entrypoint-demoter rbash'

const BASE: MemoryTree = {
  ...Object.fromEntries(NAMES.split(' ').map(name => [`/bin/${name}`, native])),
  [GLIBC]: executable(glibcLoader('amd64')),
  '/lib/x86_64-linux-gnu/libc.so.6': {content: glibcLibrary('amd64', '2.36'), mode: 0o644},
  [MUSL]: executable(muslLoader('amd64')),
  '/bin/tini': executable(glibcProgram('amd64')),
  '/sbin/tini': executable(muslProgram('amd64')),
  '/sbin/nice': executable(muslProgram('amd64')),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/etc/sudoers': 'ALL ALL=(ALL:ALL) NOPASSWD:SETENV: ALL\n',
  '/etc/profile': 'PATH=/opt/bin:/bin\nexport PATH\n',
  '/env.sh': 'A=1\n',
  '/start.sh': executable('exec app --from-text\n'),
  '/bin/app': native,
  '/bin/arm': arm,
  '/bin/private': {content: program({}), mode: 0o700},
  '/opt/bin/tool': native,
  '/home/svc/app': native,
}

/** The last that is started, with its words; what is wrong; or why it is not known. */
async function start(argv: readonly string[], files: MemoryTree = {}, env: readonly string[] = []): Promise<string> {
  const config = imageConfig({entrypoint: argv, env: ['PATH=/bin', ...env]})
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const {steps, undetermined} = await readStartup({config, rootfs: memoryRootfs({...BASE, ...files}), platform})
  const failed = steps.find(({obstacle}) => obstacle !== undefined)
  if (failed?.obstacle) return 'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  const last = steps.findLast(({role}) => role === 'program')
  return `${last?.certainty === 'certain' ? '' : 'likely '}${(last?.argv ?? []).join(' ')}`
}

const words = (text: string) => text.split(' ')

describe('a text without #!', () => {
  test.each([
    ...['env', 'tini --', 'dumb-init', 'setpriv --nnp', 'nice', 'timeout 5', 'sudo', 'runuser -u svc --'],
    ...['setpriv --reuid=svc --clear-groups', 'flock /l', 'numactl -l', 'choom -n 0 --', 'nice nice'],
  ])('is run as a shell script behind %s', async wrapper => {
    expect(await start([...words(wrapper), '/start.sh'])).toBe('app --from-text')
  })

  test.each(['exec /start.sh', '/start.sh', 'cd /; ./start.sh', 'env /start.sh'])('and by a shell: %s', async text => {
    expect(await start(['sh', '-c', text])).toBe('app --from-text')
  })

  test.each([
    ...['s6-setuidgid svc', 's6-softlimit -o 9', 's6-setsid', 'chpst -o 9', 'envdir /tmp', 'softlimit -o 9'],
    ...['gosu svc', 'start-stop-daemon --start --exec', 'setuidgid svc', 'setlock /l', 'pgrphack', 'fghack'],
    ...['entrypoint-demoter', 'logexec -tag x'],
    // execvp(3) of musl does no more than execute.
    ...['/sbin/tini --', '/sbin/nice'],
  ])('is refused behind %s', async wrapper => {
    expect(await start([...words(wrapper), '/start.sh'])).toBe('text without #!')
  })

  test.each([
    ['dash', 'not-in-path'],
    ['bash', '/bin/app'],
  ])('execvp starts /bin/sh, by the rules of %s', async (shell, expected) => {
    const files = {'/bin/sh': {link: shell}, '/own.sh': executable('source /env.sh && exec /bin/app\n')}
    expect(await start(['env', '/own.sh'], files)).toBe(expected)
  })

  test('and as the first program', async () => {
    expect(await start(['/start.sh'])).toBe('text without #!')
  })
})

describe('who changes HOME', () => {
  const OWN = ['sh', '-c', 'exec $HOME/app']
  test.each<[argv: readonly string[], expected: string]>([
    [['gosu', 'svc', ...OWN], '/home/svc/app'],
    [['su', 'svc', '-c', 'exec $HOME/app'], '/home/svc/app'],
    [['su', '-', 'svc', '-c', 'exec $HOME/app'], '/home/svc/app'],
    [['runuser', '-', 'svc', '-c', 'exec $HOME/app'], '/home/svc/app'],
    [['runuser', '-u', 'svc', '--', ...OWN], '/home/svc/app'],
    [['sudo', '-u', 'svc', ...OWN], '/home/svc/app'],
    [['sudo', '-i', '-u', 'svc', '/bin/app'], '/bin/app'],
    [['sudo', 'A=b', 'app'], 'app'],
    // Since sudo 1.8.30 a number must be in the database.
    [['sudo', '-u', '#1500', 'app'], 'there is no user #1500 for sudo'],
    [['sudo', '-u', '#1000', 'app'], 'app'],
    [['sudo', '-D', '/srv', 'app'], '/etc/sudoers does not permit its option -D'],
    [['sudo', '--chdir=/', 'app'], 'unknown: whether sudo permits -D with its own directory depends on its version'],
    [['setpriv', '--reuid=svc', '--clear-groups', ...OWN], 'missing'],
    [['s6-setuidgid', 'svc', ...OWN], 'missing'],
    [['chpst', '-u', 'svc', ...OWN], 'missing'],
  ])('%j', async (argv, expected) => {
    expect(await start(argv)).toBe(expected)
  })
})

test.each([
  ...['flock /l', 'numactl -l', 'envdir /tmp', 'setuidgid root', 'setlock /l', 'start-stop-daemon --start --exec'],
  ...['choom -n 0 --', 'faketime 2020-01-01', 'authbind --deep', 's6-setlock /l', 's6-setsid', 'prlimit --nofile=1'],
  ...['dbus-run-session --', 'pgrphack', 'fghack', 'rlwrap -c -H /h', 'logexec -tag x', 'entrypoint-demoter --debug'],
])('the program behind %s is looked at', async wrapper => {
  expect(await start([...words(wrapper), '/bin/app', 'one'])).toBe('/bin/app one')
  expect(await start([...words(wrapper), '/bin/arm', 'one'])).toBe('aarch64, expected x86-64')
})

describe('a login shell', () => {
  test.each<[argv: readonly string[], expected: string]>([
    [['bash', '-lc', 'tool x'], 'tool x'],
    [['bash', '-c', 'tool'], 'not-in-path'],
    [['sh', '-lc', 'exec tool'], 'tool'],
  ])('%j', async (argv, expected) => {
    expect(await start(argv)).toBe(expected)
  })
})

test('dash has no source, bash has', async () => {
  const text = 'source /env.sh && exec /bin/app'
  expect(await start(['sh', '-c', text], {'/bin/sh': {link: 'bash'}})).toBe('/bin/app')
  expect(await start(['sh', '-c', text], {'/bin/sh': {link: 'dash'}})).toBe('not-in-path')
})

describe('busybox as the only file', () => {
  const DEBIAN = executable(Buffer.concat([program({}), Buffer.from('\0BusyBox v1.35.0 (Debian 1:1.35.0-4)\0')]))
  const files = {...Object.fromEntries(words(NAMES).map(name => [`/bin/${name}`, {link: 'busybox'}]))}
  test.each<[text: string, expected: string]>([
    ['mkdir -p /x && cat /y; exec /bin/app', '/bin/app'],
    ['exec cat /x', '/bin/busybox cat /x'],
    ['exec nosuch', 'not-in-path'],
  ])('%s', async (text, expected) => {
    // What is in PATH comes behind its own applets.
    const all = {...files, '/bin/busybox': DEBIAN, '/bin/cat': arm, '/bin/mkdir': arm}
    expect(await start(['/bin/sh', '-c', text], all)).toBe(expected)
  })
})

describe('busybox by another name', () => {
  const banner = (text: string) => executable(Buffer.concat([program({}), Buffer.from(`\0BusyBox v1.36.1 ${text}\0`)]))
  const DEBIAN = banner('(Debian 1:1.36.1-9)')
  const OWN = banner('(2024-01-01 00:00:00 UTC)')
  const BOTH = 'mkdir -p /x && cat /y; exec /bin/app'
  test.each<[shell: MemoryTree[string], argv: readonly string[], expected: string]>([
    [DEBIAN, ['/bin/sh', '-c', BOTH], '/bin/app'],
    [DEBIAN, ['/bin/sh', '-c', 'exec env A=1 /bin/arm'], 'aarch64, expected x86-64'],
    [DEBIAN, ['/bin/sh', '-c', 'exec cat /x'], '/bin/sh cat /x'],
    [DEBIAN, ['/bin/sh', '-c', 'exec sh -c "exec /bin/app"'], '/bin/app'],
    [DEBIAN, ['/bin/sh', '-c', 'exec nosuch'], 'not-in-path'],
    [DEBIAN, ['/bin/sh', '-c', 'exec /bin/env'], 'missing'],
    // How it was built is not known: nothing is missing for certain.
    [OWN, ['/bin/sh', '-c', BOTH], '/bin/app'],
    [OWN, ['/bin/sh', '-c', 'exec nosuch'], 'not-in-path'],
    // Another static shell has no applets.
    [native, ['/bin/sh', '-c', 'exec cat /x'], 'not-in-path'],
  ])('as the only file, and /bin/sh: %#', async (shell, argv, expected) => {
    const rootfs = memoryRootfs({'/bin/sh': shell, '/bin/app': native, '/bin/arm': arm})
    const config = imageConfig({entrypoint: argv, env: ['PATH=/bin']})
    const platform = {os: 'linux', architecture: 'amd64', variant: ''}
    const {steps} = await readStartup({config, rootfs, platform})
    const failed = steps.find(({obstacle, certainty}) => obstacle !== undefined && certainty === 'certain')
    const last = steps.findLast(({role, certainty}) => role === 'program' && certainty === 'certain')
    const {obstacle} = failed ?? {}
    expect(obstacle ? ('reason' in obstacle ? obstacle.reason : obstacle.kind) : last?.argv?.join(' ')).toBe(expected)
  })

  test('of the official image every name is a hard link', async () => {
    const names = 'sh mkdir cat env'.split(' ')
    const rootfs = memoryRootfs({...Object.fromEntries(names.map(name => [`/bin/${name}`, OWN])), '/bin/app': native})
    const config = imageConfig({entrypoint: ['sh', '-c', `${BOTH.replace('exec', 'exec env')}`], env: ['PATH=/bin']})
    const {steps, undetermined} = await readStartup({
      ...{config, rootfs},
      platform: {os: 'linux', architecture: 'amd64', variant: ''},
    })
    expect(undetermined).toBeUndefined()
    expect(steps.at(-1)).toMatchObject({argv: ['/bin/app'], certainty: 'certain'})
  })
})

describe('entrypoint-demoter', () => {
  test.each<[env: readonly string[], argv: string, expected: string]>([
    [[], 'entrypoint-demoter private', 'private'],
    [['UID=1000'], 'entrypoint-demoter private', 'not-in-path'],
    [['UID=1000', 'GID=1000'], 'entrypoint-demoter --match /data app', 'app'],
    // Who owns the directory only the run knows.
    [['GID=1000'], 'entrypoint-demoter --match=/data private', 'private'],
    [['UID=svc'], 'entrypoint-demoter app', 'UID and GID are numbers, and not "svc"'],
    [[], 'entrypoint-demoter -version app', 'entrypoint-demoter -version app'],
    [[], 'entrypoint-demoter --mat /x app', 'unknown: the option --mat of entrypoint-demoter is not understood'],
  ])('%j %s', async (env, argv, expected) => {
    expect(await start(words(argv), {}, env)).toBe(expected)
  })
})

describe('authbind', () => {
  test.each<[argv: string, expected: string]>([
    ['authbind --deep -- --depth 2 app --deep', 'app --deep'],
    ['authbind -- -- app', 'app'],
    ['authbind --depth x app', 'its option --depth wants a number'],
    ['authbind --nosuch app', 'unknown: the option --nosuch of authbind is not understood'],
    ['authbind --help app', 'authbind --help app'],
    ['authbind -x app', 'unknown: the option -x of authbind is not understood'],
  ])('%s', async (argv, expected) => {
    expect(await start(words(argv))).toBe(expected)
  })
})

describe('daemonize', () => {
  test.each<[argv: string, expected: string]>([
    ['daemonize -c / -u svc /bin/app -u', 'likely /bin/app -u'],
    ['daemonize app', 'app is not an absolute path'],
    ['daemonize /start.sh', 'text without #!'],
  ])('%s', async (argv, expected) => {
    expect(await start(words(argv))).toBe(expected)
  })
})

describe('multilog', () => {
  test.each<[argv: string, expected: string]>([
    ['multilog t s1000 ./main', 'multilog t s1000 ./main'],
    ['multilog t !app ./main', 'likely app'],
    ['multilog !arm ./main', 'aarch64, expected x86-64'],
  ])('%s', async (argv, expected) => {
    expect(await start(words(argv))).toBe(expected)
  })
})

describe('a restricted bash', () => {
  const REFUSED = 'it is restricted, and takes no slash in the name of a command: /bin/app'
  test.each<[argv: readonly string[], expected: string]>([
    [['rbash', '-c', 'app x'], 'app x'],
    [['rbash', '-c', '/bin/app'], REFUSED],
    [['bash', '-c', '/bin/app', 'rbash'], REFUSED],
    [['bash', '-r', '-c', '/bin/app', 'name'], REFUSED],
    [['bash', '--restricted', '-c', '/bin/app'], REFUSED],
    [['bash', '-c', '/bin/app', '-r'], '/bin/app'],
    [['rbash', '-c', '/bin/app; app'], 'app'],
    [['rbash', '/start.sh'], 'unknown: rbash is restricted, and it may not run what its text has: exec'],
    [['rbash', '-c', 'cd /; app'], 'unknown: rbash is restricted, and it may not run what its text has: cd'],
    [['rbash', '-c', 'PATH=/x app'], 'unknown: rbash is restricted, and it may not run what its text has: PATH='],
    [['rbash', '-c', 'app > /x'], 'unknown: rbash is restricted, and it may not run what its text has: >'],
  ])('%j', async (argv, expected) => {
    expect(await start(argv)).toBe(expected)
  })
})

describe('a shell that reads its script', () => {
  test.each<[text: string, expected: string]>([
    ['sh <<E\nexec /bin/app x\nE', '/bin/app x'],
    ['echo "exec /bin/arm" | sh', 'aarch64, expected x86-64'],
    ['exec sh -s one <<"E"\nexec /bin/app "$1"\nE', '/bin/app one'],
    // A command may have read the next line itself.
    ['exec sh <<E\ntouch /x\nexec /bin/app\nE', 'likely /bin/app'],
    ['exec sh', 'sh'],
    ['exec sh <<E\n\nE', 'sh'],
  ])('%s', async (text, expected) => {
    expect(await start(['bash', '-c', text])).toBe(expected)
  })
})
