// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {dynamicElf} from '../../scripts/kernel/dynamic-elf.ts'
import {program} from '../../scripts/kernel/elf.ts'
import {findDanglingVolumes, readHealthcheck, readShell, readStartup, type Startup} from '../../src/exec/index.ts'
import type {ImageConfig} from '../../src/image/config.ts'
import {DEFAULT_LIMITS} from '../../src/lib/limits.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {PACKED_PROGRAM} from '../support/packed-program.ts'

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const native = executable(program({}))
const arm64 = executable(program({machine: 183}))

/** A userland of native programs, and `/arm`, which is none. */
const BASE: MemoryTree = {
  ...Object.fromEntries(
    [
      'sh',
      'bash',
      'tini',
      'dumb-init',
      'gosu',
      'su-exec',
      'id',
      'setpriv',
      'env',
      'nice',
      'nohup',
      'timeout',
      'busybox',
      'java',
      'node',
      'python3.12',
      'perl',
      'dotnet',
      'go-runner',
      'su',
      'chroot',
      'stdbuf',
      'supervisord',
      'doppler',
      'php',
      'with-contenv',
      'execlineb',
      's6-overlay-suexec',
    ].map(name => [`/bin/${name}`, native]),
  ),
  '/usr/bin/env': {link: '/bin/env'},
  '/usr/libexec/coreutils/libstdbuf.so': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  '/etc/group': 'app:x:1000:\n',
  '/arm': arm64,
  '/private.js': {content: '', mode: 0o600},
  '/uclibc': executable(dynamicElf({interp: '/lib/ld-uClibc.so.0', needed: ['libc.so.0']})),
  '/lib/ld-uClibc.so.0': executable(dynamicElf({needed: []})),
  '/text': executable('exec /arm\n'),
}

async function start(config: Partial<ImageConfig>, files: MemoryTree = {}): Promise<Startup> {
  return readStartup({
    config: imageConfig({env: ['PATH=/bin'], ...config}),
    rootfs: memoryRootfs({...BASE, ...files}),
    platform: AMD64,
  })
}

/** One line per step: what, why, and what is wrong with it. */
function say({steps, unknowns}: Startup): string[] {
  const lines = steps.map(({path, via, certainty, obstacle}) => {
    const wrong =
      obstacle === undefined ? '' : `: ${obstacle.kind}${obstacle.errno === undefined ? '' : ` ${obstacle.errno}`}`
    return `${certainty === 'certain' ? '' : '? '}${path} (${via})${wrong}`
  })
  return [...lines, ...unknowns.map(({reason}) => `unknown: ${reason}`)]
}

