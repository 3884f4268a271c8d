import {crc32} from 'node:zlib'
import {byteWriter} from '../../__tests__/support/elf-writer.ts'

/**
 * A jar as `jar --no-compress` writes one: a local header before each file, and
 * the central directory (APPNOTE.TXT 4.3).
 */
export function jar(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const content = byteWriter('little', 4)
  const directory = byteWriter('little', 4)
  for (const [name, bytes] of Object.entries(files)) {
    const offset = content.length
    // Version 2.0, no flags, stored, 1980-01-01, and what both headers say of the file.
    const common = byteWriter('little', 4).u16(20, 0, 0, 0, 0x21)
    common.u32(crc32(bytes), bytes.length, bytes.length).u16(Buffer.byteLength(name), 0)
    content.u32(0x04034b50).bytes(common.toBytes()).bytes(Buffer.from(name)).bytes(bytes)
    directory.u32(0x02014b50).u16(20).bytes(common.toBytes()).u16(0, 0, 0).u32(0, offset).bytes(Buffer.from(name))
  }
  const count = Object.keys(files).length
  const start = content.length
  content.bytes(directory.toBytes())
  content.u32(0x06054b50).u16(0, 0, count, count).u32(directory.length, start).u16(0)
  return content.toBytes()
}
