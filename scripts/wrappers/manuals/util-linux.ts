import {type Manual, words} from '../manual.ts'

/** util-linux, but for what changes the user. */
export const UTIL_LINUX: readonly Manual[] = [
  {name: 'setsid', options: words('-w', '--wait', '-c -w', '-fw', '--fork --wait'), wrong: words('-x', '-V', '-h')},
  {
    name: 'ionice',
    options: words('-c 3', '-c3', '-c best-effort -n 5', '-t', '--class idle', '--classdata=4', '-c 2 -n 0 -t'),
    wrong: words('-x', '--nosuch', '-c nosuch'),
  },
  {
    name: 'taskset',
    options: words('-a', '--all-tasks', ''),
    operands: words('1', '0x1', '-c 0', '--cpu-list 0'),
    wrong: words('-x', '-V'),
  },
  {
    name: 'chrt',
    options: words('-v', '-o', '-b', '-i', '--other', '--batch', '--verbose'),
    operands: words('0', '', '0 --', 'x', '00'),
    wrong: words('-x', '-m', '--nosuch'),
  },
  {
    name: 'setarch',
    options: words('-R', '-v', '-L', '--addr-no-randomize', '--4gb', '--verbose', '-B'),
    operands: [
      ...words('x86_64', 'linux64', 'i686', 'nosuch', 'aarch64', 'uname26', 'riscv64', 'athlon', 'i786', ''),
      [''],
    ],
    wrong: words('-x', '--list', '-V', '--show=0'),
  },
  {name: 'linux32', options: words('-R', '-v', '--3gb'), wrong: words('-x', '--nosuch')},
  {name: 'linux64', options: words('-R')},
  {name: 'x86_64', options: words('-R')},
  {
    name: 'prlimit',
    options: words(
      '-n64',
      '-n=64',
      '--nofile=64',
      '-c0',
      '--core=0',
      '-v',
      '--nofile',
      '--stack=8388608',
      '-s8388608:8388608',
      '--core=0:',
      '--nofile=64:64',
    ),
    wrong: words(
      ...['-n 64', '-x', '--nosuch', '-V', '--nofile=many', '--nofile=64:32', '-n:', '--core=unlimited:5', '-c=0:x'],
    ),
  },
  {name: 'choom', options: words('-n 100', '-n100', '--adjust 100', '-n 0'), wrong: words('-x', '')},
  {
    name: 'flock',
    options: words(
      '-n',
      '-x',
      '-s',
      '-e',
      '-w 5',
      '--timeout 5',
      '--nonblock',
      '-E 3',
      '--verbose',
      '-o',
      '-F',
      '--no-fork',
      '-w 1.5',
      '-w .5',
      '--wait=0x10',
      '-E 255',
    ),
    operands: words('/tmp/lock', '/tmp', '/tmp/lock -c', '/tmp/lock --command'),
    wrong: [
      ...words('-q', '--nosuch', '-V', '-w x', '-w -1', '-w 5s', '-E 256', '-E x', '-E -1', '-o -F', '-h'),
      ['-w', ''],
    ],
  },
  {name: 'unshare', options: words('-u', '--uts', '-i', '-m'), wrong: words('-x', '--nosuch')},
  {name: 'nsenter', options: words('-t 1 -u', ''), wrong: words('-x')},
  {
    name: 'script',
    options: words('-q', '-e', '-a', '-f', '--quiet', '--return'),
    operands: words(
      ...['-c app', '-c app /dev/null', '/dev/null -c app', '--command=app', '-qec app', '-E never -c app'],
      ...['-m classic -c app', '-o 1M -c app', '-O /dev/null -c app', '-O /dev/null -c app /dev/null'],
    ),
    wrong: words('-x', '--nosuch', '-V', '-E none', '-m none', '-o x', '-o -1', '-h'),
  },
]
