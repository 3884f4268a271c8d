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
  let out = new Uint8Array(256)
  let length = 0
  /** Makes room for more, which is zero, and gives where it begins. */
  const extend = (size: number): number => {
    const at = length
    length += size
    if (length > out.length) {
      const larger = new Uint8Array(2 * length)
      larger.set(out)
      out = larger
    }
    return at
  }
  const put = (value: bigint | number, size: number) => {
    const bytes = new DataView(new ArrayBuffer(8))
    bytes.setBigUint64(0, BigInt(value), order === 'little')
    const from = order === 'little' ? 0 : 8 - size
    const at = extend(size)
    out.set(new Uint8Array(bytes.buffer, from, size), at)
  }
  const putAll = (size: number) =>
    function all(...values: readonly (bigint | number)[]): ByteWriter {
      for (const value of values) put(value, size)
      return writer
    }
  const writer: ByteWriter = {
    get length() {
      return length
    },
    u8: putAll(1),
    u16: putAll(2),
    u32: putAll(4),
    u64: putAll(8),
    word: putAll(wordSize),
    bytes: values => {
      const at = extend(values.length)
      out.set(values, at)
      return writer
    },
    cstring: text => writer.bytes(new TextEncoder().encode(`${text}\0`)),
    align: alignment => {
      extend((alignment - (length % alignment)) % alignment)
      return writer
    },
    toBytes: () => out.slice(0, length),
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
  let hash = 0
  for (const byte of new TextEncoder().encode(name)) {
    hash = ((hash << 4) + byte) | 0
    const high = hash & 0xf0000000
    hash = (hash ^ (high >>> 24)) & ~high
  }
  return hash >>> 0
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
