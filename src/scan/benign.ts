import {ET} from '../binary/index.ts'
import {EM, LINUX_ARCHITECTURES, programTarget} from '../platform/index.ts'
import type {Candidate, RunEnvironment} from './candidate.ts'
import {
  isMultiarch,
  machineNameOf,
  machineOf,
  namesItself,
  namesOwnMachine,
  saysOtherSystem,
  wantsSibling,
  withoutMultiarch,
} from './own-names.ts'
import {namesMachine} from './spellings.ts'

/** Why a file of another machine or system is meant to be where it is. */
export interface BenignReason {
  readonly id: string
  /** Completes "it is meant to be there: ". */
  readonly says: string
  /** Where it is learnt from. */
  readonly source: string
  /**
   * `anywhere`: also in the directories of PATH and of the loader, because the file itself or its own name says
   * so. `aside`: only in all other directories, because a path there proves little against a program that a shell
   * finds or a library that a loader takes.
   */
  readonly where: 'anywhere' | 'aside'
  /**
   * Nothing but a name explains the file: it counts less where another platform's image
   * has its own program at the same path.
   */
  readonly isByName?: boolean
  matches(file: Candidate, surroundings: RunEnvironment): boolean
}

const YOCTO = 'Yocto insane.bbclass, INSANE_SKIP arch'
const BUILDROOT = 'Buildroot support/scripts/check-bin-arch'
const LINTIAN = 'lintian Check/Binaries/Architecture/Other.pm'

