import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import type {Process} from '../../src/exec/index.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * Who a program runs as behind setpriv, as util-linux 2.38.1 has it, and behind s6-applyuidgid, by its manual.
 */

const native = executable(program({}))
const TREE: MemoryTree = {
  ...Object.fromEntries(['setpriv', 's6-applyuidgid', 'app', 'sh'].map(name => [`/bin/${name}`, native])),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/own\n',
  '/etc/group': 'root:x:0:\napp:x:1000:\nmore:x:2000:app\n',
}

/** `uid:gid:groups` of the program, in the end; what is refused, or not known. */
async function ids(line: string, env: readonly string[] = [], user = ''): Promise<string> {
  const config = imageConfig({entrypoint: line.split(' '), env: ['PATH=/bin', ...env], user})
  let last: Process | undefined
  const {steps, unknowns} = await readStartup({
    config,
    rootfs: memoryRootfs(TREE),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (_, process) => (last = process),
  })
  const failed = steps.find(({obstacle}) => obstacle !== undefined)?.obstacle
  if (failed) return 'reason' in failed ? failed.reason : failed.kind
  if (unknowns[0]) return unknowns[0].reason
  if (last?.argv[0] !== 'app') return 'nothing'
  return [last.user.uid, last.user.gid, last.user.groups.join()].join(':')
}

describe('setpriv', () => {
  test.each([
    ['--nnp app', '0:0:'],
    ['--reuid=app --clear-groups app', '1000:0:'],
    ['--reuid app --regid app --clear-groups app', '1000:1000:'],
    ['--reuid=1000 --regid=2000 --init-groups app', '1000:2000:2000,1000'],
    ['--ruid=app --euid=app --rgid=more --egid=more --keep-groups app', '1000:2000:'],
    ['--groups=more,1000 app', '0:0:2000,1000'],
    ['--groups 2000 app', '0:0:2000'],
    ['--groups=nosuch app', 'a group that setpriv changes to is not in the image'],
    ['--regid=nosuch --clear-groups app', 'a group that setpriv changes to is not in the image'],
    ['--reuid=nosuch app', 'there is no user nosuch for setpriv'],
    ['--ruid=nosuch app', 'there is no user nosuch for setpriv'],
    ['--euid=app app', 'setpriv starts a program whose real ids are not its effective ones'],
    ['--rgid=more --keep-groups app', 'setpriv starts a program whose real ids are not its effective ones'],
    ['--regid=app app', '--regid, --rgid and --egid want --clear-groups, --keep-groups, --init-groups or --groups'],
    ['--init-groups app', '--init-groups wants --reuid or --ruid'],
    ['--reuid=app --reuid=app app', '--reuid may stand only once'],
    ['--reuid=app --euid=app app', '--reuid may stand only once'],
    ['--euid=app --euid=app app', '--euid may stand only once'],
    ['--egid=app --egid=app --keep-groups app', '--egid may stand only once'],
    ['--nnp --no-new-privs app', '--no-new-privs may stand only once'],
    ['--securebits=+noroot --securebits=+noroot app', '--securebits may stand only once'],
    ['--clear-groups --keep-groups app', 'of the options for groups only one may stand'],
    ['-d app', '--dump does not go with another option'],
    ['--dump --nnp', '--dump does not go with another option'],
    ['-d', 'nothing'],
    ['--list-caps', 'nothing'],
    ['--version', 'nothing'],
  ])('%s', async (line, expected) => {
    expect(await ids(`setpriv ${line}`)).toBe(expected)
  })

  test('groups are kept', async () => {
    expect(await ids('setpriv --nnp app', [], 'app')).toBe('1000:1000:2000')
    expect(await ids('setpriv --clear-groups app', [], 'app')).toBe('1000:1000:')
  })
})

describe('s6-applyuidgid', () => {
  const NUMBERS = 'it takes numbers only'
  test.each([
    ['app', '0:0:'],
    ['-u 1000 app', '1000:0:'],
    ['-g 2000 app', '0:2000:'],
    ['-u 1000 -g 1000 -G 2000,3000 app', '1000:1000:2000,3000'],
    ['-z -u 1000 app', '1000:0:'],
    ['-u app app', NUMBERS],
    ['-u 1000x app', NUMBERS],
    ['-u x1000 app', NUMBERS],
    ['-u 1000,2000 app', NUMBERS],
    ['-g 1000, app', NUMBERS],
    ['-G 2000, app', NUMBERS],
    ['-G 2000,x app', NUMBERS],
    ['-G 20,30,400 app', '0:0:20,30,400'],
    ['-x app', 'the option -x of s6-applyuidgid is not understood'],
    ['-u', 'the option -u of s6-applyuidgid is not understood'],
    ['-u 1000', 'nothing'],
  ])('%s', async (line, expected) => {
    expect(await ids(`s6-applyuidgid ${line}`)).toBe(expected)
  })

  test.each<[line: string, env: readonly string[], expected: string]>([
    ['-U app', ['UID=1000', 'GID=1001', 'GIDLIST=2000,3000'], '1000:1001:2000,3000'],
    ['-U app', ['UID=1000', 'GID=1001', 'GIDLIST='], '1000:1001:'],
    ['-u 5 -U app', ['UID=1000', 'GID=1001'], '5:1001:'],
    ['-z app', ['UID=1000', 'GID=1001'], '0:0:'],
    ['-U app', ['UID='], NUMBERS],
    ['-U app', ['UID=app'], NUMBERS],
  ])('%s with %j', async (line, env, expected) => {
    expect(await ids(`s6-applyuidgid ${line}`, env)).toBe(expected)
  })

  test('who is of groups keeps them', async () => {
    expect(await ids('s6-applyuidgid -u 5 app', [], 'app')).toBe('5:1000:2000')
    expect(await ids('s6-applyuidgid -G 7 app', [], 'app')).toBe('1000:1000:7')
  })
})
