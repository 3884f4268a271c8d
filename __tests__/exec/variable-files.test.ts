import {expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import type {Process} from '../../src/exec/index.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * Directories of variables, as daemontools 0.76, runit 2.1.2 and 2.3.1, and s6 2.11.3 and 2.15.1 of Debian read them.
 */

const native = executable(program({}))
const TREE: MemoryTree = {
  ...Object.fromEntries(
    ['envdir', 'chpst', 's6-envdir', 's6-envuidgid', 'sh', 'app', 'busybox'].map(name => [`/bin/${name}`, native]),
  ),
  '/opt/app': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'svc:x:1000:\nmore:x:2000:svc\n',
  '/env/FIRST': 'one \t \ntwo\n',
  '/env/GONE': '',
  '/env/CR': 'line\r\n',
  '/env/NUL': 'a\0b\n',
  '/env/END': 'end',
  '/env/BLANK': '\n',
  '/env/E=Q': 'text\n',
  '/env/.hidden': 'x\n',
  '/path/PATH': '/opt\n',
  '/sub/X': 'x\n',
  '/sub/inner/Y': 'y\n',
  '/links/X': {link: 'nowhere'},
  '/volume/X': 'x\n',
  '/secret/X': {content: 'x\n', mode: 0o600},
}

/** The variables of the last program that starts, or what keeps it from starting. */
async function start(line: string, more: {readonly user?: string} = {}): Promise<Process | string> {
  const config = imageConfig({
    entrypoint: line.split(' '),
    env: ['PATH=/bin', 'GONE=1', 'OLD=2'],
    volumes: ['/volume', '/made'],
    ...more,
  })
  let last: Process | undefined
  const {steps, unknowns} = await readStartup({
    config,
    rootfs: memoryRootfs(TREE),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (_, process) => (last = process),
  })
  const failed = steps.find(({obstacle}) => obstacle !== undefined)?.obstacle
  if (failed) return 'reason' in failed ? failed.reason : failed.kind
  return last ?? unknowns.map(({reason}) => reason).join()
}

const COMMON = {PATH: '/bin', OLD: '2', FIRST: 'one', BLANK: '', END: 'end', NUL: 'a\nb'}

test.each<[line: string, expected: Record<string, string>]>([
  ['envdir /env app', {...COMMON, CR: 'line\r', E: 'Q=text'}],
  ['chpst -e /env app', {...COMMON, CR: 'line\r', E: 'Q=text'}],
  ['s6-envdir /env app', {...COMMON, CR: 'line'}],
  ['s6-envdir -n /env app', {...COMMON, FIRST: 'one \t ', CR: 'line\r'}],
  ['s6-envdir -f /env app', {...COMMON, FIRST: 'one \t \ntwo', CR: 'line\r'}],
  ['s6-envdir -fn /env app', {...COMMON, FIRST: 'one \t \ntwo\n', CR: 'line\r\n', NUL: 'a\nb\n', BLANK: '\n'}],
  ['s6-envdir -L /env app', {...COMMON, CR: 'line', END: ''}],
  ['s6-envdir -c qr /env app', {...COMMON, CR: 'line', NUL: 'aqb'}],
  ['chpst -e /sub app', {PATH: '/bin', OLD: '2', GONE: '1', X: 'x'}],
  ['chpst -e /sub -e /path app', {PATH: '/opt', OLD: '2', GONE: '1'}],
  ['envdir /not/there app', {PATH: '/bin', OLD: '2', GONE: '1'}],
  ['s6-envdir -I /not/there app', {PATH: '/bin', OLD: '2', GONE: '1'}],
  ['chpst -U svc:more app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000', GID: '2000'}],
  ['s6-envuidgid svc app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000', GID: '1000', GIDLIST: '2000'}],
  ['s6-envuidgid -u svc app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000'}],
  ['s6-envuidgid -g more app', {PATH: '/bin', OLD: '2', GONE: '1', GID: '2000'}],
  ['s6-envuidgid -i -n 1000:2000 app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000', GID: '2000'}],
  ['s6-envuidgid -n svc:more app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000', GID: '2000'}],
  ['s6-envuidgid -B svc:more app', {PATH: '/bin', OLD: '2', GONE: '1', UID: '1000', GID: '2000'}],
])('%s', async (line, expected) => {
  const process = await start(line)
  const env = typeof process === 'string' ? {} : Object.fromEntries(process.env)
  const {HOME: _, ...rest} = env
  expect(typeof process === 'string' ? process : rest).toEqual(expected)
})

test.each<[line: string, expected: string]>([
  ['envdir /sub app', '/sub/inner is a directory'],
  ['s6-envdir /sub app', '/sub/inner is a directory'],
  ['s6-envdir /links app', 'it cannot read /links/X'],
  ['envdir /bin/app app', '/bin/app is not a directory'],
  ['envdir /bin/app/x app', 'there can be no directory /bin/app/x'],
  ['s6-envdir -I /bin/app/x app', 'there can be no directory /bin/app/x'],
  ['chpst -e /env -u :1000 app', 'there is no user :1000 for chpst'],
  ['chpst -u svc:more:nosuch app', 'there is no user svc:more:nosuch for chpst'],
  ['s6-envuidgid 1000 app', 'there is no user 1000 for s6-envuidgid'],
  ['s6-envuidgid -g svc:more app', 'there is no user svc:more for s6-envuidgid'],
])('%s is refused', async (line, expected) => {
  expect(await start(line)).toBe(expected)
})

