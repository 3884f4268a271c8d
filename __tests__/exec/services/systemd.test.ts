// biome-ignore-all lint/suspicious/noTemplateCurlyInString: systemd's own variables
import {describe, expect, test} from '@jest/globals'
import {parseExec} from '../../../src/exec/services/systemd/exec-line.ts'
import {parseUnit} from '../../../src/exec/services/systemd/unit-file.ts'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

const UNITS = '/usr/lib/systemd/system'
const WANTS = '/etc/systemd/system/multi-user.target.wants'

const BASE: MemoryTree = {
  '/usr/lib/systemd/systemd': native,
  '/sbin/init': {link: '/usr/lib/systemd/systemd'},
  [`${UNITS}/default.target`]: {link: 'multi-user.target'},
  [`${UNITS}/multi-user.target`]: '[Unit]\nRequires=basic.target\n',
  [`${UNITS}/basic.target`]: '[Unit]\nRequires=sysinit.target\n',
  [`${UNITS}/sysinit.target`]: '[Unit]\n',
  '/usr/bin/app': native,
  '/usr/bin/arm': foreign,
  '/usr/bin/plain': 'no execute bit',
  '/usr/bin/mkdir': native,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'svc:x:1000:\n',
}

/** Units of the image; `enabled` are wanted by multi-user.target. */
function follow(
  units: Readonly<Record<string, string>>,
  enabled: readonly string[] = ['a.service'],
  files: MemoryTree = {},
  entrypoint: readonly string[] = ['/sbin/init'],
): Promise<readonly string[]> {
  return followDaemons(
    {entrypoint},
    {
      ...BASE,
      ...Object.fromEntries(Object.entries(units).map(([name, text]) => [`${UNITS}/${name}`, text])),
      ...Object.fromEntries(
        enabled.map(name => [`${WANTS}/${name}`, {link: `${UNITS}/${name.replace(/@[^.]+/, '@')}`}]),
      ),
      ...files,
    },
  )
}

const service = (text: string) => ({'a.service': `[Service]\n${text}\n`})

