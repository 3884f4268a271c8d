import {buildElf} from './elf-builder.ts'
import {type BuildPlatform, buildImage, type LayerCompression, type LayerFiles} from './image-builder.ts'

const EM: Readonly<Record<string, number>> = {amd64: 62, arm64: 183, riscv64: 243}

const program = (architecture: string, options: Parameters<typeof buildElf>[0] = {}) => ({
  content: buildElf({machine: EM[architecture] ?? 0, ...options}),
  mode: 0o755,
})

const BASE: LayerFiles = {
  'etc/': '',
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\napp:x:1000:1000::/home/app:/bin/sh\n',
  'etc/group': 'root:x:0:\napp:x:1000:\n',
  'usr/': '',
  'usr/bin/': '',
  bin: {link: 'usr/bin'},
}

function image(
  layers: (architecture: string) => readonly LayerFiles[],
  process: object,
  options: {readonly compression?: LayerCompression; readonly architectures?: readonly string[]} = {},
) {
  const {compression = 'gzip', architectures = ['amd64', 'arm64']} = options
  return buildImage(
    architectures.map(
      (architecture): BuildPlatform => ({
        platform: {os: 'linux', architecture},
        process,
        layers: layers(architecture),
        compression,
      }),
    ),
  )
}

const folders = (...paths: readonly string[]): LayerFiles => Object.fromEntries(paths.map(path => [path, '']))

const LOADER = '/lib64/ld-test.so.1'

