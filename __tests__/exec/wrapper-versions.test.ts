import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {findPackageVersion, isFrom} from '../../src/exec/wrappers/versions.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * What was seen of util-linux 2.38.1, 2.41.5 and 2.42.4, coreutils 9.1, 9.7 and 9.10, and shadow 4.13, as literals.
 */

const AMD64 = {os: 'linux', architecture: 'amd64', variant: ''}
const native = executable(program({}))
const banner = (text: string) => executable(Buffer.concat([program({}), Buffer.from(`\0${text}\0`, 'latin1')]))
const utilLinux = (version: string) => banner(`%s from util-linux ${version}`)
const coreutils = (version: string) => banner(`GNU coreutils\0\0${version}`)
const SHADOW = banner('/etc/gshadow')

const BASE: MemoryTree = {
  ...Object.fromEntries(['/bin/sh', '/bin/bash', '/bin/app', '/bin/own', '/bin/tini'].map(path => [path, native])),
  '/bin/more-only': {content: program({}), mode: 0o070, uid: 7, gid: 2000},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/own\n',
  '/etc/group': 'root:x:0:\nmore:x:2000:svc\n',
}

/** What is started, with its words; what is wrong; or why it is not known. */
async function start(argv: readonly string[], files: MemoryTree, user = ''): Promise<string> {
  const config = imageConfig({entrypoint: argv, env: ['PATH=/bin'], user})
  const rootfs = memoryRootfs({...BASE, ...files})
  const {steps, undetermined} = await readStartup({config, rootfs, platform: AMD64})
  const failed = steps.find(({obstacle}) => obstacle !== undefined)
  if (failed?.obstacle) return 'reason' in failed.obstacle ? failed.obstacle.reason : failed.obstacle.kind
  if (undetermined !== undefined) return `unknown: ${undetermined}`
  return steps
    .slice(1)
    .filter(({role}) => role === 'program')
    .map(({argv: words = [], certainty}) => `${certainty === 'certain' ? '' : 'likely '}${words.join(' ')}`)
    .join(' > ')
}

describe('the version of a program', () => {
  test.each<[text: string, expected: ReturnType<typeof findPackageVersion>]>([
    ['\0%s from util-linux 2.38.1\0', {name: 'util-linux', version: [2, 38, 1]}],
    ['util-linux 2.43-rc1', {name: 'util-linux', version: [2, 43]}],
    ['\0GNU coreutils\0x\x009.10\0', {name: 'coreutils', version: [9, 10]}],
    ['\x009.1\0GNU coreutils', {name: 'coreutils', version: [9, 1]}],
    ['/etc/gshadow', {name: 'shadow'}],
    ['util-linux', undefined],
    ['GNU coreutils 9.1', undefined],
    ['', undefined],
  ])('%j', (text, expected) => {
    expect(findPackageVersion(text)).toEqual(expected)
  })

  test.each<[version: readonly number[] | undefined, first: readonly number[], expected: boolean | undefined]>([
    [[2, 42], [2, 42], true],
    [[2, 42, 4], [2, 42], true],
    [[2, 41, 9], [2, 42], false],
    [[2], [2, 1], false],
    [[3], [2, 42], true],
    [[9, 10], [9, 9], true],
    [undefined, [1], undefined],
  ])('%j from %j', (version, first, expected) => {
    expect(isFrom(version, first)).toBe(expected)
  })

  test('of a file that may be another is not known', async () => {
    const script = executable('#!/bin/sh\ncurl -o /bin/chrt https://x/y\nexec chrt -o 0 -- app\n')
    const files = {'/bin/chrt': utilLinux('2.42'), '/bin/curl': native, '/e.sh': script}
    expect(await start(['/e.sh'], files)).toContain('depends on its version')
  })
})

describe('chrt and taskset', () => {
  const WANTS = 'it takes "app" for its priority'
  test.each<[version: string, argv: string, expected: string]>([
    ['2.38.1', 'chrt -o 0 -- app', 'not-in-path'],
    ['2.41.5', 'chrt -o 0 -- app x', 'app x'],
    ['2.42.4', 'chrt -o 0 -- app', 'app'],
    ['2.40', 'chrt -o 0 -- app', 'unknown: whether chrt takes "--" there for the program depends on its version'],
    ['2.38.1', 'chrt -o app', WANTS],
    ['2.41.5', 'chrt --batch app', WANTS],
    ['2.42.4', 'chrt -o app -x', 'app -x'],
    ['2.42.4', 'chrt -o -- -- app', 'app'],
    ['2.42.4', 'chrt app', WANTS],
    ['2.42.4', 'chrt -r app', WANTS],
    ['2.42.4', 'chrt -p 1', ''],
    ['2.42.4', 'chrt', ''],
    ['none', 'chrt -o 0 app', 'app'],
    ['none', 'chrt -o app', 'unknown: whether chrt wants a priority depends on its version'],
    ['2.38.1', 'taskset 1 -- app', 'not-in-path'],
    ['2.42.4', 'taskset -c 0 -- app', 'not-in-path'],
    ['2.43', 'taskset 1 -- app', 'unknown: whether taskset takes "--" there for the program depends on its version'],
    ['2.42.4', 'taskset -c 0-3 app --', 'app --'],
    ['2.42.4', 'taskset app', 'it takes "app" for its mask'],
  ])('%s: %s', async (version, argv, expected) => {
    const file = version === 'none' ? native : utilLinux(version)
    expect(await start(argv.split(' '), {'/bin/chrt': file, '/bin/taskset': file})).toBe(expected)
  })
})

