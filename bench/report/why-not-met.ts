import type {AimName} from './aims.ts'

const START =
  'most of the time is no reading: a small layout takes 0.35 s of the 0.49 s, which is the start of node and of the ' +
  'program.'

const HASHES =
  'both ways keep two processors busy. Ours takes 11.8 s of processor time where unpacking alone takes 6.6 s. The ' +
  "digests of all bytes, packed and unpacked, are 1.7 s of the difference (node's own SHA-256, 0.72 s for 10⁹ bytes), " +
  'the start is 0.35 s; the rest is the walk through the tar and the look at each file.'

const MEMORY =
  'to fetch the layers and to unpack them, and nothing else, takes node 145 MB. Of ours, node and the program take 60 ' +
  'MB before anything is read, what is known of the image 20 MB, and what is kept of programs, so that no layer is ' +
  'read twice, up to 48 MB. The rest, up to 75 MB, are pieces that zlib gave and that are not collected yet: ' +
  'collecting every 12 MB took it to 180 MB, not further, and added half a second.'

const PULL =
  'of 19.8 s for one platform docker pull takes 14.9, docker create 2.5, and docker image rm 1.7, which the shell step ' +
  'does not do: what it pulled stays. All else takes 0.7 s.'

const HELD =
  'docker create and docker rm are left, a client for each platform, and what the engine does for them. Where the ' +
  'client was asked for every path, too, it took 2.4 times as long for ten platforms, in one run on a busy machine.'

const FLEET_TIME =
  'one processor computes all the time (4 % idle). The profile is flat: garbage collection 15 %, what is shared by ' +
  "layers 16 %, following programs 9 %, node's own HTTP 11 %, writing requests 6 %, zlib 3 %."

const FLEET_MEMORY =
  'layers that another image may have, too, are kept: up to 16 MB of those that one image had so far, and up to 96 MB ' +
  'in all. Over layouts, streamed, 300 images take 147 MB, 1,000 take 165 MB and 5,000 take 198 MB (225 MB before, ' +
  'and growing): of the heap, by snapshots, 41 MB at 1,000 images and 57 MB at 4,500, and the difference are these ' +
  'layers. Keeping less means to read bases again.'

const TESTS =
  'of 482 files no one takes more than 7 % of the time, and 20 take six tenths of it: tests that run programs (the action ' +
  'and the command as processes, the steps of the reusable workflow, the incidents) or limits at their edge. A fifth ' +
  'is loading the source anew for each file.'

/**
 * Of an aim that is not met: what the limit is, as a profile shows it. Written by hand; docs/benchmarks.md has it, and
 * says of an aim without one that nobody has looked yet.
 */
export const WHY_NOT_MET: Readonly<Partial<Record<AimName, string>>> = {
  'registry-entrypoint-shell': START,
  'registry-entrypoint-crane': START,
  'registry-essential-time': HASHES,
  'registry-image-time': HASHES,
  'registry-essential-memory': MEMORY,
  'registry-image-memory': MEMORY,
  'docker-one-platform': PULL,
  'docker-both-platforms': PULL,
  'docker-held-2': HELD,
  'docker-held-10': HELD,
  'small-files-time':
    'the profile is flat: of the time, an eighth is garbage collection, a tenth zlib and the digest of the tar, a tenth ' +
    'the walk through the tar, a twelfth the look at the first line of each text; nothing else takes more than 5 %.',
  'identify-cold':
    'to open a file and to read its start takes a fifth of the processor time. Most of the rest is code that runs for ' +
    'the first time: looked at ten times, a file takes a third as much (85 µs against 245 µs, on a busy machine).',
  'elf-files-memory':
    'of each file 1.1 KB were known, by a snapshot of the heap, and 0.8 KB are since what is said of files alike is ' +
    'kept once: its node, its path, what it is, the start of it. Its node, its name and its entries in the tables of ' +
    'names and paths take 280 bytes, so that the aim wants nothing else to be known.',
  'known-base':
    'the run with a new top layer takes 0.98 s, of which 0.35 s are the start: a small layout takes as long. By a ' +
    'profile, a fifth of it is loading the program, an eighth unpacking what is kept of the bases (6 MB), a ninth ' +
    'garbage collection, a tenth following programs.',
  'action-start':
    'bare node takes 52 ms on this machine. Of what is beyond, by a profile, a third is the compiling of 380 KB, a ' +
    "quarter finding and reading 31 files, and a quarter node's own modules, node:crypto most of all.",
  'tests-time': TESTS,
  'fleet-own-time': FLEET_TIME,
  'fleet-releases-time': FLEET_TIME,
  'fleet-own-memory': FLEET_MEMORY,
  'fleet-releases-memory': FLEET_MEMORY,
  'fleet-own-first':
    'an image that has nothing in common with another has an index, two manifests, two configs and two layers that ' +
    'nobody has read yet: seven requests. Two more ask for one byte of each base, so that a missing one is noticed.',
}
