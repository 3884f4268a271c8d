import {type Manual, words} from '../manual.ts'

/** First processes of a container. */
export const INITS: readonly Manual[] = [
  {
    name: 'tini',
    options: words('-s', '-g', '-w', '-v', '-vvv', '-gs', '-e 143', '-e143', '-p SIGTERM', '-pSIGKILL', '-gse 7'),
    wrong: words('-p TERM', '-e 256', '-x', '--init', '-h', '-l'),
  },
  {name: 'tini-static', options: words('-s', '-g'), wrong: words('-q')},
  {
    name: 'dumb-init',
    options: words(
      '-v',
      '-c',
      '-vc',
      '-r 15:2',
      '-r15:2',
      '--rewrite 15:2',
      '--rewrite=15:2',
      '--single-child',
      '--verb',
    ),
    wrong: words('-x', '--nosuch', '-V', '--version', '-h', '--help'),
  },
  {name: 'catatonit', options: words('-g'), wrong: words('-x', '-L', '-V', '--version', '--nosuch')},
]
