const EHSIZE = 52
const PHSIZE = 32
const BASE = 0x1_0000

/**
 * A static program for 32-bit little-endian ARM that is nothing but this code; it is told to begin
 * in Thumb by bit 0 of its entry point.
 */
export function tinyArmProgram(code: Uint8Array, thumb: boolean): Uint8Array {
  const start = EHSIZE + PHSIZE
  const bytes = new Uint8Array(start + code.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1])
  const halves: readonly [number, number][] = [
    [16, 2],
    [18, 40],
    [40, EHSIZE],
    [42, PHSIZE],
    [44, 1],
  ]
  for (const [at, value] of halves) view.setUint16(at, value, true)
  const words: readonly [number, number][] = [
    [20, 1],
    [24, BASE + start + (thumb ? 1 : 0)],
    [28, EHSIZE],
    // EF_ARM_EABI_VER5.
    [36, 0x0500_0000],
    // PT_LOAD of the whole file, readable and executable.
    ...[1, 0, BASE, BASE, bytes.length, bytes.length, 5, 0x1000].map((value, index): [number, number] => [
      EHSIZE + 4 * index,
      value,
    ]),
  ]
  for (const [at, value] of words) view.setUint32(at, value, true)
  bytes.set(code, start)
  return bytes
}

/** One instruction, and then exit(0). */
export function oneInstruction(word: number): Uint8Array {
  // mov r0, #0; mov r7, #1; svc 0
  return tinyArmProgram(littleWords([word, 0xe3a0_0000, 0xe3a0_7001, 0xef00_0000]), false)
}

/** The same in Thumb, for an instruction of one or two halfwords. */
export function oneThumbInstruction(halves: readonly number[]): Uint8Array {
  // movs r0, #0; movs r7, #1; svc 0
  const all = [...halves, 0x2000, 0x2701, 0xdf00]
  const code = new Uint8Array(all.length * 2)
  const view = new DataView(code.buffer)
  for (const [index, half] of all.entries()) view.setUint16(index * 2, half, true)
  return tinyArmProgram(code, true)
}

function littleWords(words: readonly number[]): Uint8Array {
  const code = new Uint8Array(words.length * 4)
  const view = new DataView(code.buffer)
  for (const [index, word] of words.entries()) view.setUint32(index * 4, word >>> 0, true)
  return code
}
