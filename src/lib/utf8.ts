/** Throws a TypeError for what is not UTF-8; a byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', {fatal: true, ignoreBOM: true}).decode(bytes)
}

/**
 * The same as Go's strings take it: each byte that begins no valid sequence is a U+FFFD of its own (TextDecoder makes
 * one of several). https://pkg.go.dev/unicode/utf8#DecodeRune
 */
export function decodeUtf8AsGo(bytes: Uint8Array): string {
  try {
    return decodeUtf8(bytes)
  } catch {
    const pieces: string[] = []
    for (let at = 0; at < bytes.length; ) {
      const length = sequenceLength(bytes, at)
      pieces.push(length === 0 ? '\ufffd' : decodeUtf8(bytes.subarray(at, at + length)))
      at += length || 1
    }
    return pieces.join('')
  }
}

/** In bytes, of the valid sequence at `at`; 0 where there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0
  if (length === 0 || at + length > bytes.length) return 0
  try {
    decodeUtf8(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0
  }
}
