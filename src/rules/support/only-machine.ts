import type {PlatformFacts} from '../../facts/facts.ts'
import {LINUX_ARCHITECTURES, programTarget} from '../../platform/index.ts'

/**
 * The one architecture that all programs of a platform are for, as platforms name it; undefined where there are several
 * or none. Where the whole image was looked at it is all ELF files, else what starts.
 */
export function onlyArchitecture({scan, startup}: Pick<PlatformFacts, 'scan' | 'startup'>): string | undefined {
  const started = startup.steps.flatMap(({identity}) => (identity?.kind === 'elf' ? [identity.machine] : []))
  const machines = new Set(scan === undefined ? started : scan.machines.map(({machine}) => machine))
  const [only] = machines
  return machines.size === 1 ? architectureOf(only ?? '') : undefined
}

/** `arm64` for `aarch64`; undefined for a machine without a Linux port. */
export function architectureOf(machine: string): string | undefined {
  return LINUX_ARCHITECTURES.find(
    architecture => programTarget({os: 'linux', architecture, variant: ''})?.name === machine,
  )
}
