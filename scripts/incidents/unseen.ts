import {alpine, debian, distroless, file} from './files.ts'
import {glibcModule, glibcProgram, type MachineName, muslProgram, staticProgram} from './machines.ts'
import {type Contents, faulty, type Recipe} from './recipe.ts'
import {jar} from './zip.ts'

/** AArch64 code: adds 1 to what the stack holds, then exit(0). */
const EXIT = [0xd2800000, 0xd2800ba8, 0xd4000001]
/** With `ldadd` of ARMv8.1: an illegal instruction on a Cortex-A72. */
const LSE = words(0xd2800020, 0xf82003e1, ...EXIT)
/** With `ldxr` and `stxr`, which every AArch64 machine has. */
const EXCLUSIVES = words(0xd2800020, 0xc85f7fe1, 0x8b000021, 0xc8027fe1, 0x35ffffa2, ...EXIT)

/** What the file itself does not say: nothing that only reads can be certain of it. */
export const UNSEEN: readonly Recipe[] = [
  faulty({
    id: 'INC-087',
    on: 'linux/amd64',
    beside: [],
    wrong: machine => flink(alpine(machine), muslProgram(machine), machine),
    right: machine => flink(debian(machine), glibcProgram(machine), machine),
    finds: [],
    unseen: 'a library of the other C library lies in a jar, which the program may unpack and load, or never',
  }),
  faulty({
    id: 'INC-099',
    wrong: machine => ccflare(machine, LSE),
    right: machine => ccflare(machine, EXCLUSIVES),
    finds: [],
    unseen:
      'no record in the file tells of instructions above ARMv8.0, and those that stand in its code may be guarded',
  }),
]

/** The state backend's library is unpacked to /tmp when a job asks for it. */
function flink(base: ReturnType<typeof alpine>, java: Uint8Array, machine: MachineName): Contents {
  return {
    layers: [
      base,
      [
        file('usr/lib/jvm/bin/java', java),
        file('opt/flink/lib/rocksdbjni-4.11.2.jar', jar({'librocksdbjni-linux64.so': glibcModule(machine)}), 0o644),
      ],
    ],
    process: {Entrypoint: ['/usr/lib/jvm/bin/java', '-cp', '/opt/flink/lib/*', 'org.apache.flink.runtime.Main']},
  }
}

function words(...instructions: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(instructions.length * 4)
  for (const [index, word] of instructions.entries()) bytes.writeUInt32LE(word, index * 4)
  return bytes
}

function ccflare(machine: MachineName, code: Uint8Array): Contents {
  const program = machine === 'arm64' ? staticProgram(machine, {code}) : staticProgram(machine)
  return {layers: [distroless(), [file('app/better-ccflare', program)]], process: {Entrypoint: ['/app/better-ccflare']}}
}
