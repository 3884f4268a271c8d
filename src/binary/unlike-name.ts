import type {ElfIdentity} from './elf/types.ts'

/** What a file of another machine is, by name. One that has a single byte order does not say it: then it is added. */
export function unlikeName({machine, header}: ElfIdentity, expected: string): string {
  return machine === expected ? `${machine} (${header.data}-endian)` : machine
}
