import {resolveUser} from '../../credentials.ts'
import {joinPath, type Process} from '../../resolved-path.ts'
import type {WorldView} from '../../world/view.ts'
import type {Runner} from '../../wrappers/handover.ts'
import {parseOptions} from '../../wrappers/options.ts'
import {readText} from '../../wrappers/shells.ts'
import {runServices, type ServiceStart, serviceStart} from '../run-services.ts'
import type {Supervisor} from '../supervisor.ts'
import {nameOfJob} from './supercronic.ts'
import {type CronDialect, parseTable} from './table.ts'

/** A table of jobs; of one without an owner each line names a user. */
interface Table {
  readonly path: string
  readonly owner?: string
}

const SYSTEM_DIRECTORY = '/etc/cron.d'
/** Their files are called as users. */
const USER_DIRECTORIES = ['/var/spool/cron/crontabs', '/etc/crontabs', '/var/spool/cron']

/** cron of Debian, cronie, and crond of busybox: crontab(5). Nobody knows when a job runs, or whether it does. */
export const CRON: Supervisor = {
  names: ['cron', 'crond'],
  reads: '`/etc/crontab`, `/etc/cron.d`, the tables of users in `/var/spool/cron` and `/etc/crontabs`',
  starts: 'the command of each job, by `/bin/sh -c`, as likely',
  async follow(runner, process) {
    const {view} = runner
    const isCrond = /(^|\/)crond$/.test(process.argv[0] ?? '')
    const dialect = runner.multiCall !== undefined ? 'busybox' : isCrond ? 'cronie' : 'debian'
    const tables = dialect === 'busybox' ? [] : await systemTables(view, dialect)
    tables.push(...(await userTables(view, dialect === 'busybox' ? directoryOf(process) : undefined)))
    const jobs: ServiceStart[] = []
    for (const table of tables) jobs.push(...(await jobsOf(runner, process, table, dialect)))
    return runServices(runner, jobs)
  },
}

async function systemTables(view: WorldView, dialect: CronDialect): Promise<Table[]> {
  const names = (await view.directory(SYSTEM_DIRECTORY))?.names ?? []
  // Others are those of editors, and of packages that are being replaced.
  const isTable = (name: string) =>
    dialect === 'cronie' ? !/^[.#]|~$|\.rpm(save|orig|new)$/.test(name) : /^[A-Za-z0-9_-]+$/.test(name)
  return [{path: '/etc/crontab'}, ...names.filter(isTable).map(name => ({path: joinPath(SYSTEM_DIRECTORY, name)}))]
}

async function userTables(view: WorldView, directory: string | undefined): Promise<readonly Table[]> {
  const tables: Table[] = []
  const seen = new Set<string>()
  for (const one of directory === undefined ? USER_DIRECTORIES : [directory]) {
    const listing = await view.directory(one)
    // One may be a link to the other.
    if (!listing || seen.has(listing.at)) continue
    seen.add(listing.at)
    for (const owner of listing.names) tables.push({path: joinPath(listing.at, owner), owner})
  }
  return tables
}

/** The jobs of one table, as the user of each. */
async function jobsOf(
  {view}: Runner,
  process: Process,
  {path, owner}: Table,
  dialect: CronDialect,
): Promise<readonly ServiceStart[]> {
  const text = await readText(view, process, path)
  const jobs: ServiceStart[] = []
  const style = {hasUser: owner === undefined, dialect}
  for (const {user, command, env: written} of parseTable(text ?? '', style)) {
    const name = owner ?? user ?? 'root'
    const found = name.includes(':') ? undefined : await resolveUser(view, name)
    // A job without a user is ignored.
    if (!found?.ok) continue
    const home = found.value.home || '/'
    const given = new Map([['SHELL', '/bin/sh'], ['HOME', home], ...written])
    const env = new Map([...pathOf(process, dialect), ...given, ['LOGNAME', name]])
    if (dialect !== 'debian') env.set('USER', name)
    const argv = [env.get('SHELL') || '/bin/sh', '-c', command]
    const job = {...process, env, argv, user: found.value, cwd: env.get('HOME') || '/', unknownPath: false}
    jobs.push(serviceStart(job, {name: nameOfJob(command), of: 'cron'}, {search: 'path', certainty: 'likely'}))
  }
  return jobs
}

/** cron has a PATH of its own; busybox keeps its variables. */
function pathOf(process: Process, dialect: CronDialect): Iterable<readonly [string, string]> {
  if (dialect === 'busybox') return process.env
  if (dialect === 'debian') return [['PATH', '/usr/bin:/bin']]
  const own = process.argv.includes('-P') ? process.env.get('PATH') : undefined
  return [['PATH', own ?? '/usr/bin:/bin:/usr/sbin:/sbin']]
}

/** `crond -c DIR` of busybox. */
function directoryOf(process: Process): string | undefined {
  const {options} = parseOptions(process.argv, {short: 'l:d:L:fbSc:'})
  return options.findLast(([name]) => name === 'c')?.[1]
}
