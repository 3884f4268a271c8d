import type {AimName} from './aims.ts'

const START =
  'most of the time is no reading: a small layout takes 0.35 s of the 0.49 s, which is the start of node and of the ' +
  'program.'

const HASHES =
  'both ways keep two processors busy. Ours takes 11.8 s of processor time where unpacking alone takes 6.6 s: on top ' +
  'come the digests of all bytes, packed and unpacked, and the walk through the tar; they were not taken apart yet.'

const LINGERS =
  'the figure is too large: the reader of the benchmark goes on for 4.6 s after its answer, waiting for a process of ' +
  'its own, which the command does not do. The reason is not known yet.'

/**
 * Of an aim that is not met: what the limit is, as a profile shows it. Written by hand; docs/benchmarks.md has it, and
 * says of an aim without one that nobody has looked yet.
 */
export const WHY_NOT_MET: Readonly<Partial<Record<AimName, string>>> = {
  'registry-entrypoint-shell': START,
  'registry-entrypoint-crane': START,
  'registry-essential-time': HASHES,
  'registry-image-time': HASHES,
  'docker-one-platform': LINGERS,
  'docker-both-platforms': LINGERS,
  'docker-held-2': `${LINGERS} The command took 1.4 s for two platforms on the same machine.`,
  'docker-held-10': LINGERS,
  'known-base':
    'the run with a new top layer takes 0.98 s, of which 0.35 s are the start: a small layout takes as long. The rest, ' +
    'reading what is kept of the bases, was not taken apart yet.',
  'action-start':
    'bare node takes 52 ms on this machine. Of what is beyond, by a profile, a third is the compiling of 380 KB, a ' +
    "quarter finding and reading 31 files, and a quarter node's own modules, node:crypto most of all.",
  'fleet-own-first':
    'an image that has nothing in common with another has an index, two manifests, two configs and two layers that ' +
    'nobody has read yet: seven requests. Two more ask for one byte of each base, so that a missing one is noticed.',
}
