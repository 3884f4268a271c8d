import {describe, expect, test} from '@jest/globals'
import {parseTable} from '../../../src/exec/services/cron.ts'
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
async function follow(entrypoint: readonly string[], files: MemoryTree): Promise<readonly string[]> {
  const lines = await followDaemons({entrypoint}, {...BASE, ...files})
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

  test('their variables', () => {
    const table = parseTable(`PATH = "/opt:/bin"\n${JOB} a b c\nX=1\n@reboot d\nbad\n`, true)
    expect(table.map(({user, command, env}) => [user, command, ...env.keys()])).toEqual([['a', 'b c', 'PATH']])
    expect(parseTable('@reboot d\n', false)).toEqual([{user: undefined, command: 'd', env: new Map()}])
  })

  test('supercronic without its table is not determined', async () => {
    expect(await follow(['supercronic'], {})).toEqual([
      'unknown: the table of supercronic, of which there is none, is not read',
    ])
  })
})