describe('the first program', () => {
  test.each<[string, Partial<ImageConfig>, string[]]>([
    ['native', {entrypoint: ['/bin/tini', '--version']}, ['/bin/tini (entrypoint)']],
    ['foreign', {cmd: ['/arm']}, ['/arm (cmd): refused ENOEXEC']],
    ['missing', {entrypoint: ['/app']}, ['/app (entrypoint): missing ENOENT']],
    ['in no directory of PATH', {cmd: ['app']}, ['app (cmd): not-in-path ENOENT']],
    ['none', {}, ['unknown: the image has neither an entrypoint nor a command']],
    ['text, which the runtime does not hand to a shell', {cmd: ['/text']}, ['/text (cmd): refused ENOEXEC']],
    ['of an unknown user', {cmd: ['/arm'], user: 'nobody'}, ['/etc/passwd (cmd): no-such-user']],
    ['in a file', {cmd: ['/arm'], workingDir: '/arm'}, ['/arm (cmd): missing ENOTDIR']],
    [
      'in a directory that cannot be made',
      {cmd: ['/arm'], workingDir: `/new/${'x'.repeat(256)}`},
      [`/new/${'x'.repeat(256)} (cmd): missing ENAMETOOLONG`],
    ],
    ['of a user out of range', {cmd: ['/arm'], user: '99999999999'}, ['/etc/passwd (cmd): no-such-user']],
    ['in a directory that the engine makes', {cmd: ['../arm'], workingDir: '/new'}, ['../arm (cmd): refused ENOEXEC']],
    [
      'of an interpreter that its user may not read',
      {cmd: ['node', '/private.js'], user: 'app'},
      ['/bin/node (cmd)', '/private.js (argument of node): not-readable EACCES'],
    ],
    [
      'by a loader that is not known',
      {cmd: ['/uclibc']},
      [
        '/uclibc (cmd)',
        '/lib/ld-uClibc.so.0 (loader of /uclibc)',
        "unknown: /lib/ld-uClibc.so.0 is neither glibc's loader nor musl's",
      ],
    ],
    ['under a mount', {cmd: ['/proc/self/exe']}, ['/proc/self/exe (cmd): missing ENOENT']],
  ])('%s', async (_, config, expected) => {
    expect(say(await start(config))).toEqual(expected)
  })

  test('what stands in place of one that is named for another architecture', async () => {
    const {steps} = await start({cmd: ['/opt/tool-arm64']}, {'/opt/tool-amd64': native})
    const counterpart = '/opt/tool-amd64'
    expect(steps[0]?.obstacle).toEqual({kind: 'missing', errno: 'ENOENT', at: '/opt/tool-arm64', counterpart})
  })

  test('why a loader is missing is told, where it is plain', async () => {
    const app = executable(dynamicElf({interp: '/lib64/ld-linux-x86-64.so.2', needed: []}))
    const musl = {'/lib/ld-musl-x86_64.so.1': native}
    expect((await start({cmd: ['/app']}, {'/app': app, ...musl})).steps[1]?.obstacle).toMatchObject({
      ...{kind: 'missing', errno: 'ENOENT', cause: 'a glibc program in a musl image'},
    })
  })

  test('of a machine that is not known nothing is said of what it starts', async () => {
    const platform = {os: 'linux', architecture: 'vax', variant: ''}
    const rootfs = memoryRootfs({'/bin/tini': native, '/arm': arm64})
    const startup = await readStartup({config: imageConfig({cmd: ['/bin/tini', '--', '/arm']}), rootfs, platform})
    expect(say(startup)).toEqual(['/bin/tini (cmd)', 'unknown: nothing is known of the programs of linux/vax'])
  })

  test('another system', async () => {
    const platform = {os: 'windows', architecture: 'amd64', variant: ''}
    const startup = await readStartup({config: imageConfig({cmd: ['app.exe']}), rootfs: memoryRootfs({}), platform})
    expect(startup).toMatchObject({steps: [], undetermined: 'how windows/amd64 starts a program is not modelled'})
  })
})

describe('a program packed by UPX', () => {
  const LOADER = '/lib64/ld-linux-x86-64.so.2'
  const packed = {'/app': executable(PACKED_PROGRAM)}

  test('opens the loader of the program inside', async () => {
    const {steps} = await start({entrypoint: ['/app']}, packed)
    expect(steps.map(({path, role, from, obstacle}) => [path, role, from, obstacle?.kind])).toEqual([
      ['/app', 'program', undefined, undefined],
      [LOADER, 'loader', 0, 'missing'],
    ])
  })

  test('is right where the loader is there', async () => {
    const {steps} = await start({entrypoint: ['/app']}, {...packed, [LOADER]: native})
    expect(steps.map(({path, obstacle}) => [path, obstacle])).toEqual([['/app', undefined]])
  })
})

