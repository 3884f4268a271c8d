import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/**
 * The largest page, in bytes, of the kernels that a platform's users run; 4 KiB where it is not in the table.
 * arm64: RHEL 8, SLES and Asahi kernels (64 KiB, 16 KiB); ppc64: distributions configure
 * 64 KiB; loongarch and mips64: 16 KiB.
 */
const LARGEST_PAGE: Readonly<Record<string, number>> = {
  arm64: 65536,
  loong64: 16384,
  mips64: 16384,
  mips64le: 16384,
  ppc64: 65536,
  ppc64le: 65536,
}

export function largestPage(platform: Platform): number {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' && Object.hasOwn(LARGEST_PAGE, architecture) ? (LARGEST_PAGE[architecture] ?? 4096) : 4096
}