describe('sg and newgrp', () => {
  const UNSURE = 'unknown: what %s takes for its words depends on its version'
  test.each<[file: 'shadow' | '2.42.4' | 'none', argv: readonly string[], expected: string]>([
    ['shadow', ['sg', 'more', 'app x'], '/bin/sh -c app x > app x'],
    ['shadow', ['sg', 'more', '-c', 'app'], '/bin/sh -c app > app'],
    ['shadow', ['sg', 'more', 'app', '-x'], '/bin/sh -c app > app'],
    ['shadow', ['sg', 'more', '-x'], '/bin/sh takes -x for an option'],
    ['shadow', ['sg', '-c', 'app', 'more'], 'it wants a group'],
    ['shadow', ['sg'], 'it wants a group'],
    ['shadow', ['sg', 'nosuch', 'app'], 'there is no group nosuch'],
    ['shadow', ['sg', '2000', 'app'], 'there is no group 2000'],
    ['shadow', ['newgrp', 'more', 'app'], '/bin/sh'],
    ['shadow', ['newgrp', '-c', 'app'], 'it has no option -c'],
    ['shadow', ['newgrp', '-', 'more'], '/bin/sh -l'],
    ['shadow', ['newgrp'], '/bin/sh'],
    ['2.42.4', ['sg', 'more', 'app', 'x'], '/bin/sh -c app > app'],
    ['2.42.4', ['sg', 'more', 'app', '-c', 'own y'], '/bin/sh -c own y > own y'],
    ['2.42.4', ['sg', '--command=app', 'more'], '/bin/sh -c app > app'],
    ['2.42.4', ['sg', 'more', '-x'], 'it has no option -x'],
    ['2.42.4', ['sg', 'more', '-c'], 'its option -c wants an argument'],
    ['2.42.4', ['newgrp', 'more', '-c', '--', 'app'], '/bin/sh takes -- for an option'],
    ['2.42.4', ['sg', '--', 'more', 'app'], '/bin/sh -c app > app'],
    ['2.42.4', ['newgrp', 'more', 'app'], '/bin/sh -c app > app'],
    ['2.42.4', ['newgrp', '-c', 'app'], '/bin/sh -c app > app'],
    ['2.42.4', ['newgrp', '-V'], ''],
    ['2.42.4', ['sg', '-', 'app'], 'there is no group -'],
    ['none', ['sg', 'more', 'app'], '/bin/sh -c app > app'],
    ['none', ['newgrp', 'more'], '/bin/sh'],
    ['none', ['newgrp', 'more', 'app'], UNSURE.replace('%s', 'newgrp')],
    ['none', ['sg', '-c', 'app'], UNSURE.replace('%s', 'sg')],
  ])('%s: %j', async (version, argv, expected) => {
    const file = version === 'none' ? native : version === 'shadow' ? SHADOW : utilLinux(version)
    expect(await start(argv, {'/bin/sg': file, '/bin/newgrp': file})).toBe(expected)
  })

  test("util-linux' sg starts the user's own shell, shadow's /bin/sh", async () => {
    const [shadow, other] = [{'/bin/sg': SHADOW}, {'/bin/sg': utilLinux('2.42')}]
    expect(await start(['sg', 'more', 'app'], shadow, 'svc')).toBe('/bin/sh -c app > app')
    expect(await start(['sg', 'more', 'app'], other, 'svc')).toBe('/bin/own -c app')
  })

  test.each([
    ['0', 'more-only'],
    ['1000:2000', 'more-only'],
    ['1000:1000', 'unknown: sg asks who is not of the group more for a password'],
  ])('as %s', async (user, expected) => {
    const said = await start(['sg', 'more', 'more-only'], {'/bin/sg': SHADOW}, user)
    expect(said.replace(/^.* > /, '')).toBe(expected)
  })
})

