import {resolveUser} from '../credentials.ts'
import {joinPath, type Process} from '../resolved-path.ts'
import type {Outcome} from '../world/call.ts'
import type {Runner} from '../wrappers/handover.ts'
import {parseOptions} from '../wrappers/options.ts'
import {readText} from '../wrappers/shells.ts'
import {runServices, type ServiceStart, serviceStart} from './run-services.ts'
import type {Supervisor} from './supervisor.ts'

/** A line of a table. */
export interface CronJob {
  /** Of a table that names one on each line. */
  readonly user: string | undefined
  readonly command: string
  readonly env: ReadonlyMap<string, string>
}

/** Tables of the system have a user on each line; those of `crontabs` are called as their user. */
const SYSTEM_FILES = ['/etc/crontab']
const SYSTEM_DIRECTORIES = ['/etc/cron.d']
const USER_DIRECTORIES = ['/var/spool/cron/crontabs', '/etc/crontabs', '/var/spool/cron']

/** cron of Debian, cronie, and crond of busybox: crontab(5). Nobody knows when a job runs, or whether it does. */
export const CRON: Supervisor = {
  names: ['cron', 'crond'],
  reads: '`/etc/crontab`, `/etc/cron.d`, the tables of users in `/var/spool/cron` and `/etc/crontabs`',
  starts: 'the command of each job, by `/bin/sh -c`, as likely',
  async follow(runner, process) {
    const {view} = runner
    const own = runner.multiCall === undefined ? undefined : directoryOf(process)
    const jobs: ServiceStart[] = []
    if (runner.multiCall === undefined) {
      const files = [...SYSTEM_FILES]
      for (const directory of SYSTEM_DIRECTORIES) {
        // Names with a dot are those of packages that are being replaced.
        const names = (await view.directory(directory))?.names ?? []
        files.push(...names.filter(name => /^[A-Za-z0-9_-]+$/.test(name)).map(name => joinPath(directory, name)))
      }
      for (const file of files) jobs.push(...(await jobsOf(runner, process, file, undefined)))
    }
    const seen = new Set<string>()
    for (const directory of own === undefined ? USER_DIRECTORIES : [own]) {
      const listing = await view.directory(directory)
      // One may be a link to the other.
      if (!listing || seen.has(listing.at)) continue
      seen.add(listing.at)
      for (const name of listing.names) jobs.push(...(await jobsOf(runner, process, joinPath(listing.at, name), name)))
    }
    return runServices(runner, jobs)
  },
}

/** `supercronic [options] FILE`: https://github.com/aptible/supercronic. It keeps its variables and its user. */
export const SUPERCRONIC: Supervisor = {
  names: ['supercronic'],
  reads: 'the table that it is given',
  starts: 'the command of each job, by `/bin/sh -c`, as likely',
  async follow(runner, process) {
    const file = process.argv.slice(1).findLast(word => !word.startsWith('-'))
    const path =
      file === undefined ? undefined : joinPath(file.startsWith('/') ? '' : process.cwd, file).replace(/^\/\//, '/')
    const text = path === undefined ? undefined : await readText(runner.view, process, path)
    if (text === undefined)
      return unknown(runner, `the table of supercronic, ${file ?? 'of which there is none'}, is not read`)
    const jobs = parseTable(text, false).map(({command, env}) =>
      jobStart({...process, env: new Map([...process.env, ...env])}, command, 'supercronic'),
    )
    return runServices(runner, jobs)
  },
}

/** The jobs of one table, as the user of each. */
async function jobsOf(
  runner: Runner,
  process: Process,
  path: string,
  owner: string | undefined,
): Promise<readonly ServiceStart[]> {
  const text = await readText(runner.view, process, path)
  const jobs: ServiceStart[] = []
  for (const {user, command, env} of parseTable(text ?? '', owner === undefined)) {
    const spec = owner ?? user ?? 'root'
    const found = spec.includes(':') ? undefined : await resolveUser(runner.view, spec)
    // A job of nobody is passed over.
    if (!found?.ok) continue
    const base = runner.multiCall === undefined ? [['PATH', '/usr/bin:/bin'] as const] : [...process.env]
    const own = new Map([...base, ['HOME', found.value.home ?? '/'], ...env])
    jobs.push(
      jobStart(
        {...process, env: own, user: found.value, cwd: own.get('HOME') ?? '/', unknownPath: false},
        command,
        'cron',
      ),
    )
  }
  return jobs
}

function jobStart(process: Process, command: string, of: string): ServiceStart {
  const shell = process.env.get('SHELL') || '/bin/sh'
  const start = {...process, argv: [shell, '-c', command]}
  return serviceStart(start, {name: nameOf(command), of}, {search: 'path', certainty: 'likely'})
}

/** The first words of a command, to know a job by. */
function nameOf(command: string): string {
  return command.length > 40 ? `${command.slice(0, 39)}…` : command
}

/** crontab(5): variables, and jobs with five fields of time or `@daily`; a `%` that no backslash precedes ends it. */
export function parseTable(text: string, hasUser: boolean): readonly CronJob[] {
  const jobs: CronJob[] = []
  const env = new Map<string, string>()
  for (const line of text.split(/\r?\n/).map(one => one.trim())) {
    if (line === '' || line.startsWith('#')) continue
    const pair = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line)
    if (pair) {
      env.set(pair[1] ?? '', (pair[2] ?? '').replace(/^(['"])(.*)\1$/, '$2'))
      continue
    }
    const fields = /^(?:@\w+|\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.+)$/.exec(line)?.[1]
    if (fields === undefined) continue
    const [, user, rest] = (hasUser ? /^(\S+)\s+(.+)$/.exec(fields) : ['', undefined, fields]) ?? []
    if (rest === undefined) continue
    const command = /^(?:[^\\%]|\\.)*/s.exec(rest)?.[0].replaceAll('\\%', '%') ?? ''
    if (command !== '') jobs.push({user, command, env: new Map(env)})
  }
  return jobs
}

/** `crond -c DIR` of busybox. */
function directoryOf(process: Process): string | undefined {
  const {options} = parseOptions(process.argv, {short: 'l:d:L:fbSc:'})
  return options.findLast(([name]) => name === 'c')?.[1]
}

function unknown(runner: Runner, reason: string): Promise<Outcome> {
  return runner.run({kind: 'unknown', reason}, runner.view.world)
}
