import {DEBIAN_ARCH, type DebianArch} from '../../e2e/ground/programs.ts'

export type {DebianArch} from '../../e2e/ground/programs.ts'

/** The two that most images are for: a system is made for both where it names no others. */
export const USUAL_ARCHES = ['amd64', 'arm64'] as const
export type UsualArch = (typeof USUAL_ARCHES)[number]

/** All of Debian's, the usual ones first. */
export const ALL_ARCHES: readonly DebianArch[] = [...new Set([...USUAL_ARCHES, ...Object.values(DEBIAN_ARCH)])]

/** The platform whose programs an architecture of Debian has: `linux/arm/v7` of armhf. */
export function platformOf(arch: DebianArch): string {
  const found = Object.entries(DEBIAN_ARCH).find(([, name]) => name === arch)
  if (found === undefined) throw new Error(`there is no platform of ${arch}`)
  return found[0]
}

export function isUsual(arch: DebianArch): arch is UsualArch {
  return USUAL_ARCHES.some(usual => usual === arch)
}

/**
 * Directories besides `bin`, `sbin` and `lib` that are links into /usr, as debootstrap makes them before it unpacks
 * anything.
 */
export const MERGED: Readonly<Partial<Record<DebianArch, readonly string[]>>> = {
  amd64: ['lib32', 'lib64', 'libx32'],
  i386: ['lib64', 'libx32'],
  loong64: ['lib64'],
  mips64el: ['lib32', 'lib64', 'libo32'],
  mipsel: ['lib32', 'lib64'],
  ppc64el: ['lib64'],
  s390x: ['lib32'],
}

/** The directory of an architecture's libraries: https://wiki.debian.org/Multiarch/Tuples */
export const TRIPLET: Readonly<Record<DebianArch, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  armel: 'arm-linux-gnueabi',
  armhf: 'arm-linux-gnueabihf',
  i386: 'i386-linux-gnu',
  loong64: 'loongarch64-linux-gnu',
  mips64el: 'mips64el-linux-gnuabi64',
  mipsel: 'mipsel-linux-gnu',
  ppc64el: 'powerpc64le-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
  s390x: 's390x-linux-gnu',
}

/** An architecture whose programs no kernel of this one runs, and which every suite has. */
export function otherArch(arch: DebianArch): UsualArch {
  return arch === 'amd64' || arch === 'i386' ? 'arm64' : 'amd64'
}
