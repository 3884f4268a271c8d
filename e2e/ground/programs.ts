import {readdir, readlink} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {exists} from './cache.ts'
import {downloadPackage} from './debian.ts'

/** The architectures of Debian that programs are taken from, and the oldest suite kept here that has each. */
export const SUITES = {
  amd64: 'bookworm',
  arm64: 'bookworm',
  armel: 'bookworm',
  armhf: 'bookworm',
  i386: 'bookworm',
  mips64el: 'bookworm',
  mipsel: 'bookworm',
  ppc64el: 'bookworm',
  s390x: 'bookworm',
  riscv64: 'trixie',
  loong64: 'forky',
} as const

export type DebianArch = keyof typeof SUITES

/** The platforms that Debian has programs of, and the name that it gives their architecture. */
export const DEBIAN_ARCH = {
  'linux/amd64': 'amd64',
  'linux/arm64': 'arm64',
  'linux/arm/v7': 'armhf',
  'linux/arm/v5': 'armel',
  'linux/386': 'i386',
  'linux/mips64le': 'mips64el',
  'linux/mipsle': 'mipsel',
  'linux/ppc64le': 'ppc64el',
  'linux/s390x': 's390x',
  'linux/riscv64': 'riscv64',
  'linux/loong64': 'loong64',
} as const satisfies Readonly<Record<string, DebianArch>>

/** A C library of Debian's, unpacked. */
export interface Libc {
  readonly tree: string
  /** The loader, a real file in the tree. */
  readonly loader: string
  /** The path that programs name as their interpreter: `/lib/ld-linux-aarch64.so.1`. */
  readonly interpreter: string
}

/** busybox, statically linked: one file, which is every program of a small system. */
export async function busybox(arch: DebianArch): Promise<string> {
  return programOf('busybox-static', 'busybox', arch)
}

/** tini, which starts another program: `tini` needs the C library, `tini-static` nothing. */
export async function tini(arch: DebianArch, kind: 'tini' | 'tini-static' = 'tini-static'): Promise<string> {
  return programOf('tini', kind, arch)
}

/** The GNU C library. */
export async function glibc(arch: DebianArch): Promise<Libc> {
  return loaderOf('libc6', /^ld(64|-linux.*)?\.so\.\d$/, arch)
}

/** The musl C library. */
export async function musl(arch: DebianArch): Promise<Libc> {
  return loaderOf('musl', /^ld-musl-.*\.so\.1$/, arch)
}

/** Any package, unpacked: the folder that holds its files. */
export async function packageTree(name: string, arch: DebianArch): Promise<string> {
  return downloadPackage({name, suite: SUITES[arch], arch})
}

async function programOf(name: string, program: string, arch: DebianArch): Promise<string> {
  const tree = await packageTree(name, arch)
  for (const folder of ['bin', 'usr/bin', 'sbin', 'usr/sbin']) {
    const path = join(tree, folder, program)
    if (await exists(path)) return path
  }
  throw new Error(`Debian's ${name} for ${arch} has no program ${program}`)
}

async function loaderOf(name: string, pattern: RegExp, arch: DebianArch): Promise<Libc> {
  const tree = await packageTree(name, arch)
  // The folders that an interpreter is named in, and where later suites keep them since /lib is a link to /usr/lib.
  for (const folder of ['lib64', 'lib', 'usr/lib64', 'usr/lib']) {
    const names = await readdir(join(tree, folder)).catch(() => [] as string[])
    const found = names.find(candidate => pattern.test(candidate))
    if (found === undefined) continue
    const link = join(tree, folder, found)
    const target = await readlink(link)
    const loader = target.startsWith('/') ? join(tree, target) : join(dirname(link), target)
    return {tree, loader, interpreter: `/${folder.replace('usr/', '')}/${found}`}
  }
  throw new Error(`Debian's ${name} for ${arch} has no loader`)
}
