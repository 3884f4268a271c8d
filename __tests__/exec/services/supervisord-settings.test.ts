import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

// What of a configuration supervisord takes, and what ends it: supervisor/options.py and supervisor/datatypes.py. Each
// walk is held to ../golden/supervisord-settings.txt, the words of what is refused too.

const BASE: MemoryTree = {
  '/bin/python3': native,
  '/usr/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
  '/bin/web': native,
  '/bin/arm': foreign,
  '/var/log': {kind: 'directory'},
  '/var/run': {kind: 'directory'},
  '/tmp': {kind: 'directory', mode: 0o1777},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  '/etc/group': 'app:x:1000:\n',
}

/** What a configuration starts; of one that ends supervisord, why. */
function follow(conf: string, words: readonly string[] = ['-n'], files: MemoryTree = {}): Promise<readonly string[]> {
  const tree = {...BASE, '/etc/supervisord.conf': conf, ...files}
  return followDaemons({entrypoint: ['/usr/bin/supervisord', ...words], env: ['PATH=/bin', 'N=7', 'FLAG=yes']}, tree)
}

const STARTED = '/bin/arm | a | foreign'
const PROGRAM = '[program:a]\ncommand=arm\n'

const isRefused = (lines: readonly string[]): boolean => lines.some(line => line.includes('refused-arguments'))

describe('[supervisord]', () => {
  test.each([
    'minfds=1024',
    'minfds= +10 ',
    'minprocs=-2_00',
    'logfile_backups=%(ENV_N)s',
    'logfile_backups=%(ENV_ONLY_THE_RUN)s',
    'silent=TRUE',
    'nocleanup=off',
    'strip_ansi=0',
    'strip_ansi=%(ENV_FLAG)s',
    'silent=%(ENV_ONLY_THE_RUN)s',
    'directory=/var/log',
    'childlogdir=/tmp',
    'logfile=/var/log/s.log',
    'logfile=/dev/null',
    'pidfile=/var/run/s.pid',
    'umask=022',
    'umask=0o27',
    'umask=%(ENV_ONLY_THE_RUN)s',
    'logfile_maxbytes=50MB',
    'logfile_maxbytes=1gb',
    'logfile_maxbytes=7',
    'loglevel=WARN',
    'loglevel=blather',
    'loglevel=%(ENV_ONLY_THE_RUN)s',
    'environment=A="b",C=%(ENV_PATH)s',
    'environment=A="%%(host_node_name)s"',
    'identifier=x',
    'user=root',
    'nodaemon=false',
  ])('takes %s', async line => {
    expect(await follow(`[supervisord]\n${line}\n${PROGRAM}`)).toEqual([STARTED])
  })

  test.each([
    'minfds=many',
    'minfds=1.5',
    'minfds=',
    'minprocs=1__0',
    'logfile_backups=1 0',
    'silent=maybe',
    'nocleanup=2',
    'strip_ansi=',
    'directory=/none',
    'childlogdir=/none/too',
    'logfile=/none/s.log',
    'pidfile=/none/s.pid',
    'umask=8',
    'umask=rwx',
    'logfile_maxbytes=50TB',
    'logfile_maxbytes=MB',
    'loglevel=verbose',
    'environment=A',
    'environment=A="b',
    'environment=A=%(ENV_A',
    'environment=%(none)s',
    // It is formatted twice, and only the second time knows the name.
    'environment=A="%(host_node_name)s"',
    'user=nobody',
    'nodaemon=sometimes',
    'umask=%',
    'umask=100%',
    'directory=%q',
    'directory=%(here)d',
  ])('refuses %s', async line => {
    expect(isRefused(await follow(`[supervisord]\n${line}\n${PROGRAM}`))).toBe(true)
  })

  test.each([
    ['without the section', PROGRAM],
    ['an option before every section', `x=y\n[supervisord]\n${PROGRAM}`],
    ['a line that is not an option', `[supervisord]\nwhat\n${PROGRAM}`],
  ])('%s', async (_, text) => {
    expect(isRefused(await follow(text))).toBe(true)
  })
})

describe('formats', () => {
  test.each([
    'x %(program_name)s',
    'x %(program_name)5s|%(program_name)-5s|',
    'x %(program_name).0s',
    'x %(process_num)d %(process_num)03d %(process_num)+d "%(process_num) d" %(process_num).2i %(numprocs)u',
    'x %(process_num)-4d|%(process_num)4s',
    'x %(program_name)r',
    'x %(process_num)x',
    'x %(group_name)s%%',
    'x %(host_node_name)s y',
    'x %(here)s %(ENV_N)ld',
    'x %(ENV_N)s%(ENV_FLAG)s',
    '100%%',
  ])('%s', async words => {
    expect(await follow(`[supervisord]\n[program:a]\ncommand=web ${words}\n`)).not.toEqual([])
  })

  test.each([
    'x %(none)s',
    'x %(program_name)d',
    'x %(program_name)x',
    'x %(program_name',
    'x %(a(b)c)s',
    'x %(program_name)',
    'x %d',
    'x %(program_name)2000s',
    'x %(program_name)k',
    'x 5% y',
  ])('%s is not one', async words => {
    expect(isRefused(await follow(`[supervisord]\n[program:a]\ncommand=web ${words}\n`))).toBe(true)
  })
})

