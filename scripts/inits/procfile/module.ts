import type {InitModule} from '../module.ts'
import {serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {makeForemanCase, PROCFILE_FILES} from './generate.ts'

const NOT_STARTED = 'it does not start, and is said to'
const NOT_TRIED = 'it is not tried, and is said to fail'
const NOT_FOUND = /unknown command: |command not found: |not executable: |: not found$/m

/**
 * foreman of Debian over random Procfiles: which processes it starts, with which words, where and with which variables.
 */
export const FOREMAN: InitModule = serviceModule({
  name: 'foreman',
  suites: ['bookworm'],
  packages: ['ruby-foreman'],
  files: PROCFILE_FILES,
  make: makeForemanCase,
  cwd: '/srv',
  atOnce: 4,
  compare: (answer, trace, labels) =>
    compareStarts(answer, trace, labels).filter(({kind}) => {
      // When one of them fails it ends the others, which may not be what they are to become yet.
      if (kind === NOT_STARTED) return trace.outcome === 'timeout'
      // Ruby and a shell look for a program themselves, and try none where they find none.
      return kind !== NOT_TRIED || !NOT_FOUND.test(trace.output)
    }),
})