/** Images that every source must read alike; each shows one thing. */
export const CONTRACT_IMAGES = {
  'a static program on a base': image(arch => [BASE, {app: program(arch)}], {Entrypoint: ['/app']}),
  'one platform alone': image(arch => [BASE, {app: program(arch)}], {Entrypoint: ['/app']}, {architectures: ['arm64']}),
  'the program of another machine': image(() => [BASE, {app: program('amd64')}], {Entrypoint: ['/app']}),
  'a program with a file capability': image(
    arch => [BASE, {app: {...program(arch), capability: '0100000200100000000000000000000000000000'}}],
    {Entrypoint: ['/app']},
  ),
  'layers that are not compressed': image(
    arch => [BASE, {app: program(arch)}],
    {Entrypoint: ['/app']},
    {compression: 'none'},
  ),
  'layers in zstd': image(arch => [BASE, {app: program(arch)}], {Entrypoint: ['/app']}, {compression: 'zstd'}),
  'a program that is found in PATH, through a link of the base': image(arch => [BASE, {'usr/bin/app': program(arch)}], {
    Entrypoint: ['app', '--serve'],
    Env: ['PATH=/nowhere:/bin'],
  }),
  'a script with an interpreter of a lower layer': image(
    arch => [
      BASE,
      {'usr/bin/sh': program(arch)},
      {'entry.sh': {content: '#!/bin/sh\nexec /usr/bin/sh\n', mode: 0o755}},
    ],
    {Entrypoint: ['/entry.sh']},
  ),
  'services of runit and s6, some of another machine': image(
    arch => [
      {
        ...BASE,
        ...Object.fromEntries(
          ['sh', 'runsvdir', 'runsv', 's6-svscan', 's6-supervise'].map(name => [`usr/bin/${name}`, program(arch)]),
        ),
        ...folders('etc/service/', 'etc/service/old/', 'etc/service/web/', 'etc/sv/', 'etc/sv/db/', 'srv/', 'srv/s6/'),
        'etc/service/old/run': program('riscv64'),
        'etc/service/web/run': {content: '#!/bin/sh\nexec /usr/bin/web\n', mode: 0o755},
        'usr/bin/web': program('amd64'),
      },
      {
        'etc/service/.wh.old': '',
        'etc/service/db': {link: '/etc/sv/db'},
        'etc/sv/db/run': {...program(arch), mode: 0o644},
        ...folders('srv/s6/a/', 'srv/s6/a/log/', 'srv/s6/b/'),
        'srv/s6/a/run': program(arch),
        'srv/s6/a/log/run': program('amd64'),
        'entry.sh': {content: '#!/bin/sh\nrunsvdir /etc/service &\nexec s6-svscan /srv/s6\n', mode: 0o755},
      },
    ],
    {Entrypoint: ['/entry.sh'], Env: ['PATH=/bin']},
  ),
  'a loader and a library': image(
    arch => [
      {
        'lib64/': '',
        [LOADER.slice(1)]: program(arch, {type: 'dyn'}),
        'lib64/libc.so.6': {
          content: buildElf({machine: EM[arch] ?? 0, type: 'dyn', soname: 'libc.so.6', versionDefinitions: ['V_1']}),
        },
      },
      {app: program(arch, {interpreter: LOADER, needed: ['libc.so.6']})},
    ],
    {Entrypoint: ['/app']},
  ),
  'a hard link to a lower layer': image(arch => [{one: program(arch)}, {'two/app': {hardLink: 'one', mode: 0o755}}], {
    Entrypoint: ['/two/app'],
  }),
  'a program that an upper layer takes away': image(arch => [{app: program(arch)}, {'.wh.app': ''}], {
    Entrypoint: ['/app'],
  }),
  'an opaque directory': image(
    arch => [
      {'opt/': '', 'opt/app': program('riscv64')},
      {'opt/': '', 'opt/app': program(arch), 'opt/.wh..wh..opq': ''},
    ],
    {Entrypoint: ['/opt/app']},
  ),
  'a user by name, and no permission': image(arch => [BASE, {app: {...program(arch), mode: 0o700}}], {
    Entrypoint: ['/app'],
    User: 'app',
  }),
  'a user that nobody knows': image(arch => [BASE, {app: program(arch)}], {Entrypoint: ['/app'], User: 'nobody-here'}),
  'a program that is not there': image(() => [BASE], {Cmd: ['/app']}),
  'no command': image(() => [BASE], {}),
  'text instead of a program': image(
    () => [{app: {content: '<html><title>404 Not Found</title></html>', mode: 0o755}}],
    {Entrypoint: ['/app']},
  ),
  'links to the program, absolute and relative, through directories': image(
    arch => [
      {...BASE, 'opt/': '', 'opt/1.0/': '', 'opt/1.0/app': program(arch), 'opt/current': {link: '1.0'}},
      {app: {link: 'bin/app'}, 'usr/bin/app': {link: '/opt/current/../current/app'}},
    ],
    {Entrypoint: ['/app']},
  ),
  'hard links in one layer, one of them renamed above': image(
    arch => [
      {one: program(arch), two: {hardLink: 'one', mode: 0o755}},
      {'.wh.one': '', 'usr/three': program('riscv64')},
    ],
    {Entrypoint: ['/two']},
  ),
  'a whiteout and its file in one layer': image(
    arch => [{app: program('riscv64')}, {'.wh.app': '', app: program(arch)}],
    {
      Entrypoint: ['/app'],
    },
  ),
  'a HEALTHCHECK of another machine': image(arch => [BASE, {app: program(arch), check: program('riscv64')}], {
    Entrypoint: ['/app'],
    Healthcheck: {Test: ['CMD', '/check', '--quick']},
  }),
  'a loader that is not there': image(arch => [BASE, {app: program(arch, {interpreter: '/lib/ld-gone.so.1'})}], {
    Entrypoint: ['/app'],
  }),
  'a library of another machine': image(
    arch => [
      {'lib64/': '', [LOADER.slice(1)]: program(arch, {type: 'dyn'}), 'usr/': '', 'usr/lib/': ''},
      {'usr/lib/libx.so.1': {content: buildElf({machine: EM.riscv64 ?? 0, type: 'dyn', soname: 'libx.so.1'})}},
      {app: program(arch, {interpreter: LOADER, needed: ['libx.so.1', 'libgone.so.2']})},
    ],
    {Entrypoint: ['/app'], Env: ['LD_LIBRARY_PATH=/usr/lib']},
  ),
  'a script, its interpreter of another machine': image(
    () => [
      {'usr/': '', 'usr/bin/': '', 'usr/bin/env': program('riscv64')},
      {'entry.sh': {content: '#!/usr/bin/env sh\n', mode: 0o755}},
    ],
    {Entrypoint: ['/entry.sh'], Cmd: ['serve', '--port=80']},
  ),
  'a working directory, a command by its path in it, a user by number': image(
    arch => [BASE, {'srv/': '', 'srv/bin/': '', 'srv/bin/start': {...program(arch), mode: 0o744}}],
    {Entrypoint: ['./bin/start'], WorkingDir: '/srv', User: '1000:1000', Env: ['A=1', 'B=a b', 'EMPTY=']},
  ),
  'a directory that the user may not enter': image(arch => [BASE, {'srv/': {mode: 0o700}, 'srv/app': program(arch)}], {
    Entrypoint: ['/srv/app'],
    User: '1000',
  }),
  'variants of one architecture': buildImage(
    ['v6', 'v7'].map(variant => ({
      platform: {os: 'linux', architecture: 'arm', variant},
      process: {Entrypoint: ['/app']},
      layers: [
        BASE,
        {app: {content: buildElf({machine: 40, class: 32, flags: 0x0500_0400}), mode: 0o755}, note: variant},
      ],
    })),
  ),
  'one layer twice': image(arch => [{app: program(arch)}, {'.wh.app': ''}, {app: program(arch)}], {
    Entrypoint: ['/app'],
  }),
} as const
