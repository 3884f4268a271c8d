// biome-ignore-all lint/suspicious/noTemplateCurlyInString: systemd's own variables
import {describe, expect, test} from '@jest/globals'
import {executable, type MemoryTree} from '../../support/memory-rootfs.ts'
import {followDaemons, foreign, native} from './follow-daemons.ts'

// What settings of units and places of their files make of what systemd starts: systemd.unit(5), systemd.service(5),
// systemd.exec(5). Each walk is held to ../golden/systemd-settings.txt: as whom, where, with which variables, by which
// setting.

const UNITS = '/usr/lib/systemd/system'
const OWN = '/etc/systemd/system'
const arm = '[Service]\nExecStart=/usr/bin/arm\n'

const BASE: MemoryTree = {
  '/usr/lib/systemd/systemd': native,
  '/sbin/init': {link: '/usr/lib/systemd/systemd'},
  [`${UNITS}/default.target`]: {link: 'multi-user.target'},
  [`${UNITS}/multi-user.target`]: '[Unit]\nRequires=basic.target\n',
  [`${UNITS}/graphical.target`]: '[Unit]\nWants=g.service\n',
  [`${UNITS}/rescue.target`]: '[Unit]\nWants=r.service\n',
  [`${UNITS}/emergency.target`]: '[Unit]\nWants=e.service\n',
  [`${UNITS}/basic.target`]: '[Unit]\nRequires=sysinit.target\n',
  [`${UNITS}/sysinit.target`]: '[Unit]\n',
  ...Object.fromEntries('gre'.split('').map(name => [`${UNITS}/${name}.service`, `${arm.trimEnd()} ${name}\n`])),
  '/usr/bin/app': native,
  '/usr/bin/arm': foreign,
  '/usr/local/bin/app': native,
  '/opt/bin/own': native,
  '/bin/sh': native,
  '/bin/cp': native,
  '/srv/files': {kind: 'directory'},
  '/srv/link': {link: 'files'},
  '/home/svc': {kind: 'directory'},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\nhomeless:x:1001:1001:::\n',
  '/etc/group': 'svc:x:1000:\nmore:x:2000:svc\n',
}

function follow(units: MemoryTree, entrypoint: readonly string[] = ['/sbin/init']): Promise<readonly string[]> {
  return followDaemons({entrypoint, env: ['PATH=/bin', 'OF_CONTAINER=1']}, {...BASE, ...units})
}

const enabled = (name: string): MemoryTree => ({
  [`${UNITS}/multi-user.target.wants/${name}`]: {link: `../${name}`},
})
const service = (text: string, name = 'a.service'): MemoryTree => ({[`${UNITS}/${name}`]: text, ...enabled(name)})

