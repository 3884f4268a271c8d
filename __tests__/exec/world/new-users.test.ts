import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {nativeProgram, sayStart, startScript} from '../../support/script-start.ts'

/*
 * What useradd, usermod, groupadd and groupmod of shadow 4.13 and Debian's adduser 3.134 put into /etc/passwd and
 * /etc/group, as literals. What their settings decide may be otherwise, and is in doubt.
 */

const TOOLS = 'usermod groupadd addgroup groupmod su'
const ofGroup = (gid: number) => ({content: nativeProgram(), mode: 0o070, uid: 9, gid})
const FILES: MemoryTree = {
  ...Object.fromEntries(TOOLS.split(' ').map(name => [`/bin/${name}`, executable(nativeProgram())])),
  '/etc/login.defs': 'UID_MIN 1000\nUSERGROUPS_ENAB yes\n',
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\nno:x:1003:1000::/home/no:/bin/sh\n',
  '/etc/group': 'root:x:0:\nstaff:x:50:no\nusers:x:100:\napp:x:1000:\nother:x:1002:app,no\n',
  ...Object.fromEntries([50, 77, 100, 500, 1000, 1001, 1002, 1200, 1500].map(gid => [`/app/g${gid}`, ofGroup(gid)])),
  ...Object.fromEntries([50, 77, 1000, 1200].map(uid => [`/app/u${uid}`, {...ofGroup(9), mode: 0o700, uid}])),
}

/** Whether he may execute a program then: `yes`, `no`, or in doubt. */
async function may(command: string, user: string, path: string, files: MemoryTree = {}): Promise<string> {
  const startup = await startScript(`${command}; exec gosu ${user} /app/${path}`, {files: {...FILES, ...files}})
  const said = sayStart(startup)
  const [first = ''] = said
  if (said.length === 1 && first === `/app/${path}`) return 'yes'
  if (said.length === 1 && first === `/app/${path}: not-executable`) return 'no'
  return first.startsWith(`/app/${path}: not-executable (`) ? 'perhaps' : said.join(', ')
}

describe('useradd', () => {
  test.each<[command: string, path: string, expected: string]>([
    ['useradd -u 1200 u', 'g1200', 'yes'],
    ['useradd -u 1200 u', 'u1200', 'yes'],
    ['useradd -u 1200 u', 'g100', 'no'],
    ['useradd -N -u 1200 u', 'g100', 'perhaps'],
    ['useradd -u 1200 -g users u', 'g100', 'yes'],
    ['useradd -u 1200 -g users u', 'g1200', 'no'],
    ['useradd -u 1200 -g users -G staff,app u', 'g50', 'yes'],
    ['useradd -u 1200 -g users -G staff,app u', 'g1000', 'yes'],
    ['useradd -u 1200 --groups staff u', 'g50', 'yes'],
    ['useradd -u 1200 -U u', 'g1200', 'yes'],
    // Another group has his number.
    ['useradd -o -u 1000 u', 'u1000', 'yes'],
    ['useradd -o -u 1000 u', 'g1000', 'perhaps'],
    ['useradd --non-unique --uid 1000 u', 'u1000', 'yes'],
    // The group gets another number than a user outside of their range.
    ['useradd -u 500 u', 'g500', 'perhaps'],
    ['useradd -u 70000 u', 'g1200', 'perhaps'],
    ['useradd -r -u 500 u', 'g500', 'yes'],
    ['useradd --system -u 500 u', 'g500', 'yes'],
    ['useradd -r -u 1500 u', 'g1500', 'perhaps'],
  ])('%s: %s %s', async (command, path, expected) => {
    expect(await may(command, 'u', path)).toBe(expected)
  })

  test.each<[settings: string, command: string, path: string, expected: string]>([
    ['GID_MIN 1500', 'useradd -u 1500 u', 'g1500', 'yes'],
    ['GID_MIN 1501', 'useradd -u 1500 u', 'g1500', 'perhaps'],
    ['GID_MAX\t1500', 'useradd -u 1500 u', 'g1500', 'yes'],
    [' GID_MAX 1100', 'useradd -u 1500 u', 'g1500', 'perhaps'],
    ['#GID_MAX 1100', 'useradd -u 1500 u', 'g1500', 'yes'],
    ['GID_MAX 1100\nGID_MAX 2000', 'useradd -u 1500 u', 'g1500', 'yes'],
    ['SYS_GID_MIN 500', 'useradd -r -u 500 u', 'g500', 'yes'],
    ['SYS_GID_MIN 501', 'useradd -r -u 500 u', 'g500', 'perhaps'],
    ['SYS_GID_MAX 500', 'useradd -r -u 500 u', 'g500', 'yes'],
    ['SYS_GID_MAX 499', 'useradd -r -u 500 u', 'g500', 'perhaps'],
    ['GID_MIN 500', 'useradd -r -u 500 u', 'g500', 'perhaps'],
    ['GID_MIN 400', 'useradd -u 500 u', 'g500', 'yes'],
  ])('login.defs with %j: %s: %s %s', async (settings, command, path, expected) => {
    const files = {'/etc/login.defs': `USERGROUPS_ENAB yes\n${settings}\n`}
    expect(await may(command, 'u', path, files)).toBe(expected)
  })

  test.each<[settings: string, expected: string]>([
    ['USERGROUPS_ENAB yes', 'yes'],
    [' \tUSERGROUPS_ENAB \tyes', 'yes'],
    ['usergroups_enab YES', 'yes'],
  ])('a group of his own by %j', async (settings, expected) => {
    expect(await may('useradd -u 1200 u', 'u', 'g1200', {'/etc/login.defs': `# x\n${settings}\n`})).toBe(expected)
  })

  test.each(['USERGROUPS_ENAB no', '#USERGROUPS_ENAB yes', 'XUSERGROUPS_ENAB yes', ''])(
    'not for sure by %j',
    async settings => {
      const files = {'/etc/login.defs': `${settings}\n`}
      expect(await may('useradd -u 1200 u', 'u', 'g100', files)).toBe('perhaps')
      expect(await may('useradd -U -u 1200 u', 'u', 'g100', files)).toBe('no')
      expect(await may('useradd --user-group -u 1200 u', 'u', 'g100', files)).toBe('no')
    },
  )
})

