import {readFile, rm, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {runAny} from '../../e2e/ground/run.ts'
import {decodeA32} from '../../src/binary/arm/a32.ts'
import {decodeT32, isWide} from '../../src/binary/arm/t32.ts'
import {walkFromEntry} from '../../src/binary/arm/walk.ts'
import {identify, readVariantEvidence} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'
import {seededRandom} from '../kernel/random.ts'
import {withTemporaryFolder} from '../support/temporary-folder.ts'
import {knownA32, TOO_NEW_FOR_V6} from './samples.ts'
import {oneInstruction, oneThumbInstruction} from './tiny-program.ts'

/** The core of the first Raspberry Pi, and what linux/arm/v6 promises: ARMv6KZ with VFPv2. */
const V6 = 'arm1176'
/** ARMv5TEJ: what linux/arm/v5 promises, and a little more. */
const V5 = 'arm926'

export interface QemuComparison {
  readonly passed: number
  readonly problems: readonly string[]
}

/** Instructions that we call too new: QEMU as the lesser core must refuse each of them. */
export async function compareInstructions(emulator: string, seed: number, count: number): Promise<QemuComparison> {
  const random = seededRandom(seed)
  const problems: string[] = []
  let passed = 0
  await withTemporaryFolder('arm', async folder => {
    for (let index = 0; index < count; index++) {
      const isThumb = index % 3 === 0
      const halves = [0xe800 + random.below(0x1800), random.below(0x1_0000)] as const
      const narrow = random.pick([0xb200, 0xb240, 0xb280, 0xb2c0, 0xba00, 0xba40, 0xbac0])
      const word = knownA32(random)
      const thumb = index % 2 === 0 ? halves : ([narrow, 0] as const)
      const {needs} = isThumb ? decodeT32(thumb[0], thumb[1], 0) : decodeA32(word, 0)
      if (needs === undefined) continue
      const program = isThumb ? oneThumbInstruction(isWide(thumb[0]) ? thumb : [thumb[0]]) : oneInstruction(word)
      const core = TOO_NEW_FOR_V6.has(needs.level) ? V6 : V5
      const path = join(folder, `i${index}`)
      await writeFile(path, program, {mode: 0o755})
      const seen = await emulate(emulator, core, path, [])
      // Half of a Thumb-2 instruction is to a lesser core the second half of a call, to an address that nobody set.
      if (seen === 'SIGILL' || (isThumb && isWide(thumb[0]) && seen.startsWith('ended with SIGSEGV'))) passed++
      else
        problems.push(
          `${needs.level} ${needs.what}: ${core} ${seen}: ${Buffer.from(program.subarray(84)).toString('hex')}`,
        )
      await rm(path)
    }
  })
  return {passed, problems}
}

/** A program to start as an ARM1176. */
export interface ArmProgram {
  readonly label: string
  readonly path: string
  readonly args: readonly string[]
}

/**
 * A real program: where we say for certain that it needs more, QEMU must end it with SIGILL; and it must have met, from
 * its entry point on, the very instructions that we followed.
 */
export async function compareProgram(
  emulator: string,
  {label, path, args}: ArmProgram,
): Promise<{readonly isTooNew: boolean; readonly followed: number; readonly problem?: string}> {
  const file = bytesAccess(await readFile(path))
  const elf = await identify(file)
  if (elf.kind !== 'elf') throw new Error(`${path} is no ELF file`)
  const evidence = await readVariantEvidence(elf, file, {os: 'linux', architecture: 'arm', variant: 'v6'})
  const entry = evidence.find(({source}) => source === 'entry-point')
  const addresses: number[] = []
  for await (const {address, instruction} of walkFromEntry(elf, file)) {
    // What is refused is not traced.
    if (instruction.needs && TOO_NEW_FOR_V6.has(instruction.needs.level)) break
    addresses.push(address)
  }
  return withTemporaryFolder('arm', async folder => {
    const log = join(folder, 'log')
    const seen = await emulate(emulator, V6, path, args, ['-one-insn-per-tb', '-d', 'exec,nochain', '-D', log])
    const traced = await readTrace(log, addresses.length)
    const result = {isTooNew: entry !== undefined, followed: addresses.length}
    // A program that may run anywhere is loaded anywhere: its addresses are told apart by where it begins.
    const bias = (traced[0] ?? 0) - (addresses[0] ?? 0)
    const differs = addresses.findIndex((address, index) => traced[index] !== address + bias)
    if (differs >= 0) {
      const [ours, theirs] = [addresses[differs] ?? 0, (traced[differs] ?? 0) - bias]
      return {
        ...result,
        problem: `${label}: instruction ${differs} is at 0x${ours.toString(16)}, QEMU was at 0x${theirs.toString(16)}`,
      }
    }
    const isWrong = entry !== undefined && seen !== 'SIGILL'
    return isWrong ? {...result, problem: `${label}: we say ${entry?.says}, QEMU ${seen}`} : result
  })
}

/** The addresses of the first instructions that were executed. */
async function readTrace(log: string, count: number): Promise<readonly number[]> {
  const text = await readFile(log, 'utf8').catch(() => '')
  const found = text.matchAll(/^Trace \d+: \S+ \[[0-9a-f]+\/([0-9a-f]+)\//gm)
  return Array.from(found, ([, address = '']) => Number.parseInt(address, 16)).slice(0, count)
}

/** `SIGILL`, or what else became of it. */
async function emulate(
  emulator: string,
  core: string,
  path: string,
  args: readonly string[],
  options: readonly string[] = [],
): Promise<string> {
  const {code, signal, stderr} = await runAny(emulator, ['-cpu', core, ...options, path, ...args], {
    timeoutMs: 120_000,
    env: {},
  })
  if (signal === 'SIGILL' || stderr.includes('signal 4')) return 'SIGILL'
  return `ended with ${code ?? signal}: ${stderr.trim().slice(0, 100)}`
}