/** Trees of their own, and who starts. */
async function startIn(files: MemoryTree, line: string, user = ''): Promise<Process | string> {
  const config = imageConfig({entrypoint: line.split(' '), env: ['PATH=/bin', 'X=0'], user})
  let last: Process | undefined
  const {steps, unknowns} = await readStartup({
    config,
    rootfs: memoryRootfs({...TREE, ...files}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (_, process) => (last = process),
  })
  const failed = steps.find(({obstacle}) => obstacle !== undefined)?.obstacle
  if (failed) return 'reason' in failed ? failed.reason : failed.kind
  return last ?? unknowns.map(({reason}) => reason).join()
}

test.each(['envdir /links app', 'chpst -e /links app'])('%s: a dangling symlink sets what nobody knows', async line => {
  const process = await startIn({}, line)
  expect(process).toMatchObject({argv: ['app']})
  expect(typeof process === 'object' && [process.env.has('X'), process.unknownEnv?.has('X')]).toEqual([false, true])
})

test('of busybox it is refused', async () => {
  expect(await startIn({}, 'busybox envdir /links app')).toBe('it cannot read /links/X')
})

test.each(['envdir', 's6-envdir', 'chpst -e'])('%s goes through no directory that is closed to it', async name => {
  const closed = {
    '/closed': {kind: 'directory', mode: 0o700},
    '/closed/X': 'x\n',
    '/by/X': {link: '/closed/X'},
  } as const
  expect(await startIn(closed, `${name} /by app`, '1000:1000')).toBe('it may not go through /closed')
  expect(await startIn(closed, `${name} /by app`)).toMatchObject({argv: ['app']})
  expect(await startIn(closed, `${name} /closed/in app`, '1000:1000')).toBe('it may not go through /closed')
  expect(await startIn(closed, `${name} /closed app`, '1000:1000')).toBe('it may not read the directory /closed')
})

test.each([0o744, 0o711])('a directory of mode %o wants both permissions', async mode => {
  const files = {'/half': {kind: 'directory', mode}, '/half/X': 'x\n'} as const
  expect(await startIn(files, 'envdir /half app', '1000:1000')).toBe('it may not read the directory /half')
})

test('busybox takes off each blank, the older ones two', async () => {
  const files = {'/blank/X': 'x \t\v\f\r\n'}
  for (const [line, value] of [
    ['busybox envdir /blank app', 'x'],
    ['envdir /blank app', 'x \t\v\f\r'],
    ['chpst -e /blank app', 'x \t\v\f\r'],
  ] as const) {
    const process = await startIn(files, line)
    expect(typeof process === 'object' && process.env.get('X')).toBe(value)
  }
})

test.each<[line: string, bytes: number, isKnown: boolean]>([
  ['s6-envdir /long app', 4094, true],
  ['s6-envdir /long app', 4095, false],
  ['s6-envdir -L /long app', 5000, true],
  ['busybox envdir /long app', 254, true],
  ['busybox envdir /long app', 255, false],
  ['envdir /long app', 5000, true],
  ['chpst -e /long app', 5000, true],
])('%s with a line of %d bytes', async (line, bytes, isKnown) => {
  const process = await startIn({'/long/X': `${'é'.repeat(bytes >> 1)}${'a'.repeat(bytes & 1)}\n`}, line)
  expect(typeof process === 'object' && [process.env.has('X'), process.unknownEnv?.has('X')]).toEqual([
    isKnown,
    !isKnown,
  ])
})

test('a file that the user may not read is refused, and read before chpst changes the user', async () => {
  expect(await start('envdir /secret app', {user: '1000:1000'})).toBe('it may not read /secret/X')
  expect(await start('chpst -e /secret -u svc app')).toMatchObject({user: {uid: 1000}})
})

test('a program is found in the PATH that its caller has, and what it starts in the other', async () => {
  const process = await start('envdir /path sh -c app')
  expect(process).toMatchObject({argv: ['app']})
  expect(typeof process === 'object' && process.env.get('PATH')).toBe('/opt')
})

test('busybox looks in the PATH that the directory sets', async () => {
  const config = imageConfig({entrypoint: ['busybox', 'envdir', '/path', 'app'], env: ['PATH=/bin']})
  const {steps} = await readStartup({
    config,
    rootfs: memoryRootfs(TREE),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  expect(steps.at(-1)?.node?.path).toBe('/opt/app')
})

test.each(['envdir /volume app', 'envdir /made app'])('%s: a volume may set others', async line => {
  const process = await start(line)
  expect(process).toMatchObject({argv: ['app'], unknownPath: true})
  expect(typeof process === 'object' && [...(process.unknownEnv ?? [])]).toContain('OLD')
  expect(typeof process === 'object' && process.env.get('X')).toBe(line.includes('volume') ? 'x' : undefined)
})
