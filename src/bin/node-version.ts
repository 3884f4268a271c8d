/**
 * Whether a node, by its version, has all that the command needs: zstd in node:zlib is what came last, with 22.15.0,
 * and with 23.8.0 to the odd line. https://nodejs.org/api/zlib.html#zlibcreatezstddecompressoptions
 */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > 23 || (major === 23 && minor >= 8) || (major === 22 && minor >= 15)
}
