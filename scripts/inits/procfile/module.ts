import type {InitModule} from '../module.ts'
import {serviceModule} from '../service-module.ts'
import {compareStarts} from '../starts.ts'
import {makeForemanCase, PROCFILE_FILES} from './generate.ts'

const NOT_STARTED = 'it does not start, and is said to'
const NOT_TRIED = 'it is not tried, and is said to fail'

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
      // Ruby looks for a program itself, and tries none where it finds none.
      return kind !== NOT_TRIED || !trace.output.includes('unknown command: ')
    }),
})
