import {alpine, debian, distroless, file, link, script} from './files.ts'
import {
  glibcModule,
  glibcOf,
  glibcProgram,
  goProgram,
  type MachineName,
  muslModule,
  muslProgram,
  staticProgram,
} from './machines.ts'
import {misbuilt, type Recipe} from './recipe.ts'

/** As installers name them: for the machine that they were installed on. */
const wheels = (machine: MachineName) =>
  ['pydantic_core/_pydantic_core', 'jiter/jiter'].map(
    name => `opt/hermes/.venv/lib/python3.13/site-packages/${name}.cpython-313-${glibcOf(machine).directory}.so`,
  )
const ADDON = 'app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'

/** What starts is right, and a file that it starts or loads later is not: found by reading every file of the image. */
export const WHOLE_IMAGE: readonly Recipe[] = [
  // Services are started by s6's own scanner from their directories, which no command names.
  misbuilt({
    id: 'INC-033',
    scope: 'image',
    base: alpine,
    parts: ['sonarr'],
    files: of => [
      file('command/s6-svscan', staticProgram(of('s6'))),
      script('init', '#!/bin/sh', 'mkdir -p /run/service', 'exec /command/s6-svscan /run/service'),
      script('etc/s6-overlay/s6-rc.d/svc-sonarr/run', '#!/bin/sh', 'exec /app/sonarr/bin/Sonarr -nobrowser'),
      file('app/sonarr/bin/Sonarr', muslProgram(of('sonarr'))),
    ],
    process: {Entrypoint: ['/init']},
    finds: [{rule: 'foreign-executable', path: '/app/sonarr/bin/Sonarr', level: 'warning'}],
  }),
  // fork and exec of a Go program, by a path that its settings hold.
  misbuilt({
    id: 'INC-071',
    scope: 'image',
    base: alpine,
    parts: ['kubectl'],
    files: of => [
      file('usr/local/bin/kubectl', goProgram(of('kubectl'))),
      file('usr/local/bin/botkube', goProgram(of('app'))),
    ],
    process: {Entrypoint: ['/usr/local/bin/botkube']},
    finds: [{rule: 'foreign-executable', path: '/usr/local/bin/kubectl'}],
  }),
  // The probe stands in a pod's description; the image has no HEALTHCHECK.
  misbuilt({
    id: 'INC-077',
    scope: 'image',
    base: alpine,
    parts: ['probe'],
    files: of => [file('bin/opm', goProgram(of('app'))), file('bin/grpc_health_probe', goProgram(of('probe')))],
    process: {Entrypoint: ['/bin/opm']},
    finds: [{rule: 'foreign-executable', path: '/bin/grpc_health_probe'}],
  }),
  misbuilt({
    id: 'INC-079',
    scope: 'image',
    base: debian,
    parts: ['chromedriver'],
    files: of => [
      file('usr/local/bin/node', glibcProgram(of('base'))),
      file('usr/src/app/build/index.js', 'require("chromedriver")\n', 0o644),
      file('usr/src/app/node_modules/chromedriver/lib/chromedriver/chromedriver', glibcProgram(of('chromedriver'))),
      link('usr/src/app/node_modules/chromedriver/bin/chromedriver', '../lib/chromedriver/chromedriver'),
    ],
    process: {WorkingDir: '/usr/src/app', Entrypoint: ['node'], Cmd: ['build/index.js']},
    finds: [
      {
        rule: 'foreign-executable',
        path: '/usr/src/app/node_modules/chromedriver/lib/chromedriver/chromedriver',
        level: 'warning',
      },
    ],
  }),
  misbuilt({
    id: 'INC-083',
    scope: 'image',
    base: debian,
    parts: ['wheels'],
    files: of => [
      file('usr/bin/python3.13', glibcProgram(of('base'))),
      link('opt/hermes/.venv/bin/python', '/usr/bin/python3.13'),
      script('opt/hermes/.venv/bin/hermes', '#!/opt/hermes/.venv/bin/python', 'import hermes'),
      ...wheels(of('wheels')).map(path => file(path, glibcModule(of('wheels')))),
    ],
    process: {Entrypoint: ['/opt/hermes/.venv/bin/hermes']},
    finds: [{rule: 'foreign-executable', path: `/${wheels('amd64')[0]}`, level: 'warning'}],
  }),
  misbuilt({
    id: 'INC-085',
    scope: 'image',
    base: alpine,
    parts: ['addon'],
    files: of => [
      file('usr/local/bin/node', muslProgram(of('base'))),
      file('app/index.js', 'require("better-sqlite3")\n', 0o644),
      file(ADDON, muslModule(of('addon')), 0o644),
    ],
    process: {WorkingDir: '/app', Cmd: ['node', 'index.js']},
    finds: [{rule: 'foreign-executable', path: `/${ADDON}`, level: 'warning'}],
  }),
  // The release file "armv8l" is a 32-bit program: some AArch64 machines run it, and others have no such mode.
  misbuilt({
    id: 'INC-093',
    scope: 'image',
    base: distroless,
    built: 'arm/v7',
    parts: ['busybox'],
    files: of => [
      file('busybox/busybox', staticProgram(of('busybox'))),
      ...['sh', 'ls', 'cat'].map(name => link(`busybox/${name}`, '/busybox/busybox')),
      file('app', goProgram(of('app'))),
    ],
    process: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox'],
      Entrypoint: ['/app'],
    },
    finds: [{rule: 'foreign-executable', path: '/busybox/busybox', level: 'warning'}],
  }),
]