describe('settings of a service', () => {
  test.each([
    'WorkingDirectory=/srv/files',
    'WorkingDirectory=/srv/link',
    'WorkingDirectory=-/none',
    'WorkingDirectory=/none',
    'WorkingDirectory=/usr/bin/app',
    'WorkingDirectory=-/usr/bin/app',
    'WorkingDirectory=-relative',
    'WorkingDirectory=/made',
    'WorkingDirectory=/made/below',
    'WorkingDirectory=/run/none',
    'WorkingDirectory=/none\nStateDirectory=x',
    'WorkingDirectory=/none\nExecStartPre=/usr/bin/app',
    'WorkingDirectory=~\nUser=svc',
    'WorkingDirectory=~\nUser=homeless',
    'WorkingDirectory=relative',
    'WorkingDirectory=%S/x',
    'User=svc',
    'User=1000',
    'User=4000',
    'User=0',
    'User=65534',
    'User=svc:svc',
    'User=%i',
    'User=none',
    'DynamicUser=yes\nUser=none',
    'DynamicUser=TRUE\nUser=none',
    'DynamicUser=1',
    'DynamicUser=no\nUser=svc',
    'DynamicUser=yesno\nUser=svc',
    'RootDirectory=/srv',
    'RootImage=/srv/x.img',
    'RootDirectory=',
    'Environment=A=1 "B=2 3" C=\nEnvironment=D=$A',
    'Environment=A=%n =x B',
    'Environment=A=1\nEnvironment=\nEnvironment=B=2',
    'Environment=PATH=/opt/bin',
    'PassEnvironment=OF_CONTAINER',
    'EnvironmentFile=/etc/own.env',
    'EnvironmentFile=-/etc/none.env',
    'EnvironmentFile=/etc/none.env',
    'EnvironmentFile=/etc/%p.env',
    'EnvironmentFile=/etc/own.env\nEnvironment=A=first',
    'Type=oneshot\nExecStart=/usr/bin/app',
    'ExecStartPre=/usr/bin/app %t %S %C %L %E %T %V %f %N %p %i %j %J %P %I',
    'ExecStartPre=-/usr/bin/arm one',
    'ExecStartPre=!/usr/bin/app\nExecStartPre=!!/usr/bin/app two\nExecStartPre=+/usr/bin/app three\nUser=svc',
    'ExecStartPost=/usr/bin/app after',
    'ExecStartPost=own',
    'ExecStartPre=/usr/bin/app $A ${A} $NONE "${A} x" $$A %%',
    'ExecCondition=/usr/bin/app',
    'ExecCondition=',
    'ExecStop=/usr/bin/none',
    'ExecReload=/usr/bin/none',
  ])('%s', async text => {
    const files = {
      '/etc/own.env': '# no\n; no\nA=x\n B="two words"\nC=\'3\'\nnot a pair\n1D=x\nexport E=1\nF=a b \n',
      '/etc/a.env': 'A=of a\n',
      '/usr/lib/tmpfiles.d/own.conf': '# d /none\nd /made/below 0755 root root -\n',
    }
    const unit = `[Service]\n${text}\nExecStart=/usr/bin/app $A\n`
    expect(await follow({...service(unit), ...files})).toBeDefined()
  })

  test.each([
    ['app'],
    ['arm -x'],
    ['own'],
    ['none'],
    ['@/usr/bin/app other word'],
    [':/usr/bin/app $A ${B}'],
    ['-@:/usr/bin/app'],
    ['"/usr/bin/app" \'a b\' a\\x20b a\\tb "\\\\"'],
    ['/usr/bin/app "no end'],
    ["/usr/bin/app one 'no end"],
    ['"/usr/bin/app'],
    ['-/usr/bin/app "no end'],
    ['\nType=oneshot'],
    ['\nType=oneshot\nExecStop=/usr/bin/app'],
    ['/usr/bin/app a"b c"d'],
    ['/usr/bin/app ; /usr/bin/arm'],
    ['/usr/bin/app \\; /usr/bin/arm'],
    ['/usr/bin/app %q'],
    ['%q/app'],
    ['$APP'],
    ['/usr/bin/none || true'],
    ['/bin/sh -c "exec /usr/bin/arm"'],
    [''],
  ])('ExecStart=%s', async text => {
    expect(await follow(service(`[Service]\nExecStart=${text}\n`))).toBeDefined()
  })

  test.each([
    ['Unit', 'ConditionPathExists=/x'],
    ['Unit', 'ConditionPathExists='],
    ['Unit', 'AssertFileNotEmpty=/x'],
    ['Unit', 'XConditionPathExists=/x'],
    ['Unit', 'Conditional=x'],
    ['Unit', 'DefaultDependencies=no'],
    ['Unit', 'Wants=e.service g.service'],
    ['Unit', 'Requires=e.service\nRequires=\nBindsTo=g.service'],
    ['Unit', 'Upholds=r.service'],
    ['Unit', 'After=e.service'],
    ['Unit', 'Wants=none.service'],
    ['Install', 'WantedBy=multi-user.target'],
  ])('[%s] %s', async (section, text) => {
    const tree = service(`[${section}]\n${text}\n${arm}`)
    expect(await follow({...tree, [`${UNITS}/sysinit.target`]: '[Unit]\nWants=early.service\n'})).toBeDefined()
  })

  test.each([
    ['a-b-c.service', 'ExecStart=/usr/bin/app %p %j %J %P %n %N %f'],
    ['a-b@x-y.service', 'ExecStart=/usr/bin/app %p %j %i %I %f %n %N'],
    ['a\\x2db.service', 'ExecStart=/usr/bin/app %p %P'],
  ])('specifiers of %s', async (name, text) => {
    const template = name.replace(/@[^.]*/, '@')
    const tree = {[`${UNITS}/${template}`]: `[Service]\n${text}\n`, ...enabled(name)}
    expect(await follow(tree)).toHaveLength(1)
  })
})

