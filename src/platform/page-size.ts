import {findArchitecture} from './architectures/index.ts'
import {normalisePlatform} from './normalise.ts'
import type {Platform} from './platform.ts'

/** The largest page, in bytes, of the kernels that a platform's users run. */
export function largestPage(platform: Platform): number {
  const {os, architecture} = normalisePlatform(platform)
  return (os === 'linux' ? findArchitecture(architecture)?.largestPage : undefined) ?? 4096
}
