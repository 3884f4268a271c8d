import type {DebianArch} from './debian.ts'
import {NPM_ALL_PLATFORMS, NPM_PACKAGES} from './npm-packages.ts'
import {WHEELS} from './wheel-packages.ts'

/** A system that is made of packages as their makers ship them, and that is right: the scan must be quiet about it. */
export interface System {
  readonly id: string
  /** What it stands for, in a few words. */
  readonly about: string
  /** The program that the image starts. */
  readonly entrypoint: readonly string[]
  /** Packages of Debian, on top of the base. */
  readonly debian: readonly string[]
  /** Packages that only one architecture has. */
  readonly only?: Readonly<Partial<Record<DebianArch, readonly string[]>>>
  /** The one architecture that the system is made for; both where nothing is said. */
  readonly arch?: DebianArch
  /** Libraries of another architecture, as `apt-get install NAME:ARCH` puts them beside the system's own. */
  readonly foreign?: Readonly<
    Partial<Record<DebianArch, {readonly arch: string; readonly packages: readonly string[]}>>
  >
  /** Packages of npm in /app/node_modules, name -> version; with those of all platforms, or of the image's own. */
  readonly npm?: {readonly packages: Readonly<Record<string, string>>; readonly allPlatforms: boolean}
  /** Python wheels in /usr/local/lib/python3.11/dist-packages, `name==version`. */
  readonly wheels?: readonly string[]
}

/** What debootstrap's smallest variant installs. */
export const BASE = ['?essential', '?priority(required)', 'usr-is-merged', 'apt', 'ca-certificates']