describe('what is started by another unit', () => {
  test.each([
    ['a.socket', '[Socket]\nListenStream=80\n'],
    ['a.socket', '[Socket]\nAccept=yes\n'],
    ['a.socket', '[Socket]\nAccept=no\nService=b.service\n'],
    ['a.timer', '[Timer]\nOnBootSec=1\n'],
    ['a.timer', '[Timer]\nUnit=b.service\n'],
    ['a.path', '[Path]\nPathExists=/x\n'],
    ['a.path', '[Path]\nUnit=b.service\n'],
    ['a.mount', '[Mount]\nWhat=/dev/x\n'],
    ['a.target', '[Unit]\nWants=b.service\n'],
  ])('%s: %s', async (name, text) => {
    const units = Object.fromEntries(
      ['a.service', 'a@.service', 'b.service', 'early.service'].map(unit => [
        `${UNITS}/${unit}`,
        `[Service]\nExecStart=/usr/bin/arm ${unit}\n`,
      ]),
    )
    const sysinit = {[`${UNITS}/sysinit.target`]: '[Unit]\nWants=early.service\n'}
    expect(await follow({...units, ...sysinit, ...service(text, name)})).not.toEqual([])
  })

  test('a service that is wanted, and waited for by a socket: it is certain', async () => {
    const tree = {...service(arm), ...service('[Socket]\nListenStream=80\n', 'a.socket')}
    expect(await follow(tree)).toEqual(['/usr/bin/arm | a.service | foreign'])
  })
})

