// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shell text
import {describe, expect, test} from '@jest/globals'
import {executable} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'
import {nativeProgram, type ScriptStart, sayStart, startScript} from '../support/script-start.ts'

/*
 * Siblings of the cases from public reports: the same kind of start script with other commands, paths, shells and
 * architectures. `good`: nothing is wrong for certain. `broken`: the file that is refused, or missing, for certain.
 */
interface Kind {
  readonly good: readonly string[]
  readonly broken: readonly string[]
  readonly with?: ScriptStart
}

const ARM64: ScriptStart = {platform: testPlatform('linux/arm64')}
const onArm = (test: string) => `if ${test}; then exec /app/server; else exec /app/arm; fi`

const KINDS: Readonly<Record<string, Kind>> = {
  'the machine picks the program': {
    with: ARM64,
    good: [
      onArm('[ "$(uname -m)" = aarch64 ]'),
      onArm('[ "$(arch)" = aarch64 ]'),
      onArm('[ "$(dpkg --print-architecture)" = arm64 ]'),
      onArm('[ "$(apk --print-arch)" = aarch64 ]'),
      onArm('uname -m | grep -q aarch64').replace('exec /app/arm', 'exec /app/server'),
      'case `uname -m` in x86_64) P=/app/arm;; aarch64|arm64) P=/app/server;; esac; exec $P',
      'case "$(uname -s)-$(uname -m)" in Linux-aarch64) exec /app/server;; *) exec /app/arm;; esac',
      'M=$(uname -m); [ "${M#aarch}" = 64 ] && exec /app/server; exec /app/arm',
      'A=$(uname -m | sed s/aarch64/server/); exec /app/$A',
      'set -- "$(uname -m)"; if [ "$1" != x86_64 ]; then exec /app/server; fi; exec /app/arm',
    ],
    broken: [
      'case "$(uname -m)" in arm*) exec /app/server;; *) exec /app/arm;; esac',
      'case "$(arch)" in arm64) exec /app/server;; *) exec /app/arm;; esac',
      'case "$(dpkg --print-architecture)" in aarch64) exec /app/server;; *) exec /app/arm;; esac',
      '[ "$(uname -m)" = arm64 ] && exec /app/server; exec /app/arm',
      '[ "$(getconf LONG_BIT)" = 64 ] && exec /app/arm; exec /app/server',
      'if [ `uname -m` = "armv7l" ]; then exec /app/server; fi; exec /app/arm',
      'P=arm; [ "$(apk --print-arch)" = arm64 ] && P=server; exec /app/$P',
      'case $(uname -o)/$(uname -m) in GNU/Linux/arm64) exec /app/server;; esac; exec /app/arm',
      'M=$(uname -m); case ${M%64} in arm) exec /app/server;; aarch) exec /app/arm;; esac',
      'test "$(uname -m)" = x86_64 || exec /app/arm; exec /app/server',
    ],
  },
  'a program that the script makes first': {
    good: [
      'cp /app/server /tmp/run; exec /tmp/run',
      'install -m 755 /app/plain /tmp/run; exec /tmp/run',
      'mv /app/server /data/run; exec /data/run',
      'ln -s /app/server /tmp/run; exec /tmp/run',
      'cp -a /app/. /srv; exec /srv/server',
      'cat > /tmp/run <<E\n#!/bin/sh\nexec /app/server\nE\nchmod +x /tmp/run; exec /tmp/run',
      'printf "exec /app/server" | tee /tmp/run; exec sh /tmp/run',
      'cp /app/plain /tmp/run; chmod a+x /tmp/run; exec /tmp/run',
      'D=$(mktemp -d); cp /app/server "$D/run"; exec "$D/run"',
      'mkdir -p /opt/x/bin; cp /app/server /opt/x/bin/tool; PATH=/opt/x/bin:$PATH; exec tool',
    ],
    broken: [
      'cp /app/arm /tmp/run; exec /tmp/run',
      'install -m 755 /app/arm /tmp/run; exec /tmp/run',
      'mv /app/arm /data/run; exec /data/run',
      'ln -s /app/arm /tmp/run; exec /tmp/run',
      'cp -a /app/. /srv; exec /srv/arm',
      'cat > /tmp/run <<E\n#!/bin/sh\nexec /app/arm\nE\nchmod +x /tmp/run; exec /tmp/run',
      'printf "exec /app/arm" | tee /tmp/run; exec sh /tmp/run',
      'cp /app/plain /tmp/run; exec /tmp/run',
      'D=$(mktemp -d); cp /app/arm "$D/run"; exec "$D/run"',
      'mkdir -p /opt/x/bin; cp /app/arm /opt/x/bin/tool; PATH=/opt/x/bin:$PATH; exec tool',
    ],
  },
  'a program that is fetched, built or installed first': {
    good: [
      'curl -fsSL https://x/run -o /tmp/run; chmod +x /tmp/run; exec /tmp/run',
      'wget -O /tmp/run https://x/run && chmod +x /tmp/run; exec /tmp/run',
      'curl -s https://x/a.tgz | tar -xz -C /opt; exec /opt/a/run',
      'cd /opt && unzip -o /x.zip; exec ./run',
      'git clone https://x/y /opt/y; exec /opt/y/run',
      'apk add --no-cache tool; exec tool',
      'apt-get update && apt-get install -y tool; exec tool',
      'pip install gunicorn; exec gunicorn app:app',
      'npm ci && npm run build; exec node /app/dist/main.js',
      '[ -x /opt/run ] || wget -qO /opt/run https://x/run; exec /opt/run',
    ],
    broken: [
      'curl -fsSL https://x/data -o /tmp/data; exec /app/arm',
      'curl -s https://x/a.tgz | tar -xz -C /opt; exec /app/arm',
      'git clone https://x/y /opt/y; exec /app/arm',
      'apk add --no-cache tool; exec /app/arm',
      'pip install x; exec /app/arm',
      'npm ci; exec /app/arm',
      'curl -o /tmp/run https://x/run; exec /opt/run',
      'wget -O /tmp/run https://x/run; exec /srv/run',
      'tar -xf /x.tar -C /opt; exec /srv/run',
      'unzip /x.zip -d /opt; exec /srv/run',
    ],
  },
  'a user that is made first': {
    good: [
      'useradd -m web; exec gosu web /app/server',
      'adduser -D web; exec su-exec web /app/server',
      'adduser --disabled-password web; exec gosu web:web /app/server',
      'id web || useradd web; exec gosu web /app/server',
      'getent passwd web >/dev/null || adduser -S web; exec su-exec web /app/server',
      'echo "web:x:1500:1500::/:/bin/sh" >> /etc/passwd; exec gosu web /app/server',
      'exec gosu app /app/server',
      'exec su-exec 1234:1234 /app/server',
      'apt-get install -y web; exec gosu web /app/server',
      '[ "$(id -u)" = 0 ] && exec su-exec app "$0"; exec /app/server',
    ],
    broken: [
      'useradd -m web; exec gosu web /app/arm',
      'adduser -D web; exec su-exec web /app/arm',
      'exec gosu web /app/server',
      'exec su-exec web /app/server',
      'mkdir /home/web; exec gosu web /app/server',
      'echo web; exec su-exec web:web /app/server',
      'exec gosu app /app/arm',
      'exec gosu app /app/private',
      'exec su-exec app:none /app/server',
      '[ "$(id -u)" = 0 ] && exec su-exec app "$0"; exec /app/arm',
    ],
  },
  'a failure that is accepted': {
    good: [
      'modprobe x || true; exec /app/server',
      'gone || :; exec /app/server',
      'if gone; then :; fi; exec /app/server',
      'gone 2>/dev/null || echo no; exec /app/server',
      'set -e; ! gone; exec /app/server',
      'set -e; gone && echo yes || true; exec /app/server',
      'set +e; gone; exec /app/server',
      'v=$(gone || true); exec /app/server',
      'command -v gone >/dev/null && gone; exec /app/server',
      'while gone; do break; done; exec /app/server',
    ],
    broken: [
      'set -e; gone; exec /app/server',
      'gone || exit 1; exec /app/server',
      'set -e; gone | gone; exec /app/server',
      'set -e; v=$(gone); exec /app/server',
      'gone && exec /app/server',
      'set -e; (gone); exec /app/server',
      'set -e; { gone; }; exec /app/server',
      'if ! gone; then exit 1; fi; exec /app/server',
      'set -e; f() { gone; }; f; exec /app/server',
      'true; exec gone',
    ],
  },
  'what a volume brings': {
    with: {config: {volumes: ['/vol', '/data']}},
    good: [
      'exec /vol/run',
      '/vol/init.sh; exec /app/server',
      'exec /data/bin/server',
      'PATH=/vol/bin:$PATH; exec tool',
      'exec sh /vol/run.sh',
      'exec node /vol/main.js',
      'cp /vol/run /tmp/run; exec /tmp/run',
      '. /vol/env; exec tool',
      'ln -s /vol/run /tmp/run; exec /tmp/run',
      'cd /vol && exec ./run',
    ],
    broken: [
      'exec /volume/run',
      'exec /vol/../srv/run',
      'cp /app/arm /vol/run; exec /vol/run',
      'ln -s /app/arm /vol/x; exec /app/arm',
      'PATH=/vol/bin:$PATH; exec /app/arm',
      'cp /vol/x /tmp/x; exec /app/arm',
      'cd /vol; exec /app/arm',
      'exec sh /srv/run.sh',
      'exec node /srv/main.js',
      '[ -f /vol/x ] && true; exec /app/arm',
    ],
  },
}

/** What is wrong for certain: neither likely, nor what something may have made otherwise, nor unknown. */
function faults(said: readonly string[]): readonly string[] {
  return said.filter(line => /^[^?]*: (?!.*\()/.test(line) && !line.startsWith('unknown:'))
}

describe.each(Object.entries(KINDS))('%s', (_, {good, broken, with: how}) => {
  const start = (script: string, shell: string) =>
    startScript('', {...how, files: {'/e.sh': executable(`#!/bin/${shell}\n${script}\n`), '/bin/dash': native(how)}})

  test.each(good.flatMap(script => ['sh', 'dash', 'bash'].map(shell => [shell, script] as const)))(
    'good, by %s: %s',
    async (shell, script) => {
      expect(faults(sayStart(await start(script, shell)))).toEqual([])
    },
  )

  test.each(broken.flatMap(script => ['sh', 'dash', 'bash'].map(shell => [shell, script] as const)))(
    'broken, by %s: %s',
    async (shell, script) => {
      const said = sayStart(await start(script, shell))
      expect({said, count: faults(said).length}).toEqual({said, count: 1})
    },
  )
})

function native(how: ScriptStart = {}) {
  return executable(nativeProgram(how.platform))
}
