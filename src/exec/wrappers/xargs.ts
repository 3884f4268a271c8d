import {defined} from '../../lib/defined.ts'
import type {Process} from '../resolved-path.ts'
import {passOn, type Runner} from './handover.ts'
import {parseOptions} from './options.ts'

/** Which words the command is given, and whether it is started at all, only the run knows. */
export async function runXargs(runner: Runner, process: Process): Promise<void> {
  const {words, unknown} = parseOptions(process.argv, XARGS)
  if (unknown !== undefined || words.length === 0) return
  const next = {...process, argv: words, unknownWord: 'the words that xargs reads'}
  const [handover] = passOn({name: 'xargs', process: next, ...defined({libc: runner.libc})}, words)
  if (handover?.kind === 'program') await runner.run({...handover, certainty: 'likely'}, runner.view.world)
}

const XARGS = {
  short: '0rtxpoa:d:E:e::I:i::L:l::n:P:s:S:R:J:',
  long: [
    ...['null', 'no-run-if-empty', 'verbose', 'exit', 'interactive', 'open-tty', 'arg-file=', 'delimiter=', 'eof[=]'],
    ...['replace[=]', 'max-lines[=]', 'max-args=', 'max-procs=', 'max-chars=', 'show-limits', 'process-slot-var='],
  ],
} as const