describe('services', () => {
  test.each([
    ['a good one', 'ExecStart=/usr/bin/app -x', ['/usr/bin/app -x | a.service']],
    ['of another machine', 'ExecStart=/usr/bin/arm', ['/usr/bin/arm | a.service | foreign']],
    [
      'without an execute bit',
      'ExecStart=/usr/bin/plain',
      ['/usr/bin/plain | a.service | not-executable: no-execute-permission'],
    ],
    ['that is not there', 'ExecStart=/usr/bin/none', ['/usr/bin/none | a.service | missing']],
    ['that is not there, which is none of a failure', 'ExecStart=-/usr/bin/none', []],
    ['by its name', 'ExecStart=arm', ['/usr/bin/arm | a.service | foreign']],
    [
      'taken back, and wrong all the same',
      'ExecStart=bin/app\nExecStart=\nExecStart=/usr/bin/app',
      [
        '/sbin/init | a.service | refused-arguments: systemd does not load a.service: ExecStart names bin/app, which is neither a path from the root nor the name of a program',
      ],
    ],
    [
      'with a prefix and nothing behind it',
      'ExecStart=/usr/bin/app\nExecStop=@',
      [
        '/sbin/init | a.service | refused-arguments: systemd does not load a.service: ExecStop names no program, or no argv[0] behind an @: @',
      ],
    ],
    [
      'with a tolerated prefix and nothing behind it',
      'ExecStart=/usr/bin/app\nExecStop=-@',
      ['/usr/bin/app | a.service'],
    ],
    ['taken back', 'ExecStart=/usr/bin/arm\nExecStart=\nExecStart=/usr/bin/app', ['/usr/bin/app | a.service']],
    ['over lines, with comments', 'ExecStart=/usr/bin/app \\\n# comment\n  -x', ['/usr/bin/app -x | a.service']],
    [
      'with variables',
      'Environment="A=x y" B=z\nExecStart=/usr/bin/app $A ${A}${B} $$A ${NONE}',
      ['/usr/bin/app x y x yz $A  | a.service'],
    ],
    ['called otherwise', 'ExecStart=@/usr/bin/arm other -x', ['/usr/bin/arm -x | a.service | foreign']],
    [
      'what comes before and after',
      'ExecStartPre=/usr/bin/arm pre\nExecStart=/usr/bin/app\nExecStartPost=/usr/bin/arm post',
      ['/usr/bin/arm pre | a.service | foreign', '/usr/bin/app | a.service', '/usr/bin/arm post | a.service | foreign'],
    ],
    [
      'with a condition',
      'ExecStart=/usr/bin/arm\n[Unit]\nConditionPathExists=/x',
      ['/usr/bin/arm | a.service | likely | foreign'],
    ],
    ['with a condition, and not there', 'ExecStart=/usr/bin/none\n[Unit]\nConditionPathExists=/x', []],
    ['a user who may not', 'User=svc\nExecStart=/own', ['/own | a.service | not-executable: no-execute-permission']],
    ['a user who may not, for whom root does it', 'User=svc\nExecStart=+/own', ['/own | a.service']],
    [
      'a user who is not there',
      'User=none\nExecStart=/usr/bin/app',
      ['/sbin/init | a.service | likely | refused-arguments: there is no user none for the service a.service'],
    ],
    [
      'nothing to execute',
      'Type=oneshot',
      ['/sbin/init | a.service | refused-arguments: systemd does not load a.service: it has no ExecStart'],
    ],
    ['nothing to execute but at its end', 'Type=oneshot\nExecStop=/usr/bin/arm', []],
    [
      'two commands that run once',
      'Type=oneshot\nExecStart=/usr/bin/arm\nExecStart=/usr/bin/app',
      ['/usr/bin/arm | a.service | foreign', '/usr/bin/app | a.service'],
    ],
  ])('%s', async (_, text, lines) => {
    expect(await follow(service(text), ['a.service'], {'/own': {...(native as object), mode: 0o700}})).toEqual(lines)
  })

  test.each([
    ['a path that is not one from the root', 'ExecStart=./arm', 'ExecStart names ./arm, which is neither'],
    ['the same before it', 'ExecStart=/usr/bin/arm\nExecStartPre=bin/app', 'ExecStartPre names bin/app, which'],
    ['a directory', 'ExecStart=/usr/bin/arm\nExecStopPost=/usr/bin/', 'ExecStopPost names /usr/bin/, which'],
    ['two commands', 'ExecStart=/usr/bin/arm\nExecStart=/usr/bin/app', 'ExecStart has 2 commands, which only'],
    ['two in one line', 'Type=forking\nExecStart=/usr/bin/arm ; /usr/bin/app', 'ExecStart has 2 commands, which only'],
    ['two, one of them tolerated', 'ExecStart=-./arm\nExecStart=/usr/bin/app', 'ExecStart has 2 commands, which only'],
  ])('is not loaded with %s', async (_, text, reason) => {
    const lines = await follow(service(text))
    expect(lines.length).toBe(1)
    expect(lines[0]).toContain(`refused-arguments: systemd does not load a.service: ${reason}`)
  })

  test('what is executed before may make what is started', async () => {
    const text = 'ExecStartPre=/bin/sh -c "cp /usr/bin/app /made"\nExecStart=/made'
    expect(await follow(service(text), ['a.service'], {'/bin/sh': native, '/bin/cp': native})).toEqual([
      '/bin/sh -c cp /usr/bin/app /made | a.service',
      '/bin/cp /usr/bin/app /made | a.service',
      '/made | a.service',
    ])
  })
})