describe('who hands over to whom', () => {
  test.each<[string, string[], string[]]>([
    ['tini', ['tini', '-g', '-e', '143', '--', '/arm'], ['/arm (argument of tini): refused ENOEXEC']],
    [
      'tini that may take an option of the program',
      ['tini', '-s', '/arm', '-x'],
      [
        '/arm (argument of tini): refused ENOEXEC',
        'unknown: whether tini takes options behind the program for its own depends on its C library',
      ],
    ],
    ['dumb-init', ['dumb-init', '--rewrite', '15:3', '/arm'], ['/arm (argument of dumb-init): refused ENOEXEC']],
    ['gosu', ['gosu', 'app:app', '/arm'], ['/arm (argument of gosu): refused ENOEXEC']],
    ['gosu to nobody', ['gosu', 'www', '/arm'], ['/etc/passwd (user of gosu): no-such-user']],
    ['su-exec does not take text', ['su-exec', 'app', '/arm'], ['/arm (argument of su-exec): refused ENOEXEC']],
    ['setpriv', ['setpriv', '--reuid=app', '--clear-groups', '/arm'], ['/arm (argument of setpriv): refused ENOEXEC']],
    ['env', ['env', '-i', 'A=1', 'PATH=/x', 'arm'], ['arm (argument of env): not-in-path ENOENT']],
    ['env with a new PATH', ['env', 'PATH=/:/bin', 'arm'], ['/arm (argument of env): refused ENOEXEC']],
    ['env -S', ['env', '-S', '-i A=1 "/arm" x'], ['/arm (argument of env): refused ENOEXEC']],
    ['nice', ['nice', '-n', '5', '/arm'], ['/arm (argument of nice): refused ENOEXEC']],
    ['nohup', ['nohup', '/arm'], ['/arm (argument of nohup): refused ENOEXEC']],
    ['timeout', ['timeout', '-s', 'KILL', '5', '/arm'], ['/arm (argument of timeout): refused ENOEXEC']],
    ['stdbuf', ['stdbuf', '-oL', '/arm'], ['/arm (argument of stdbuf): refused ENOEXEC']],
    [
      'go-runner',
      ['go-runner', '-log-file=/x', '--also-stdout=false', '/arm'],
      ['/arm (argument of go-runner): refused ENOEXEC'],
    ],
    ['su', ['su', 'app', '-c', 'exec /arm'], ['/bin/sh (argument of su)', '/arm (exec in sh -c): refused ENOEXEC']],
    ['busybox', ['busybox', 'nohup', '/arm'], ['/arm (argument of nohup): refused ENOEXEC']],
    ['after two dashes', ['doppler', 'run', '-p', 'x', '--', '/arm'], ['/arm (argument of doppler): refused ENOEXEC']],
    [
      'two wrappers',
      ['tini', 'env', '/arm'],
      ['/bin/env (argument of tini)', '/arm (argument of env): refused ENOEXEC'],
    ],
    ['a text by execvp', ['tini', '/text'], ['/text (argument of tini)', '/arm (exec in /text): refused ENOEXEC']],
    ['chroot', ['chroot', '/x', '/arm'], ['unknown: chroot starts a program in another root directory']],
    ['supervisord', ['supervisord', '-n'], ['unknown: the option -n of supervisord is not understood']],
    ['an option nobody knows', ['tini', '-Z', '/arm'], ['unknown: the option -Z of tini is not understood']],
    ['a program of its own', ['perl'], []],
    ['sh -c', ['sh', '-c', 'exec /arm'], ['/arm (exec in sh -c): refused ENOEXEC']],
    ['sh -ec with arguments', ['sh', '-ec', '"$1"; :', 'x', '/arm'], ['/arm (set -e in sh -c): refused ENOEXEC']],
    [
      'a JSON array that became shell form',
      ['/bin/sh', '-c', `["/app", 'x']`],
      ['[/app, (last command in sh -c): missing ENOENT'],
    ],
    ['and one of a single word', ['/bin/sh', '-c', "['/app']"], ['[/app] (last command in sh -c): missing ENOENT']],
    ['java -jar', ['java', '-Xmx1g', '-cp', 'x', '-jar', '/app.jar'], ['/app.jar (argument of java): missing ENOENT']],
    ['java with a class', ['java', '-cp', 'x', 'Main'], []],
    [
      'node',
      ['node', '--enable-source-maps', '-r', 'x', 'server.js'],
      ['server.js (argument of node): missing ENOENT'],
    ],
    ['node with an option nobody knows', ['node', '--new-option', 'server.js'], []],
    ['node -e', ['node', '-e', 'x'], []],
    ['python', ['python3.12', '-u', '-W', 'x', 'app.py'], ['app.py (argument of python3.12): missing ENOENT']],
    ['python -m', ['python3.12', '-m', 'app'], []],
    ['php', ['php', '-d', 'x=1', 'app.php'], ['app.php (argument of php): missing ENOENT']],
    ['dotnet', ['dotnet', 'App.dll'], ['App.dll (argument of dotnet): missing ENOENT']],
    ['dotnet run', ['dotnet', 'run'], []],
  ])('%s', async (_, cmd, expected) => {
    const said = say(await start({cmd})).slice(1)
    expect(said).toEqual(expected)
  })

  test.each<[what: string, user: string, env: readonly string[], expected: string]>([
    ['root without a word about it', '', [], '/root/x'],
    ['root by number', '0:0', [], '/root/x'],
    ['a user by numbers', '1000:1000', [], '/home/app/x'],
    ['numbers that nobody has', '7:7', [], '//x'],
    ['a user by name', 'app', [], '/home/app/x'],
    ['HOME of the image, for a user by name', 'app', ['HOME=/opt'], '/opt/x'],
    ['HOME of the image', '', ['HOME=/opt'], '/opt/x'],
  ])('HOME: %s', async (_, user, env, expected) => {
    const cmd = ['tini', '--', 'sh', '-c', 'exec "$HOME/x"']
    const {steps} = await start({cmd, user, env: ['PATH=/bin', ...env]})
    expect(steps.at(-1)?.path).toBe(expected)
  })

  test.each<[string, string[], string]>([
    ['setpriv', ['setpriv', '--reuid', 'app', '--clear-groups'], '/root/x'],
    ['su-exec', ['su-exec', 'app'], '/home/app/x'],
    ['gosu', ['gosu', 'app'], '/home/app/x'],
  ])('%s leaves HOME as the engine set it, or sets it', async (_, wrapper, expected) => {
    const {steps} = await start({cmd: [...wrapper, 'sh', '-c', 'exec "$HOME/x"']})
    expect(steps.at(-1)?.path).toBe(expected)
  })

  test('a script that starts itself with another HOME is followed again', async () => {
    const text = '#!/bin/sh\nif [ "$HOME" != /h ]; then export HOME=/h; exec "$0"; fi\nexec /arm\n'
    const said = say(await start({entrypoint: ['/e.sh']}, {'/e.sh': executable(text)}))
    expect(said.at(-1)).toBe('/arm (exec in /e.sh): refused ENOEXEC')
  })

  test('node takes what require() would', async () => {
    const {steps} = await start({cmd: ['node', 'dist/main'], workingDir: '/app'}, {'/app/dist/main.js': ''})
    expect(steps[1]).toMatchObject({path: 'dist/main.js', role: 'argument', node: {path: '/app/dist/main.js'}})
  })

  test('the steps form a tree', async () => {
    const {steps} = await start(
      {entrypoint: ['tini', '/e.sh']},
      {'/e.sh': executable('#!/usr/bin/env bash\nexec /arm\n')},
    )
    expect(steps.map(({path, from, role}) => [from, role, path])).toEqual([
      [undefined, 'program', '/bin/tini'],
      [0, 'program', '/e.sh'],
      [1, 'interpreter', '/usr/bin/env'],
      [2, 'program', '/bin/bash'],
      [3, 'program', '/arm'],
    ])
    expect(steps[2]?.hops).toEqual([{path: '/usr/bin/env', target: '/bin/env'}])
  })
})

