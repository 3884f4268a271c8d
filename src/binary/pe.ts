import {byteView, readRange} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import {ARCHITECTURES} from '../platform/index.ts'
import type {PeIdentity} from './identity.ts'

/** IMAGE_FILE_MACHINE_IA64, which no platform names. */
const IA64 = 0x0200

/** By IMAGE_FILE_MACHINE_…: the GOARCH. */
const BY_MACHINE: ReadonlyMap<number, string> = new Map([
  [IA64, 'ia64'],
  ...ARCHITECTURES.flatMap(({name, peMachine}) => (peMachine === undefined ? [] : [[peMachine, name] as const])),
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
    architecture: BY_MACHINE.get(machine),
    dll: (view.u16(22) & IMAGE_FILE_DLL) !== 0,
  }
}