describe('programs', () => {
  const own = (lines: string): string => `[supervisord]\n[program:a]\ncommand=arm\n${lines}\n`

  test.each([
    'priority=1\nstartsecs=0\nstartretries=3\nstopwaitsecs=10',
    'redirect_stderr=true\nstdout_events_enabled=no\nstderr_events_enabled=1',
    'stdout_capture_maxbytes=1KB\nstderr_capture_maxbytes=2',
    'autorestart=unexpected',
    'autorestart=UNEXPECTED',
    'stopsignal=QUIT',
    'stopsignal= sigterm ',
    'stopsignal=15',
    'stopsignal=RTMIN',
    'stopsignal=%(ENV_ONLY_THE_RUN)s',
    'exitcodes=0,2',
    'exitcodes=',
    'exitcodes=%(ENV_ONLY_THE_RUN)s',
    'stopasgroup=true\nkillasgroup=true',
    'stopasgroup=false\nkillasgroup=false',
    'stopasgroup=true',
    'umask=077',
    'user=app',
    'user=1000',
    'stdout_logfile=none\nstderr_logfile=OFF',
    'stdout_logfile=auto\nstderr_logfile=syslog',
    'stdout_logfile=/var/log/%(program_name)s.log\nstdout_logfile_backups=1\nstdout_logfile_maxbytes=0',
    'stderr_syslog=true',
    'process_name= b ',
    'numprocs=1\nnumprocs_start=5\nprocess_name=p%(process_num)d',
    'numprocs=0',
    'directory=/tmp',
    'environment=A="1",PATH="/opt"',
    'startsecs=%(ENV_N)s',
  ])('takes %s', async lines => {
    expect(isRefused(await follow(own(lines)))).toBe(false)
  })

  test.each([
    'priority=first',
    'startsecs=1s',
    'startretries=',
    'stopwaitsecs=ten',
    'redirect_stderr=2',
    'stdout_events_enabled=x',
    'stderr_events_enabled=x',
    'stdout_capture_maxbytes=x',
    'stderr_capture_maxbytes=1xb',
    'autorestart=always',
    'stopsignal=STOPP',
    'stopsignal=65',
    'exitcodes=256',
    'exitcodes=-1',
    'exitcodes=0;1',
    'stopasgroup=true\nkillasgroup=false',
    'umask=999',
    'user=nobody',
    'stdout_logfile=/none/a.log',
    'stderr_logfile=/none/a.log',
    'stdout_logfile_backups=x',
    'stderr_logfile_maxbytes=x',
    'stderr_syslog=x',
    'process_name=a b',
    'process_name=a/b',
    'process_name=a:b',
    'numprocs=2',
    'numprocs=x',
    'numprocs_start=x',
    'autostart=x',
    'environment=A=',
    'environment=A="1" B="2"',
  ])('refuses %s', async lines => {
    expect(isRefused(await follow(own(lines)))).toBe(true)
  })

  test.each([
    ['no command', '[program:a]\nuser=root'],
    ['a name with a blank', '[program:a b]\ncommand=arm'],
    ['a group of nothing', '[group:g]\nprograms=x\n[program:a]\ncommand=arm'],
    [
      'a group of two',
      '[group:g]\nprograms=a\n[program:a]\ncommand=arm\n[fcgi-program:a]\nsocket=unix:///a\ncommand=arm',
    ],
    ['a group with a priority', '[group:g]\nprograms=a\npriority=x\n[program:a]\ncommand=arm'],
    ['a listener without events', '[eventlistener:l]\ncommand=arm'],
    ['a listener of an odd event', '[eventlistener:l]\ncommand=arm\nevents=TOCK'],
    ['a listener without a buffer', '[eventlistener:l]\ncommand=arm\nevents=TICK_5\nbuffer_size=0'],
    ['a listener with one output', '[eventlistener:l]\ncommand=arm\nevents=TICK_5\nredirect_stderr=true'],
    ['FastCGI without a socket', '[fcgi-program:f]\ncommand=arm'],
    ['FastCGI on another socket', '[fcgi-program:f]\nsocket=udp://a:1\ncommand=arm'],
    ['FastCGI on no port', '[fcgi-program:f]\nsocket=tcp://a\ncommand=arm'],
    ['FastCGI by TCP, of somebody', '[fcgi-program:f]\nsocket=tcp://a:1\nsocket_owner=app\ncommand=arm'],
    ['FastCGI by TCP, with a mode', '[fcgi-program:f]\nsocket=tcp://a:1\nsocket_mode=0700\ncommand=arm'],
  ])('refuses %s', async (_, text) => {
    expect(isRefused(await follow(`[supervisord]\n${text}\n`))).toBe(true)
  })

  test.each([
    [
      'two of a group, one beside it',
      '[group:g]\nprograms=a, b\n[program:a]\ncommand=arm\n[program:b]\ncommand=web\n[program:c]\ncommand=web',
    ],
    [
      'a group of FastCGI',
      '[group:g]\nprograms=f\npriority=5\n[fcgi-program:f]\nsocket=tcp://localhost:9000\ncommand=arm',
    ],
    ['a group of nobody', '[group:g]\nprograms=\n[program:a]\ncommand=arm'],
    ['events in any case', '[eventlistener:l]\ncommand=arm\nevents=tick_60,Process_State_Exited\nbuffer_size=1'],
    ['events that the run names', '[eventlistener:l]\ncommand=arm\nevents=%(ENV_ONLY_THE_RUN)s'],
    [
      'FastCGI by a file, of somebody',
      '[fcgi-program:f]\nsocket=unix:///tmp/f\nsocket_owner=app\nsocket_mode=0700\ncommand=arm',
    ],
    [
      'what one process sets, the next one sees',
      '[program:a]\ncommand=web %(ENV_X)s\nenvironment=X="%(process_num)d"\nprocess_name=%(process_num)d\nnumprocs=2',
    ],
  ])('%s', async (_, text) => {
    expect(isRefused(await follow(`[supervisord]\n${text}\n`))).toBe(false)
  })
})

