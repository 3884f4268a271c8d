import {describe, expect, test} from '@jest/globals'
import {tinyArmProgram} from '../../scripts/arm/tiny-program.ts'
import {decodeA32} from '../../src/binary/arm/a32.ts'
import {decodeT32} from '../../src/binary/arm/t32.ts'
import {findTooNew, walkFromEntry} from '../../src/binary/arm/walk.ts'
import {type ElfIdentity, identify, readVariantEvidence} from '../../src/binary/index.ts'
import {bytesAccess} from '../../src/lib/bytes.ts'

const at = 0x1_0054

/** `next`, `unknown`, or where it goes: `0x1005c`, `0x10060 thumb`. */
function flowOf({flow}: ReturnType<typeof decodeA32>): string {
  return flow.kind === 'jump' ? `0x${flow.to.toString(16)}${flow.thumb ? ' thumb' : ''}` : flow.kind
}

describe('A32', () => {
  test.each<[string, number, string | undefined, string]>([
    ['mov fp, #0', 0xe3a0b000, undefined, 'next'],
    ['ldr r1, [sp], #4', 0xe49d1004, undefined, 'next'],
    ['pop {pc}', 0xe49df004, undefined, 'unknown'],
    ['ldm sp!, {r4, pc}', 0xe8bd8010, undefined, 'unknown'],
    ['push {r4, lr}', 0xe92d4010, undefined, 'next'],
    ['cmp r0, #0', 0xe3500000, undefined, 'next'],
    ['msr CPSR_f, #0', 0xe328f000, undefined, 'next'],
    ['nop (hint)', 0xe320f000, undefined, 'next'],
    ['mov pc, lr', 0xe1a0f00e, undefined, 'unknown'],
    ['bx lr', 0xe12fff1e, undefined, 'unknown'],
    ['blx r3', 0xe12fff33, undefined, 'unknown'],
    ['clz r0, r0', 0xe16f0f10, undefined, 'next'],
    ['mul r0, r1, r2', 0xe0000291, undefined, 'next'],
    ['swi 0', 0xef000000, undefined, 'unknown'],
    ['udf #0', 0xe7f000f0, undefined, 'unknown'],
    ['b .', 0xeafffffe, undefined, '0x10054'],
    ['bl . + 0x10', 0xeb000002, undefined, '0x10064'],
    ['bne .', 0x1afffffe, undefined, 'unknown'],
    ['blx . + 8', 0xfa000000, undefined, '0x1005c thumb'],
    ['blx . + 10', 0xfb000000, undefined, '0x1005e thumb'],
    ['movne r0, #1', 0x13a00001, undefined, 'next'],
    ['ldrne pc, [r0]', 0x1590f000, undefined, 'unknown'],
    ['pld [r0]', 0xf5d0f000, undefined, 'next'],
    ['vmov s0, r0 (VFPv2)', 0xee000a10, undefined, 'next'],
    ['vldr d0, [r0]', 0xed900b00, undefined, 'next'],
    ['movw r0, #1', 0xe3000001, 'ARMv7', 'next'],
    ['movwne r0, #1', 0x13000001, undefined, 'next'],
    ['movt r0, #1', 0xe3400001, 'ARMv7', 'next'],
    ['ubfx r0, r0, #0, #8', 0xe7e70050, 'ARMv7', 'next'],
    ['bfi r0, r1, #0, #8', 0xe7c70011, 'ARMv7', 'next'],
    ['mls r0, r1, r2, r3', 0xe0603291, 'ARMv7', 'next'],
    ['rbit r0, r0', 0xe6ff0f30, 'ARMv7', 'next'],
    ['sdiv r0, r0, r1', 0xe710f110, 'ARMv7', 'next'],
    ['dmb ish', 0xf57ff05b, 'ARMv7', 'next'],
    ['vmov.f64 d0, #1.0', 0xeeb70b00, 'VFPv3', 'next'],
    ['vldr d16, [r0]', 0xedd00b00, 'VFPv3', 'next'],
    ['vpush {d16}', 0xed6d0b02, 'VFPv3', 'next'],
    ['vfma.f64 d0, d1, d2', 0xeea10b02, 'VFPv4', 'next'],
    ['vadd.i32 q0, q1, q2', 0xf2220844, 'NEON', 'next'],
    ['vld1.8 {d0}, [r0]', 0xf420070f, 'NEON', 'next'],
    ['vdup.32 q0, r0', 0xeea00b10, 'NEON', 'next'],
    ['ldrex r0, [r1]', 0xe1910f9f, 'ARMv6', 'next'],
    ['uxtb r0, r0', 0xe6ef0070, 'ARMv6', 'next'],
    ['rev r0, r0', 0xe6bf0f30, 'ARMv6', 'next'],
  ])('%s', (_, word, needs, flow) => {
    const instruction = decodeA32(word, at)
    expect([instruction.size, instruction.needs?.level, flowOf(instruction)]).toEqual([4, needs, flow])
  })
})

