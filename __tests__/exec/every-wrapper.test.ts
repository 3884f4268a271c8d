import {describe, expect, test} from '@jest/globals'
import {program} from '../../scripts/kernel/elf.ts'
import type {Step} from '../../src/exec/index.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {readStartup} from '../support/told-startup.ts'

/*
 * Each program that is known to start another one, in its usual form: the one behind it is looked at. What each does
 * with its other words, wrappers.test.ts and the tests beside it have, and npm run test:wrappers asks the real ones.
 */

const native = executable(program({}))
const foreign = executable(program({machine: 183}))
const script = (interpreter: string) => executable(`#!/usr/bin/${interpreter}\n`)

const PROGRAMS =
  'sh bash env python3 perl ruby node dotnet erlexec tini catatonit dumb-init setpriv nice timeout ' +
  'choom start-stop-daemon entrypoint-demoter numactl faketime daemonize flock ts logexec multilog envdir fghack ' +
  'pgrphack setlock setuidgid softlimit s6-applyuidgid s6-setsid s6-setuidgid s6-setlock s6-envdir capsh sg newgrp ' +
  'script rlwrap micromamba uv authbind dbus-run-session prlimit busybox chpst gosu su-exec stdbuf setsid ' +
  'ionice chrt taskset xargs sudo su runuser foreground background ifelse if execlineb nohup fakeroot fixuid pid1 ' +
  'doppler go-runner dotenvx dockerize aws-lambda-rie gomplate wait4x bun bunx litestream'

const BASE: MemoryTree = {
  ...Object.fromEntries(PROGRAMS.split(' ').map(name => [`/usr/bin/${name}`, native])),
  '/bin': {link: '/usr/bin'},
  '/lib64/ld-linux-x86-64.so.2': native,
  '/usr/lib/libeatmydata.so': '',
  '/env': {kind: 'directory'},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nsvc:x:1000:1000::/home/svc:/bin/sh\n',
  '/etc/group': 'root:x:0:\nsvc:x:1000:\n',
  '/usr/bin/chronic': script('perl'),
  '/usr/bin/eatmydata': executable('#!/bin/sh\nLD_PRELOAD=libeatmydata.so exec "$@"\n'),
  '/usr/bin/xvfb-run': executable('#!/bin/sh\n'),
  '/usr/bin/conda': script('python3'),
  '/usr/bin/poetry': script('python3'),
  '/usr/bin/pipenv': script('python3'),
  '/usr/bin/pdm': script('python3'),
  '/usr/bin/bundle': script('ruby'),
  '/usr/bin/npm': {link: '/usr/lib/npm/bin/npm-cli.js'},
  '/usr/bin/npx': {link: '/usr/lib/npm/bin/npx-cli.js'},
  '/usr/lib/npm/bin/npm-cli.js': script('node'),
  '/usr/lib/npm/bin/npx-cli.js': script('node'),
  '/usr/bin/yarn': executable('#!/usr/bin/node\n'),
  '/usr/bin/pnpm': script('node'),
  '/usr/bin/pm2-runtime': script('node'),
  '/usr/lib/dotenvx': script('node'),
  '/etc/litestream.yml': 'dbs:\n  - path: /db\nexec: app serve\n',
  '/usr/bin/cross-env': script('node'),
  '/usr/bin/ddtrace-run': script('python3'),
  '/usr/bin/newrelic-admin': script('python3'),
  '/usr/bin/opentelemetry-instrument': script('python3'),
  '/srv/package.json': JSON.stringify({name: 'one', version: '1.0.0', scripts: {start: 'app'}}),
  '/srv/ecosystem.config.json': JSON.stringify({apps: [{script: '/usr/bin/app', interpreter: 'none'}]}),
}

