import {alpine, debian, file, script} from './files.ts'
import {glibcProgram, goProgram, muslProgram, staticProgram} from './machines.ts'
import {type Contents, misbuilt, platformOf, type Recipe} from './recipe.ts'

/**
 * Category userland-wrong-arch: the base image is of another platform, by a pin or by `FROM --platform=$BUILDPLATFORM`.
 */
export const USERLAND: readonly Recipe[] = [
  rightEntrypoint('INC-039', '/bin/berglas'),
  rightEntrypoint('INC-041', '/app/lakefs'),
  misbuilt({
    id: 'INC-043',
    base: alpine,
    parts: ['base'],
    files: of => [
      script('entrypoint.sh', '#!/bin/sh', 'set -e', 'exec unoserver --interface 0.0.0.0 "$@"'),
      script('usr/bin/unoserver', '#!/usr/bin/python3', 'import unoserver'),
      file('usr/bin/python3', muslProgram(of('base'))),
    ],
    process: {Entrypoint: ['/entrypoint.sh']},
    finds: [{path: '/bin/sh', resolved: '/bin/busybox', says: 'interpreter of /entrypoint.sh'}],
  }),
  misbuilt({
    id: 'INC-045',
    parts: ['base', 'app'],
    files: of => [
      file('static-web-server', staticProgram(of('base'))),
      file('public/index.html', '<!doctype html>\n', 0o644),
    ],
    process: {Entrypoint: ['/static-web-server']},
    finds: [{path: '/static-web-server'}],
  }),
  misbuilt({
    id: 'INC-047',
    base: alpine,
    parts: ['base', 'app'],
    files: of => [
      file('sbin/tini', muslProgram(of('base'))),
      file('usr/local/bin/node', muslProgram(of('base'))),
      file('bin/healthcheck', staticProgram(of('app'))),
      file('home/node/app/dist/index.js', 'console.log("drydock")\n', 0o644),
    ],
    process: {
      WorkingDir: '/home/node/app',
      Entrypoint: ['/sbin/tini', '-g', '--'],
      Cmd: ['node', 'dist/index.js'],
      Healthcheck: {Test: ['CMD', '/bin/healthcheck']},
    },
    finds: [
      {path: '/sbin/tini'},
      {path: '/usr/local/bin/node', says: 'tini'},
      // A container whose health check cannot start goes on, and is told to be unhealthy.
      {path: '/bin/healthcheck', level: 'warning'},
    ],
  }),
  misbuilt({
    id: 'INC-049',
    base: debian,
    parts: ['base'],
    files: of => [
      script('usr/local/bin/docker-entrypoint.sh', '#!/bin/sh', 'set -e', 'exec "$@"'),
      file('usr/local/bin/node', glibcProgram(of('base'))),
      file('app/dist/mcp-server.js', 'console.log("dot-ai")\n', 0o644),
    ],
    process: {WorkingDir: '/app', Entrypoint: ['docker-entrypoint.sh'], Cmd: ['node', 'dist/mcp-server.js']},
    finds: [
      {path: '/bin/sh', resolved: '/usr/bin/dash', says: 'interpreter of /usr/local/bin/docker-entrypoint.sh'},
      {path: '/usr/local/bin/node'},
    ],
  }),
  misbuilt({
    id: 'INC-051',
    base: machine => debian(machine, {glibc: '2.39'}),
    parts: ['base', 'app'],
    files: of => [file('usr/bin/ainari', glibcProgram(of('app'), '2.38'))],
    process: {Entrypoint: ['/usr/bin/ainari']},
    finds: [{path: '/usr/bin/ainari'}],
  }),
  misbuilt({
    id: 'INC-053',
    base: debian,
    parts: ['base'],
    files: of => [
      script('usr/share/sbt/bin/sbt', '#!/usr/bin/env bash', 'exec java -jar /usr/share/sbt/bin/sbt-launch.jar "$@"'),
      file('usr/share/sbt/bin/sbt-launch.jar', 'PK\x05\x06', 0o644),
      file('opt/java/openjdk/bin/java', glibcProgram(of('base'))),
    ],
    process: {
      Env: [
        'PATH=/opt/java/openjdk/bin:/usr/share/sbt/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      ],
      Cmd: ['sbt'],
    },
    finds: [
      {path: '/usr/bin/env', says: 'interpreter of /usr/share/sbt/bin/sbt'},
      {path: '/opt/java/openjdk/bin/java'},
    ],
  }),
  // The other way round: AArch64 in what claims to be amd64.
  misbuilt({
    id: 'INC-055',
    on: 'linux/amd64',
    built: 'arm64',
    base: debian,
    parts: ['base'],
    files: () => [script('usr/sbin/install_packages', '#!/bin/sh', 'apt-get install -y "$@"')],
    process: {Cmd: ['/bin/bash']},
    finds: [{path: '/bin/bash', resolved: '/usr/bin/bash'}],
  }),
  misbuilt({
    id: 'INC-057',
    base: alpine,
    parts: ['base', 'app'],
    files: of => [file('usr/bin/helm', goProgram(of('app')))],
    process: {WorkingDir: '/apps', Entrypoint: ['helm', 'unittest']},
    finds: [{path: '/usr/bin/helm'}],
  }),
  ...underAnotherTag(),
]

/** The entrypoint is right and needs nothing; what a shell finds is foreign. */
function rightEntrypoint(id: string, path: string): Recipe {
  return misbuilt({
    id,
    base: alpine,
    parts: ['base'],
    files: of => [file(path, goProgram(of('app')))],
    process: {Entrypoint: [path]},
    finds: [{rule: 'foreign-executable', path: '/bin/busybox'}],
  })
}

/** INC-059: the tag v3.14-ppc64le is the amd64 image. */
function underAnotherTag(): Recipe[] {
  const contents = (machine: 'amd64' | 'ppc64le'): Contents => ({
    layers: [debian(machine), [script('install-cni.sh', '#!/usr/bin/bash', 'exec sleep infinity')]],
    process: {Cmd: ['/install-cni.sh']},
  })
  const amd64 = platformOf('linux/amd64', contents('amd64'))
  const ppc64le = platformOf('linux/ppc64le', contents('ppc64le'))
  return [
    {
      id: 'INC-059',
      way: 'the tag v3.14-ppc64le',
      broken: {images: [{platforms: [amd64], root: 'manifest'}], platforms: ['linux/ppc64le']},
      repaired: {images: [{platforms: [ppc64le], root: 'manifest'}], platforms: ['linux/ppc64le']},
      finds: [{rule: 'platform-missing', platform: 'linux/ppc64le', says: 'linux/amd64'}],
    },
    {
      id: 'INC-059',
      way: 'in the index of v3.14',
      broken: {images: [{platforms: [amd64, {...amd64, platform: 'linux/ppc64le', configPlatform: 'linux/amd64'}]}]},
      repaired: {images: [{platforms: [amd64, ppc64le]}]},
      finds: [
        {
          rule: 'wrong-machine',
          platform: 'linux/ppc64le',
          path: '/usr/bin/bash',
          says: 'interpreter of /install-cni.sh',
        },
        {rule: 'config-platform-mismatch', platform: 'linux/ppc64le'},
      ],
    },
  ]
}
