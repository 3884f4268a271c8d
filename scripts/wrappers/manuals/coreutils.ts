import {type Manual, words} from '../manual.ts'

/** GNU coreutils and time. */
export const COREUTILS: readonly Manual[] = [
  {
    name: 'nice',
    options: words('-n 5', '-n5', '-5', '--adjustment=5', '--adjustment 5', '-n -5'),
    wrong: words('-x', '-n x', '--nosuch', '--version'),
  },
  {name: 'nohup', wrong: words('-x', '--help')},
  {
    name: 'timeout',
    options: words(
      '-k 5',
      '-k5',
      '-s KILL',
      '-sTERM',
      '--foreground',
      '--preserve-status',
      '-v',
      '--signal=INT',
      '--kill-after 3',
      '--kill-after=3s',
    ),
    operands: words('10', '1m', '0', '2.5s'),
    wrong: words('-x', '--nosuch', '-s NOSUCH', '--version'),
  },
  {
    name: 'stdbuf',
    options: words('-o0', '-oL', '-i0', '-e 0', '--output=L', '-o 4K', '--error L -o0'),
    wrong: words('-x', '-o Q', '--help', '-iL'),
  },
  {
    name: 'env',
    options: words(
      '-i PATH=/opt/bin:/bin',
      'A=b',
      '-u A',
      '--unset=A',
      '-C /srv',
      '--chdir=/srv',
      '-',
      '-v',
      '-S',
      '--',
      '--ignore-signal',
      '--block-signal=INT,KILL',
    ),
    wrong: words(
      '-x',
      '--nosuch',
      '--version',
      '-0',
      '--default-signal=NONE',
      '--ignore-signal=STOP',
      '--block-signal=65',
    ),
  },
  {
    name: 'time',
    options: words('-p', '-v', '-f %e', '-o /tmp/t', '--format=%e', '-a -o /tmp/t', '-q'),
    wrong: words('-x', '--nosuch', '-V'),
  },
  {
    name: 'chroot',
    options: words('--userspec=svc', '--skip-chdir', '--groups=2000'),
    operands: words('/', '/nosuch'),
    wrong: words('--nosuch'),
  },
]
