import {SUITES} from '../../e2e/ground/programs.ts'
import {ALL_ARCHES, type DebianArch, isUsual} from './architectures.ts'
import {DOCUMENTS} from './science-systems.ts'
import type {System} from './system.ts'

/** All but the usual two. */
const PORTS: readonly DebianArch[] = ALL_ARCHES.filter(arch => !isUsual(arch))

/** The bare system and the languages that every architecture of Debian has. */
const EVERYWHERE = ['python3', 'perl', 'ruby', 'lua5.4', 'tcl', 'busybox-static', 'openssl']

const oldest = (arch: DebianArch): string => SUITES[arch]

/** Systems of all architectures of Debian but the usual two, of the oldest release that has each. */
export const PORT_SYSTEMS: readonly System[] = [
  {
    id: 'ports',
    about: 'interpreters and tools on the other architectures of Debian, of the oldest release that has each',
    entrypoint: ['python3'],
    arches: PORTS,
    suite: oldest,
    debian: EVERYWHERE,
  },
  {
    id: 'interpreters-ports',
    about: 'interpreters with native modules, on the other architectures',
    entrypoint: ['ruby'],
    arches: PORTS,
    suite: oldest,
    debian: [
      ...['python3-numpy', 'python3-cryptography', 'python3-lxml', 'python3-pil', 'ruby-nokogiri', 'ruby-ffi'],
      ...['php-cli', 'php-fpm', 'php-mysql', 'php-xml', 'libperl-dev', 'libjson-xs-perl', 'libxml-libxml-perl'],
      ...['lua5.4', 'lua-socket', 'tcl', 'tk', 'erlang-base', 'r-base-core', 'r-cran-rcpp', 'ocaml', 'guile-3.0'],
    ],
    large: true,
  },
  {
    id: 'documents-ports',
    about: 'manuals, icons and fonts in a layer that every architecture shares',
    entrypoint: ['bash'],
    arches: PORTS,
    suite: oldest,
    debian: ['python3', 'file'],
    shared: DOCUMENTS,
    large: true,
  },
  {
    id: 'servers-ports',
    about: 'databases and web servers, on the other architectures',
    entrypoint: ['nginx', '-g', 'daemon off;'],
    arches: PORTS,
    suite: oldest,
    debian: [
      ...['nginx', 'apache2', 'postgresql', 'mariadb-server', 'redis-server', 'memcached', 'haproxy', 'slapd'],
      ...['bind9', 'postfix', 'dovecot-imapd', 'samba', 'openssh-server', 'systemd', 'network-manager'],
    ],
    large: true,
  },
  {
    id: 'development-ports',
    about: 'compilers, debuggers, libraries and their headers, on the other architectures',
    entrypoint: ['gcc'],
    arches: PORTS,
    suite: oldest,
    debian: [
      ...[
        'build-essential',
        'gfortran',
        'gdb',
        'strace',
        'cmake',
        'clang',
        'llvm',
        'rustc',
        'cargo',
        'libboost-all-dev',
      ],
      ...['qtbase5-dev', 'libgtk-3-dev', 'libssl-dev', 'default-jdk-headless', 'elfutils', 'binutils-dev', 'git'],
      ...['ffmpeg', 'gstreamer1.0-plugins-good', 'imagemagick', 'mesa-va-drivers'],
    ],
    large: true,
  },
  {
    id: 'ports-trixie',
    about: 'interpreters and tools on the other architectures, of trixie',
    entrypoint: ['python3'],
    arches: ['armhf', 'i386'],
    suite: () => 'trixie',
    debian: [...EVERYWHERE, 'systemd', 'nginx', 'apache2', 'redis-server', 'php-cli', 'erlang-base', 'gdbserver'],
    large: true,
  },
  {
    id: 'ports-sid',
    about: 'interpreters and tools on the other architectures, of sid',
    entrypoint: ['python3'],
    arches: ['armhf', 'i386', 'ppc64el', 's390x', 'riscv64', 'loong64'],
    suite: () => 'sid',
    debian: [...EVERYWHERE, 'systemd', 'nginx', 'apache2', 'redis-server', 'php-cli', 'erlang-base'],
    only: Object.fromEntries(['armhf', 'i386', 'ppc64el', 's390x', 'riscv64'].map(arch => [arch, ['gdbserver']])),
    large: true,
  },
]
