import {normalisePlatform, type Platform} from '../../platform/index.ts'
import {type Interpreter, type Libc, libcOf} from '../interpreter.ts'

/** What the host of .NET in an image says of itself, as far as it decides which native files are taken. */
export interface DotnetTarget {
  /** The last word of its runtime identifier: `x64`. */
  readonly arch: string
  readonly libc: Libc | undefined
}

/** GOARCH -> how runtime identifiers end. https://learn.microsoft.com/dotnet/core/rid-catalog */
const ARCHES: Readonly<Record<string, string>> = {
  '386': 'x86',
  amd64: 'x64',
  arm: 'arm',
  arm64: 'arm64',
  loong64: 'loongarch64',
  ppc64le: 'ppc64le',
  riscv64: 'riscv64',
  s390x: 's390x',
}

const ARCH = /-(x64|x86|arm64|arm|armel|armv6|loongarch64|ppc64le|riscv64|s390x|mips64|wasm)(?:-(?:aot|corert))?$/
const OTHER_SYSTEM =
  /^(?:win|osx|macos|ios|tvos|maccatalyst|android|linux-bionic|browser|wasi|freebsd|illumos|solaris|haiku)/
const MUSL = /^(?:linux-musl|alpine)/

/** What the host is, from the loaders of the programs `dotnet`; undefined where there is none. */
export function dotnetTarget(platform: Platform, programs: readonly Interpreter[]): DotnetTarget | undefined {
  const {os, architecture} = normalisePlatform(platform)
  const arch = os === 'linux' && Object.hasOwn(ARCHES, architecture) ? ARCHES[architecture] : undefined
  return arch === undefined || programs.length === 0 ? undefined : {arch, libc: libcOf(programs)}
}

/**
 * Whether the host takes files of a runtime identifier: `linux-musl-x64` falls back to `linux-musl`, `linux-x64`,
 * `linux`, `unix-x64`, `unix` and `any`, `linux-x64` to all of those but the first. Those of distributions count as
 * Linux: hosts before .NET 8 take them by a graph.
 * https://github.com/dotnet/runtime/blob/main/src/libraries/Microsoft.NETCore.Platforms/src/runtime.json
 */
export function fitOfIdentifier(rid: string, target: DotnetTarget): 'own' | 'other-machine' | 'other-system' {
  if (OTHER_SYSTEM.test(rid)) return 'other-system'
  const arch = ARCH.exec(rid)?.[1]
  const isOwnMachine = arch === undefined || arch === target.arch
  return isOwnMachine && (target.libc !== 'glibc' || !MUSL.test(rid)) ? 'own' : 'other-machine'
}
