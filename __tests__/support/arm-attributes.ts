import {byteWriter} from './elf-writer.ts'

/** A section `.ARM.attributes` of the vendor aeabi: tags, each with its value. Addenda to the ABI for Arm, 3.2. */
export function armAttributes(...tags: readonly number[]): {
  readonly name: string
  readonly type: number
  readonly content: Uint8Array
} {
  const file = byteWriter('little', 4)
    .u8(1)
    .u32(5 + tags.length)
    .u8(...tags)
    .toBytes()
  const content = byteWriter('little', 4)
    .u8(0x41)
    .u32(10 + file.length)
    .cstring('aeabi')
    .bytes(file)
    .toBytes()
  return {name: '.ARM.attributes', type: 0x70000003, content}
}