async function follow(command: string, app: typeof native, files: MemoryTree): Promise<readonly Step[]> {
  const {steps} = await readStartup({
    config: imageConfig({
      entrypoint: command.split(' ').map(word => word.replaceAll('+', ' ')),
      env: ['PATH=/usr/bin', 'BINDIR=/usr/bin', 'UID=1000', 'GID=1000', 'SHELL=/bin/sh', 'JAVA_HOME=/usr'],
      workingDir: '/srv',
    }),
    rootfs: memoryRootfs({...BASE, ...files, '/usr/bin/app': app}),
    platform: {os: 'linux', architecture: 'amd64', variant: ''},
  })
  return steps
}

const NATIVE_TO_FOREIGN = async (command: string, files: MemoryTree = {}) => {
  const right = await follow(command, native, files)
  const wrong = await follow(command, foreign, files)
  return {
    right: right.flatMap(({obstacle, path}) => (obstacle === undefined ? [] : [path])),
    wrong: wrong.flatMap(({path, verdict}) => (verdict?.fit === 'foreign' ? [path] : [])),
  }
}

const LOOKED_AT = {right: [], wrong: ['/usr/bin/app']}

describe('a program of another machine is found behind', () => {
  // A plus sign stands for a blank in a word.
  test.each(
    [
      'tini -- app',
      'catatonit app',
      'dumb-init -- app',
      'pid1 -- app',
      'setpriv --no-new-privs app',
      'env A=b app',
      'nice -n 5 app',
      'nohup app',
      'ionice -c 3 app',
      'stdbuf -o L app',
      'setsid -w app',
      'timeout 5 app',
      'prlimit --nofile=1 app',
      'choom -n 100 -- app',
      'chrt -r 1 app',
      'taskset -c 0 app',
      'entrypoint-demoter app',
      'eatmydata app',
      'numactl --localalloc app',
      'faketime -f +0 app',
      'daemonize /usr/bin/app',
      'flock /tmp/lock app',
      'flock /tmp/lock -c app',
      'chronic app',
      'logexec app',
      'multilog !app /log',
      'envdir /env app',
      'fghack app',
      'pgrphack app',
      'setlock /tmp/lock app',
      'softlimit -m 1000 app',
      'setuidgid svc app',
      'chpst -u svc app',
      'gosu svc app',
      'su-exec svc app',
      'su svc -c app',
      'runuser -u svc -- app',
      'sudo -u svc app',
      's6-applyuidgid -u 1000 -g 1000 app',
      's6-setuidgid svc app',
      's6-setsid app',
      's6-setlock /tmp/lock app',
      's6-envdir /env app',
      'capsh -- -c app',
      'sg svc -c app',
      'script -c app /dev/null',
      'rlwrap app',
      'start-stop-daemon --start --exec /usr/bin/app',
      'authbind app',
      'xvfb-run app',
      'dbus-run-session app',
      'fakeroot app',
      'fixuid app',
      'doppler run -- app',
      'go-runner app',
      'dotenvx run -f .env -- app',
      '/usr/lib/dotenvx run -- app',
      'cross-env A=b app',
      'ddtrace-run app',
      'newrelic-admin run-program app',
      'opentelemetry-instrument --traces_exporter console --x=y app',
      'dockerize -wait tcp://db:5432 -timeout 60s app',
      'dockerize -template a:b app',
      'aws-lambda-rie --log-level debug /usr/bin/app',
      'gomplate -f x -o y -- app',
      'wait4x tcp db:5432 -- app',
      'bun run start',
      'bun --bun run --silent start',
      'bun --cwd /srv start',
      'bun run app',
      'bunx --bun app',
      'litestream replicate -config /l.yml -exec app+serve',
      'litestream replicate',
      'busybox env app',
      'xargs app',
      '/lib64/ld-linux-x86-64.so.2 --preload /usr/lib/libeatmydata.so /usr/bin/app',
      'conda run -n base app',
      'micromamba run app',
      'poetry run app',
      'pipenv run app',
      'pdm run app',
      'uv run app',
      'bundle exec app',
      'npx app',
      'npm start',
      'npm run start',
      'yarn start',
      'yarn run start',
      'pnpm start',
      'pnpm run start',
      'pm2-runtime start ecosystem.config.json',
      'sh -c app',
      'sh -c app|ts',
    ].map(command => [command] as const),
  )('%s', async command => {
    expect(await NATIVE_TO_FOREIGN(command)).toEqual(LOOKED_AT)
  })

  test.each([
    ['foreground', 'foreground { true } app'],
    ['background', 'background { true } app'],
    ['if', 'if { true } app'],
    ['ifelse', 'ifelse { true } { app } true'],
  ])('%s of execline', async (_, words) => {
    const files = {'/usr/bin/true': native, '/run.sh': executable(`#!/usr/bin/execlineb -P\n${words}\n`)}
    expect(await NATIVE_TO_FOREIGN('/run.sh', files)).toEqual(LOOKED_AT)
  })

  test('newgrp, which reads a script', async () => {
    expect(await NATIVE_TO_FOREIGN('sh -c echo+app|newgrp+svc')).toEqual(LOOKED_AT)
  })
})