describe('servers', () => {
  test.each([
    '[unix_http_server]\nfile=/var/run/s.sock\nchmod=0700\nchown=app:app\nusername=a\npassword=b',
    '[unix_http_server]\nfile= /tmp/s.sock ',
    '[unix_http_server]\nfile=/tmp/s.sock\nchown=root',
    '[inet_http_server]\nport=9001',
    '[inet_http_server]\nport=127.0.0.1:65535\nusername=a\npassword=b',
    '[inet_http_server]\nport=*:%(ENV_ONLY_THE_RUN)s',
    '[inet_http_server:b]\nport=:1',
    '[rpcinterface:s]\nsupervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface',
    '[supervisorctl]\nserverurl=%(none)s',
  ])('takes %s', async text => {
    expect(await follow(`[supervisord]\n${text}\n${PROGRAM}`)).toEqual([STARTED])
  })

  test.each([
    '[unix_http_server]\nusername=a\npassword=b',
    '[unix_http_server]\nfile=/none/s.sock',
    '[unix_http_server]\nfile=/tmp/s.sock\nchmod=9',
    '[unix_http_server]\nfile=/tmp/s.sock\nchown=nobody',
    '[unix_http_server]\nfile=/tmp/s.sock\nusername=a',
    '[inet_http_server]\nport=9001\npassword=b',
    '[inet_http_server]\nhost=x',
    '[inet_http_server]\nport=0',
    '[inet_http_server]\nport=localhost:65536',
    '[inet_http_server]\nport=http',
    '[rpcinterface:s]\nx=y',
    '[rpcinterface:s]\nsupervisor.rpcinterface_factory=a:b\nx=%(none)s',
  ])('refuses %s', async text => {
    expect(isRefused(await follow(`[supervisord]\n${text}\n${PROGRAM}`))).toBe(true)
  })
})

describe('command lines and files', () => {
  test.each([
    [['-c', '/opt/s.conf']],
    [['--configuration=/opt/s.conf', '--nodaemon']],
    [['-c/opt/s.conf', '-n', '-d', '/tmp', '-u', 'app']],
    [['-c', '/none']],
    [['-u', 'nobody', '-n']],
    [['-d', '/none']],
    [['-m', '077', '-l', '/var/log/x', '-y', '1MB', '-z', '3', '-e', 'debug', '-j', '/tmp/p', '-i', 'x', '-q', '/tmp']],
    [['-e', 'loud']],
    [['-z', 'x']],
    [['--help']],
    [['-v']],
    [['-x']],
    [['-n', 'word']],
    [['-k', '-t', '-s']],
  ])('%j', async words => {
    const files = {'/opt/s.conf': `[supervisord]\nuser=app\n[program:b]\ncommand=web %(here)s\n`}
    expect(await follow(`[supervisord]\n${PROGRAM}`, words, files)).toBeDefined()
  })

  test.each([
    ['files = conf.d/*.conf', {'/etc/conf.d/b.conf': '[program:b]\ncommand=web\n', '/etc/conf.d/c.txt': 'x'}],
    ['files = /etc/[ab]?.ini none/*', {'/etc/b1.ini': '[program:b]\ncommand=web %(here)s\n'}],
    ['files = %(here)s/b.ini', {'/etc/b.ini': '[program:b]\ncommand=arm\n[include]\nfiles=c.ini\n'}],
    ['files = b.ini', {'/etc/b.ini': 'no section'}],
    ['file = b.ini', {}],
    ['files = %(none)s', {}],
  ])('[include] %s', async (line, files) => {
    expect(await follow(`[supervisord]\n[include]\n${line}\n${PROGRAM}`, ['-n'], files)).toBeDefined()
  })
})
