import {EM_X86_64, layOut} from '../kernel/elf.ts'

const EM_AARCH64 = 183
/** What a label begins with. */
export const MARK = 'stand-in:'

/**
 * A static program that ends with `status`, or stays, and carries a label; of another machine the kernel refuses it.
 */
export function standIn(
  label: string,
  options: {readonly status?: number; readonly foreign?: boolean; readonly stays?: boolean} = {},
): Uint8Array {
  const {status = 0, foreign = false, stays = false} = options
  // mov eax, 34 (pause); syscall; jmp back
  const wait = stays ? [0xb8, 34, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] : []
  // mov edi, STATUS; mov eax, 60 (exit); syscall
  const code = [...wait, 0xbf, status, 0, 0, 0, 0xb8, 60, 0, 0, 0, 0x0f, 0x05]
  const tail = Uint8Array.of(...code, ...new TextEncoder().encode(`\n${MARK}${label}\n`))
  return layOut({
    wide: true,
    type: 2,
    machine: foreign ? EM_AARCH64 : EM_X86_64,
    phdrs: [{type: 1, vaddr: 0x400000}],
    tail,
  })
}

/** The label at the end of a file; undefined for anything but a stand-in, or one that was added to. */
export function readLabel(lastBytes: Uint8Array): string | undefined {
  return /\nstand-in:([^\n]*)\n$/.exec(Buffer.from(lastBytes).toString('latin1'))?.[1]
}
