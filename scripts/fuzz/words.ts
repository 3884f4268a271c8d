/** In characters: longer literals are messages. */
const LONGEST = 32

/** The literals of source text that an input may have to contain: strings, and numbers in both byte orders. */
export function sourceWords(sources: readonly string[]): readonly Uint8Array[] {
  const found = new Map<string, Uint8Array>()
  const add = (bytes: Uint8Array): void => {
    found.set(Buffer.from(bytes).toString('latin1'), bytes)
  }
  for (const source of sources) {
    const code = source.replaceAll(/^import .*$|\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
    for (const [, text = ''] of code.matchAll(/'((?:[^'\\\n]|\\.){1,40})'/g)) {
      const plain = plainText(text)
      if (plain.length <= LONGEST) add(Buffer.from(plain))
    }
    for (const [digits] of code.matchAll(/\b0x[0-9a-f]{2,8}\b/gi)) {
      for (const bytes of numberBytes(Number(digits))) add(bytes)
    }
  }
  return [...found.values()]
}

function numberBytes(value: number): readonly Uint8Array[] {
  if (value <= 0xff) return [Uint8Array.of(value)]
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value >>> 0)
  const big = value <= 0xffff ? bytes.subarray(2) : bytes
  return [big, Uint8Array.from(big).reverse()]
}

const ESCAPES: Readonly<Record<string, string>> = {n: '\n', r: '\r', t: '\t', '0': '\0', v: '\v', f: '\f', b: '\b'}

function plainText(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|(.))/gi, (_, byte, unit, one) =>
    byte || unit ? String.fromCharCode(Number.parseInt(byte ?? unit, 16)) : (ESCAPES[one] ?? one),
  )
}