test.each([
  ['a script that a template makes', 'gomplate -f a -o /x; exec /x', [['/x', 'maybe']]],
  ['the same behind dockerize', 'exec dockerize -template a:/x /x', [['/x', 'maybe']]],
  ['and where nothing is made', 'dockerize -wait tcp://db:1; exec /x', [['/x', undefined]]],
])('%s may be there', async (_, text, expected) => {
  const steps = await follow(`sh -c ${text.replaceAll(' ', '+')}`, native, {})
  const lacking = steps.filter(({obstacle}) => obstacle?.kind === 'missing')
  expect(lacking.map(({path, maybe}) => [path, maybe === undefined ? undefined : 'maybe'])).toEqual(expected)
})

describe('an interpreter of another machine is found behind', () => {
  test.each([
    ['a console script of Python (gunicorn, uvicorn, celery)', '/venv/bin/celery', '#!/usr/bin/app\nimport sys\n'],
    ['an executable of Ruby (rails, rake, puma)', '/srv/bin/rails', '#!/usr/bin/env app\n'],
    ['an executable of npm', '/srv/node_modules/.bin/next', '#!/usr/bin/env app\n'],
    ['a launcher of Java (catalina.sh, kc.sh, gradle)', '/opt/bin/kc.sh', '#!/bin/sh\nexec app -jar x.jar "$@"\n'],
    ['OCaml bytecode', '/usr/bin/tool', '#!/usr/bin/app\n\0\0\0\x14CODE\0\0Caml1999X031'],
    ['a zipapp', '/usr/bin/tool.pyz', '#!/usr/bin/env app\nPK\x03\x04\x14\0\0\0\0\0'],
    ['an escript with an archive', '/usr/bin/tool', '#!/usr/bin/env app\n%%!\nPK\x03\x04\x14\0\0'],
    ['a PAR of Perl', '/usr/bin/tool.par', '#!/usr/bin/app\nPK\x03\x04\x14\0\0\0__END__\0'],
    ['a self-extracting archive', '/usr/bin/tool.run', '#!/bin/sh\napp "$@"\nexit 0\n\x1f\x8b\x08\0\0\0'],
  ])('%s', async (_, path, text) => {
    expect(await NATIVE_TO_FOREIGN(path, {[path]: executable(Buffer.from(text, 'latin1'))})).toEqual(LOOKED_AT)
  })

  test('erl, by erlexec', async () => {
    const files = {
      '/usr/bin/erl': executable('#!/bin/sh\nBINDIR=/erts/bin\nexport BINDIR\nexec erlexec "$@"\n'),
      '/erts/bin/beam.smp': foreign,
    }
    const steps = await follow('erl -noshell', native, files)
    expect(steps.at(-1)).toMatchObject({path: '/erts/bin/beam.smp', verdict: {fit: 'foreign'}, certainty: 'certain'})
  })

  test('dotnet with a program of its own', async () => {
    const files = {'/srv/app.dll': Buffer.from('MZ'), '/usr/bin/dotnet': foreign}
    const steps = await follow('dotnet app.dll', native, files)
    expect(steps[0]).toMatchObject({path: '/usr/bin/dotnet', verdict: {fit: 'foreign'}, certainty: 'certain'})
  })
})
