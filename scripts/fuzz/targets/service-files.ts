// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of systemd
import {imageConfig} from '../../../__tests__/support/image-config.ts'
import {executable, memoryRootfs} from '../../../__tests__/support/memory-rootfs.ts'
import {nativeProgram} from '../../../__tests__/support/script-start.ts'
import {readStartup} from '../../../src/exec/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''} as const
const native = executable(nativeProgram(PLATFORM))
const PROGRAMS = ['sh', 'bash', 'app', 'cron', 'hivemind', 'busybox', 'python3', 'cnb', 'systemd']
const UNITS = '/usr/lib/systemd/system'

/** Each supervisor, with the file that it reads. */
const STARTS = [
  [['/bin/supervisord', '-n', '-c', '/own'], '/own'],
  [['/cnb/process/web', 'x'], '/layers/config/metadata.toml'],
  [['/bin/systemd'], `${UNITS}/default.target`],
  [['/bin/systemd', '--unit=a.service'], `${UNITS}/a.service`],
  [['/bin/hivemind'], '/Procfile'],
  [['/bin/cron'], '/etc/crontab'],
  [['/sbin/init'], '/etc/inittab'],
] as const

/** What services are started by: the same bytes as the file of each supervisor. */
export const target: FuzzTarget = {
  name: 'service-files',
  seeds: () =>
    texts(
      '[supervisord]\nenvironment=A="%(ENV_PATH)s",B=2\n[include]\nfiles=/own *.conf\n[program:a]\ncommand=app "%(process_num)02d" \\"x\nprocess_name=%(program_name)s_%(process_num)d\nnumprocs=3 ; text\n',
      '[supervisord]\n[group:g]\nprograms=a\n[eventlistener:a]\ncommand: sh -c "app %%"\n  -x\nevents=TICK_5\nuser=root\n[DEFAULT]\numask=022\n',
      '[[buildpacks]]\n  id = "a/b"\n  api = "0.9"\n[[processes]]\n  type = "web"\n  command = ["app", "\\u0041"]\n  args = ["$A"]\n  direct = false\n  buildpack-id = "a/b"\n',
      '[Unit]\nWants=a.service b@c.service\nConditionPathExists=/x\n[Service]\nEnvironment="A=b c" D=%i\nExecStartPre=-+/bin/app ${A} $D \\\n  more ; sh -c "x"\nExecStart=@/bin/app y\nUser=root\n',
      'web: bundle exec app -p $PORT\nworker: sh -c "app"\n',
      'PATH=/bin\n* * * * * root app a%b\n@daily root sh -c "exec app"\n',
      '::sysinit:/bin/app\n::respawn:-/bin/sh -c "x"\ntty1::askfirst:app\n',
    ),
  limit: 4096,
  millisecondsPerKiB: 2000,
  words: ['%(here)s', '%(ENV_A)s', '[program:x]\ncommand=', 'ExecStart=', '[[processes]]\n', '%%', '\\', '"', '\n '],
  run: async input => {
    const startups = []
    for (const [entrypoint, path] of STARTS) {
      const rootfs = memoryRootfs({
        ...Object.fromEntries(PROGRAMS.map(name => [`/bin/${name}`, native])),
        '/bin/supervisord': executable('#!/bin/python3\nfrom supervisor.supervisord import main\n'),
        '/cnb/lifecycle/launcher': native,
        '/cnb/process/web': {link: '/cnb/lifecycle/launcher'},
        '/sbin/init': {link: '/bin/busybox'},
        '/layers/a_b/c/exec.d/x': native,
        '/layers/a_b/c/env/A.append': 'x',
        '/workspace/x': '',
        '/etc/passwd': 'root:x:0:0::/root:/bin/sh\n',
        [path]: {content: input},
      })
      const config = imageConfig({env: ['PATH=/bin', 'CNB_PLATFORM_API=0.10'], entrypoint})
      const startup = await readStartup({config, rootfs, platform: PLATFORM})
      holds(startup.steps.length > 0, 'the supervisor itself is said to start')
      startups.push(startup)
    }
    return startups
  },
}
