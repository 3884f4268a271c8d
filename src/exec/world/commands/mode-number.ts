/** A mode in digits, as `mkdir -m` and `install -m` take it; undefined for any other. */
export function modeNumber(value: unknown): number | undefined {
  return typeof value === 'string' && /^[0-7]{1,4}$/.test(value) ? Number.parseInt(value, 8) : undefined
}
