import {describe, expect, test} from '@jest/globals'
import fc from 'fast-check'
import {BENIGN, scanImage} from '../../src/scan/index.ts'
import {buildElf} from '../support/elf-builder.ts'
import {imageConfig} from '../support/image-config.ts'
import {executable, type MemoryEntry, type MemoryTree, memoryRootfs} from '../support/memory-rootfs.ts'
import {testPlatform} from '../support/memory-source.ts'

const EM = {i386: 3, arm: 40, x64: 62, arm64: 183, none: 0, bpf: 247, hexagon: 164, riscv: 243} as const

const width = (machine: number) => (machine === EM.i386 || machine === EM.arm ? 32 : 64)
const program = (machine: number): MemoryEntry => executable(buildElf({machine, class: width(machine)}))
const library = (machine: number): MemoryEntry =>
  executable(buildElf({machine, class: width(machine), type: 'dyn', entry: 0, soname: 'libx.so'}), 0o644)
const object = (machine: number): MemoryEntry => executable(buildElf({machine, type: 1}), 0o644)
const PE = peFile()
const MACH_O = executable(
  new Uint8Array([0xcf, 0xfa, 0xed, 0xfe, 0x0c, 0, 0, 1, 0, 0, 0, 0, 2, 0, 0, 0, ...Array.from({length: 64}, () => 0)]),
)
/** What makes an arm64 root filesystem one. */
const LIBC: MemoryTree = {'/usr/lib/aarch64-linux-gnu/libc.so.6': library(EM.arm64)}

interface Case {
  readonly files: MemoryTree
  readonly path: string
  readonly platform?: string
}