describe('scripts', () => {
  const entry = (text: string, more: MemoryTree = {}) =>
    start({entrypoint: ['/e.sh'], cmd: ['/arm', 'x']}, {'/e.sh': executable(text), ...more})

  test.each<[string, string, string[]]>([
    ['joined with Cmd', '#!/bin/sh\nset -e\nexec "$@"\n', ['/arm (exec in /e.sh): refused ENOEXEC']],
    [
      'another user runs the same script again',
      '#!/bin/sh\nif [ "$(id -u)" = 0 ]; then exec gosu app "$0" "$@"; fi\nexec "$@"\n',
      [
        '/bin/gosu (exec in /e.sh)',
        '/e.sh (argument of gosu)',
        '/bin/sh (interpreter of /e.sh)',
        '/arm (exec in /e.sh): refused ENOEXEC',
      ],
    ],
    ['itself for ever', '#!/bin/sh\nexec "$0" "$@"\n', []],
    [
      'what may not be reached',
      '#!/bin/sh\nif [ -f /x ]; then exec /arm; fi\nexec /bin/tini\n',
      ['/bin/tini (exec in /e.sh)', '/bin/tini (command line of tini): refused-arguments'],
    ],
    [
      'what an interpreter is missing, and nothing depends on',
      '#!/bin/sh\nnode /gone.js || :\nexec node /lost.js\n',
      ['? /bin/node (command in /e.sh)', '/bin/node (exec in /e.sh)', '/lost.js (argument of node): missing ENOENT'],
    ],
    ['what is missing and was looked for', '#!/bin/sh\nif [ -x /gone ]; then /gone; fi\n', []],
    [
      'what is missing and was not looked for',
      '#!/bin/sh\n/gone\nexec /bin/tini',
      ['/bin/tini (exec in /e.sh)', '/bin/tini (command line of tini): refused-arguments'],
    ],
    [
      'what only the run knows',
      '#!/bin/sh\nexec "$SERVER"\n',
      ['unknown: /e.sh runs "$SERVER", which only the run knows'],
    ],
    [
      'a PATH that only the run knows',
      '#!/bin/sh\nread PATH; exec tini\n',
      ['unknown: /e.sh looks for tini in a PATH that only the run knows'],
    ],
    [
      'a PATH that only the run knows, of a wrapper',
      '#!/bin/sh\nread PATH; export PATH; exec /bin/tini -- arm\n',
      ['/bin/tini (exec in /e.sh)', 'unknown: arm is looked for in a PATH that only the run knows'],
    ],
    [
      'a new PATH',
      '#!/bin/sh\nexport PATH=/opt:$PATH\nexec tini "$@"\n',
      ['/bin/tini (exec in /e.sh)', '/arm (argument of tini): refused ENOEXEC'],
    ],
    ['a directory of its own', '#!/bin/sh\ncd / && exec ./arm\n', ['./arm (exec in /e.sh): refused ENOEXEC']],
    ['a library of functions', '#!/bin/sh\n. /lib.sh\nrun "$@"\n', ['/arm (exec in /e.sh): refused ENOEXEC']],
    [
      's6-overlay',
      '#!/bin/sh -e\nexec s6-overlay-suexec " /bin/nohup" "" /bin/nice "$@"\n',
      [
        '/bin/s6-overlay-suexec (exec in /e.sh)',
        '/bin/nohup (argument of s6-overlay-suexec)',
        '/bin/nohup (command line of nohup): refused-arguments',
        '/bin/nice (argument of s6-overlay-suexec)',
        '/arm (argument of nice): refused ENOEXEC',
        'unknown: s6-overlay-suexec becomes /bin/nice, which is not the first stage of s6-overlay',
      ],
    ],
    [
      'what may fail at first, and is what the script ends as',
      '#!/bin/sh\n/s.sh || :\nexec /s.sh\n',
      ['/s.sh (exec in /e.sh)', '/none (interpreter of /s.sh): missing ENOENT'],
    ],
    ['no shell', '#!/bin/sh\n(((\n', ['unknown: /e.sh cannot be read as a shell script: line 3: expected )']],
  ])('%s', async (_, text, expected) => {
    const steps = say(await entry(text, {'/lib.sh': 'run() { exec "$@"; }\n', '/s.sh': executable('#!/none\n')}))
    expect(steps.slice(0, 2)).toEqual(['/e.sh (entrypoint)', '/bin/sh (interpreter of /e.sh)'])
    expect(steps.slice(2)).toEqual(expected)
  })

  test.each<[string, string, string[]]>([
    ['sh\\r', '#!/bin/sh\r\nexec /arm\r\n', ['/e.sh (entrypoint): bad-shebang ENOENT']],
    [
      'env bash\\r',
      '#!/usr/bin/env bash\r\nexec /arm\r\n',
      ['/e.sh (entrypoint): bad-shebang', '/usr/bin/env (interpreter of /e.sh)'],
    ],
    [
      'a missing interpreter',
      '#!/bin/zsh\n',
      ['/e.sh (entrypoint)', '/bin/zsh (interpreter of /e.sh): missing ENOENT'],
    ],
    [
      'a missing interpreter of env',
      '#!/usr/bin/env ruby\n',
      ['/e.sh (entrypoint)', '/usr/bin/env (interpreter of /e.sh)', 'ruby (argument of env): not-in-path ENOENT'],
    ],
    ['a foreign interpreter', '#!/arm\n', ['/e.sh (entrypoint)', '/arm (interpreter of /e.sh): refused ENOEXEC']],
    [
      'execline',
      '#!/bin/execlineb -P\n/arm\n',
      ['/e.sh (entrypoint)', '/bin/execlineb (interpreter of /e.sh)', '/arm (argument of execlineb): refused ENOEXEC'],
    ],
    [
      'with-contenv',
      '#!/bin/with-contenv sh\nexec /arm\n',
      [
        '/e.sh (entrypoint)',
        '/bin/with-contenv (interpreter of /e.sh)',
        '/bin/sh (argument of with-contenv)',
        '/arm (exec in /e.sh): refused ENOEXEC',
      ],
    ],
  ])('first line: %s', async (_, text, expected) => {
    expect(say(await entry(text))).toEqual(expected)
  })
})

