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
import {s6Overlay3} from './s6-overlay.ts'

const SITE = 'opt/hermes/.venv/lib/python3.13/site-packages'
/** As installers name extension modules: for the machine that they were installed on. */
const suffixOf = (machine: MachineName) => `cpython-313-${glibcOf(machine).directory}.so`
const ADDON = 'app/node_modules/better-sqlite3/build/Release/better_sqlite3.node'

/** What starts is right, and a file that it starts or loads later is not: found by reading every file of the image. */
export const WHOLE_IMAGE: readonly Recipe[] = [
  misbuilt({
    id: 'INC-033',
    base: debian,
    parts: ['sonarr'],
    files: of => [
      ...s6Overlay3(of('s6')),
      file('etc/s6-overlay/s6-rc.d/svc-sonarr/type', 'longrun\n', 0o644),
      script(
        'etc/s6-overlay/s6-rc.d/svc-sonarr/run',
        '#!/bin/bash',
        'exec /app/sonarr/bin/Sonarr -nobrowser -data=/config',
      ),
      file('etc/s6-overlay/s6-rc.d/user/contents.d/svc-sonarr', '', 0o644),
      file('app/sonarr/bin/Sonarr', glibcProgram(of('sonarr'))),
    ],
    process: {Entrypoint: ['/init']},
    finds: [{path: '/app/sonarr/bin/Sonarr', says: 'svc-sonarr'}],
  }),
  // fork and exec of a Go program, by a path that its settings hold.
  misbuilt({
    id: 'INC-071',
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
    base: alpine,
    parts: ['probe'],
    files: of => [file('bin/opm', goProgram(of('app'))), file('bin/grpc_health_probe', goProgram(of('probe')))],
    process: {Entrypoint: ['/bin/opm']},
    finds: [{rule: 'foreign-executable', path: '/bin/grpc_health_probe'}],
  }),
  misbuilt({
    id: 'INC-079',
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
    base: debian,
    parts: ['wheels'],
    files: of => [
      file('usr/bin/python3.13', glibcProgram(of('base'))),
      file(`usr/lib/python3.13/lib-dynload/_json.${suffixOf(of('base'))}`, glibcModule(of('base')), 0o644),
      link('opt/hermes/.venv/bin/python', '/usr/bin/python3.13'),
      file('opt/hermes/.venv/pyvenv.cfg', 'home = /usr/bin\nversion = 3.13.5\n', 0o644),
      script('opt/hermes/.venv/bin/hermes', '#!/opt/hermes/.venv/bin/python', 'from hermes.cli import main', 'main()'),
      file(`${SITE}/hermes/__init__.py`, '', 0o644),
      file(`${SITE}/hermes/cli.py`, 'import jiter\nimport pydantic_core\n\ndef main(): pass\n', 0o644),
      ...['pydantic_core', 'jiter'].flatMap(name => [
        file(`${SITE}/${name}/__init__.py`, `from ._${name} import *\n`, 0o644),
        file(`${SITE}/${name}/_${name}.${suffixOf(of('wheels'))}`, glibcModule(of('wheels'))),
      ]),
    ],
    process: {Entrypoint: ['/opt/hermes/.venv/bin/hermes']},
    finds: [{rule: 'missing-addon', path: `/${SITE}/pydantic_core`}],
  }),
  misbuilt({
    id: 'INC-085',
    base: alpine,
    parts: ['addon'],
    files: of => [
      file('usr/local/bin/node', muslProgram(of('base'))),
      file('app/package.json', '{"dependencies": {"better-sqlite3": "^12.0.0"}}', 0o644),
      file(
        'app/index.js',
        'const Database = require("better-sqlite3")\nconst db = new Database("/data/app.db")\n',
        0o644,
      ),
      file(
        'app/node_modules/better-sqlite3/package.json',
        '{"name": "better-sqlite3", "version": "12.2.0", "main": "lib/index.js", "dependencies": {"bindings": "^1.5.0"}}',
        0o644,
      ),
      file('app/node_modules/better-sqlite3/lib/index.js', "module.exports = require('./database')\n", 0o644),
      file(
        'app/node_modules/better-sqlite3/lib/database.js',
        "let DEFAULT_ADDON\nfunction Database() { DEFAULT_ADDON ||= require('bindings')('better_sqlite3.node') }\n" +
          'module.exports = Database\n',
        0o644,
      ),
      file('app/node_modules/bindings/package.json', '{"name": "bindings", "main": "./bindings.js"}', 0o644),
      file('app/node_modules/bindings/bindings.js', 'module.exports = function bindings(name) {}\n', 0o644),
      file(ADDON, muslModule(of('addon')), 0o644),
    ],
    process: {WorkingDir: '/app', Cmd: ['node', 'index.js']},
    finds: [{rule: 'missing-addon', path: `/${ADDON}`}],
  }),
  // The release file "armv8l" is a 32-bit program: some AArch64 machines run it, and others have no such mode.
  misbuilt({
    id: 'INC-093',
    base: distroless,
    built: 'arm/v7',
    parts: ['busybox'],
    files: of => [
      file('busybox/busybox', staticProgram(of('busybox'))),
      ...['sh', 'ls', 'cat'].map(name => link(`busybox/${name}`, '/busybox/busybox')),
    ],
    process: {
      Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/busybox'],
      Entrypoint: ['/busybox/sh'],
    },
    finds: [{path: '/busybox/sh', resolved: '/busybox/busybox'}],
  }),
]