describe('usermod and groupmod', () => {
  test.each<[command: string, path: string, expected: string]>([
    ['usermod -u 1200 app', 'u1200', 'yes'],
    ['usermod -u 1200 app', 'u1000', 'no'],
    ['usermod -u 1200 app', 'g1000', 'yes'],
    ['usermod -u 1000 app', 'u1000', 'yes'],
    ['usermod -o -u 1003 app', 'u1000', 'no'],
    ['usermod -g 50 app', 'g50', 'yes'],
    ['usermod -g staff app', 'g1000', 'no'],
    ['usermod -G staff app', 'g50', 'yes'],
    ['usermod -G staff app', 'g1002', 'no'],
    ['usermod -G staff,users app', 'g100', 'yes'],
    ['usermod -a -G staff app', 'g1002', 'yes'],
    ['usermod --append --groups staff app', 'g1002', 'yes'],
    ['groupmod -g 77 app', 'g77', 'yes'],
    ['groupmod -g 77 app', 'g1000', 'no'],
    ['groupmod --gid 1000 app', 'g1000', 'yes'],
    ['groupmod -o -g 50 app', 'g50', 'yes'],
    ['groupmod --non-unique -g 50 app', 'g50', 'yes'],
    ['groupmod -g 77 other', 'g77', 'yes'],
    ['groupmod -g 77 other', 'g1000', 'yes'],
  ])('%s: %s %s', async (command, path, expected) => {
    expect(await may(command, 'app', path)).toBe(expected)
  })

  test('of another user nothing changes', async () => {
    expect(await may('usermod -G staff app', 'no', 'g1002')).toBe('yes')
    expect(await may('usermod -G users no', 'app', 'g1002')).toBe('yes')
    expect(await may('usermod -G users no', 'no', 'g50')).toBe('no')
    expect(await may('groupmod -g 77 staff', 'no', 'g77')).toBe('yes')
    expect(await may('groupmod -g 77 staff', 'app', 'g1000')).toBe('yes')
  })
})