/** What explains a file, and a broken image in which it must not. */
const CASES: Readonly<Record<string, {readonly good: readonly Case[]; readonly bad: readonly Case[]}>> = {
  bpf: {
    good: [one('/usr/lib/bpf/probe.o', object(EM.bpf)), one('/usr/lib/libprobe.so', library(EM.bpf))],
    bad: [one('/usr/lib/bpf/probe', program(EM.x64))],
  },
  'no-machine': {
    good: [one('/usr/lib/guile/3.0/ccache/a.go', library(EM.none))],
    bad: [one('/usr/lib/guile/3.0/ccache/a.go', library(EM.x64))],
  },
  'object-file': {
    good: [one('/usr/lib/thing/crt1.o', object(EM.x64))],
    bad: [one('/usr/lib/thing/crt1.o', program(EM.x64))],
  },
  'other-system': {
    good: [
      one('/usr/lib/python3/dist-packages/pip/_vendor/distlib/t64.exe', PE),
      one('/app/System.Text.Json.dll', PE),
      one('/usr/bin/tool.exe', PE),
      one('/app/prebuilds/darwin-arm64/x.node', MACH_O),
      one('/app/libx.dylib', MACH_O),
    ],
    bad: [
      one('/usr/local/bin/kubectl', MACH_O),
      one('/app/build/Release/better_sqlite3.node', MACH_O),
      one('/opt/darwin-arm64/kubectl', MACH_O, {'/usr/bin/kubectl': {link: '/opt/darwin-arm64/kubectl'}}),
      one('/app/node_modules/@esbuild/darwin-arm64/bin/esbuild', MACH_O),
    ],
  },
  'own-name': {
    good: [
      one('/usr/local/bin/tool-linux-amd64', program(EM.x64)),
      one('/usr/local/bin/aws-lambda-rie-x86_64', program(EM.x64)),
      one('/lib64/ld-linux-x86-64.so.2', library(EM.x64), LIBC),
      one('/usr/lib/python3/a.cpython-313-x86_64-linux-gnu.so', library(EM.x64), {
        '/usr/lib/python3/a.cpython-313-aarch64-linux-gnu.so': library(EM.arm64),
      }),
    ],
    bad: [
      one('/usr/local/bin/tool-linux-arm64', program(EM.x64)),
      one('/usr/local/bin/boxx64', program(EM.x64)),
      one('/lib64/ld-linux-x86-64.so.2', library(EM.x64)),
      one('/lib/ld-musl-x86_64.so.1', library(EM.x64)),
      one('/opt/tool-amd64', program(EM.x64), {'/usr/bin/tool': {link: '/opt/tool-amd64'}}),
      one('/usr/lib/python3/a.cpython-313-x86_64-linux-gnu.so', library(EM.x64)),
    ],
  },
  firmware: {
    good: [
      one('/lib/firmware/qcom/a.mbn', program(EM.hexagon)),
      one('/usr/lib/u-boot/rpi/u-boot.elf', program(EM.x64)),
      one('/usr/share/seabios/bios', program(EM.i386)),
    ],
    bad: [one('/usr/lib/firmware-tool/run', program(EM.x64)), one('/srv/lib/firmware/run', program(EM.x64))],
  },
  kernel: {
    good: [
      one('/boot/vmlinux', program(EM.x64)),
      one('/usr/lib/modules/6.1/vdso/vdso64.so', library(EM.x64)),
      one('/usr/lib/kexec-tools/kexec_test', program(EM.x64)),
      one('/usr/src/linux-headers-6.1.0-28-amd64/scripts/mod/modpost', program(EM.x64)),
    ],
    // /usr/src/app is where images of node have their application.
    bad: [
      one('/usr/lib/nginx/modules/ngx_x.so', library(EM.x64)),
      one('/usr/src/app/node_modules/chromedriver/bin/chromedriver', program(EM.x64)),
    ],
  },
  'boot-loader': {
    good: [
      one('/usr/lib/grub/pc/kernel.img', program(EM.i386)),
      one('/usr/lib/ipxe/a.elf', program(EM.x64)),
      one('/EFI/BOOT/a.so', library(EM.x64)),
    ],
    bad: [one('/usr/bin/grub', program(EM.x64)), one('/app/grub/run', program(EM.x64))],
  },
  debug: {
    good: [one('/usr/lib/debug/.build-id/a/b.debug', program(EM.x64)), one('/app/x.debug', program(EM.x64))],
    bad: [one('/usr/bin/x.debug', program(EM.x64)), one('/app/debug/x', program(EM.x64))],
  },
  emulator: {
    good: [
      one('/usr/share/qemu/openbios', program(EM.x64)),
      one('/usr/lib/box64-libs/libx.so', library(EM.x64)),
      one('/usr/lib/wine/x', program(EM.x64)),
      one('/usr/lib/xen-4.17/boot/hvmloader', program(EM.i386)),
    ],
    bad: [
      one('/usr/bin/qemu-aarch64-static', program(EM.x64)),
      one('/opt/qemu/run', program(EM.x64)),
      one('/usr/lib/xen-4.17/bin/qemu', program(EM.x64)),
    ],
  },
  'installer-maker': {
    good: [one('/usr/share/nsis/Stubs/zlib-x86-unicode', PE)],
    bad: [one('/app/nsis/Stubs/zlib-x86-unicode', PE), one('/usr/share/nsis/makensis', program(EM.x64))],
  },
  'cross-toolchain': {
    good: [
      one('/usr/x86_64-linux-gnu/lib/libc.so.6', library(EM.x64), LIBC),
      one('/usr/lib/gcc-cross/x86_64-linux-gnu/14/libgcc_s.so', library(EM.x64)),
      one('/usr/lib/rustlib/x86_64-unknown-linux-gnu/lib/libstd.so', library(EM.x64)),
      one('/usr/local/go/pkg/tool/linux_amd64/link', program(EM.x64)),
    ],
    bad: [
      one('/usr/aarch64-linux-gnu/lib/libc.so.6', library(EM.x64)),
      one('/usr/lib/rustlib/aarch64-unknown-linux-gnu/lib/libstd.so', library(EM.x64)),
    ],
  },
  sysroot: {
    good: [one('/opt/sdk/sysroots/a/bin/sh', program(EM.x64))],
    bad: [one('/opt/sysroots-tool/bin/sh', program(EM.x64))],
  },
  multilib: {
    good: [
      one('/usr/lib32/libc.so.6', library(EM.i386), {}, 'linux/amd64'),
      one('/libx32/libx.so', library(EM.i386), {}, 'linux/amd64'),
      one('/usr/lib/gcc/x86_64-linux-gnu/14/32/libx.so', library(EM.i386), {}, 'linux/amd64'),
    ],
    bad: [
      one('/usr/lib64/libc.so.6', library(EM.x64)),
      one('/usr/lib64/libc.so.6', library(EM.arm64), {}, 'linux/arm/v7'),
    ],
  },
  'compat-library': {
    good: [one('/usr/lib/libx.so', library(EM.i386), {'/lib/ld-linux.so.2': library(EM.i386)}, 'linux/amd64')],
    bad: [
      one('/usr/lib/libx.so', library(EM.i386), {}, 'linux/amd64'),
      one('/usr/bin/x', program(EM.i386), {'/lib/ld-linux.so.2': library(EM.i386)}, 'linux/amd64'),
    ],
  },
  multiarch: {
    good: [one('/usr/lib/x86_64-linux-gnu/libc.so.6', library(EM.x64), LIBC)],
    bad: [
      one('/usr/lib/x86_64-linux-gnu/libc.so.6', library(EM.x64)),
      one('/usr/lib/aarch64-linux-gnu/libm.so.6', library(EM.x64), LIBC),
    ],
  },
  'test-data': {
    good: [
      one('/usr/local/go/src/debug/elf/testdata/gcc-386-exec', program(EM.x64)),
      one('/usr/lib/python3/dist-packages/packaging/tests/x', program(EM.x64)),
    ],
    bad: [one('/app/tests/run', program(EM.x64)), one('/usr/bin/testdata', program(EM.x64))],
  },
  'named-directory': {
    good: [
      one('/app/node_modules/x/prebuilds/linux-x64/x.node', library(EM.x64)),
      one('/opt/tool-amd64/bin/x', program(EM.x64)),
      one('/app/natives/Linux-amd64/libx.so', library(EM.x64)),
      one('/app/node_modules/@esbuild/linux-x64/bin/esbuild', program(EM.x64), {
        '/app/node_modules/@esbuild/linux-arm64/bin/esbuild': program(EM.arm64),
      }),
    ],
    bad: [
      one('/app/node_modules/@esbuild/linux-x64/bin/esbuild', program(EM.x64)),
      one('/app/node_modules/x/prebuilds/linux-arm64/x.node', library(EM.x64)),
      one('/usr/lib/x86_64-linux-gnu/perl/auto/x.so', library(EM.x64)),
    ],
  },
  sibling: {
    good: [
      one('/app/natives/linux-mips/libx.so', library(EM.x64), {
        '/app/natives/linux-aarch64/libx.so': library(EM.arm64),
      }),
    ],
    bad: [
      one('/app/natives/linux-arm64/libx.so', library(EM.x64), {
        '/app/natives/linuxmusl-arm64/libx.so': library(EM.arm64),
      }),
      one('/app/v1/libx.so', library(EM.x64), {'/app/v2/libx.so': library(EM.arm64)}),
      one('/app/natives/linux-mips/libx.so', library(EM.x64)),
    ],
  },
  coprocessor: {
    good: [one('/usr/lib/dsp/libx.so', library(EM.hexagon))],
    bad: [one('/usr/local/bin/x', program(EM.hexagon)), one('/usr/lib/dsp/libx.so', library(EM.riscv))],
  },
}