describe('T32', () => {
  test.each<[string, readonly [number, number?], number, string | undefined, string]>([
    ['movs r0, #0', [0x2000], 2, undefined, 'next'],
    ['b .', [0xe7fe], 2, undefined, '0x10054 thumb'],
    ['beq .', [0xd0fe], 2, undefined, 'unknown'],
    ['svc 0', [0xdf00], 2, undefined, 'unknown'],
    ['bx lr', [0x4770], 2, undefined, 'unknown'],
    ['bx pc', [0x4778], 2, undefined, '0x10058'],
    ['mov pc, r0', [0x4687], 2, undefined, 'unknown'],
    ['mov r8, r0', [0x4680], 2, undefined, 'next'],
    ['pop {r4, pc}', [0xbd10], 2, undefined, 'unknown'],
    ['pop {r4}', [0xbc10], 2, undefined, 'next'],
    ['cbz r0, . + 4', [0xb100], 2, undefined, 'unknown'],
    ['it eq', [0xbf08], 2, undefined, 'unknown'],
    ['nop', [0xbf00], 2, undefined, 'next'],
    ['uxtb r0, r0', [0xb2c0], 2, 'ARMv6', 'next'],
    ['rev r0, r0', [0xba00], 2, 'ARMv6', 'next'],
    ['bl . + 4', [0xf000, 0xf800], 4, undefined, '0x10058 thumb'],
    ['bl . - 4', [0xf7ff, 0xfffc], 4, undefined, '0x10050 thumb'],
    ['blx . + 4', [0xf000, 0xe800], 4, undefined, '0x10058'],
    ['bl further than Thumb-1 goes', [0xf000, 0xd000], 4, undefined, 'unknown'],
    ['mov.w fp, #0', [0xf04f, 0x0b00], 4, 'ARMv7', 'unknown'],
    ['ldr.w r0, [r1]', [0xf8d1, 0x0000], 4, 'ARMv7', 'unknown'],
    ['push.w {r4}', [0xe92d, 0x0010], 4, 'ARMv7', 'unknown'],
  ])('%s', (_, [first, second = 0], size, needs, flow) => {
    const instruction = decodeT32(first, second, at)
    expect([instruction.size, instruction.needs?.level, flowOf(instruction)]).toEqual([size, needs, flow])
  })
})

function words(...all: number[]): Uint8Array {
  return new Uint8Array(Uint32Array.from(all).buffer)
}
function halves(...all: number[]): Uint8Array {
  return new Uint8Array(Uint16Array.from(all).buffer)
}

async function elfOf(bytes: Uint8Array): Promise<ElfIdentity> {
  const elf = await identify(bytesAccess(bytes))
  if (elf.kind !== 'elf') throw new Error('no ELF file')
  return elf
}

async function metBy(bytes: Uint8Array): Promise<string[]> {
  const met: string[] = []
  for await (const {address, thumb} of walkFromEntry(await elfOf(bytes), bytesAccess(bytes))) {
    met.push(`${(address - at).toString()}${thumb ? ' thumb' : ''}`)
  }
  return met
}

