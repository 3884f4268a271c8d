import {buildElf, type ElfOptions} from '../../__tests__/support/elf-builder.ts'

/** A platform, and a static program that its kernel starts. */
export interface PlatformProgram {
  readonly platform: {readonly os: 'linux'; readonly architecture: string; readonly variant?: string}
  readonly program: Uint8Array
}

/** The ten platforms that base images are most often built for. */
export const PLATFORM_PROGRAMS: readonly PlatformProgram[] = [
  of('amd64', {machine: 62}),
  of('arm64', {machine: 183, align: 0x10000}),
  of('arm', {machine: 40, class: 32, flags: 0x05000000}, 'v7'),
  of('386', {machine: 3, class: 32}),
  of('ppc64le', {machine: 21, flags: 2, align: 0x10000}),
  of('s390x', {machine: 22, data: 'big'}),
  of('riscv64', {machine: 243, flags: 5}),
  of('loong64', {machine: 258, flags: 0x43, align: 0x10000}),
  of('mips64le', {machine: 8, flags: 0x80000007, align: 0x10000}),
  of('arm', {machine: 40, class: 32, flags: 0x05000000}, 'v6'),
]

function of(architecture: string, options: ElfOptions, variant?: string): PlatformProgram {
  return {
    platform: {os: 'linux', architecture, ...(variant === undefined ? {} : {variant})},
    program: buildElf(options),
  }
}
