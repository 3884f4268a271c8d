import {byteView, readRange} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import type {PeIdentity} from './identity.ts'

/** IMAGE_FILE_MACHINE_…, by GOARCH. https://learn.microsoft.com/en-us/windows/win32/debug/pe-format#machine-types */
const ARCHITECTURES: ReadonlyMap<number, string> = new Map([
  [0x014c, '386'],
  [0x01c4, 'arm'],
  [0x0200, 'ia64'],
  [0x5064, 'riscv64'],
  [0x6264, 'loong64'],
  [0x8664, 'amd64'],
  [0xaa64, 'arm64'],
])

/** IMAGE_FILE_DLL of Characteristics. */
const IMAGE_FILE_DLL = 0x2000

/**
 * What a file that begins with `MZ` is. At 0x3c stands, as u32, where the PE header is:
 * `PE\0\0`, u16 Machine, u16 NumberOfSections, 3 × u32, u16 SizeOfOptionalHeader, u16 Characteristics.
 */
export async function identifyPe(file: RandomAccess, head: Uint8Array): Promise<PeIdentity> {
  const dos: PeIdentity = {kind: 'pe', machine: undefined, architecture: undefined, dll: false}
  if (head.length < 0x40) return {...dos, malformed: {offset: file.size, reason: 'the file ends in its DOS header'}}
  const offset = byteView(head, 'little').u32(0x3c)
  const bytes = await readRange(file, offset, 24)
  if (!bytes)
    return {...dos, malformed: {offset: 0x3c, reason: `its PE header is at ${offset}, the file ends at ${file.size}`}}
  const view = byteView(bytes, 'little')
  if (view.u32(0) !== 0x4550) return dos
  const machine = view.u16(4)
  return {
    kind: 'pe',
    machine,
    architecture: ARCHITECTURES.get(machine),
    dll: (view.u16(22) & IMAGE_FILE_DLL) !== 0,
  }
}