describe('where units are', () => {
  const app = '[Service]\nExecStart=/usr/bin/app\n'
  const places = [
    '/etc/systemd/system.control',
    '/run/systemd/system.control',
    '/run/systemd/transient',
    '/run/systemd/generator.early',
    '/etc/systemd/system',
    '/etc/systemd/system.attached',
    '/run/systemd/system',
    '/run/systemd/system.attached',
    '/run/systemd/generator',
    '/usr/local/lib/systemd/system',
    '/usr/lib/systemd/system',
    '/lib/systemd/system',
    '/run/systemd/generator.late',
  ]

  test.each(places.slice(1).map((place, at) => [places[at] ?? '', place]))(
    '%s comes before %s',
    async (first, second) => {
      const tree = {[`${first}/a.service`]: app, [`${second}/a.service`]: arm, ...enabled('a.service')}
      expect(await follow(tree)).toEqual(['/usr/bin/app | a.service'])
    },
  )

  test('a place that is a link to another one', async () => {
    const tree = {'/lib/systemd/system': {link: UNITS}, ...service(arm)}
    expect(await follow(tree)).toEqual(['/usr/bin/arm | a.service | foreign'])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['of its own name', {[`${OWN}/a-b.service.d/x.conf`]: app}, ['app']],
    ['of its kind', {[`${OWN}/service.d/x.conf`]: app}, ['app']],
    ['of its prefix', {[`${OWN}/a-.service.d/x.conf`]: app}, ['app']],
    ['without its end', {[`${OWN}/a-b.service.d/x.txt`]: app}, ['arm']],
    [
      'in the order of their names',
      {[`${OWN}/a-b.service.d/2.conf`]: app, [`${UNITS}/a-b.service.d/1.conf`]: '[Service]\nExecStart=/usr/bin/none\n'},
      ['app'],
    ],
    [
      'of one name in two places',
      {[`${OWN}/a-b.service.d/x.conf`]: app, [`${UNITS}/a-b.service.d/x.conf`]: '[Service]\nExecStart=/usr/bin/none\n'},
      ['app'],
    ],
  ])('a drop-in %s', async (_, dropIns, [name]) => {
    const replacing = Object.fromEntries(
      Object.entries(dropIns).map(([path, text]) => [path, String(text).replace('ExecStart', 'ExecStart=\nExecStart')]),
    )
    const lines = await follow({...service(arm, 'a-b.service'), ...replacing})
    expect(lines.map(line => line.split(' ')[0])).toEqual([`/usr/bin/${name}`])
  })

  test.each<[string, MemoryTree, readonly string[]]>([
    ['an alias', {...service(arm), [`${OWN}/alias.service`]: {link: `${UNITS}/a.service`}}, ['a.service']],
    [
      'an alias of a template',
      {
        [`${UNITS}/t@.service`]: '[Service]\nExecStart=/usr/bin/arm %i %n\n',
        [`${OWN}/alias@.service`]: {link: `${UNITS}/t@.service`},
        [`${OWN}/multi-user.target.wants/alias@x.service`]: {link: `${UNITS}/t@.service`},
      },
      ['t@x.service'],
    ],
    [
      'a link to elsewhere',
      {'/opt/o.service': arm, [`${OWN}/o2.service`]: {link: '/opt/o.service'}, ...enabled('o2.service')},
      ['o2.service'],
    ],
    [
      'a target of links alone',
      {...service(arm), [`${UNITS}/only.target.wants/r.service`]: '', ...enabled('only.target')},
      [],
    ],
    ['a service of links alone', {[`${UNITS}/x.service.wants/r.service`]: '', ...enabled('x.service')}, []],
    ['upheld', {[`${UNITS}/multi-user.target.upholds/r.service`]: ''}, ['r.service']],
    ['required', {[`${UNITS}/multi-user.target.requires/r.service`]: ''}, ['r.service']],
    ['masked', {...service(arm), [`${OWN}/a.service`]: {link: '/dev/null'}}, []],
    ['masked by nothing in it', {...service(arm), [`${OWN}/a.service`]: ''}, []],
    ['a directory of its name', {...service(arm), [`${OWN}/a.service`]: {kind: 'directory'}}, []],
    ['a dangling link', {...service(arm), [`${OWN}/a.service`]: {link: '/none'}}, []],
    [
      'an instance of its own',
      {
        [`${UNITS}/t@.service`]: arm,
        [`${UNITS}/t@x.service`]: app,
        ...enabled('t@x.service'),
      },
      ['t@x.service'],
    ],
  ])('%s', async (_, tree, names) => {
    const lines = await follow(tree)
    if (names.length > 0) expect(lines.join('\n')).toContain(names.join())
  })
})

// systemd 257 of Debian, by its test mode.
describe('units that cannot be loaded', () => {
  const nothing = 'it starts nothing, for it cannot start default.target: '
  test.each<[string, MemoryTree, string]>([
    [
      'one that the default target requires',
      {
        ...service('[Service]\nExecStart=bin/app\n', 'bad.service'),
        ...service(arm),
        [`${UNITS}/multi-user.target.requires/bad.service`]: {link: '../bad.service'},
      },
      `${nothing}it does not load bad.service: ExecStart names bin/app, which is neither a path from the root nor the name`,
    ],
    [
      'one that a required target requires',
      {
        [`${UNITS}/bad.service`]: '[Service]\nExecStartPost=/usr/bin/app\n',
        [`${UNITS}/basic.target`]: '[Unit]\nBindsTo=bad.service\n',
      },
      `${nothing}it does not load bad.service: it has no ExecStart`,
    ],
    ['a masked one', {[`${UNITS}/basic.target`]: {link: '/dev/null'}}, `${nothing}basic.target is masked`],
    [
      'one that a wanted target requires',
      {
        [`${UNITS}/bad.service`]: '[Service]\nExecStart=bin/app\n',
        [`${UNITS}/next.target`]: '[Unit]\nRequires=bad.service\nWants=g.service\n',
        ...enabled('next.target'),
      },
      '/usr/bin/arm g',
    ],
  ])('%s', async (_, tree, expected) => {
    expect((await follow(tree)).join('\n')).toContain(expected)
  })

  test('what requires one that is not loaded is likely', async () => {
    const tree = {
      ...service('[Unit]\nRequires=bad.service\n[Service]\nExecStart=/usr/bin/arm\n'),
      [`${UNITS}/bad.service`]: '[Service]\nExecStart=bin/app\n',
    }
    expect((await follow(tree)).find(line => line.includes('/usr/bin/arm'))).toContain('likely')
  })
})