describe('HEALTHCHECK', () => {
  test.each<[string, readonly string[] | undefined, string[] | undefined]>([
    ['none', undefined, undefined],
    ['NONE', ['NONE'], undefined],
    ['CMD', ['CMD', '/arm', 'x'], ['/arm (healthcheck): refused ENOEXEC']],
    [
      'CMD-SHELL',
      ['CMD-SHELL', '/arm || exit 1'],
      ['/bin/sh (healthcheck)', '/arm (needed command in sh -c): refused ENOEXEC'],
    ],
    ['CMD without a program', ['CMD'], undefined],
    ['what no engine knows', ['RUN', '/arm'], undefined],
    ['an empty list, which takes it over from the base', [], undefined],
    ['a bare name', ['CMD', 'tini', '/arm'], ['/bin/tini (healthcheck)', '/arm (argument of tini): refused ENOEXEC']],
    [
      'a wrapper of nothing, to which no run adds words',
      ['CMD', 'tini'],
      ['/bin/tini (healthcheck)', 'tini (command line of tini): refused-arguments'],
    ],
    ['what is not there', ['CMD', 'curl', '-f', 'x'], ['curl (healthcheck): not-in-path ENOENT']],
    [
      'by a shell that looks first',
      ['CMD-SHELL', 'if [ -x /gone ]; then /gone; fi; exec /arm'],
      ['/bin/sh (healthcheck)', '/arm (exec in sh -c): refused ENOEXEC'],
    ],
  ])('%s', async (_, healthcheck, expected) => {
    const startup = await readHealthcheck({
      config: imageConfig({entrypoint: ['/bin/tini'], healthcheck, env: ['PATH=/bin']}),
      rootfs: memoryRootfs(BASE),
      platform: AMD64,
    })
    expect(startup && say(startup)).toEqual(expected)
  })

  test('runs as the user and in the directory of the container', async () => {
    const startup = await readHealthcheck({
      config: imageConfig({healthcheck: ['CMD', './check'], workingDir: '/private', user: 'app'}),
      rootfs: memoryRootfs({...BASE, '/private/check': {content: '', mode: 0o700}}),
      platform: AMD64,
    })
    expect(startup && say(startup)).toEqual(['./check (healthcheck): not-executable EACCES'])
  })

  test('is not followed on another system', async () => {
    const platform = {os: 'windows', architecture: 'amd64', variant: ''}
    const config = imageConfig({healthcheck: ['CMD', 'x.exe']})
    expect(await readHealthcheck({config, rootfs: memoryRootfs(BASE), platform})).toBeUndefined()
  })
})