describe('which units', () => {
  const arm = '[Service]\nExecStart=/usr/bin/arm\n'
  const found = '/usr/bin/arm | a.service | foreign'

  test.each([
    ['not enabled', {'a.service': arm}, [], {}, []],
    ['masked by a link', {'a.service': arm}, ['a.service'], {'/etc/systemd/system/a.service': {link: '/dev/null'}}, []],
    ['masked by an empty file', {'a.service': arm}, ['a.service'], {'/etc/systemd/system/a.service': ''}, []],
    [
      'replaced in /etc',
      {'a.service': arm},
      ['a.service'],
      {'/etc/systemd/system/a.service': '[Service]\nExecStart=/usr/bin/app\n'},
      ['/usr/bin/app | a.service'],
    ],
    [
      'changed by a drop-in',
      {'a.service': arm},
      ['a.service'],
      {'/etc/systemd/system/a.service.d/x.conf': '[Service]\nExecStart=\nExecStart=/usr/bin/app\n'},
      ['/usr/bin/app | a.service'],
    ],
    [
      'with a drop-in that is wrong, and is read up to there',
      {'a.service': arm},
      ['a.service'],
      {
        '/etc/systemd/system/a.service.d/x.conf':
          '[Service]\nExecStartPre=/usr/bin/app\nExecStartPre=bin/app\nExecStart=\nExecStart=/usr/bin/app of x\n',
      },
      ['/usr/bin/app | a.service', found],
    ],
    [
      'required by a link that leads to nothing',
      {'a.service': arm},
      ['a.service'],
      {
        '/etc/systemd/system/multi-user.target.requires/b.service': {link: '../b.service'},
        '/etc/systemd/system/b.service': {link: '/dev/null'},
      },
      [found],
    ],
    ['wanted by a setting', {'b.target': '[Unit]\nWants=a.service\n', 'a.service': arm}, ['b.target'], {}, [found]],
    [
      'required by a link',
      {'a.service': arm},
      [],
      {[`${UNITS}/basic.target.requires/a.service`]: {link: '../a.service'}},
      [found],
    ],
    [
      'of sysinit.target, which each service wants',
      {'b.service': '[Service]\nExecStart=/usr/bin/app\n', 'a.service': arm, 'multi-user.target': '[Unit]\n'},
      ['b.service'],
      {[`${UNITS}/sysinit.target.wants/a.service`]: {link: '../a.service'}},
      ['/usr/bin/app | b.service', found],
    ],
    [
      'by a socket',
      {'a.socket': '[Socket]\nListenStream=80\n', 'a.service': arm},
      ['a.socket'],
      {},
      ['/usr/bin/arm | a.service | likely | foreign'],
    ],
    [
      'by a timer',
      {'x.timer': '[Timer]\nUnit=a.service\n', 'a.service': arm},
      ['x.timer'],
      {},
      ['/usr/bin/arm | a.service | likely | foreign'],
    ],
    [
      'of a template',
      {'a@.service': '[Service]\nExecStart=/usr/bin/arm %i %p %n\n'},
      ['a@one.service'],
      {},
      ['/usr/bin/arm one a a@one.service | a@one.service | foreign'],
    ],
    [
      'by an alias',
      {'a.service': arm},
      [],
      {
        '/etc/systemd/system/b.service': {link: `${UNITS}/a.service`},
        [`${WANTS}/b.service`]: {link: `${UNITS}/a.service`},
      },
      [found],
    ],
    [
      'in a circle',
      {'a.service': `${arm}[Unit]\nWants=b.target`, 'b.target': '[Unit]\nWants=a.service\n'},
      ['b.target'],
      {},
      [found],
    ],
    ['by a link to nothing', {}, ['a.service'], {}, []],
  ])('%s', async (_, units, enabled, files, lines) => {
    expect(await follow(units, enabled, files)).toEqual(lines)
  })

  test('of the target that is named', async () => {
    const files = {[`${UNITS}/rescue.target`]: '[Unit]\nWants=r.service\n', [`${UNITS}/r.service`]: arm}
    const line = ['/usr/bin/arm | r.service | foreign']
    expect(await follow({}, [], files, ['/sbin/init', '--unit=rescue.target'])).toEqual(line)
    expect(await follow({}, [], files, ['/sbin/init', '1'])).toEqual(line)
  })
})

test('command lines', () => {
  const meanings = {
    specifier: (letter: string) => (letter === 'n' ? 'name' : undefined),
    variable: (name: string) => (name === 'A' ? 'b c' : undefined),
  }
  const parse = (text: string) =>
    parseExec(text, meanings).map(({path, words, unknownWord}) => [
      path,
      ...words,
      ...(unknownWord === undefined ? [] : [`?${unknownWord}`]),
    ])
  expect(parse('/a %n %% "x y" \'z\' e\\x41 ; /b \\; $A "$A" ${A}x $NO more')).toEqual([
    ['/a', 'name', '%', 'x y', 'z', 'eA'],
    ['/b', ';', 'b', 'c', 'b', 'c', 'b cx', '?"…"'],
  ])
  expect(parse('-+@/a b c')).toEqual([['/a', 'c']])
  expect(parse(':/a $A')).toEqual([['/a', '$A']])
  expect(parse('')).toEqual([])
  expect(parse('/a %q')).toEqual([['/a', '?"…"']])
})

test('the text of a unit', () => {
  expect(parseUnit('; x\n[Unit]\nA = b \\\n  ; no\n  c\r\n\n[Service]\nB=\nnothing\n=x\nC=d\\\\\n')).toEqual([
    ['Unit.A', 'b  c'],
    ['Service.B', ''],
    ['Service.C', 'd\\\\'],
  ])
})

test('a systemd without units is not determined', async () => {
  expect(await followDaemons({entrypoint: ['/usr/lib/systemd/systemd']}, {'/usr/lib/systemd/systemd': native})).toEqual(
    ['unknown: systemd starts what its configuration says'],
  )
})

test('a script of one of its services is followed', async () => {
  const files = {'/start': executable('#!/bin/sh\nexec arm\n'), '/bin/sh': native}
  expect(await follow(service('ExecStart=/start'), ['a.service'], files)).toEqual([
    '/start | a.service',
    '/bin/sh | a.service',
    '/usr/bin/arm | a.service | foreign',
  ])
})
