import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

const BASE: MemoryTree = {
  '/bin/python3': native,
  '/bin/sh': native,
  '/bin/mkdir': native,
  '/usr/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
  '/bin/web': native,
  '/bin/arm': foreign,
  '/bin/plain': 'no execute bit',
  '/opt/tool': native,
  '/srv/go': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  '/etc/group': 'app:x:1000:\n',
}

const SELF = ['/usr/bin/supervisord', '-n']

/** What is started of `/etc/supervisord.conf`, whose [supervisord] is there. */
function follow(text: string, files: MemoryTree = {}, words: readonly string[] = SELF): Promise<readonly string[]> {
  const conf = `[supervisord]\nnodaemon=true\n${text}\n`
  return followDaemons({entrypoint: words}, {...BASE, '/etc/supervisord.conf': conf, ...files})
}

describe('programs', () => {
  test.each([
    ['a good one', '[program:a]\ncommand=web -x', ['/bin/web -x | a']],
    ['one of another machine', '[program:a]\ncommand=/bin/arm', ['/bin/arm | a | foreign']],
    [
      'a good one beside a wrong one',
      '[program:a]\ncommand=web\n[program:b]\ncommand=arm',
      ['/bin/web | a', '/bin/arm | b | foreign'],
    ],
    [
      'one without an execute bit',
      '[program:a]\ncommand=plain',
      ['/bin/plain | a | not-executable: no-execute-permission'],
    ],
    ['one that is not there', '[program:a]\ncommand=/bin/none', ['/bin/none | a | missing']],
    ['one that is in no directory of PATH', '[program:a]\ncommand=none', ['none | a | not-in-path']],
    ['one that is started by hand', '[program:a]\ncommand=arm\nautostart=false', ['/bin/arm | a | likely | foreign']],
    ['and is not there', '[program:a]\ncommand=none\nautostart=no', []],
    ['no shell', '[program:a]\ncommand=web $HOME && arm', ['/bin/web $HOME && arm | a']],
    ['quotes and backslashes', `[program:a]\ncommand=web 'a b' "c\\"d" e\\ f ''`, ['/bin/web a b c"d e f  | a']],
    [
      'a shell that is named',
      '[program:a]\ncommand=sh -c "exec arm"',
      ['/bin/sh -c exec arm | a', '/bin/arm | a | foreign'],
    ],
    [
      'a quote without its end',
      '[program:a]\ncommand=web "x',
      ['/usr/bin/supervisord | a | refused-arguments: a quote does not end: web "x'],
    ],
    [
      'a command that is empty',
      '[program:a]\ncommand=',
      ['/usr/bin/supervisord | a | refused-arguments: its command is empty'],
    ],
    ['its own PATH', '[program:a]\ncommand=tool\nenvironment=PATH="/opt:%(ENV_PATH)s"', ['/opt/tool | a']],
    ['its own directory', '[program:a]\ncommand=./go\ndirectory=/srv', ['./go | a | missing']],
    [
      'a directory that is not there',
      '[program:a]\ncommand=web\ndirectory=/none',
      ['/usr/bin/supervisord | a | refused-arguments: supervisord cannot change to its directory /none'],
    ],
    ['a listener', '[eventlistener:l]\ncommand=arm\nevents=TICK_60, PROCESS_STATE', ['/bin/arm | l | foreign']],
    ['FastCGI', '[fcgi-program:f]\nsocket=unix:///tmp/%(program_name)s.sock\ncommand=arm', ['/bin/arm | f | foreign']],
    [
      'several',
      '[program:a]\ncommand=web %(process_num)d/%(numprocs)s\nprocess_name=%(program_name)s_%(process_num)02d\nnumprocs=2',
      ['/bin/web 0/2 | a:a_00', '/bin/web 1/2 | a:a_01'],
    ],
    ['a group', '[group:g]\nprograms=a\n[program:a]\ncommand=web %(group_name)s', ['/bin/web g | g:a']],
    ['a variable', '[program:a]\ncommand=%(ENV_PATH)s/web %(here)s', ['/bin/web /etc | a']],
    ['a variable that the run gives', '[program:a]\ncommand=web %(ENV_PORT)s', ['/bin/web | a']],
    [
      'a program that the run gives',
      '[program:a]\ncommand=%(ENV_APP)s -x',
      ['unknown: the command of a, "… -x", only the run knows'],
    ],
    ['a user', '[program:a]\ncommand=/own\nuser=app', ['/own | a | not-executable: no-execute-permission']],
  ])('%s', async (_, text, lines) => {
    expect(await follow(text, {'/own': executable('x', 0o700)})).toEqual(lines)
  })

  test('of a supervisord that is not root', async () => {
    const conf = '[supervisord]\nuser=app\n[program:a]\ncommand=web\nuser=app\n[program:b]\ncommand=web\nuser=root\n'
    expect(await follow('', {'/etc/supervisord.conf': conf})).toEqual([
      '/usr/bin/supervisord | b | refused-arguments: supervisord is not root, and cannot change to the user root',
      '/bin/web | a',
    ])
  })
})

