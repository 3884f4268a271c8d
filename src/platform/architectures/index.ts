import type {Architecture} from './architecture.ts'
import {ARM} from './arm.ts'
import {LOONGARCH} from './loongarch.ts'
import {MIPS} from './mips.ts'
import {POWERPC} from './power.ts'
import {RISCV} from './riscv.ts'
import {S390} from './s390.ts'
import {SPARC} from './sparc.ts'
import {X86} from './x86.ts'

/** WebAssembly, which no kernel starts. */
const WASM: Architecture = {name: 'wasm'}

/**
 * Every architecture, by name: what Go's runtime, and so every client written in Go, has for one. Names that Go only
 * keeps for later (`armbe`, `mips64p32`) are left out: no toolchain makes programs for them.
 */
export const ARCHITECTURES: readonly Architecture[] = [
  ...ARM,
  ...LOONGARCH,
  ...MIPS,
  ...POWERPC,
  ...RISCV,
  ...S390,
  ...SPARC,
  ...X86,
  WASM,
].toSorted((a, b) => (a.name < b.name ? -1 : 1))

const BY_NAME: ReadonlyMap<string, Architecture> = new Map(ARCHITECTURES.map(row => [row.name, row]))

/** The row of an architecture, by its GOARCH name; undefined where there is none. */
export function findArchitecture(name: string): Architecture | undefined {
  return BY_NAME.get(name)
}
