import {imageConfig} from '../../../__tests__/support/image-config.ts'
import {executable, memoryRootfs} from '../../../__tests__/support/memory-rootfs.ts'
import {nativeProgram} from '../../../__tests__/support/script-start.ts'
import {readHealthcheck, readStartup} from '../../../src/exec/index.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const NAMES =
  'sh bash env tini dumb-init gosu su-exec nice timeout nohup setpriv chpst s6-setuidgid xargs sudo su stdbuf exec catatonit ' +
  'python3 node perl java ruby busybox ld.so qemu-arm64 with-contenv execlineb strace time setsid chroot unshare ionice'
const PLATFORM = {os: 'linux', architecture: 'amd64', variant: ''} as const
const ROOTFS = memoryRootfs({
  ...Object.fromEntries(NAMES.split(' ').map(name => [`/bin/${name}`, executable(nativeProgram(PLATFORM))])),
  '/app/server': executable(nativeProgram(PLATFORM)),
  '/app/run.py': executable('#!/usr/bin/env -S python3 -u\n'),
  '/usr/bin/env': {link: '/bin/env'},
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
})

/** A command line, a word a line, through the wrappers and interpreters that hand over to what is in their words. */
export const target: FuzzTarget = {
  name: 'command',
  seeds: () =>
    texts(
      'tini\n-g\n--\n/app/server\n-v',
      'env\n-i\n-S\nA=b /app/server "x y"\n-u\nX',
      'sh\n-c\nexec "$0" "$@"\n/app/server\na',
      'gosu\napp:app\ntimeout\n-s\nKILL\n10\nnice\n-n\n5\n/app/server',
      'python3\n-u\n-m\nmod\n/app/run.py',
      'node\n--require\n./x.js\n/app/run.py\n--flag',
      'java\n-Xmx1g\n-cp\n/a:/b\n-jar\n/app/x.jar',
      'busybox\nsh\n-ec\n/app/server & wait',
      'setpriv\n--reuid=app\n--init-groups\n/app/run.py',
      'su\n-s\n/bin/sh\n-c\n/app/server\napp',
      NAMES.replaceAll(' ', '\n'),
    ),
  limit: 600,
  millisecondsPerKiB: 2000,
  words: ['\n--\n', '\n-', '\n-c\n', '\n/app/server\n', ...NAMES.split(' ').map(name => `\n${name}\n`)],
  run: async input => {
    const argv = Buffer.from(input).toString('utf8').split('\n')
    const config = imageConfig({env: ['PATH=/bin', 'A=b'], entrypoint: argv, healthcheck: ['CMD', ...argv]})
    const startup = await readStartup({config, rootfs: ROOTFS, platform: PLATFORM})
    holds(startup.steps.length > 0 || startup.unknowns.length > 0, 'something is said')
    return [startup, await readHealthcheck({config, rootfs: ROOTFS, platform: PLATFORM})]
  },
}