describe('the dialect', () => {
  test.each([
    ['comments', '; [program:x]\n[program:a] ; text\ncommand=web a;b ; -c #x', ['/bin/web a;b | a']],
    ['lines that go on', '[program:a]\ncommand=web\n   -x\n\n   -y', ['/bin/web -x -y | a']],
    ['an option twice', '[program:a]\ncommand=arm\ncommand=web', ['/bin/web | a']],
    ['a section twice', '[program:a]\ncommand=arm\n[program:a]\nCommand: web', ['/bin/web | a']],
    ['defaults', '[DEFAULT]\ncommand=web\n[program:a]\nx=1', ['/bin/web | a']],
    ['carriage returns', '[program:a]\r\ncommand=web -x\r\n', ['/bin/web -x | a']],
    ['a percent sign', '[program:a]\ncommand=web 100%%', ['/bin/web 100% | a']],
  ])('%s', async (_, text, lines) => {
    expect(await follow(text)).toEqual(lines)
  })
})

describe('what it does not take', () => {
  test.each([
    ['a percent sign', '[program:a]\ncommand=web 100%', '"web 100%" ends within a % of a format'],
    ['a name that is not there', '[program:a]\ncommand=web %(x)s', 'nothing is known of the name in %(x)s'],
    ['no command', '[program:a]\nautostart=true', '[program:a] has no command'],
    [
      'a line that is no option',
      '[program:a]\ncommand',
      'what is neither a section nor an option cannot be read: supervisord.conf, line 4',
    ],
    ['a boolean', '[program:a]\ncommand=web\nautostart=maybe', '"maybe" is neither true nor false'],
    ['a number', '[program:a]\ncommand=web\nnumprocs=', '"" is not a number'],
    ['a signal', '[program:a]\ncommand=web\nstopsignal=NO', '"NO" is not a signal'],
    [
      'processes of one name',
      '[program:a]\ncommand=web\nnumprocs=2',
      'the process_name of [program:a] has no %(process_num), and it starts 2',
    ],
    ['variables', '[program:a]\ncommand=web\nenvironment=A', 'a list of KEY="value" is expected: "A"'],
    ['an event', '[eventlistener:a]\ncommand=web\nevents=X', '[eventlistener:a] names X, which is not an event'],
    ['a group', '[group:g]\nprograms=none', '[group:g] names the program none, which is not there'],
    [
      'a directory',
      '[program:a]\ncommand=web\nstdout_logfile=/var/log/a/x.log',
      'the directory /var/log/a/ of its configuration is not there',
    ],
    ['a user', '[program:a]\ncommand=web\nuser=nobody', 'there is no user nobody'],
    ['a user by number', '[program:a]\ncommand=web\nuser=7', 'there is no user 7'],
    ['an [include] without files', '[include]\nx=1', '[include] has no files'],
  ])('%s', async (_, text, reason) => {
    const [line, ...others] = await follow(text)
    expect(line?.replace('of its configuration /etc/supervisord.conf: ', '')).toBe(
      `/usr/bin/supervisord | refused-arguments: ${reason}`,
    )
    expect(others).toEqual([])
  })

  test.each([
    [
      'no section [supervisord]',
      {'/etc/supervisord.conf': '[program:a]\ncommand=web\n'},
      SELF,
      'of its configuration /etc/supervisord.conf: it has no section [supervisord]',
    ],
    ['no configuration', {}, ['/usr/bin/supervisord', '-c', '/none'], 'its configuration /none is not there'],
    ['words', {}, ['/usr/bin/supervisord', 'x'], 'it takes options alone, and not "x"'],
    [
      'a directory of an option',
      {},
      ['/usr/bin/supervisord', '-l', '/none/x'],
      'the directory /none/ of its configuration is not there',
    ],
    ['a number of an option', {}, ['/usr/bin/supervisord', '--minfds=x'], '"x" is not a number'],
    ['an option without its value', {}, ['/usr/bin/supervisord', '-c'], 'the option -c wants a value'],
  ])('%s', async (_, files, words, reason) => {
    expect(await follow('', files, words)).toEqual([`/usr/bin/supervisord | refused-arguments: ${reason}`])
  })
})