describe('script', () => {
  test.each<[version: string, argv: readonly string[], expected: string]>([
    ['2.38.1', ['script', '-qec', 'app x', '/dev/null'], '/bin/sh -c app x > app x'],
    ['2.42.4', ['script', '-q', '/dev/null', '--', 'app', 'x'], '/bin/sh -c app x > app x'],
    ['2.42.4', ['script', '--', 'app'], '/bin/sh -c app > app'],
    ['2.42.4', ['script', '-c', 'app', '--', 'own'], 'its option -c does not go with a program'],
    ['2.42.4', ['script', '/a', '/b', '--', 'own'], 'it takes one file'],
    ['2.38.1', ['script', '/dev/null', '--', 'app'], 'it takes one file'],
    ['2.38.1', ['script', '/a', '/b'], 'it takes one file'],
    [
      'none',
      ['script', '/a', '--', 'app'],
      'unknown: whether script takes a program behind "--" depends on its version',
    ],
  ])('%s: %j', async (version, argv, expected) => {
    expect(await start(argv, {'/bin/script': version === 'none' ? native : utilLinux(version)})).toBe(expected)
  })
})

describe('timeout as the first process', () => {
  const FAILS = 'unknown: timeout of coreutils 9.10 starts nothing where it is the first process'
  test.each<[version: string, argv: string, expected: string]>([
    ['9.10', 'timeout 5 app', FAILS],
    ['9.1', 'timeout 5 app', 'app'],
    ['9.7', 'timeout 5 app', 'app'],
    ['9.11', 'timeout 5 app', 'app'],
    ['9.10', 'tini -- timeout 5 app', 'timeout 5 app > app'],
    ['9.10', 'env A=1 timeout 5 app', FAILS],
    ['9.10', 'timeout 9 timeout 5 app', FAILS],
    ['9.10', 'timeout 5 foreign', 'aarch64, expected x86-64'],
  ])('%s: %s', async (version, argv, expected) => {
    const foreign = executable(program({machine: 183}))
    const files = {'/bin/timeout': coreutils(version), '/bin/foreign': foreign, '/bin/env': native}
    expect(await start(argv.split(' '), files)).toBe(expected)
  })
})

describe('setsid as the first process', () => {
  const FORKS = 'unknown: setsid forks where it is the first process, and the container ends with it'
  test.each<[argv: string, expected: string]>([
    ['setsid app', FORKS],
    ['setsid -c app', FORKS],
    ['setsid -w app', 'app'],
    ['setsid --wait app', 'app'],
    ['tini -- setsid app', 'setsid app > app'],
    ['env setsid app', FORKS],
  ])('%s', async (argv, expected) => {
    expect(await start(argv.split(' '), {'/bin/setsid': native, '/bin/env': native})).toBe(expected)
  })

  // These become their program, and do not start it beside themselves.
  test.each([
    ...['nice -n 5', 'nohup', 'stdbuf -o0', 'ionice -c3', 'prlimit --nofile=9', 'choom -n 0 --', 'taskset 1'],
    ...['chrt -o 0', 'setarch x86_64', 'linux64', 'setpriv --nnp', 'gosu root', 'su-exec root', 'setuser root'],
    ...['chpst -o 9', 'softlimit -o 9', 'envdir /tmp', 'setuidgid root', 'setlock /l', 'pgrphack', 'authbind'],
    ...['s6-setuidgid root', 's6-softlimit -o 9', 's6-envdir /tmp', 's6-setlock /l', 's6-applyuidgid -u 0'],
    ...['numactl -l', 'env nice'],
  ])('behind %s it is the first process', async wrapper => {
    const names = ['setsid', 'env', 'nice', wrapper.split(' ')[0] ?? '']
    const programs = Object.fromEntries(names.map(name => [`/bin/${name}`, native]))
    const library = {'/usr/libexec/coreutils/libstdbuf.so': native}
    expect(await start([...wrapper.split(' '), 'setsid', 'app'], {...programs, ...library})).toContain(FORKS)
  })

  test.each(['tini --', 'flock /l', 'timeout 5', 'dbus-run-session --', 'fghack'])(
    'behind %s it is another',
    async wrapper => {
      const names = ['setsid', wrapper.split(' ')[0] ?? '']
      const programs = Object.fromEntries(names.map(name => [`/bin/${name}`, native]))
      expect(await start([...wrapper.split(' '), 'setsid', 'app'], programs)).not.toContain('forks')
    },
  )

  test.each([
    ['exec setsid app', true],
    ['setsid app; true', false],
  ])('of a shell: %s', async (text, isFirst) => {
    const said = await start(['sh', '-c', text], {'/bin/setsid': native, '/bin/sh': native})
    expect(said.includes('forks')).toBe(isFirst)
  })
})
