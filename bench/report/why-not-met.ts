import type {AimName} from './aims.ts'

/**
 * Of an aim that is not met: what the limit is, as a profile shows it. Written by hand; docs/benchmarks.md has it, and
 * says of an aim without one that nobody has looked yet.
 */
export const WHY_NOT_MET: Readonly<Partial<Record<AimName, string>>> = {
  'fleet-own-first':
    'an image that has nothing in common with another has an index, two manifests, two configs and two layers that ' +
    'nobody has read yet: seven requests. Two more ask for one byte of each base, so that a missing one is noticed.',
}
