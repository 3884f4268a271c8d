import {normalisePlatform, type Platform} from '../../platform/index.ts'

/** Where a platform's programs look for their loader. */
export interface LoaderNames {
  /** glibc shlib-versions and the directory of its loader on that architecture; the first is the usual one. */
  readonly glibc: readonly string[]
  /** ARCH of `/lib/ld-musl-ARCH.so.1`: musl arch/ARCH/reloc.h LDSO_ARCH. */
  readonly musl: readonly string[]
}

const NAMES: Readonly<Record<string, LoaderNames>> = {
  amd64: {glibc: ['/lib64/ld-linux-x86-64.so.2'], musl: ['x86_64']},
  '386': {glibc: ['/lib/ld-linux.so.2'], musl: ['i386']},
  arm: {glibc: ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'], musl: ['armhf', 'arm']},
  arm64: {glibc: ['/lib/ld-linux-aarch64.so.1'], musl: ['aarch64']},
  ppc64le: {glibc: ['/lib64/ld64.so.2'], musl: ['powerpc64le']},
  ppc64: {glibc: ['/lib64/ld64.so.1'], musl: ['powerpc64']},
  s390x: {glibc: ['/lib/ld64.so.1'], musl: ['s390x']},
  riscv64: {glibc: ['/lib/ld-linux-riscv64-lp64d.so.1', '/lib/ld-linux-riscv64-lp64.so.1'], musl: ['riscv64']},
  loong64: {glibc: ['/lib64/ld-linux-loongarch-lp64d.so.1'], musl: ['loongarch64']},
  mips64le: {glibc: ['/lib64/ld.so.1', '/lib64/ld-linux-mipsn8.so.1'], musl: ['mips64el']},
  mips64: {glibc: ['/lib64/ld.so.1'], musl: ['mips64']},
  mipsle: {glibc: ['/lib/ld.so.1', '/lib/ld-linux-mipsn8.so.1'], musl: ['mipsel', 'mipsel-sf']},
  mips: {glibc: ['/lib/ld.so.1'], musl: ['mips', 'mips-sf']},
}

/** The loaders of a platform; undefined for one that is not in the table. */
export function loaderNames(platform: Platform): LoaderNames | undefined {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' && Object.hasOwn(NAMES, architecture) ? NAMES[architecture] : undefined
}

export function muslLoader(arch: string): string {
  return `/lib/ld-musl-${arch}.so.1`
}
