import {describe, expect, test} from '@jest/globals'
import {isSchedule} from '../../../src/exec/services/cron/schedule.ts'
import {parseSupercronic} from '../../../src/exec/services/cron/supercronic.ts'
import {parseTable} from '../../../src/exec/services/cron/table.ts'
import type {MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

const BASE: MemoryTree = {
  '/bin/sh': native,
  '/bin/bash': native,
  '/bin/cron': native,
  '/bin/crond': native,
  '/bin/busybox': native,
  '/bin/supercronic': native,
  '/bin/arm': foreign,
  '/usr/local/bin/tool': native,
  '/opt/plain': 'no execute bit',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
}

/** What the shells of jobs start; the shells themselves are left out. */
async function follow(
  entrypoint: readonly string[],
  files: MemoryTree,
  env?: readonly string[],
): Promise<readonly string[]> {
  const lines = await followDaemons({entrypoint, ...(env ? {env} : {})}, {...BASE, ...files})
  return lines
    .filter(line => !/^\/bin\/(ba)?sh -c/.test(line))
    .map(line => line.replace(/ \| [^|]* \| likely/, ' | likely'))
}

const JOB = '* * * * *'

describe('jobs', () => {
  test.each([
    ['a good one', '/usr/local/bin/tool -x', ['/usr/local/bin/tool -x | likely']],
    ['of another machine', 'arm', ['/bin/arm | likely | foreign']],
    ['without an execute bit', '/opt/plain', ['/opt/plain | likely | not-executable: no-execute-permission']],
    ['missing in the PATH of cron', 'tool', ['tool | likely | not-in-path']],
    ['up to a percent sign', 'exec arm a\\%b%input', ['/bin/arm a%b | likely | foreign']],
  ])('%s', async (_, command, lines) => {
    expect(await follow(['cron', '-f'], {'/etc/cron.d/own': `# text\n${JOB} root ${command}\n`})).toEqual(lines)
  })

  test.each([
    ['of the system', ['cron'], {'/etc/crontab': `${JOB} root arm\n`}, 1],
    ['of a user', ['cron'], {'/var/spool/cron/crontabs/svc': '@daily arm\n'}, 1],
    ['of cronie', ['crond', '-n'], {'/var/spool/cron/svc': `${JOB} arm\n`}, 1],
    ['of somebody who is not there', ['cron'], {'/var/spool/cron/crontabs/none': `${JOB} arm\n`}, 0],
    ['in a file that a package has put aside', ['cron'], {'/etc/cron.d/own.dpkg-old': `${JOB} root arm\n`}, 0],
    [
      'of busybox',
      ['busybox', 'crond', '-f'],
      {'/var/spool/cron/crontabs': {link: '/etc/crontabs'}, '/etc/crontabs/root': `${JOB} arm\n`},
      1,
    ],
    [
      'of busybox in another directory',
      ['busybox', 'crond', '-c', '/jobs'],
      {'/jobs/root': `${JOB} arm\n`, '/etc/crontabs/root': `${JOB} arm\n`},
      1,
    ],
    ['of supercronic', ['supercronic', '/jobs'], {'/jobs': `*/5 * * * * * arm\n@hourly arm\n`}, 1],
  ])('%s', async (_, entrypoint, files, count) => {
    const lines = await follow(entrypoint, files)
    expect(lines.filter(line => line === '/bin/arm | likely | foreign').length).toBe(count)
  })

  test.each<[string, readonly string[], string]>([
    ['cron of Debian', ['cron'], 'exec tool "$SHELL" "$HOME" "$LOGNAME" "$USER" "$PATH"'],
    ['cronie', ['crond'], 'exec tool "$SHELL" "$HOME" "$LOGNAME" "$USER" "$PATH"'],
    ['cronie with a PATH of its own', ['crond', '-P'], 'exec tool "$PATH"'],
  ])('the variables of a job of %s', async (name, entrypoint, command) => {
    const files = {'/etc/cron.d/own': `${JOB} svc ${command}\n`, '/usr/bin/tool': native}
    const paths = {'cron of Debian': ' /usr/bin:/bin', cronie: 'svc /usr/bin:/bin:/usr/sbin:/sbin'}
    const words = name in paths ? `/bin/sh /home/svc svc ${paths[name as keyof typeof paths]}` : '/usr/local/bin:/bin'
    const [line] = await follow(entrypoint, files, ['PATH=/usr/local/bin:/bin'])
    expect(line).toMatch(new RegExp(`/tool ${words} `))
  })

  test('a file with a dot in its name is a table of cronie', async () => {
    const files = {'/etc/cron.d/own.web': `${JOB} root arm\n`, '/etc/cron.d/own.rpmsave': `${JOB} root arm\n`}
    expect(await follow(['crond'], files)).toEqual(['/bin/arm | likely | foreign'])
    expect(await follow(['cron'], files)).toEqual([])
  })
})

describe('a table', () => {
  test('has variables for what comes behind them', () => {
    const table = parseTable(`PATH = "/opt:/bin"\n${JOB} a b c\nX=1\n@reboot d\nbad\n`, {hasUser: true})
    expect(table.map(({user, command, env}) => [user, command, ...env.keys()])).toEqual([['a', 'b c', 'PATH']])
    expect(parseTable('@reboot d\n', {hasUser: false})).toEqual([{user: undefined, command: 'd', env: new Map()}])
  })

  test.each([
    ['A=1 # text', [['A', '1 # text']]],
    ["'A' = ' two '  ", [['A', ' two ']]],
    ['A=  x y  ', [['A', 'x y']]],
    ['A=', [['A', '']]],
    ['A="x" y', []],
    ['A=\'"', []],
    ['A B=1', []],
  ])('%j sets %j', (line, expected) => {
    const [job] = parseTable(`${line}\n@daily job\n`, {hasUser: false})
    expect([...(job?.env ?? [])]).toEqual(expected)
  })

  test.each([
    ...['* * * * *', '0-59/5 1,2 */3 jan-dec,feb MON', '00 00 01 01 7', '@midnight', '*\t*  * * *', '1~5 * * * *'],
  ])('%j is a time', time => {
    expect(parseTable(`${time} job\n`, {hasUser: false}).map(({command}) => command)).toEqual(['job'])
  })

  test.each([
    ...[
      '61 * * * *',
      '* 24 * * *',
      '* * 0 * *',
      '* * * 13 *',
      '* * * * 8',
      '* * * foo *',
      '@every',
      '@Daily',
      '* * * *',
    ],
    ...['1- * * * *', '*/x * * * *', '-1 * * * *', ', * * * *', '99999999999999999999 * * * *'],
  ])('%j is none', time => {
    expect(parseTable(`${time} job\n`, {hasUser: false})).toEqual([])
  })

  test('takes backslashes away as its cron does', () => {
    const escaped = '@daily a\\\\b\\%c\\d\\\\%in\n'
    const commandOf = (dialect: 'debian' | 'cronie' | 'busybox') =>
      parseTable(escaped, {hasUser: false, dialect})[0]?.command
    expect(commandOf('debian')).toBe('a\\b%c\\d\\')
    expect(commandOf('cronie')).toBe('a\\\\b%c\\d\\\\')
    expect(commandOf('busybox')).toBe('a\\\\b\\%c\\d\\\\%in')
  })

  test('ends with a line end, but for busybox', () => {
    expect(parseTable('@daily one\n@daily two%x', {hasUser: false}).map(({command}) => command)).toEqual(['one'])
    const busybox = parseTable('@daily one\n@daily two%x', {hasUser: false, dialect: 'busybox'})
    expect(busybox.map(({command}) => command)).toEqual(['one', 'two%x'])
  })
})

describe('supercronic', () => {
  test.each([
    ...['* * * * *', '*/5 * * * * * *', '* * * * * 2026', '0 0 L * ?', '0 0 15W,LW * 5#3', '@hourly', '5/7 3 * sept *'],
    ...['* * * JAN-December mon-fri', '20-10/3 * * * *', '* * * * 07', '1,,2 * * * *'],
  ])('takes the schedule %j', text => {
    // Only whole names are.
    expect(isSchedule(text.split(' '))).toBe(!text.includes('sept'))
  })

  test.each([
    ...['@reboot', '61 * * * *', '* * * *', '1-7 * * * 1-7', '*/60 * * * *', '*/0 * * * *', '20-10 * * * *', ''],
    ...['* * * * * 1969', '* * * * * * * *', '@Daily', '5# * * * *', ', * * * *', '*/07 * * * * * * *'],
  ])('takes no schedule %j', text => {
    expect(isSchedule(text.split(' '))).toBe(false)
  })

  test('gives all jobs all variables, and takes a percent sign as it is', () => {
    const table = parseSupercronic(' \t* * * * * a%b  \r\n# text\nA="x"y\nB=\'z\'\n@daily c')
    expect(table).toEqual({commands: ['a%b  ', 'c'], env: new Map(Object.entries({A: '"x"y', B: 'z'}))})
  })

  test.each([
    ['a line that is no job', ['/jobs'], '@reboot arm\n', 'it takes no line "@reboot arm" in its table'],
    ['a variable without a value', ['/jobs'], 'A=\n', 'it crashes on the variable A without a value in its table'],
    ['no table', [], '', 'it takes one table'],
    ['two', ['/jobs', '/jobs'], '', 'it takes one table'],
  ])('refuses %s', async (_, words, text, reason) => {
    expect(await follow(['supercronic', ...words], {'/jobs': text})).toEqual([
      expect.stringContaining(`refused-arguments: ${reason}`),
    ])
  })

  test.each([
    ['a test of the table', ['-test', '/jobs'], []],
    ['its version', ['-version'], []],
    ['an option that is not known', ['-own', '/jobs'], ['unknown: the option -own of supercronic is not understood']],
    ['a table that is not there', ['/none'], ['unknown: the table of supercronic, /none, is not read']],
  ])('%s', async (_, words, lines) => {
    expect(await follow(['supercronic', ...words], {'/jobs': `${JOB} arm\n`})).toEqual(lines)
  })

  test('starts jobs by the shell of its table', async () => {
    const lines = await followDaemons(
      {entrypoint: ['supercronic', '/jobs']},
      {...BASE, '/jobs': `${JOB} arm\nSHELL=bash\n`},
    )
    expect(lines[0]).toMatch(/^\/bin\/bash -c arm/)
  })
})
