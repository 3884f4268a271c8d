/** In bytes, as measured under node 24: an object or a list without what it holds, one value in it, a string. */
const HOLDER = 40
const SLOT = 8
const STRING = 20

/** About how many bytes of memory plain data takes: what JSON has, and bytes. */
export function weigh(value: unknown): number {
  if (typeof value === 'string') return STRING + value.length
  if (typeof value !== 'object' || value === null) return 0
  if (value instanceof Uint8Array) return HOLDER + value.length
  let size = HOLDER
  for (const one of Object.values(value)) size += SLOT + weigh(one)
  return size
}
