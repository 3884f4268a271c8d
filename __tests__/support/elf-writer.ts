/** Bytes in one byte order and word size, written front to back. */
export interface ByteWriter {
  readonly length: number
  u8(...values: readonly number[]): ByteWriter
  u16(...values: readonly number[]): ByteWriter
  u32(...values: readonly number[]): ByteWriter
  u64(...values: readonly (bigint | number)[]): ByteWriter
  /** 4 or 8 bytes by class. */
  word(...values: readonly (bigint | number)[]): ByteWriter
  bytes(values: Uint8Array | readonly number[]): ByteWriter
  /** The text in UTF-8 and a NUL. */
  cstring(text: string): ByteWriter
  align(alignment: number): ByteWriter
  toBytes(): Uint8Array
}

export function byteWriter(order: 'little' | 'big', wordSize: 4 | 8): ByteWriter {
  const out: number[] = []
  const put = (value: bigint, size: number) => {
    const bytes = Array.from({length: size}, (_, index) => Number((value >> BigInt(8 * index)) & 0xffn))
    out.push(...(order === 'little' ? bytes : bytes.reverse()))
  }
  const putAll = (size: number) =>
    function all(...values: readonly (bigint | number)[]): ByteWriter {
      for (const value of values) put(BigInt(value), size)
      return writer
    }
  const writer: ByteWriter = {
    get length() {
      return out.length
    },
    u8: putAll(1),
    u16: putAll(2),
    u32: putAll(4),
    u64: putAll(8),
    word: putAll(wordSize),
    bytes: values => {
      for (const value of values) out.push(value)
      return writer
    },
    cstring: text => writer.bytes(new TextEncoder().encode(`${text}\0`)),
    align: alignment => {
      while (out.length % alignment !== 0) out.push(0)
      return writer
    },
    toBytes: () => Uint8Array.from(out),
  }
  return writer
}

/** Strings one after the other, each with its offset. The first is the empty one. */
export function stringTable() {
  const encoder = new TextEncoder()
  const out: number[] = [0]
  return {
    add(text: string): number {
      const at = out.length
      out.push(...encoder.encode(text), 0)
      return at
    },
    toBytes: () => Uint8Array.from(out),
  }
}

/** The hash of symbol versions. https://gabi.xinuos.com/elf/08-dynamic.html#hash-table */
export function elfHash(name: string): number {
  let hash = 0n
  for (const byte of new TextEncoder().encode(name)) {
    hash = (hash << 4n) + BigInt(byte)
    const high = hash & 0xf0000000n
    hash = (hash ^ (high >> 24n)) & ~high & 0xffffffffn
  }
  return Number(hash)
}

/** An ELF note: u32 namesz, descsz, type; name; descriptor; each padded. */
export function note(
  order: 'little' | 'big',
  {name, type, description, padding = 4}: {name: string; type: number; description: Uint8Array; padding?: 4 | 8},
): Uint8Array {
  return byteWriter(order, 4)
    .u32(name.length + 1, description.length, type)
    .cstring(name)
    .align(padding)
    .bytes(description)
    .align(padding)
    .toBytes()
}