/** All that is benign, in one table; the first row that fits a file counts. docs/scan.md is generated from it. */
export const BENIGN: readonly BenignReason[] = [
  {
    id: 'bpf',
    says: 'a BPF program: the kernel of any machine takes it',
    source: `${YOCTO}; rpminspect`,
    where: 'anywhere',
    matches: file => machineOf(file) === EM.EM_BPF,
  },
  {
    id: 'no-machine',
    says: 'an ELF file for no machine, such as a compiled Guile module',
    source: `${BUILDROOT}; ${LINTIAN}`,
    where: 'anywhere',
    matches: file => machineOf(file) === EM.EM_NONE,
  },
  {
    id: 'object-file',
    says: 'an object file, a core dump or a kernel module: nothing that is started or loaded by a program',
    source: 'rpmlint; fs/binfmt_elf.c takes ET_EXEC and ET_DYN only',
    where: 'aside',
    matches: ({seen}) =>
      seen.kind === 'elf'
        ? seen.header.type === ET.ET_REL || seen.header.type === ET.ET_CORE
        : seen.identity.kind === 'mach-o' && seen.identity.fileType === 'object file',
  },
  {
    id: 'other-system',
    says: 'a file for Windows or macOS whose name or directory says so (.exe, .dll, .dylib, darwin-arm64): launchers of Python wheels, .NET assemblies, parts of packages for all systems',
    source: 'Python distlib t64.exe; Node prebuilds; the names that the systems themselves want',
    where: 'anywhere',
    matches: saysOtherSystem,
  },
  {
    id: 'own-name',
    says: 'a file whose own name says for which machine it is, such as tool-linux-arm64',
    source: 'Homebrew mismatched_binary_allowlist.json (lima-guestagent.Linux-*, aws-lambda-rie-*)',
    where: 'anywhere',
    isByName: true,
    // A loader always says it: without a C library of the platform it is that of a wrong root filesystem.
    matches: (file, around) =>
      (file.place !== 'loader' || around.hasOwnLibc) &&
      file.names.every(name => namesItself(file, name)) &&
      (!wantsSibling(file) || around.hasSibling(file.node.path)),
  },
  {
    id: 'firmware',
    says: 'firmware or a boot program for another processor of the machine',
    source: `${BUILDROOT}; ${YOCTO} (linux-firmware); OP-TEE/build#417`,
    where: 'aside',
    matches: ({node: {path}}) =>
      /^\/(?:usr\/)?lib\/firmware\//.test(path) ||
      /^\/usr\/(?:lib|share)\/(?:[^/]+\/)?(?:firmware|u-boot|arm-trusted-firmware|opensbi|seabios|OVMF|AAVMF|edk2[^/]*|slof|skiboot)\//i.test(
        path,
      ),
  },
  {
    id: 'kernel',
    says: 'a kernel, a kernel module or what is booted with them',
    source: `${BUILDROOT}; ${LINTIAN} (lib/modules); rpminspect (/boot/vmlinu*); ${YOCTO} (kexec-tools)`,
    where: 'aside',
    matches: ({node: {path}}) =>
      /^\/(?:boot|(?:usr\/)?lib(?:64)?\/modules|usr\/src\/(?:linux|kernels)[^/]*|usr\/lib\/(?:kexec-tools|linux-[^/]+))\//.test(
        path,
      ) ||
      /\/vmlinu[xz][^/]*$/.test(path) ||
      /\.ko$/.test(path),
  },
  {
    id: 'boot-loader',
    says: 'a boot loader or a program for EFI',
    source: `${BUILDROOT} (/usr/lib/grub); ${YOCTO} (grub, syslinux, gnu-efi)`,
    where: 'aside',
    matches: ({node: {path}}) =>
      /^\/usr\/(?:lib|share|libexec)(?:64)?\/(?:[^/]+\/)?(?:grub2?|syslinux|ipxe|shim|isolinux|extlinux|memtest86\+?|refind|gnu-efi|efi|systemd\/boot)\//i.test(
        path,
      ) ||
      /\/EFI\//i.test(path) ||
      /\.efi(?:\.signed|\.stub)?$/i.test(path),
  },
  {
    id: 'debug',
    says: 'debug information',
    source: `${LINTIAN} (usr/lib/debug/.build-id); check-payload filter_dirs`,
    where: 'aside',
    matches: ({node: {path}}) => /^\/usr\/lib\/debug\/|\/\.build-id\/|\.(?:debug|dbg|dwo|dwp)$/.test(path),
  },
  {
    id: 'emulator',
    says: 'what an emulator or a hypervisor runs: of QEMU, Wine, box64, DOSBox, OpenBIOS, Xen',
    source: `${YOCTO} (qemu-common); Homebrew (share/qemu); peers: /usr/lib/box64-x86_64-linux-gnu, **/wine/**`,
    where: 'aside',
    matches: ({node: {path}}) =>
      /^\/usr\/(?:local\/)?(?:lib|share|libexec)(?:64)?\/(?:[^/]+\/)?(?:qemu|wine|dosbox|bochs|openbios|box(?:64|86)|fex-emu)(?:[-/]|64\/|86\/)/i.test(
        path,
      ) ||
      /\/wine\/(?:i386|x86_64|aarch64|arm|fakedlls)?-?(?:windows|unix)?\//.test(path) ||
      /^\/usr\/lib\/xen(?:-[^/]+)?\/boot\//.test(path),
  },
  {
    id: 'installer-maker',
    says: 'what NSIS puts at the start of the installers for Windows that it makes',
    source: 'https://nsis.sourceforge.io (Stubs and Bin); Debian nsis-common',
    where: 'aside',
    matches: ({node: {path}, seen}) =>
      seen.kind !== 'elf' && seen.identity.kind === 'pe' && /^\/usr\/(?:local\/)?share\/nsis\//.test(path),
  },
  {
    id: 'cross-toolchain',
    says: 'of a cross toolchain: its directory is called by the machine that it builds for',
    source:
      'Debian /usr/TRIPLET, gcc-cross/TRIPLET; Rust rustlib/TRIPLE; Go pkg/GOOS_GOARCH; lintian overrides of gcc cross libraries',
    where: 'aside',
    matches: file => {
      const machine = machineNameOf(file)
      if (machine === undefined) return false
      const [, triplet] =
        /^\/(?:usr|opt)\/(?:local\/)?([^/-]+-[^/-]+-[^/]+)\//.exec(file.node.path) ??
        /\/(?:gcc-cross|rustlib|gcc)\/([^/]+)\//.exec(file.node.path) ??
        /\/pkg\/(?:tool\/|include\/)?([a-z0-9]+_[a-z0-9]+)[^/]*\//.exec(file.node.path) ??
        []
      return triplet !== undefined && namesMachine(triplet, machine)
    },
  },
  {
    id: 'sysroot',
    says: 'in a root filesystem of its own for another machine',
    source: 'check-payload filter_dirs (/sysroot, /rootfs); cross toolchains',
    where: 'aside',
    matches: ({node: {path}}) => /\/(?:sysroots?|sys-root)\//.test(path),
  },
  {
    id: 'multilib',
    says: 'in a directory for programs of another width (lib32, libx32, lib64 of a 32-bit platform, gcc’s 32 and x32)',
    source: `${LINTIAN}: (^|/)lib(x?\\d\\d)/; Debian libc6-i386, libc6-x32, libc6-amd64, gcc-multilib, linux-perf (perf-read-vdso32)`,
    where: 'anywhere',
    matches: ({node: {path}, place}, {width, hasOwnLibc}) =>
      place !== 'path' &&
      (/^\/(?:usr\/)?(?:local\/)?lib(?:x32|o32|n32)\//.test(path) ||
        (width === 64 && /^\/(?:usr\/)?(?:local\/)?lib32\//.test(path)) ||
        (width === 32 && hasOwnLibc && /^\/(?:usr\/)?(?:local\/)?lib64\//.test(path)) ||
        /\/lib\/gcc\/[^/]+\/[^/]+\/(?:32|64|x32|n32|o32)\//.test(path) ||
        /\/perf-read-vdsox?32$/.test(path)),
  },
  {
    id: 'compat-library',
    says: 'a library for 32-bit programs, whose loader is in the image',
    source: 'Fedora and Arch keep them in /usr/lib and lib32; Debian multiarch i386 on amd64, armhf on arm64',
    where: 'anywhere',
    matches: ({seen, place}, {hasCompatLoader}) =>
      place !== 'path' && seen.kind === 'elf' && seen.fit === 'compat' && hasCompatLoader,
  },
  {
    id: 'multiarch',
    says: 'in the library directory of its own machine, beside the platform’s own libraries',
    source: 'https://wiki.debian.org/Multiarch/Tuples',
    where: 'anywhere',
    matches: (file, {hasOwnLibc}) => hasOwnLibc && file.place !== 'path' && isMultiarch(file),
  },
  {
    id: 'test-data',
    says: 'test data',
    source: `${BUILDROOT} (perf-core/tests, kselftests); ${YOCTO} (python3-packaging-ptest, go-runtime-dev); Go src/debug/*/testdata`,
    where: 'aside',
    matches: ({node: {path}}) =>
      /\/(?:testdata|test[-_]data|fixtures|test[-_]fixtures|k?selftests?|ptest|testcases)\//i.test(path) ||
      (/\/(?:tests?|__tests__|examples?)\//i.test(path) && PACKAGES.test(path)),
  },
  {
    id: 'named-directory',
    says: 'a directory on its path says for which machine it is, such as prebuilds/linux-arm64',
    source: 'Node prebuilds, onnxruntime-node bin/napi-v*/OS/ARCH, natives of jars (Linux-aarch64), Android jniLibs',
    where: 'aside',
    isByName: true,
    matches: (file, around) => namesOwnMachine(file) && (!wantsSibling(file) || around.hasSibling(file.node.path)),
  },
  {
    id: 'sibling',
    says: 'one of several for different machines: the one for this platform stands beside it under a parallel name',
    source: 'Node prebuilds, natives unpacked from jars',
    where: 'aside',
    matches: (file, around) =>
      !isMultiarch(file) && !namesMachine(withoutMultiarch(file), around.machine) && around.hasSibling(file.node.path),
  },
  {
    id: 'coprocessor',
    says: 'for a processor that no container platform has: a GPU, a DSP, a microcontroller',
    source: 'Buildroot users: /usr/lib/dsp and onnxruntime-qnn (Hexagon); elf2uf2-rs and picotool in Homebrew’s list',
    where: 'aside',
    matches: file => {
      const machine = machineOf(file)
      return machine !== undefined && !CONTAINER_MACHINES.has(machine)
    },
  },
]

/** Directories of packages: what is called `test` there came with a package. */
const PACKAGES =
  /\/(?:site-packages|dist-packages|node_modules|gems|go\/src|go\/pkg\/mod|go-[0-9.]+|vendor|\.cargo\/registry|perl5?|ruby|R)\/|^\/usr\/(?:lib|libexec|share)\/|\/lib\/python[0-9.]+\//

const CONTAINER_MACHINES: ReadonlySet<number> = new Set([
  ...LINUX_ARCHITECTURES.flatMap(architecture => {
    const target = programTarget({os: 'linux', architecture, variant: ''})
    return target ? [target.machine, ...target.alternates] : []
  }),
  EM.EM_SPARC,
  EM.EM_SPARC32PLUS,
  EM.EM_MIPS_RS3_LE,
])
