import {ends} from '../../world/call.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {endRefused, endUnknown} from '../end-early.ts'
import {runServices, serviceStart} from '../run-services.ts'
import {pathIn} from '../service-directory.ts'
import type {Supervisor} from '../supervisor.ts'
import {isSchedule} from './schedule.ts'

const GRAMMAR = {
  long: [
    ...['debug', 'quiet', 'json', 'version', 'test', 'inotify', 'no-reap', 'split-logs', 'passthrough-logs'],
    ...['prometheus-listen-address=', 'sentry-dsn=', 'sentry-environment=', 'sentry-release=', 'sentryDsn='],
    'overlapping',
  ],
  single: true,
}

/** `supercronic [options] FILE`, 0.2: https://github.com/aptible/supercronic. It keeps its variables and its user. */
export const SUPERCRONIC: Supervisor = {
  names: ['supercronic'],
  reads: 'the table that it is given',
  starts: 'the command of each job, by `/bin/sh -c`, as likely',
  async follow(runner, process) {
    const {options, words, unknown: odd, lacking} = parseOptions(process.argv, GRAMMAR)
    if (odd !== undefined) return endUnknown(runner, `the option ${odd} of supercronic is not understood`)
    if (options.some(([name]) => name === 'version')) return ends(runner, 'success')
    const [file] = words
    if (lacking !== undefined) return endRefused(runner, 'supercronic', `the option ${lacking} wants a value`)
    if (file === undefined || words.length > 1) return endRefused(runner, 'supercronic', 'it takes one table')
    const text = await readText(runner.view, process, pathIn(process, file))
    if (text === undefined) return endUnknown(runner, `the table of supercronic, ${file}, is not read`)
    const table = parseSupercronic(text)
    if ('problem' in table) return endRefused(runner, 'supercronic', table.problem)
    if (options.some(([name]) => name === 'test')) return ends(runner, 'success')
    const env = new Map([...process.env, ...table.env])
    const starts = table.commands.map(command => {
      const service = {name: nameOfJob(command), of: 'supercronic'}
      const start = {...process, env, argv: [table.env.get('SHELL') ?? '/bin/sh', '-c', command]}
      return serviceStart(start, service, {search: 'go', certainty: 'likely'})
    })
    return runServices(runner, starts)
  },
}

/** What a table says: its variables are those of all jobs, also of those before them. */
export interface SupercronicTable {
  readonly env: ReadonlyMap<string, string>
  readonly commands: readonly string[]
}

/** A line that is neither a variable nor a job ends supercronic. */
export function parseSupercronic(text: string): SupercronicTable | {readonly problem: string} {
  const env = new Map<string, string>()
  const commands: string[] = []
  for (const line of text.split(/\r?\n/).map(one => one.replace(/^[ \t]+/, ''))) {
    if (line === '' || line.startsWith('#')) continue
    const [, name, value] = /^([^\s=]+)\s*=\s*(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) {
      if (value === '') return {problem: `it crashes on the variable ${name} without a value in its table`}
      env.set(name, value.replace(/^(["'])(.*)\1$/, '$2'))
      continue
    }
    const command = commandOf(line)
    if (command === undefined) return {problem: `it takes no line ${JSON.stringify(line)} in its table`}
    commands.push(command)
  }
  return {env, commands}
}

/** Behind as many fields as are a schedule. */
function commandOf(line: string): string | undefined {
  const fields = [...line.matchAll(/\S+/g)]
  for (const count of [7, 6, 5, 1]) {
    const command = fields[count]
    if (command && isSchedule(fields.slice(0, count).map(([word]) => word))) return line.slice(command.index)
  }
  return undefined
}

/** The first words of a command, to know a job by. */
export function nameOfJob(command: string): string {
  return command.length > 40 ? `${command.slice(0, 39)}…` : command
}
