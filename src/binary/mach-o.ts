import {type ByteOrder, byteView} from '../lib/byte-view.ts'
import type {RandomAccess} from '../lib/bytes.ts'
import type {MachOIdentity} from './identity.ts'

/**
 * MH_MAGIC and MH_MAGIC_64, read big-endian, in both byte orders.
 * https://github.com/apple-oss-distributions/xnu EXTERNAL_HEADERS/mach-o
 */
const THIN_MAGIC: ReadonlyMap<number, ByteOrder> = new Map<number, ByteOrder>([
  [0xfeedface, 'big'],
  [0xfeedfacf, 'big'],
  [0xcefaedfe, 'little'],
  [0xcffaedfe, 'little'],
])
/** FAT_MAGIC and FAT_MAGIC_64, always big-endian. FAT_MAGIC is a Java class's magic, too. */
export const FAT_MAGIC = 0xcafebabe
const FAT_MAGIC_64 = 0xcafebabf
/**
 * Fat files of more architectures than this do not exist: the same number is a
 * Java class's version. file(1) `cafebabe`.
 */
const FAT_LIMIT = 30

/** CPU_TYPE_…, as lipo(1) and file(1) name them. */
const CPU_NAMES: ReadonlyMap<number, string> = new Map([
  [7, 'i386'],
  [0x0100_0007, 'x86_64'],
  [12, 'arm'],
  [0x0100_000c, 'arm64'],
  [0x0200_000c, 'arm64_32'],
  [18, 'ppc'],
  [0x0100_0012, 'ppc64'],
])

/** MH_OBJECT, MH_EXECUTE … by `filetype`. */
const FILE_TYPES: ReadonlyMap<number, string> = new Map([
  [1, 'object file'],
  [2, 'program'],
  [4, 'core dump'],
  [6, 'dynamic library'],
  [7, 'dynamic linker'],
  [8, 'bundle'],
  [10, 'debug symbols'],
  [11, 'kernel extension'],
])

/**
 * Whether a file begins as Mach-O files do; those with several machines in them share their magic with Java classes.
 */
export function hasMachOMagic(start: Uint8Array): boolean {
  if (start.length < 4) return false
  const magic = byteView(start, 'big').u32(0)
  return THIN_MAGIC.has(magic) || magic === FAT_MAGIC || magic === FAT_MAGIC_64
}

/** What a Mach-O file is; undefined where it is none. `head`: the file's beginning. */
export function identifyMachO(file: RandomAccess, head: Uint8Array): MachOIdentity | undefined {
  if (head.length < 8) return undefined
  const big = byteView(head, 'big')
  const magic = big.u32(0)
  const order = THIN_MAGIC.get(magic)
  if (order) return identifyThin(file, head, order)
  if (magic === FAT_MAGIC_64 || (magic === FAT_MAGIC && big.u32(4) <= FAT_LIMIT)) {
    return identifyFat(file, head, magic === FAT_MAGIC ? 20 : 32)
  }
  return undefined
}

/** u32 magic, cputype, cpusubtype, filetype. */
function identifyThin(file: RandomAccess, head: Uint8Array, order: ByteOrder): MachOIdentity {
  if (head.length < 16) {
    const malformed = {offset: file.size, reason: 'the file ends in its Mach-O header'}
    return {kind: 'mach-o', cpus: [], fat: false, fileType: undefined, malformed}
  }
  const view = byteView(head, order)
  return {kind: 'mach-o', cpus: [cpuName(view.u32(4))], fat: false, fileType: FILE_TYPES.get(view.u32(12))}
}

/** u32 magic, nfat_arch; then entries that begin with u32 cputype. */
function identifyFat(file: RandomAccess, head: Uint8Array, entrySize: number): MachOIdentity {
  const view = byteView(head, 'big')
  const count = view.u32(4)
  const cpus: string[] = []
  for (let index = 0; index < Math.min(count, FAT_LIMIT); index++) {
    const at = 8 + index * entrySize
    if (at + entrySize > view.length) {
      const malformed = {offset: file.size, reason: `the file ends in its table of ${count} architectures`}
      return {kind: 'mach-o', cpus, fat: true, fileType: undefined, malformed}
    }
    cpus.push(cpuName(view.u32(at)))
  }
  return {kind: 'mach-o', cpus, fat: true, fileType: undefined}
}

function cpuName(cpu: number): string {
  return CPU_NAMES.get(cpu) ?? `cpu 0x${cpu.toString(16)}`
}