export const SYSTEMS: readonly System[] = [
  {id: 'base', about: 'what every Debian image is built on', entrypoint: ['bash'], debian: []},
  {
    id: 'python',
    about: 'Python with pip, setuptools and the Windows launchers in them',
    entrypoint: ['python3', '-m', 'http.server'],
    debian: ['python3', 'python3-pip', 'python3-setuptools', 'python3-wheel', 'python3-distlib', 'python3-venv'],
  },
  {
    id: 'python-science',
    about: 'numpy, scipy, pandas and numba as Debian builds them, with their tests',
    entrypoint: ['python3'],
    debian: [
      'python3-numpy',
      'python3-scipy',
      'python3-pandas',
      'python3-numba',
      'python3-pefile',
      'python3-pyelftools',
    ],
  },
  {
    id: 'python-wheels',
    about: 'wheels of the package index with launchers and programs of several machines and systems',
    entrypoint: ['python3'],
    debian: ['python3', 'python3-pip'],
    wheels: WHEELS,
  },
  {id: 'node', about: 'Node.js and npm', entrypoint: ['node'], debian: ['nodejs', 'npm']},
  {
    id: 'node-modules',
    about: 'node_modules as npm installs them for the platform: prebuilds of all platforms inside packages',
    entrypoint: ['node'],
    debian: ['nodejs'],
    npm: {packages: NPM_PACKAGES, allPlatforms: false},
  },
  {
    id: 'node-modules-all',
    about: 'node_modules with the optional packages of every platform',
    entrypoint: ['node'],
    debian: ['nodejs'],
    npm: {packages: NPM_ALL_PLATFORMS, allPlatforms: true},
  },
  {
    id: 'cross',
    about: 'cross toolchains for the other architecture and for two more',
    entrypoint: ['bash'],
    debian: ['gcc', 'g++', 'binutils-multiarch', 'gcc-riscv64-linux-gnu', 'gcc-arm-linux-gnueabihf'],
    only: {
      amd64: [
        'gcc-aarch64-linux-gnu',
        'g++-aarch64-linux-gnu',
        'gcc-i686-linux-gnu',
        'gcc-powerpc64le-linux-gnu',
        'gcc-s390x-linux-gnu',
      ],
      arm64: ['gcc-x86-64-linux-gnu', 'g++-x86-64-linux-gnu', 'gcc-i686-linux-gnu'],
    },
  },
  {
    id: 'bare-metal',
    about: 'toolchains for microcontrollers, Windows and WebAssembly',
    entrypoint: ['bash'],
    debian: [
      ...[
        'gcc-avr',
        'avr-libc',
        'gcc-arm-none-eabi',
        'libnewlib-arm-none-eabi',
        'gcc-mingw-w64-x86-64',
        'gcc-mingw-w64-i686',
      ],
      ...['g++-mingw-w64-x86-64', 'wasi-libc', 'libclang-rt-14-dev-wasm32', 'gcc-xtensa-lx106', 'sdcc', 'cc65'],
    ],
  },
  {
    id: 'emulators',
    about: 'QEMU for every machine, with its firmware',
    entrypoint: ['bash'],
    debian: [
      ...[
        'qemu-user-static',
        'qemu-system-x86',
        'qemu-system-arm',
        'qemu-system-misc',
        'qemu-system-data',
        'ovmf',
        'ovmf-ia32',
        'seabios',
      ],
      ...[
        'ipxe-qemu',
        'qemu-efi-aarch64',
        'qemu-efi-arm',
        'qemu-skiboot',
        'qemu-slof',
        'opensbi',
        'u-boot-qemu',
        'openbios-ppc',
      ],
      ...['openbios-sparc', 'dosbox'],
    ],
  },
  {
    id: 'boot',
    about: 'boot loaders for BIOS, EFI and the network',
    entrypoint: ['bash'],
    debian: [
      ...['grub-common', 'grub-theme-starfield'],
      ...[
        'syslinux-common',
        'syslinux-efi',
        'isolinux',
        'pxelinux',
        'ipxe',
        'refind',
        'gnu-efi',
        'systemd-boot-efi',
        'shim-unsigned',
      ],
      ...['efibootmgr', 'u-boot-tools'],
    ],
    only: {
      amd64: [
        ...[
          'grub-efi-amd64-bin',
          'grub-efi-ia32-bin',
          'grub-pc-bin',
          'grub-xen-bin',
          'grub-coreboot-bin',
          'shim-signed',
        ],
        ...['grub-efi-amd64-signed', 'syslinux', 'syslinux-utils', 'memtest86+', 'fwupd-amd64-signed', 'extlinux'],
      ],
      arm64: [
        'grub-efi-arm64-bin',
        'shim-signed',
        'grub-efi-arm64-signed',
        'fwupd-arm64-signed',
        'u-boot-rpi',
        'u-boot-sunxi',
        'u-boot-rockchip',
      ],
    },
  },
  {
    id: 'firmware',
    about: 'firmware of devices, free and not',
    entrypoint: ['bash'],
    debian: [
      ...[
        'firmware-linux',
        'firmware-linux-free',
        'firmware-misc-nonfree',
        'firmware-ath9k-htc',
        'firmware-atheros',
        'firmware-iwlwifi',
      ],
      ...[
        'firmware-realtek',
        'firmware-qcom-soc',
        'firmware-brcm80211',
        'firmware-libertas',
        'firmware-netronome',
        'firmware-cavium',
      ],
      ...[
        'firmware-ti-connectivity',
        'firmware-sof-signed',
        'firmware-intel-sound',
        'firmware-qlogic',
        'firmware-bnx2x',
        'firmware-zd1211',
      ],
      ...[
        'dahdi-firmware-nonfree',
        'bluez-firmware',
        'atmel-firmware',
        'firmware-siano',
        'firmware-samsung',
        'firmware-ivtv',
      ],
    ],
    only: {
      amd64: ['intel-microcode', 'amd64-microcode'],
      arm64: ['raspi-firmware', 'arm-trusted-firmware', 'arm-trusted-firmware-tools'],
    },
  },
  {
    id: 'kernel',
    about: 'a kernel with its modules and the headers to build more',
    entrypoint: ['bash'],
    debian: ['initramfs-tools', 'dracut-core', 'linux-perf', 'bpftool'],
    only: {amd64: ['linux-image-amd64', 'linux-headers-amd64'], arm64: ['linux-image-arm64', 'linux-headers-arm64']},
  },
  {
    id: 'multilib',
    about: 'the 32-bit libraries of an amd64 system, and a compiler for them',
    arch: 'amd64',
    entrypoint: ['bash'],
    debian: [
      'gcc-multilib',
      'g++-multilib',
      'libc6-i386',
      'lib32stdc++6',
      'lib32z1',
      'libc6-x32',
      'libx32stdc++6',
      'lib32ncurses6',
      'lib32gcc-s1',
    ],
  },
  {
    id: 'multiarch',
    about: 'libraries of a second architecture beside the own ones, as dpkg installs them',
    entrypoint: ['bash'],
    debian: ['libc6', 'libstdc++6', 'zlib1g', 'libssl3', 'libglib2.0-0', 'libc6-dev'],
    foreign: {
      amd64: {arch: 'i386', packages: ['libc6', 'libstdc++6', 'zlib1g', 'libssl3', 'libglib2.0-0']},
      arm64: {arch: 'armhf', packages: ['libc6', 'libstdc++6', 'zlib1g', 'libssl3', 'libglib2.0-0']},
    },
  },
  {
    id: 'multiarch-foreign',
    about: 'libraries of an architecture that the kernel does not run, to build for it',
    entrypoint: ['bash'],
    debian: ['libc6-dev'],
    foreign: {
      amd64: {arch: 'arm64', packages: ['libc6-dev', 'libstdc++6', 'libssl-dev', 'libglib2.0-0', 'libpam-modules']},
      arm64: {arch: 'amd64', packages: ['libc6-dev', 'libstdc++6', 'libssl-dev', 'libglib2.0-0', 'libpam-modules']},
    },
  },
  {
    id: 'java',
    about: 'a Java runtime, and libraries that programs in Java load',
    entrypoint: ['/usr/lib/jvm/java-17-openjdk-ARCH/bin/java'],
    debian: [
      'openjdk-17-jdk-headless',
      'libjna-java',
      'libjansi-native-java',
      'libnetty-java',
      'libsnappy-java',
      'maven',
      'libjffi-java',
    ],
  },
  {
    id: 'go',
    about: 'the Go toolchain with its test data: programs of many systems in debug/elf, debug/pe and debug/macho',
    entrypoint: ['go'],
    debian: ['golang-go', 'golang-1.19-src', 'golang-golang-x-sys-dev', 'golang-golang-x-tools-dev', 'delve'],
  },
  {
    id: 'rust',
    about: 'rustc and cargo with the standard libraries for Windows and WebAssembly',
    entrypoint: ['cargo'],
    debian: ['rustc', 'cargo', 'libstd-rust-dev', 'libstd-rust-dev-wasm32'],
    only: {amd64: ['libstd-rust-dev-windows']},
  },
  {
    id: 'clang',
    about: 'clang and LLVM',
    entrypoint: ['clang'],
    debian: ['clang', 'llvm', 'lld', 'libclang-rt-14-dev', 'libc++-dev', 'bpftrace', 'bpfcc-tools', 'libbpf-dev'],
  },
  {id: 'busybox', about: 'busybox-static over the base', entrypoint: ['busybox', 'sh'], debian: ['busybox-static']},
  {
    id: 'guile',
    about: 'Guile and its compiled modules, ELF files of no machine',
    entrypoint: ['guile-3.0'],
    debian: ['guile-3.0', 'guile-2.2-libs'],
  },
  {
    id: 'wine',
    about: 'Wine: Windows libraries and programs that are meant to be there',
    entrypoint: ['bash'],
    debian: ['wine64', 'libwine', 'wine', 'winetricks', 'nsis', 'msitools', 'gcab', 'win32-loader'],
  },
  {
    id: 'mono',
    about: 'Mono: programs in PE files that no Windows is needed for',
    entrypoint: ['mono'],
    debian: ['mono-runtime', 'mono-mcs', 'mono-devel', 'mono-xsp4', 'nunit-console'],
  },
  {
    id: 'interpreters',
    about: 'Ruby, PHP, Perl, Lua, Tcl, Erlang, R',
    entrypoint: ['ruby'],
    debian: [
      ...[
        'ruby',
        'ruby-ffi',
        'ruby-nokogiri',
        'ruby-google-protobuf',
        'php-cli',
        'php-fpm',
        'perl',
        'libperl-dev',
        'lua5.4',
        'tcl',
        'tk',
      ],
      ...['erlang-base', 'elixir', 'r-base-core', 'sbcl', 'ocaml', 'swi-prolog-nox', 'gforth', 'racket'],
    ],
  },
  {
    id: 'servers',
    about: 'databases and web servers',
    entrypoint: ['nginx', '-g', 'daemon off;'],
    debian: [
      'nginx',
      'apache2',
      'postgresql',
      'postgresql-contrib',
      'mariadb-server',
      'redis-server',
      'memcached',
      'haproxy',
      'rabbitmq-server',
      'slapd',
      'bind9',
      'postfix',
    ],
  },
  {
    id: 'debug',
    about: 'debuggers, tracers and files of debug information',
    entrypoint: ['gdb'],
    debian: [
      'gdb',
      'gdb-multiarch',
      'gdbserver',
      'libc6-dbg',
      'strace',
      'systemtap',
      'elfutils',
      'libstdc++6-11-dbg',
      'python3-dbg',
      'yara',
      'binwalk',
    ],
    only: {amd64: ['valgrind', 'crash', 'ltrace'], arm64: ['valgrind', 'crash']},
  },
  {
    id: 'containers',
    about: 'container engines and what builds images',
    entrypoint: ['podman'],
    debian: [
      'docker.io',
      'podman',
      'buildah',
      'skopeo',
      'catatonit',
      'tini',
      'debootstrap',
      'qemu-utils',
      'libguestfs-tools',
      'xen-utils-4.17',
      'lxc',
      'runc',
      'crun',
    ],
  },
  {
    id: 'desktop',
    about: 'a browser, an office, and media libraries',
    entrypoint: ['chromium'],
    debian: [
      'chromium',
      'chromium-driver',
      'libreoffice-core-nogui',
      'ffmpeg',
      'gstreamer1.0-plugins-good',
      'fonts-dejavu',
      'xvfb',
      'mesa-va-drivers',
      'libgl1-mesa-dri',
      'pocl-opencl-icd',
    ],
  },
  {
    id: 'systemd',
    about: 'a whole machine: systemd, udev, networking',
    entrypoint: ['/sbin/init'],
    debian: [
      'systemd',
      'systemd-sysv',
      'udev',
      'dbus',
      'network-manager',
      'openssh-server',
      'sudo',
      'cron',
      'rsyslog',
      'iptables',
      'fwupd',
      'snapd',
      'flatpak',
    ],
  },
]
