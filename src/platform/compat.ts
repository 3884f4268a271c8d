import type {CompatRule} from './architectures/architecture.ts'
import {findArchitecture} from './architectures/index.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/**
 * What else than a platform's own programs its kernels may start, and why one should not count on it: each
 * architecture's `compat_elf_check_arch` and Kconfig in Linux 7.2.
 */
export function compatRules(platform: Platform): readonly CompatRule[] {
  const {os, architecture} = normalisePlatform(platform)
  return os === 'linux' ? (findArchitecture(architecture)?.compat ?? []) : []
}