test('an alias leads to the unit of that name, wherever its file is, which is read by the name of the alias', async () => {
  const lines = await follow({
    [`${UNITS}/a.service`]: '[Service]\nExecStart=/usr/bin/arm %n %P\n',
    [`${OWN}/other-b.service`]: {link: 'a.service'},
    [`${OWN}/multi-user.target.wants/other-b.service`]: {link: '../other-b.service'},
  })
  expect(lines.join('\n')).toContain('/usr/bin/arm other-b.service other/b | a.service')
})

describe('an alias for an instance, which has a file of its own', () => {
  const tree = {
    [`${UNITS}/t@.service`]: '[Service]\nExecStart=/usr/bin/arm of %n\n',
    [`${UNITS}/t@x.service`]: '[Service]\nExecStart=/usr/bin/arm of x\n',
  }
  test.each(['other@x.service', 'other@.service'])('leads to the file of the template: %s', async name => {
    const alias = {[`${OWN}/${name}`]: {link: `${UNITS}/t@.service`}}
    const lines = await follow({...tree, ...alias, ...enabled('other@x.service')})
    expect(lines.join('\n')).toContain('/usr/bin/arm of other@x.service | other@x.service')
    expect(lines.join('\n')).not.toContain('of x |')
  })

  test('and where both are wanted, the first that is loaded is it', async () => {
    const alias = {[`${OWN}/other@x.service`]: {link: `${UNITS}/t@.service`}}
    const both = {...enabled('other@x.service'), ...enabled('t@x.service')}
    const lines = (await follow({...tree, ...alias, ...both})).filter(line => line.includes(' of '))
    expect(lines).toEqual([
      '/usr/bin/arm of other@x.service | other@x.service | likely | foreign',
      '/usr/bin/arm of x | t@x.service | likely | foreign',
    ])
  })
})

test.each([
  [[], 'multi-user'],
  [['--unit=graphical.target'], '/usr/bin/arm g | g.service | foreign'],
  [['systemd.unit=emergency.target'], '/usr/bin/arm e | e.service | foreign'],
  [['--unit=rescue.target', '--unit=graphical.target'], '/usr/bin/arm g | g.service | foreign'],
  [['1'], '/usr/bin/arm r | r.service | foreign'],
  [['single'], '/usr/bin/arm r | r.service | foreign'],
  [['rescue'], '/usr/bin/arm r | r.service | foreign'],
  [['emergency'], '/usr/bin/arm e | e.service | foreign'],
  [['5'], '/usr/bin/arm g | g.service | foreign'],
  [['1', '5'], '/usr/bin/arm g | g.service | foreign'],
  [['2'], 'multi-user'],
  [['3'], 'multi-user'],
  [['4'], 'multi-user'],
  [['6'], 'multi-user'],
  [['--unit='], 'multi-user'],
  [['--show-status'], 'multi-user'],
])('systemd %j', async (words, line) => {
  const expected = line === 'multi-user' ? '/usr/bin/arm | a.service | foreign' : line
  expect(await follow(service(arm), ['/sbin/init', ...words])).toEqual([expected])
})

test('a program that a script before it may have made', async () => {
  const text = '[Service]\nExecStartPre=/bin/sh -c "[ -e /x ] && cp /usr/bin/app /made"\nExecStart=/made\n'
  expect(await follow({...service(text), '/start': executable('#!/bin/sh\n')})).toBeDefined()
})
