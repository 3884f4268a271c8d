/** In attempts. */
const PATIENCE = 3000

/** A shorter input for which something still is as it was. */
export async function shrink(
  input: Uint8Array,
  isStill: (shorter: Uint8Array) => Promise<boolean>,
  patience = PATIENCE,
): Promise<Uint8Array> {
  let best = input
  let left = patience
  for (let size = Math.floor(best.length / 2); size >= 1 && left > 0; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && left > 0; left--) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)])
      if (await isStill(shorter)) best = shorter
      else at += size
    }
  }
  return best
}
