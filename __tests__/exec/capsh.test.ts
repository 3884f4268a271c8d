import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import {readStartup} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'

/*
 * What was seen of capsh 2.66, as literals: what it starts, as whom, and what it refuses.
 */

const native = executable(program({}))
const TREE: MemoryTree = {
  ...Object.fromEntries(['bash', 'capsh', 'app', 'echo'].map(name => [`/bin/${name}`, native])),
  '/text': executable('exec app\n'),
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'svc:x:1000:\nextra:x:2000:svc\n',
}

/** What is started with its words, or why it is not; and as whom. */
async function start(argv: readonly string[], user = ''): Promise<string> {
  const config = imageConfig({entrypoint: ['capsh', ...argv], env: ['PATH=/bin', 'HOME=/first'], user})
  const seen: string[] = []
  const startup = await readStartup({
    config,
    rootfs: memoryRootfs(TREE),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
    onStart: (path, {argv: words, user: {uid, gid, groups}, env}) =>
      seen.push(`${path} ${words.slice(1).join(' ')} as ${uid}:${gid}:${groups.join(',')} at ${env.get('HOME')}`),
  })
  const obstacle = startup.steps.find(one => one.obstacle !== undefined)?.obstacle
  if (obstacle) return 'reason' in obstacle ? obstacle.reason : obstacle.kind
  return startup.undetermined ?? seen.at(-1) ?? ''
}

const words = (text: string) => text.split(' ').filter(word => word !== '')
/** What it is given in all: options, and then the words of a shell. */
const behind = (options: string) => [...words(options), '--', '-c', 'exec app x']

describe('as whom the shell runs', () => {
  test.each<readonly [options: string, expected: string]>([
    ['', '0:0: at /first'],
    ['--print --drop=cap_net_raw --caps= --inh=cap_setuid --keep=1 --secbits=0', '0:0: at /first'],
    ['--decode=1 --addamb=cap_setuid --delamb=cap_setuid --noamb --mode --modes', '0:0: at /first'],
    ['--strict --suggest=raw --quiet --explain=cap_net_raw --current --no-new-privs', '0:0: at /first'],
    ['--user=svc', '1000:1000:2000 at /home/svc'],
    ['--noenv --user=svc', '1000:1000:2000 at /first'],
    ['--user=svc --noenv', '1000:1000:2000 at /home/svc'],
    ['--user=root --user=svc', '1000:1000:2000 at /home/svc'],
    ['--groups=5 --gid=5 --user=svc', '1000:1000:2000 at /home/svc'],
    ['--user=svc --uid=1000 --gid=1000', '1000:1000:2000 at /home/svc'],
    ['--uid=1000', '1000:0: at /first'],
    ['--cap-uid=1000', '1000:0: at /first'],
    ['--uid=1000 --uid=1000', '1000:0: at /first'],
    ['--gid=1000', '0:1000: at /first'],
    ['--gid=1000 --groups=5,6 --uid=1000', '1000:1000:5,6 at /first'],
    ['--uid=0 --gid=5', '0:5: at /first'],
    ['--groups=extra,5,', '0:0:2000,5 at /first'],
    ['--groups=5 --groups=', '0:0: at /first'],
    ['--uid=0x10', '16:0: at /first'],
    ['--uid=010', '8:0: at /first'],
    ['--uid=+5', '5:0: at /first'],
  ])('%s', async (options, expected) => {
    expect(await start(behind(options))).toBe(`/bin/app x as ${expected}`)
  })
})

describe('what it refuses', () => {
  const number = (name: string, value: string) => `it wants a number as --${name}, and takes "${value}" for none`
  const late = (option: string) => `it may not do ${option} any more: its user is not root then`
  test.each<readonly [options: string, expected: string]>([
    ['--uid=root', number('uid', 'root')],
    ['--uid=', number('uid', '')],
    ['--uid=1000x', number('uid', '1000x')],
    ['--uid=x1000', number('uid', 'x1000')],
    ['--uid=-1', number('uid', '-1')],
    ['--uid=09', number('uid', '09')],
    ['--uid=0x', number('uid', '0x')],
    ['--gid=daemon', number('gid', 'daemon')],
    ['--cap-uid=abc', number('cap-uid', 'abc')],
    ['--user=nosuch', 'there is no user nosuch for capsh'],
    ['--user=1000', 'there is no user 1000 for capsh'],
    ['--user=', 'there is no user  for capsh'],
    ['--groups=5,nosuch', 'there is no group nosuch for capsh'],
    ['--uid=1000 --gid=5', late('--gid=5')],
    ['--uid=1000 --groups=5', late('--groups=5')],
    ['--uid=1000 --user=svc', late('--user=svc')],
    ['--uid=1000 --uid=1001', late('--uid=1001')],
    ['--cap-uid=1000 --uid=1001', late('--uid=1001')],
    ['--user=root --uid=1000', late('--uid=1000')],
    ['--user=root --gid=5', late('--gid=5')],
    ['--user=svc --groups=5', late('--groups=5')],
  ])('%s', async (options, expected) => {
    expect(await start(behind(options))).toBe(expected)
  })

  test('of a user that is not root', async () => {
    expect(await start(behind('--user=svc'), '1000:1000')).toBe(late('--user=svc'))
    expect(await start(behind('--gid=5'), '1000:1000')).toBe(late('--gid=5'))
    expect(await start(behind('--uid=1000'), '1000:1000')).toBe('/bin/app x as 1000:1000: at /first')
  })
})

describe('what it starts', () => {
  const NOT_FOLLOWED = 'the options of capsh are not followed'
  test.each<readonly [argv: readonly string[], expected: string]>([
    [words('--shell=/bin/echo -- a b'), '/bin/echo a b as 0:0: at /first'],
    [words('--shell=/bin/none --shell=/bin/echo -- a'), '/bin/echo a as 0:0: at /first'],
    // It looks in no PATH, and runs no text.
    [words('--shell=echo -- a b'), 'missing'],
    [words('--shell=/text -- a'), 'text without #!'],
    [['--'], '/bin/bash  as 0:0: at /first'],
    // It ends with what it shows.
    ...['--license', '--help', '-h'].map(word => [behind(word), '/bin/capsh '] as const),
    ...['--chroot=/', '--has-p=cap_chown', '--is-uid=1', '--supports=cap_chown', '--forkfor=1', '--iab=!cap_chown'].map(
      word => [behind(word), NOT_FOLLOWED] as const,
    ),
    ...['--mode=NOPRIV', '--killit=1'].map(word => [behind(word), NOT_FOLLOWED] as const),
    ...['--nosuch', 'x--print', '--printf', '--quietly', '--user', '--decode', '-x', 'x--user=svc'].map(
      word => [behind(word), `the option ${word} of capsh is not understood`] as const,
    ),
    ...['==', '+', '=+'].map(
      word => [[word, '--', '-c', 'app'], `what capsh starts by ${word} is not followed`] as const,
    ),
  ])('%j', async (argv, expected) => {
    const said = await start(argv)
    expect(expected.endsWith(' ') ? said.slice(0, expected.length) : said).toBe(expected)
  })

  test('nothing behind options alone', async () => {
    expect(await start(['--print'])).toBe('/bin/capsh --print as 0:0: at /first')
  })
})