describe('which configuration', () => {
  const conf = (command: string) => `[supervisord]\n[program:a]\ncommand=${command}\n`

  test.each([
    ['beside its own directory', {'/usr/etc/supervisord.conf': conf('web 1')}, '/bin/web 1 | a'],
    ['in the working directory', {'/srv/supervisord.conf': conf('web 2')}, '/bin/web 2 | a'],
    [
      'of Debian',
      {'/etc/supervisor/supervisord.conf': conf('web 3'), '/etc/supervisord.conf': {link: '/none'}},
      '/bin/web 3 | a',
    ],
  ])('%s', async (_, files, line) => {
    expect(await followDaemons({entrypoint: SELF, workingDir: '/srv'}, {...BASE, ...files})).toEqual([line])
  })

  /* os.path.dirname of os.path.dirname of sys.argv[0], which is empty of a name without two slashes. */
  test.each([
    ['bin/supervisord', {'/opt/etc/supervisord.conf': conf('web 4')}],
    ['bin/supervisord', {'/opt/supervisord.conf': conf('web 4')}],
    ['./bin/supervisord', {'/opt/etc/supervisord.conf': conf('web 4')}],
    ['supervisord', {'/opt/etc/supervisord.conf': conf('web 4'), '/opt/supervisord.conf': conf('arm')}],
    ['../opt/bin/supervisord', {'/opt/etc/supervisord.conf': conf('web 4'), '/opt/supervisord.conf': conf('arm')}],
    ['/opt/bin/supervisord', {'/opt/etc/supervisord.conf': conf('web 4'), '/opt/supervisord.conf': conf('arm')}],
    ['/opt/supervisord', {'/etc/supervisord.conf': conf('web 4'), '/opt/supervisord.conf': conf('arm')}],
    ['/supervisord', {'/etc/supervisord.conf': conf('web 4'), '/opt/supervisord.conf': conf('arm')}],
  ])('of %s, called in /opt: %j', async (path, more) => {
    const {'/usr/bin/supervisord': script, ...base} = BASE
    const own = {'/opt/bin/supervisord': script ?? '', '/opt/supervisord': script ?? '', '/supervisord': script ?? ''}
    const files = {...base, ...own, '/etc/supervisord.conf': conf('arm'), ...more}
    const start = {entrypoint: ['/bin/python3', path, '-n'], workingDir: '/opt'}
    expect(await followDaemons(start, files)).toEqual(['/bin/web 4 | a'])
  })

  test('what it includes, in the order of the names', async () => {
    const files = {
      '/etc/conf.d/b.conf': '[program:b]\ncommand=arm %(here)s\n[include]\nfiles=/never\n',
      '/etc/conf.d/a.conf': '[program:b]\ncommand=web\n[program:a]\ncommand=web\n',
      '/etc/conf.d/.hidden.conf': '[program:h]\ncommand=arm\n',
      '/etc/conf.d/off.conf.disabled': '[program:o]\ncommand=arm\n',
      '/opt/x.ini': '[program:x]\ncommand=web\n',
    }
    expect(await follow('[include]\nfiles = conf.d/*.conf /opt/[w-y].ini\n  none.conf', files)).toEqual([
      '/bin/arm /etc/conf.d | b | foreign',
      '/bin/web | a',
      '/bin/web | x',
    ])
  })

  test.each([
    ['curl -o /etc/conf.d/x.conf x', 'files=conf.d/*.conf', ['/bin/arm | a | likely | foreign']],
    ['curl -o /etc/supervisord.conf x', '', ['/bin/arm | a | likely | foreign']],
    [
      'curl -o /etc/supervisord.conf x',
      'none=x',
      ['unknown: supervisord may fail: of its configuration /etc/supervisord.conf: [include] has no files'],
    ],
    [
      'echo > /etc/supervisord.conf',
      '',
      ['supervisord | refused-arguments: of its configuration /etc/supervisord.conf: it has no section [supervisord]'],
    ],
  ])('a script that runs %s, and [include] has %s', async (command, include, lines) => {
    const files = {
      '/start': executable(`#!/bin/sh\n${command}\nexec supervisord -n\n`),
      '/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
      '/bin/curl': native,
    }
    const text = `[program:a]\ncommand=/bin/arm\n${include === '' ? '' : `[include]\n${include}\n`}`
    expect(await follow(text, files, ['/start'])).toEqual(lines)
  })

  test('a directory that a script makes is there', async () => {
    const files = {'/start': executable('#!/bin/sh\nmkdir -p /var/log/a\nexec /usr/bin/supervisord -n\n')}
    const text = '[program:a]\ncommand=web\nstdout_logfile=/var/log/a/x'
    expect(await follow(text, files, ['/start'])).toEqual(['/bin/web | a'])
  })
})

test('a compiled program of that name is another one', async () => {
  expect(await follow('[program:a]\ncommand=arm', {'/usr/bin/supervisord': native})).toEqual([
    'unknown: the option -n of supervisord is not understood',
  ])
})

test('a process that names itself again and again does not grow without end', async () => {
  const environment = 'environment=A="%(ENV_A)s%(ENV_A)s%(ENV_A)s"'
  const text = `[program:a]\ncommand=web\nprocess_name=x%(process_num)d\nnumprocs=4000000000\n${environment}`
  const lines = await followDaemons(
    {entrypoint: SELF, env: ['PATH=/bin', 'B=1']},
    {...BASE, '/etc/supervisord.conf': `[supervisord]\nenvironment=A="${'x'.repeat(1000)}"\n${text}\n`},
  )
  expect(lines.length).toBeLessThan(300)
})