describe('from the entry point on', () => {
  const NOP = 0xe1a00000
  const SVC = 0xef000000
  test.each<[string, Uint8Array, boolean, string[]]>([
    ['straight on to a system call', words(NOP, NOP, SVC, NOP), false, ['0', '4', '8']],
    ['over a branch', words(0xea000000, SVC, NOP, SVC), false, ['0', '8', '12']],
    ['into a call, and not back', words(0xeb000000, 0xe3000001, 0xe12fff1e), false, ['0', '8']],
    ['up to a condition', words(NOP, 0x0a000000, NOP), false, ['0', '4']],
    ['once round a loop', words(NOP, 0xeafffffd), false, ['0', '4']],
    ['to the end of the file', words(NOP, NOP), false, ['0', '4']],
    ['out of the file', words(0xea7fffff), false, ['0']],
    ['in Thumb', halves(0x2000, 0xe000, 0x2001, 0xdf00), true, ['0 thumb', '2 thumb', '6 thumb']],
    ['from Thumb to A32', halves(0x4778, 0x46c0, 0x0000, 0xef00), true, ['0 thumb', '4']],
    ['from A32 to Thumb', new Uint8Array([...words(0xfaffffff), ...halves(0xdf00)]), false, ['0', '4 thumb']],
    ['half of an instruction at the end', halves(0x2000, 0xf04f), true, ['0 thumb']],
    ['nothing', new Uint8Array(), false, []],
  ])('%s', async (_, code, thumb, expected) => {
    expect(await metBy(tinyArmProgram(code, thumb))).toEqual(expected)
  })

  test('no further than 200 instructions', async () => {
    expect(await metBy(tinyArmProgram(words(...Array.from({length: 500}, () => NOP)), false))).toHaveLength(200)
  })

  test('an entry point outside of the file, or of A32 at an odd halfword, is nothing to follow', async () => {
    const program = tinyArmProgram(words(NOP), false)
    const entryAt = (entry: number): Uint8Array => {
      const bytes = program.slice()
      new DataView(bytes.buffer).setUint32(24, entry, true)
      return bytes
    }
    for (const entry of [0, 1, 0xffff_ffff, 0xffff_fffe, at + 2, at + 100])
      expect(await metBy(entryAt(entry))).toEqual([])
  })

  test('a shared library has no entry point, though its header lies at address 0', async () => {
    const library = tinyArmProgram(words(NOP), false)
    const view = new DataView(library.buffer)
    view.setUint16(16, 3, true)
    // e_entry, p_vaddr and p_paddr.
    for (const address of [24, 60, 64]) view.setUint32(address, 0, true)
    expect(await metBy(library)).toEqual([])
  })

  test('cut off anywhere it says less, and never throws', async () => {
    const program = tinyArmProgram(halves(0x2000, 0xe7ff, 0xf04f, 0x0b00), true)
    for (let length = 52; length < program.length; length++) {
      const bytes = program.subarray(0, length)
      expect(await findTooNew(await elfOf(bytes), bytesAccess(bytes), new Set(['ARMv7']))).toBeUndefined()
    }
  })
})

describe('what a platform promises', () => {
  const evidence = async (code: Uint8Array, thumb: boolean, variant: string) => {
    const bytes = tinyArmProgram(code, thumb)
    const platform = {os: 'linux', architecture: 'arm', variant}
    const all = await readVariantEvidence(await elfOf(bytes), bytesAccess(bytes), platform)
    return all.map(({source, says, exceeds}) => [source, says, exceeds?.needs, exceeds?.level])
  }
  const THUMB2 = halves(0xf04f, 0x0b00)
  const MOVW = words(0xe1a00000, 0xe3000001)
  const LDREX = words(0xe1910f9f)

  test.each<[string, Uint8Array, boolean, string, unknown[]]>([
    [
      'Thumb-2 in v6',
      THUMB2,
      true,
      'v6',
      [['entry-point', 'it comes to the Thumb-2 instruction f04f 0b00 at 0x10054', 'ARMv7', 'error']],
    ],
    ['MOVW in v6', MOVW, false, 'v6', [['entry-point', 'it comes to MOVW at 0x10058', 'ARMv7', 'error']]],
    ['MOVW in v5', MOVW, false, 'v5', [['entry-point', 'it comes to MOVW at 0x10058', 'ARMv7', 'error']]],
    ['LDREX in v5', LDREX, false, 'v5', [['entry-point', 'it comes to LDREX at 0x10054', 'ARMv6', 'error']]],
    ['LDREX in v6', LDREX, false, 'v6', []],
    ['Thumb-2 in v7', THUMB2, true, 'v7', []],
    ['Thumb-2 in v8', THUMB2, true, 'v8', []],
    ['a call behind which nothing is certain', words(0xe12fff33, 0xe3000001), false, 'v6', []],
  ])('%s', async (_, code, thumb, variant, expected) => {
    expect(await evidence(code, thumb, variant)).toEqual(expected)
  })
})
