import {alpine, debian, file, script} from './files.ts'
import {glibcProgram, goProgram, muslProgram, staticProgram} from './machines.ts'
import {misbuilt, type Recipe} from './recipe.ts'
import {s6Overlay3} from './s6-overlay.ts'

/** Category helper-wrong-arch: the product is right, and a downloaded program that starts it is not. */
export const HELPER: readonly Recipe[] = [
  misbuilt({
    id: 'INC-061',
    base: debian,
    parts: ['tini'],
    files: of => [file('tini', glibcProgram(of('tini'))), file('kclvm/bin/kcl', goProgram(of('app')))],
    process: {Entrypoint: ['/tini', '--'], Cmd: ['/kclvm/bin/kcl']},
    finds: [{path: '/tini'}],
  }),
  misbuilt({
    id: 'INC-063',
    base: alpine,
    parts: ['tini'],
    files: of => [
      file('sbin/tini', staticProgram(of('tini'))),
      file('app/unpackerr', goProgram(of('app'))),
      script('entrypoint.sh', '#!/bin/sh', 'exec /app/unpackerr "$@"'),
    ],
    process: {Entrypoint: ['/sbin/tini', '--'], Cmd: ['/entrypoint.sh']},
    finds: [{path: '/sbin/tini'}],
  }),
  s6Overlay('INC-065', 'linux/arm/v7'),
  s6Overlay('INC-067', 'linux/arm64'),
  misbuilt({
    id: 'INC-069',
    base: alpine,
    parts: ['su-exec'],
    files: of => [
      file('usr/sbin/su-exec', staticProgram(of('su-exec'))),
      file('app/authelia', goProgram(of('app'))),
      script(
        'app/entrypoint.sh',
        '#!/bin/sh',
        '[ -n "$UMASK" ] && umask "$UMASK"',
        'if [ "$(id -u)" != 0 ] || [ "$(id -g)" != 0 ]; then',
        '  exec authelia "$@"',
        'fi',
        'chown -R "$PUID:$PGID" /config',
        'exec su-exec "$PUID:$PGID" authelia "$@"',
      ),
    ],
    process: {
      Env: ['PATH=/app:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'PUID=0', 'PGID=0'],
      Entrypoint: ['/app/entrypoint.sh'],
      Cmd: ['--config', '/config/configuration.yml'],
    },
    finds: [{path: '/usr/sbin/su-exec', says: '/app/entrypoint.sh'}],
  }),
  misbuilt({
    id: 'INC-073',
    base: alpine,
    parts: ['helmfile'],
    files: of => ['helmfile', 'helm', 'sops'].map(name => file(`usr/local/bin/${name}`, goProgram(of('helmfile')))),
    process: {Cmd: ['/usr/local/bin/helmfile']},
    finds: [{path: '/usr/local/bin/helmfile'}],
  }),
  misbuilt({
    id: 'INC-075',
    on: 'linux/arm/v7',
    beside: ['linux/amd64'],
    base: alpine,
    parts: ['confd'],
    files: of => [
      file('bin/bash', muslProgram(of('app'))),
      file('usr/bin/confd', goProgram(of('confd'))),
      file('usr/sbin/rpc.nfsd', muslProgram(of('app'))),
      file('usr/sbin/rpc.mountd', muslProgram(of('app'))),
      script(
        'usr/bin/nfsd.sh',
        '#!/bin/bash',
        'if [ -z "$SHARED_DIRECTORY" ]; then',
        '  echo "SHARED_DIRECTORY is not set" >&2',
        '  exit 1',
        'fi',
        '/usr/bin/confd -version',
        '/usr/bin/confd -onetime -backend env',
        '/usr/sbin/rpc.nfsd --no-udp',
        '/usr/sbin/rpc.mountd',
        'while pidof rpc.mountd; do sleep 5; done',
      ),
    ],
    process: {Entrypoint: ['/usr/bin/nfsd.sh']},
    // The script goes on without it: what it may reach and need not be able to do is no error.
    finds: [{path: '/usr/bin/confd', says: '/usr/bin/nfsd.sh', level: 'warning'}],
  }),
  misbuilt({
    id: 'INC-081',
    on: ['linux/arm/v7', 'linux/arm64'],
    base: debian,
    parts: ['gosu'],
    files: of => [
      file('usr/sbin/gosu', goProgram(of('gosu'))),
      file('app/gogs/gogs', goProgram(of('app'))),
      script('app/gogs/docker/start.sh', '#!/bin/sh', 'set -e', 'exec gosu nobody "$@"'),
    ],
    process: {WorkingDir: '/app/gogs', Entrypoint: ['docker/start.sh'], Cmd: ['./gogs', 'web']},
    finds: [{path: '/usr/sbin/gosu', says: 'docker/start.sh'}],
  }),
]

/** An image on s6-overlay 3 with the overlay of another architecture under the right userland. */
function s6Overlay(id: string, platform: string): Recipe {
  return misbuilt({
    id,
    on: platform,
    base: debian,
    parts: ['s6'],
    files: of => s6Overlay3(of('s6')),
    process: {Entrypoint: ['/init']},
    finds: [{path: '/command/s6-overlay-suexec', says: '/init'}],
  })
}
