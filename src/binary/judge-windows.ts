import {normalisePlatform, type Platform} from '../platform/index.ts'
import {describe} from './describe.ts'
import type {Identity} from './identity.ts'
import type {Verdict} from './verdict.ts'

/** What Windows also runs, by the image's architecture. */
const EMULATED: Readonly<Record<string, readonly (readonly [architecture: string, reason: string])[]>> = {
  amd64: [['386', 'needs WOW64, which nanoserver lacks']],
  arm64: [
    ['386', 'needs the x86 emulation of Windows on Arm'],
    ['amd64', 'needs the x64 emulation of Windows on Arm'],
  ],
}

/** What Windows makes of a file that it is to start. CreateProcess takes PE images only. */
export function judgeWindows(identity: Identity, platform: Platform): Verdict {
  const {architecture} = normalisePlatform(platform)
  const expected = `Windows program for ${architecture}`
  if (identity.kind === 'elf') return {fit: 'wrong-os', os: 'linux', reason: describe(identity)}
  if (identity.kind !== 'pe') return {fit: 'refused', errno: 'ENOEXEC', reason: describe(identity)}
  if (identity.dll) return {fit: 'refused', errno: 'ENOEXEC', reason: describe(identity)}
  if (identity.architecture === architecture) return {fit: 'native'}
  const emulated = EMULATED[architecture]?.find(([name]) => name === identity.architecture)
  return emulated
    ? {fit: 'compat', level: 'warning', actual: describe(identity), expected, reason: emulated[1]}
    : {fit: 'foreign', actual: describe(identity), expected}
}
