import {
  describe,
  describeProgram,
  findPageSizeProblem,
  type Identity,
  identify,
  judge,
  judgeLibrary,
  judgeLoader,
  judgeMachine,
  readDynamic,
  readDynamicSymbols,
  readGnuProperties,
  readGoBuildInfo,
  readNotes,
  readPackedInterpreter,
  readSections,
  readServerError,
  readVariantEvidence,
} from '../../../src/binary/index.ts'
import type {RandomAccess} from '../../../src/lib/bytes.ts'
import type {Platform} from '../../../src/platform/index.ts'
import {FILES} from '../seeds/files.ts'
import {PROGRAMS} from '../seeds/programs.ts'
import {type FuzzTarget, holds} from '../target.ts'

const PLATFORMS = [
  ['linux', 'amd64', ''],
  ['linux', 'arm64', ''],
  ['linux', 'arm', 'v6'],
  ['linux', '386', ''],
  ['linux', 's390x', ''],
  ['linux', 'mips', ''],
  ['linux', 'riscv64', ''],
  ['linux', 'ppc64le', ''],
  ['windows', 'amd64', ''],
].map(([os = '', architecture = '', variant = '']): Platform => ({os, architecture, variant}))

/** EM_X86_64 and EM_AARCH64, by the places of their platforms above. */
const MACHINES = [
  [0, 62],
  [1, 183],
] as const

/** In bytes: no reader asks for more at once. */
const LARGEST_READ = 8 * 1024 * 1024

/** What a file is, what kernels make of it, and all that is read of a program. */
export const target: FuzzTarget = {
  name: 'identify',
  seeds: () => [...PROGRAMS, ...FILES],
  limit: 8192,
  millisecondsPerKiB: 60,
  run: async input => {
    const file = strict(input)
    const identity = await identify(file)
    const verdicts = PLATFORMS.map(platform => judge(identity, platform))
    for (const [index, {fit}] of verdicts.entries()) {
      const starts = fit === 'native' || fit === 'compat'
      holds(!starts || isStartable(identity), `a program of ${PLATFORMS[index]?.architecture} that is none`)
      holds(fit !== 'script' || identity.kind === 'script', 'a script that is none')
    }
    for (const [index, machine] of MACHINES) {
      const isNative = verdicts[index]?.fit === 'native'
      holds(!isNative || isRead(input, machine), `a program whose headers the kernel of ${machine} does not read`)
    }
    const server = readServerError(identity)
    return [identity, describe(identity), verdicts, server, identity.kind === 'elf' ? await askElf(identity, file) : 0]
  },
}

type Elf = Extract<Identity, {kind: 'elf'}>

async function askElf(elf: Elf, file: RandomAccess): Promise<unknown> {
  const go = await readGoBuildInfo(elf, file)
  return [
    describeProgram(elf, go),
    await readDynamic(elf, file),
    await readDynamicSymbols(elf, file),
    await readGnuProperties(elf, file),
    await readNotes(elf, file),
    await readSections(elf, file),
    await readPackedInterpreter(elf, file),
    judgeLibrary(elf, elf, file.size),
    ...PLATFORMS.map(platform => [
      judgeMachine(elf, platform),
      judgeLoader(elf, elf, file.size, platform),
      findPageSizeProblem(elf, platform),
    ]),
    await readVariantEvidence(elf, file, PLATFORMS[2] ?? {os: 'linux', architecture: 'arm', variant: 'v6'}),
    await readVariantEvidence(elf, file, {os: 'linux', architecture: 'riscv64', variant: ''}),
  ]
}

/** What fs/binfmt_elf.c takes at all. */
function isStartable(identity: Identity): boolean {
  if (identity.kind === 'pe') return true
  return identity.kind === 'elf' && identity.size >= 52
}

/** What load_elf_binary and load_elf_phdrs of fs/binfmt_elf.c look at first, on 64-bit little-endian machines. */
function isRead(bytes: Uint8Array, machine: number): boolean {
  if (bytes.length < 64 || Buffer.compare(bytes.subarray(0, 4), Buffer.from('\x7fELF', 'latin1')) !== 0) return false
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const [type, of, size, count] = [16, 18, 54, 56].map(at => view.getUint16(at, true))
  const length = 56 * (count ?? 0)
  if ((type !== 2 && type !== 3) || of !== machine || size !== 56) return false
  return length > 0 && length <= 65536 && view.getBigUint64(32, true) + BigInt(length) <= BigInt(bytes.length)
}

/** A file that is not read outside its bounds, nor in larger pieces than readers promise. */
function strict(content: Uint8Array): RandomAccess {
  return {
    size: content.length,
    read: async (offset, length) => {
      holds(Number.isSafeInteger(offset) && offset >= 0, `a read at ${offset}`)
      holds(Number.isSafeInteger(length) && length >= 0 && length <= LARGEST_READ, `a read of ${length} bytes`)
      return content.subarray(offset, offset + length)
    },
  }
}
