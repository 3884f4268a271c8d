/** One file of a zip that a test makes. */
export interface ZipFile {
  readonly name: string
  readonly content?: Uint8Array
  /** 0 stores it, and is what is meant where nothing is said. */
  readonly method?: number
}

export interface ZipOptions {
  /** What stands before the first file; the offsets know nothing of it. */
  readonly before?: string
  readonly comment?: string
  /** As a zip with more than 65535 files or 4 GiB is written. */
  readonly isWide?: boolean
}

/** A zip as APPNOTE.TXT 4.3 has it, without checksums, which nobody reads here. */
export function buildZip(files: readonly ZipFile[], options: ZipOptions = {}): Buffer {
  const {before = '', comment = '', isWide = false} = options
  const locals: Buffer[] = []
  const headers: Buffer[] = []
  let offset = 0
  for (const {name, content = new Uint8Array(), method = 0} of files) {
    const size = content.length
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt16LE(Buffer.byteLength(name), 26)
    locals.push(local, Buffer.from(name), Buffer.from(content))
    headers.push(isWide ? wideHeader(name, method, size, offset) : header(name, method, size, offset))
    offset += 30 + Buffer.byteLength(name) + size
  }
  const directory = Buffer.concat(headers)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(isWide ? 0xffff : files.length, 10)
  end.writeUInt32LE(isWide ? 0xffffffff : directory.length, 12)
  end.writeUInt32LE(isWide ? 0xffffffff : offset, 16)
  end.writeUInt16LE(Buffer.byteLength(comment), 20)
  const wide = isWide ? [wideEnd(directory.length, offset)] : []
  return Buffer.concat([Buffer.from(before), ...locals, directory, ...wide, end, Buffer.from(comment)])
}

function header(name: string, method: number, size: number, offset: number, extra = Buffer.alloc(0)): Buffer {
  const bytes = Buffer.alloc(46)
  bytes.writeUInt32LE(0x02014b50, 0)
  bytes.writeUInt16LE(method, 10)
  bytes.writeUInt32LE(size, 20)
  bytes.writeUInt32LE(size, 24)
  bytes.writeUInt16LE(Buffer.byteLength(name), 28)
  bytes.writeUInt16LE(extra.length, 30)
  bytes.writeUInt32LE(offset, 42)
  return Buffer.concat([bytes, Buffer.from(name), extra])
}

function wideHeader(name: string, method: number, size: number, offset: number): Buffer {
  const extra = Buffer.alloc(8 + 4 + 24)
  // Another field first.
  extra.writeUInt16LE(0x5455, 0)
  extra.writeUInt16LE(4, 2)
  extra.writeUInt16LE(0x0001, 8)
  extra.writeUInt16LE(24, 10)
  extra.writeBigUInt64LE(BigInt(size), 12)
  extra.writeBigUInt64LE(BigInt(size), 20)
  extra.writeBigUInt64LE(BigInt(offset), 28)
  return header(name, method, 0xffffffff, 0xffffffff, extra).fill(0xff, 20, 28)
}

function wideEnd(size: number, offset: number): Buffer {
  const bytes = Buffer.alloc(56 + 20)
  bytes.writeUInt32LE(0x06064b50, 0)
  bytes.writeBigUInt64LE(BigInt(size), 40)
  bytes.writeBigUInt64LE(BigInt(offset), 48)
  bytes.writeUInt32LE(0x07064b50, 56)
  return bytes
}