function one(path: string, entry: MemoryEntry, others: MemoryTree = {}, platform = 'linux/arm64'): Case {
  return {path, files: {[path]: entry, ...others}, platform}
}

async function scan({files, platform = 'linux/arm64'}: Omit<Case, 'path'>, env: readonly string[] = []) {
  const asked = testPlatform(platform)
  const config = imageConfig({platform: asked, env: [...env]})
  return scanImage({rootfs: memoryRootfs(files), config, platform: asked, ignore: []})
}

test('every row has its cases', () => {
  expect(Object.keys(CASES)).toEqual(BENIGN.map(({id}) => id))
})

const rows = Object.entries(CASES)

describe.each(rows)('%s', (id, {good, bad}) => {
  test.each(good.map(one => [one.path, one] as const))('explains %s', async (path, one) => {
    const {suppressed, foreign, notPrograms} = await scan(one)
    expect(suppressed.filter(({files}) => files.includes(path)).map(({reason}) => reason)).toEqual([id])
    expect([...foreign, ...notPrograms].map(file => file.path)).not.toContain(path)
  })
  test.each(bad.map(one => [one.path, one] as const))('but not %s in a broken image', async (path, one) => {
    const {suppressed, foreign, notPrograms} = await scan(one)
    expect(suppressed.flatMap(({files}) => files)).not.toContain(path)
    expect([...foreign, ...notPrograms].map(file => file.path)).toContain(path)
  })
})

describe('whatever is around it', () => {
  const machineWords = ['amd64', 'arm64', 'linux-x64', 'aarch64-linux-gnu', 'x86_64-linux-gnu', 'darwin', 'i386']
  const names = [
    'app',
    'kubectl',
    'firmware',
    'testdata',
    'grub',
    'wine',
    'qemu',
    'debug',
    'lib32',
    'sysroots',
    'x.efi',
  ]
  const directory = fc
    .array(fc.constantFrom(...machineWords, ...names, 'usr', 'lib', 'share', 'node_modules', 'opt'), {
      minLength: 1,
      maxLength: 5,
    })
    .map(parts => `/${parts.join('/')}/bin`)
  const command = fc.constantFrom('kubectl', 'sh', 'java', 'tool.debug', 'app.ko', 'run')

  test('a foreign program in PATH is told of', async () => {
    await fc.assert(
      fc.asyncProperty(directory, command, fc.boolean(), async (where, name, linked) => {
        const path = `${where}/${name}`
        const files: MemoryTree = {...LIBC, [path]: program(EM.x64), '/opt/linux-arm64/x': program(EM.arm64)}
        const facts = await scan({files: linked ? {...files, '/links/first': {link: path}} : files}, [
          linked ? 'PATH=/links' : `PATH=${where}:/usr/bin`,
        ])
        expect(facts.suppressed).toEqual([])
        expect(facts.foreign.map(({path: told, place}) => [told, place])).toEqual([[path, 'path']])
      }),
      {numRuns: 300},
    )
  })

  test('a library of the loader that says nothing of its machine is told of', async () => {
    const directories = ['/lib', '/usr/lib', '/usr/local/lib', '/usr/lib64', '/usr/lib/aarch64-linux-gnu']
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...directories),
        fc.constantFrom('libx.so', 'libtest.so.1'),
        async (where, name) => {
          const {foreign} = await scan({files: {...LIBC, [`${where}/${name}`]: library(EM.x64)}})
          expect(foreign.map(({place}) => place)).toEqual(['loader'])
        },
      ),
      {numRuns: 30},
    )
  })
})

/** A DOS header, and a PE header for amd64. */
function peFile(): MemoryEntry {
  const bytes = new Uint8Array(0x100)
  bytes.set([0x4d, 0x5a])
  bytes.set([0x80], 0x3c)
  bytes.set([0x50, 0x45, 0, 0, 0x64, 0x86], 0x80)
  return executable(bytes)
}