describe('adduser', () => {
  const QUIET = 'adduser --disabled-password --gecos x'
  test.each<[command: string, path: string, expected: string]>([
    [`${QUIET} --uid 1200 u`, 'g1200', 'yes'],
    [`${QUIET} --uid 500 u`, 'g500', 'yes'],
    [`${QUIET} --uid 1200 --ingroup staff u`, 'g50', 'yes'],
    [`${QUIET} --uid 1200 --ingroup staff u`, 'g1200', 'no'],
    [`${QUIET} --uid 1200 --gid 50 u`, 'g50', 'yes'],
    ['adduser --disabled-login --gecos x --uid 1200 u', 'g1200', 'yes'],
    ['adduser app staff', 'g50', 'yes'],
    ['adduser app staff', 'g1000', 'yes'],
    ['addgroup app staff', 'g50', 'yes'],
  ])('%s: %s %s', async (command, path, expected) => {
    expect(await may(command, /app/.test(command) ? 'app' : 'u', path)).toBe(expected)
  })

  test.each<[settings: string, expected: string]>([
    ['USERGROUPS=yes', 'no'],
    ['#USERGROUPS=no', 'no'],
    ['XUSERGROUPS=no', 'no'],
    ['USERGROUPS=no', 'perhaps'],
    [' \tUSERGROUPS = "no"', 'perhaps'],
    ["USERGROUPS\t=  'no'", 'perhaps'],
    ['usergroups=NO', 'perhaps'],
  ])('adduser.conf with %j: whether he is of another group: %s', async (settings, expected) => {
    const files = {'/etc/adduser.conf': `# x\n${settings}\n`}
    expect(await may(`${QUIET} --uid 1200 u`, 'u', 'g77', files)).toBe(expected)
  })

  test.each([
    ['USERGROUPS_ENAB no', 'perhaps'],
    [' \tUSERGROUPS_ENAB \tno', 'perhaps'],
    ['#USERGROUPS_ENAB no', 'no'],
    ['USERGROUPS_ENAB yes', 'no'],
  ])('where it is useradd, login.defs with %j decides: %s', async (settings, expected) => {
    expect(await may(`${QUIET} --uid 1200 u`, 'u', 'g77', {'/etc/login.defs': `x\n${settings}\n`})).toBe(expected)
  })

  test('addgroup of Debian, a script, adds nobody to a group', async () => {
    const script = {'/usr/sbin/adduser': executable('#!/usr/bin/perl\n')}
    expect(await may('addgroup app staff', 'app', 'g50', script)).toBe('perhaps')
  })
})

describe('how they end', () => {
  const FAILS = [
    ...['useradd -u 1000 u', 'useradd -u 1200 -G staff,nosuch u', 'useradd -u 1200 -g nosuch u', 'useradd app'],
    ...['useradd -u 1200 staff', 'usermod -u 0 app', 'usermod -g nosuch app', 'usermod -G nosuch app', 'usermod -L u'],
    ...['groupmod -g 50 app', 'groupmod -g 77 u', 'groupadd -g 1000 u', 'groupadd app', 'addgroup -g 1000 u'],
    ...['addgroup staff', 'addgroup app nosuch', 'addgroup nosuch staff', 'adduser app nosuch', 'adduser -D app'],
    ...['adduser --disabled-password --gecos x --uid 1000 u', 'adduser -D -u 1200 -G nosuch u'],
  ]
  const OK = [
    ...['useradd -u 1200 u', 'useradd -o -u 1000 u', 'usermod -o -u 0 app', 'usermod -u 1000 app', 'usermod -L app'],
    ...['groupmod -g 77 app', 'groupmod -g 1000 app', 'groupadd -g 77 u', 'groupadd -o -g 1000 u', 'groupadd -f app'],
    ...['groupadd -f -g 1000 u', 'addgroup -g 77 u', 'addgroup app staff', 'adduser app staff', 'adduser -D -u 1200 u'],
    ...['adduser --disabled-login --gecos x --uid 1200 u', 'adduser --empty-password --gecos x --uid 1200 u'],
  ]
  const OPEN = [
    ...['useradd u v', 'useradd', 'usermod app u', 'groupadd a b', 'groupmod -n b app', 'groupmod -g 77 app u'],
    ...['adduser app staff x', 'addgroup app staff x', 'adduser u', 'adduser -S -u 200 u', 'addgroup -S u'],
    ...['adduser --system --uid 200 u', 'addgroup --system u', 'useradd -u 9999999999 u', 'useradd A', 'groupadd 1a'],
    ...[
      'adduser -g x -u 1200 u',
      'adduser -G staff -u 1200 u',
      'groupadd -g 2147483648 u',
      'usermod -u 4294967296 app',
    ],
  ]
  test.each([
    ...FAILS.map(command => [command, '/app/script, /app/arm: refused']),
    ...OK.map(command => [command, '/app/server']),
    ...OPEN.map(command => [command, undefined]),
  ])('%s', async (command = '', expected) => {
    const text = `if ${command}; then exec /app/server; else exec /app/script; fi`
    const said = sayStart(await startScript(text, {files: FILES})).join(', ')
    expect(said).toBe(expected ?? '? /app/arm: refused')
  })
})