describe('what /bin/sh loads', () => {
  test.each<[what: string, files: MemoryTree, os: string, expected: string[] | undefined]>([
    ['a shell', {}, 'linux', ['/bin/sh (shell)']],
    ['a shell of another machine', {'/bin/sh': arm64}, 'linux', ['/bin/sh (shell): refused ENOEXEC']],
    [
      'a shell whose loader is missing',
      {'/bin/sh': executable(program({interp: Buffer.from('/lib/ld.so\0')}))},
      'linux',
      ['/bin/sh (shell)', '/lib/ld.so (loader of /bin/sh): missing ENOENT'],
    ],
    ['no shell', {'/bin/sh': {link: '/none'}}, 'linux', undefined],
    ['a directory', {'/bin/sh': {kind: 'directory'}}, 'linux', undefined],
    ['another system', {}, 'windows', undefined],
  ])('%s', async (_, files, os, expected) => {
    const startup = await readShell({
      config: imageConfig({entrypoint: ['/gone'], env: ['PATH=/bin']}),
      rootfs: memoryRootfs({...BASE, ...files}),
      platform: {...AMD64, os},
    })
    expect(startup && say(startup)).toEqual(expected)
  })
})

describe('a volume', () => {
  const VOLUMES: MemoryTree = {
    ...BASE,
    '/bin/app': {content: '', mode: 0o755},
    '/soft': {link: 'bin/app'},
    '/dangling': {link: 'nowhere'},
    '/below': {link: 'bin'},
    '/bin/link': {link: '/nowhere/x'},
    '/loop': {link: 'loop'},
  }
  const manyVolumes = async (count: number, limits = DEFAULT_LIMITS) => {
    const volumes = Array.from({length: count}, (_, at) => `/v${at}`)
    const config = imageConfig({entrypoint: ['/bin/app'], volumes})
    const rootfs = memoryRootfs({'/bin/app': executable(program({}))})
    return (await readStartup({config, rootfs, platform: AMD64, limits})).undetermined
  }

  test('more of them than places may be in doubt are not followed', async () => {
    const {'script-doubts': most} = DEFAULT_LIMITS
    expect(await manyVolumes(most - 20)).toBeUndefined()
    expect(await manyVolumes(most + 1)).toContain('(limit script-doubts; raise it with limits: script-doubts=')
    expect(await manyVolumes(most + 1, {...DEFAULT_LIMITS, 'script-doubts': 2 * most})).toBeUndefined()
  })

  const start = (volumes: readonly string[]) =>
    readStartup({
      config: imageConfig({entrypoint: ['/bin/app'], volumes}),
      rootfs: memoryRootfs(VOLUMES),
      platform: AMD64,
    })

  test.each([
    ['a new directory', '/data', undefined],
    ['a directory', '/bin', undefined],
    ['a file', '/bin/app', '/bin/app'],
    ['a link to a file', '/soft', '/bin/app'],
    ['below a file', '/bin/app/data', '/bin/app'],
    ['a path below the root', 'data', undefined],
    ['a file, by a relative path', 'bin/app', '/bin/app'],
    ['a file, by a path with ..', '/none/../bin/app', '/bin/app'],
    ['a dangling link', '/dangling', undefined],
  ])('on %s', async (_, volume, at) => {
    const [step] = (await start(['/ok', volume])).steps
    if (at === undefined) expect(step?.role).not.toBe('setup')
    else expect(step).toMatchObject({path: volume, via: 'volume', role: 'setup', obstacle: {errno: 'ENOTDIR', at}})
  })

  test.each([
    ['links in circles', '/loop', {errno: 'ELOOP'}],
    ['a name that is too long', `/new/${'x'.repeat(256)}`, {errno: 'ENAMETOOLONG', at: 'x'.repeat(256)}],
  ])('on %s', async (_, volume, obstacle) => {
    expect((await start([volume])).steps).toMatchObject([{path: volume, role: 'setup', obstacle}])
  })

  test('is all that is said of such a start', async () => {
    expect(await start(['/bin/app'])).toEqual({
      argv: ['/bin/app'],
      steps: [
        {
          ...{path: '/bin/app', via: 'volume', role: 'setup', certainty: 'certain', hops: []},
          obstacle: {kind: 'missing', errno: 'ENOTDIR', at: '/bin/app'},
        },
      ],
      unknowns: [],
    })
  })

  test('that is a dangling symlink is told', async () => {
    const volumes = ['/bin', '/dangling', '/below/link', '/dangling/x', '/soft', '/new', 'dangling', '/loop']
    expect(await findDanglingVolumes(memoryRootfs(VOLUMES), volumes)).toEqual(['/dangling', '/below/link', 'dangling'])
  })
})

describe('how commands of a script end', () => {
  test.each<[string, string, string[]]>([
    ['an assignment ends like its substitution', 'set -e\nX=$(false)\nexec /arm', []],
    [
      'of several the last one counts',
      'set -e\nX=$(false) Y=$(true)\nexec /arm',
      ['/arm (exec in /e.sh): refused ENOEXEC'],
    ],
    ['a plain assignment succeeds', 'set -e\nX=1\nexec /arm', ['/arm (exec in /e.sh): refused ENOEXEC']],
    ['a test without its bracket fails', 'set -e\n[ -n a\nexec /arm', []],
    [
      'what stands last behind || is not tolerated',
      '/gone || /lost',
      ['/lost (last command in /e.sh): missing ENOENT'],
    ],
    ['what stands before it is', '/gone || exec /bin/tini --version', ['/bin/tini (exec in /e.sh)']],
  ])('%s', async (_, text, expected) => {
    const steps = say(await start({entrypoint: ['/e.sh']}, {'/e.sh': executable(`#!/bin/sh\n${text}\n`)}))
    expect(steps.slice(2)).toEqual(expected)
  })
})
