/**
 * What a module of PHP says it was built for, and what PHP compares with its own: `ZEND_MODULE_BUILD_ID` of
 * Zend/zend_modules.h, such as `API20240924,NTS`; of a `zend_extension` `API420240924,NTS`.
 */
const BUILD_ID = /API4?(20[0-9]{6},(?:N?TS)(?:,debug)?)\0/g

/** Directories of PHP's modules: its own images', Debian's, Alpine's, and Fedora's and its like. */
const MODULE =
  /\/(?:no-)?debug-(?:non-)?zts-[0-9]{8}\/[^/]+\.so$|\/lib(?:64)?\/php[0-9]*\/(?:modules|[0-9]{8})\/[^/]+\.so$/

/** Whether a file may be a module of PHP, by its path. */
export function isPhpModule(path: string): boolean {
  return MODULE.test(path)
}

/** The builds that a module names, without a prefix: `20240924,NTS`; mostly one. */
export function readPhpBuilds(bytes: Uint8Array): readonly string[] {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const found = new Set<string>()
  for (const [, build] of text.matchAll(BUILD_ID)) if (build !== undefined && found.size < MOST) found.add(build)
  return [...found]
}

const MOST = 4

/** The build of a PHP by its directory of modules; undefined where that does not say. `api`: by release, `8.4`. */
export function buildOf(directory: string, api: Readonly<Record<string, string>>): string | undefined {
  const [, noDebug, nonZts, number] = /\/(no-)?debug-(non-)?zts-([0-9]{8})$/.exec(directory) ?? []
  if (number !== undefined)
    return `${number},${nonZts === undefined ? 'TS' : 'NTS'}${noDebug === undefined ? ',debug' : ''}`
  const own = /\/lib\/php\/([0-9]{8})$/.exec(directory)?.[1]
  const [, major = '', minor = ''] = /\/lib\/php([0-9])([0-9])\/modules$/.exec(directory) ?? []
  const release = `${major}.${minor}`
  const known = own ?? (Object.hasOwn(api, release) ? api[release] : undefined)
  return known === undefined ? undefined : `${known},NTS`
}
