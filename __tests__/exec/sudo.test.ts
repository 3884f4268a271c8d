import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import type {Process} from '../../src/exec/index.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * What sudo 1.9.13 of Debian 12 made of its words, started by root: as literals.
 */

const native = executable(program({}))
const SUDOERS = 'root ALL=(ALL:ALL) ALL\n'
const TREE: MemoryTree = {
  ...Object.fromEntries(['sudo', 'show', 'own', 'sh'].map(name => [`/bin/${name}`, native])),
  '/opt/show2': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/own\n',
  '/etc/group': 'root:x:0:\napp:x:1000:\nmore:x:2000:app\nzz:x:3000:\n',
  '/etc/sudoers': SUDOERS,
}

interface Given {
  readonly sudoers?: string
  readonly env?: readonly string[]
}

/** The last program that starts, and what is not known; or what is refused. */
async function start(words: readonly string[], {sudoers = SUDOERS, env = ['A=1', 'SHELL=/bin/own']}: Given = {}) {
  let last: Process | undefined
  const {steps, unknowns} = await readStartup({
    config: imageConfig({entrypoint: ['sudo', ...words], env: ['PATH=/bin', 'HOME=/root', ...env]}),
    rootfs: memoryRootfs({...TREE, '/etc/sudoers': sudoers}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (_, process) => (last = process),
  })
  const failed = steps.find(({obstacle}) => obstacle !== undefined)?.obstacle
  const said = failed ? ('reason' in failed ? failed.reason : failed.kind) : unknowns.map(({reason}) => reason).join()
  return {said, last, certainty: steps.at(-1)?.certainty}
}

const split = (line: string) => (line === '' ? [] : line.split(' '))

describe('what starts', () => {
  test.each<[line: string, argv: string, user: string, cwd: string]>([
    ['show', 'show', '0:0:', '/'],
    ['-u app show', 'show', '1000:1000:2000', '/'],
    ['--user=app show', 'show', '1000:1000:2000', '/'],
    ['-u #1000 show', 'show', '1000:1000:2000', '/'],
    ['-g zz show', 'show', '0:3000:0', '/'],
    ['--group=#2000 show', 'show', '0:2000:0', '/'],
    ['-u app -g zz show', 'show', '1000:3000:2000,1000', '/'],
    ['-P -u app show', 'show', '1000:1000:', '/'],
    ['--preserve-groups -u app show', 'show', '1000:1000:', '/'],
    ['-n -k show x', 'show x', '0:0:', '/'],
    ['-ABHNS -p x show', 'show', '0:0:', '/'],
    ['A=2 -u app show', 'show', '1000:1000:2000', '/'],
    ['1A=2 A-B= = show', 'show', '0:0:', '/'],
    ['-i /bin/show', '/bin/show', '0:0:', '/root'],
    ['-i', '/bin/sh -l', '0:0:', '/root'],
    ['-u app --login show', '/bin/own -l -c show', '1000:1000:2000', '/home/app'],
    ['-s', '/bin/own', '0:0:', '/'],
    ['--shell show x', '/bin/own -c show x', '0:0:', '/'],
    ['-u app -s show', '/bin/own -c show', '1000:1000:2000', '/'],
  ])('%s', async (line, argv, user, cwd) => {
    const {last, said} = await start(split(line))
    const {user: as} = last ?? {}
    const ids = as && [as.uid, as.gid, as.groups.join()].join(':')
    expect([last?.argv.join(' '), ids, last?.cwd, said]).toEqual([argv, user, cwd, ''])
  })

  test('words for a shell are quoted', async () => {
    expect((await start(['-s', 'show', 'a b', '$x_1-2'])).last?.argv).toEqual(['/bin/own', '-c', 'show a\\ b $x_1-2'])
  })

  test('without SHELL it is that of who calls', async () => {
    expect((await start(['-s', '-u', 'app'], {env: []})).last?.argv).toEqual(['/bin/sh'])
  })

  test.each([
    ['-b show', 'likely'],
    ['--background show', 'likely'],
    ['-B show', 'certain'],
    ['-bs show', 'likely'],
    ['-bi show', 'likely'],
  ])('%s is %s', async (line, certainty) => {
    expect((await start(split(line))).certainty).toBe(certainty)
  })
})

describe('variables', () => {
  /** What is certain of HOME, A and B; a question mark where others decide. */
  async function variables(line: string) {
    const {last} = await start(split(line))
    return ['HOME', 'A', 'B'].map(name => (last?.unknownEnv?.has(name) ? '?' : (last?.env.get(name) ?? '-'))).join(' ')
  }
  test.each([
    ['show', '/root ? -'],
    ['-u app show', '/home/app ? -'],
    ['A=2 B=a=3 show', '/root 2 a=3'],
    ['-u app A= show', '/home/app  -'],
    ['-E show', '/root 1 -'],
    ['-u app -E show', '/root 1 -'],
    ['-u app --preserve-env show', '/root 1 -'],
    ['-EH -u app show', '/home/app 1 -'],
    ['-E --set-home -u app show', '/home/app 1 -'],
    ['-H -u app show', '/home/app ? -'],
    ['-u app --preserve-env=B show', '/home/app ? -'],
    ['-E A=2 -u app show', '/root 2 -'],
  ])('%s', async (line, expected) => {
    expect(await variables(line)).toBe(expected)
  })
})

describe('where it looks for the program', () => {
  test.each<[line: string, sudoers: string, expected: string]>([
    ['show2', '', 'not-in-path'],
    ['show2', 'Defaults secure_path="/opt"', 'show2'],
    ['-E show2', 'Defaults\tsecure_path = /opt ', 'show2'],
    ['show', 'Defaults env_reset, secure_path="/opt"', 'not-in-path'],
    ['show', '#Defaults secure_path="/opt"', 'show'],
    ['show', 'Defaults # secure_path="/opt"', 'show'],
    ['PATH=/opt show2', '', 'not-in-path'],
    ['PATH=/opt show', '', 'show'],
    ['-E -u app PATH=/opt show2', '', 'not-in-path'],
    ['PATH=/bin show', 'Defaults secure_path="/opt"', 'not-in-path'],
    ['/opt/show2', '', '/opt/show2'],
    ['-- A=2 show', '', 'not-in-path'],
  ])('%s with %j', async (line, sudoers, expected) => {
    const {said, last} = await start(split(line), {sudoers: `${sudoers}\n${SUDOERS}`})
    expect(said === '' ? last?.argv.join(' ') : said).toBe(expected)
  })
})

describe('what starts nothing', () => {
  test.each<[line: string, expected: string]>([
    ['-u nosuch show', 'there is no user nosuch for sudo'],
    ['-u 1000 show', 'there is no user 1000 for sudo'],
    ['-g nosuch show', 'there is no group nosuch for sudo'],
    ['-g #9 show', 'there is no group #9 for sudo'],
    ['-g 2000 show', 'there is no group 2000 for sudo'],
    ['-i -E show', 'only one of the options -i and -E may stand'],
    ['--login --preserve-env show', 'only one of the options -i and -E may stand'],
    ['-is show', 'only one of the options -i and -s may stand'],
    ['--login --shell show', 'only one of the options -i and -s may stand'],
    ['-il show', 'two of its options exclude each other'],
    ['-Hl', 'two of its options exclude each other'],
    ['-C 5 show', '/etc/sudoers does not permit its option -C'],
    ['--close-from=5 show', '/etc/sudoers does not permit its option -C'],
    ['-T 5 show', '/etc/sudoers does not permit its option -T'],
    ['--command-timeout=5 show', '/etc/sudoers does not permit its option -T'],
    ['-D /tmp show', '/etc/sudoers does not permit its option -D'],
    ['--chdir=/tmp show', '/etc/sudoers does not permit its option -D'],
    ['-D / show', 'whether sudo permits -D with its own directory depends on its version'],
    ['-R / show', 'sudo starts a program in another root directory'],
    ['--chroot=/ show', 'sudo starts a program in another root directory'],
    ['-foo show', 'the option -foo of sudo is not understood'],
    ['-u', 'the option -u of sudo is not understood'],
    ['-u app -u root show', 'an option of sudo stands twice'],
    ['-u app --user=root show', 'an option of sudo stands twice'],
    ['-U app show', 'the arguments of sudo are not understood'],
    ['-e show', 'the arguments of sudo are not understood'],
    ['-l', ''],
    ['-K', ''],
    ['--validate', ''],
    ['-V', ''],
  ])('%s', async (line, expected) => {
    const {said, last} = await start(split(line))
    expect([said, last?.argv[0]]).toEqual([expected, 'sudo'])
  })

  test.each([
    ['closefrom_override', '-C 5 show', ''],
    ['user_command_timeouts', '-T 5 show', ''],
    ['closefrom_override', '-T 5 show', '/etc/sudoers does not permit its option -T'],
    ['user_command_timeouts', '-C 5 show', '/etc/sudoers does not permit its option -C'],
    ['runcwd=*', '-D /opt show', ''],
  ])('Defaults %s: %s', async (setting, line, expected) => {
    const {said, last} = await start(split(line), {sudoers: `Defaults ${setting}\n${SUDOERS}`})
    expect(said).toBe(expected)
    if (line.startsWith('-D')) expect(last?.cwd).toBe('/opt')
  })

  test.each(['@includedir /etc/sudoers.d', ' #include /etc/more'])('%s may permit it', async include => {
    const {said} = await start(['-C', '5', 'show'], {sudoers: `${SUDOERS}${include}\n`})
    expect(said).toBe('whether sudo permits -C is in files of /etc/sudoers')
  })
})
