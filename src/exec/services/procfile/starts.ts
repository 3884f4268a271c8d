import type {Process} from '../../resolved-path.ts'
import {programStart, type ServiceStart} from '../run-services.ts'
import {rubyCommand} from './ruby-command.ts'
import {FOREMAN, type ProcfileRunner} from './runners.ts'

/** A command line as a runner starts it: by `/bin/sh -c`, or by Ruby's rules. */
export function startOf(
  own: ProcfileRunner,
  process: Process,
  command: string,
  via: string,
  certainty: 'certain' | 'likely',
): ServiceStart {
  const argv = own === FOREMAN ? rubyCommand(command) : ['/bin/sh', '-c', command]
  const isDirect = argv[0] !== '/bin/sh' || argv[1] !== '-c'
  const search = isDirect ? 'execvp' : 'path'
  return programStart({...process, argv}, via, {search, isLast: true, certainty, runsText: isDirect})
}

/** foreman replaces what it has read itself, wherever its name stands. */
export function expanded(command: string, variables: ReadonlyMap<string, string>): string {
  return [...variables].reduce((text, [name, value]) => text.replaceAll(`$${name}`, () => value), command)
}
