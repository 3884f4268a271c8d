/** A line of a table that is a job. */
export interface CronJob {
  /** Of a table that names one on each line. */
  readonly user: string | undefined
  readonly command: string
  /** The variables that stand before it. */
  readonly env: ReadonlyMap<string, string>
}

/** How a table is read. */
export interface TableStyle {
  /** Each job names its user: the tables of the system. */
  readonly hasUser: boolean
  /** Default: `debian`. */
  readonly dialect?: CronDialect
}

/**
 * Whose cron it is. busybox reads a last line without its end, and a `%` as it is; Debian's takes a backslash away that
 * precedes another one, and cronie does not: do_command.c of both.
 */
export type CronDialect = 'debian' | 'cronie' | 'busybox'

const NICKNAMES = new Set(['reboot', 'yearly', 'annually', 'monthly', 'weekly', 'daily', 'midnight', 'hourly'])
/** Minute, hour, day of the month, month, day of the week: the least and the greatest of each. */
const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const
const NAMES = [
  [],
  [],
  [],
  ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
]

/**
 * crontab(5), as cron of Debian and cronie read it: variables, and jobs with five fields of time or `@daily`; a `%`
 * that no backslash precedes ends a command. A line that is neither is not a job, and one without its end is not read.
 */
export function parseTable(text: string, {hasUser, dialect = 'debian'}: TableStyle): readonly CronJob[] {
  const isOfBusybox = dialect === 'busybox'
  const escaped = dialect === 'debian' ? /\\([\\%])/g : /\\(%)/g
  const jobs: CronJob[] = []
  const env = new Map<string, string>()
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  if (isOfBusybox) lines.push(last)
  for (const line of lines.map(one => one.replace(/^[ \t]+/, ''))) {
    if (line === '' || line.startsWith('#')) continue
    const pair = parseVariable(line)
    if (pair) {
      env.set(...pair)
      continue
    }
    const rest = behindTime(line)
    const [, user, written] = (hasUser ? /^(\S+)[ \t]+(.+)$/s.exec(rest ?? '') : ['', undefined, rest]) ?? []
    if (written === undefined || written === '') continue
    const upToInput = /^(?:[^\\%]|\\.|\\$)*/s.exec(written)?.[0] ?? ''
    const command = isOfBusybox ? written : upToInput.replace(escaped, '$1')
    if (command !== '') jobs.push({user, command, env: new Map(env)})
  }
  return jobs
}

/** `NAME = value`: either may be in quotes, of which nothing may stand behind the second. */
function parseVariable(line: string): readonly [name: string, value: string] | undefined {
  const [, , quoted, plain, rest = ''] = /^(?:(["'])([^=]*?)\1|([^\s=]+))\s*=\s*(.*)$/s.exec(line) ?? []
  const name = quoted ?? plain
  if (name === undefined) return undefined
  const quote = /^["']/.exec(rest)?.[0]
  if (quote === undefined) return [name, rest.trimEnd()]
  const end = rest.indexOf(quote, 1)
  return end > 0 && rest.slice(end + 1).trim() === '' ? [name, rest.slice(1, end)] : undefined
}

/** What stands behind the time of a job; undefined where there is none that cron takes. */
function behindTime(line: string): string | undefined {
  const [, nickname, behind] = /^@([a-z]+)[ \t]+(.+)$/s.exec(line) ?? []
  if (nickname !== undefined) return NICKNAMES.has(nickname) ? behind : undefined
  const [, ...fields] = /^(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(\S+)[ \t]+(.+)$/s.exec(line) ?? []
  const rest = fields.pop()
  return fields.length > 0 && fields.every(isField) ? rest : undefined
}

function isField(field: string, index: number): boolean {
  const [least, most] = RANGES[index] ?? [0, 0]
  const isValue = (text: string) => {
    if (/^\d{1,4}$/.test(text)) return Number(text) >= least && Number(text) <= most
    return NAMES[index]?.includes(text.toLowerCase()) ?? false
  }
  return field.split(',').every(part => {
    const [, range, from = '', to = from] = /^(\*|([\dA-Za-z]+)(?:[-~]([\dA-Za-z]+))?)(?:\/\d{1,4})?$/.exec(part) ?? []
    return range === '*' || (range !== undefined && isValue(from) && isValue(to))
  })
}
