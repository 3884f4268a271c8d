import {distroless, file} from './files.ts'
import {type MachineName, staticProgram} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'

/** AArch64 code: adds 1 to what the stack holds, then exit(0). */
const EXIT = [0xd2800000, 0xd2800ba8, 0xd4000001]
/** With `ldadd` of ARMv8.1: an illegal instruction on a Cortex-A72. */
const LSE = words(0xd2800020, 0xf82003e1, ...EXIT)
/** With `ldxr` and `stxr`, which every AArch64 machine has. */
const EXCLUSIVES = words(0xd2800020, 0xc85f7fe1, 0x8b000021, 0xc8027fe1, 0x35ffffa2, ...EXIT)

/** What the file itself does not say: nothing that only reads can be certain of it. */
export const UNSEEN: readonly Recipe[] = [
  faulty({
    id: 'INC-099',
    wrong: machine => ccflare(machine, LSE),
    right: machine => ccflare(machine, EXCLUSIVES),
    finds: [],
    unseen:
      'no record in the file tells of instructions above ARMv8.0, and those that stand in its code may be guarded',
  }),
]

function words(...instructions: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(instructions.length * 4)
  for (const [index, word] of instructions.entries()) bytes.writeUInt32LE(word, index * 4)
  return bytes
}

function ccflare(machine: MachineName, code: Uint8Array): Contents {
  const program = machine === 'arm64' ? staticProgram(machine, {code}) : staticProgram(machine)
  return {layers: [distroless(), [file('app/better-ccflare', program)]], process: {Entrypoint: ['/app/better-ccflare']}}
}
