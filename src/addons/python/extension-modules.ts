import type {NativeFile} from '../addon.ts'

/** A directory of installed packages of one release of Python, and what is in it. */
export interface SitePackages {
  readonly path: string
  /** `3.13`, `3.13t`; undefined where any Python 3 looks there. */
  readonly version: string | undefined
}

/** The directory of packages that a path is in. */
export function siteOf(path: string): SitePackages | undefined {
  const [, site] = /^(.*?\/(?:site|dist)-packages)\//.exec(path) ?? []
  const [, version] = /\/lib(?:64)?\/python(3\.[0-9]+t?)\/[^/]+$/.exec(site ?? '') ?? []
  return site === undefined ? undefined : {path: site, version}
}

/** One extension module, by whatever suffixes it is there. */
export interface ExtensionModule {
  /** The path without its suffix: `…/site-packages/pydantic_core/_pydantic_core`. */
  readonly stem: string
  /** `.cpython-313-x86_64-linux-gnu.so` -> what the file is. */
  readonly files: ReadonlyMap<string, NativeFile>
}

/**
 * The suffixes of an extension module: PEP 3149, PEP 384, and those of PyPy. Whatever else stands between dots is part
 * of the name.
 */
const SUFFIX = /(?:\.(?:cpython|pypy|graalpy)[-0-9][^./]*|\.abi3[^./]*)?\.so$/

/** Extension modules among files, by their stems. */
export function extensionModules(files: ReadonlyMap<string, NativeFile>): readonly ExtensionModule[] {
  const modules = new Map<string, Map<string, NativeFile>>()
  for (const [path, file] of files) {
    const suffix = SUFFIX.exec(path)?.[0]
    if (suffix === undefined) continue
    const stem = path.slice(0, -suffix.length)
    // A library with a version, libx.so.1 or libx-1a2b.so, is not a module; nor is what
    // is beside a package in NAME.libs.
    if (!/\/[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(stem) || /\.libs\/[^/]*$/.test(stem)) continue
    const known = modules.get(stem)
    if (known === undefined) modules.set(stem, new Map([[suffix, file]]))
    else known.set(suffix, file)
  }
  return [...modules].map(([stem, found]) => ({stem, files: found}))
}

/**
 * `importlib.machinery.EXTENSION_SUFFIXES` by the release of Python: what its own modules in lib-dynload have in their
 * names. Undefined where two of one release differ. https://docs.python.org/3/library/importlib.html
 */
export function extensionSuffixes(
  files: ReadonlyMap<string, NativeFile>,
): ReadonlyMap<string, readonly string[] | undefined> {
  const suffixes = new Map<string, readonly string[] | undefined>()
  for (const [path, {fit}] of files) {
    const [, version, own] =
      /\/lib(?:64)?\/python(3\.[0-9]+t?)\/lib-dynload\/[^/.]+(\.cpython-[^./]+\.so)$/.exec(path) ?? []
    if (version === undefined || own === undefined || fit !== 'own') continue
    const known = suffixes.get(version)
    if (!suffixes.has(version)) suffixes.set(version, [own, '.abi3.so', '.so'])
    else if (known?.[0] !== own) suffixes.set(version, undefined)
  }
  return suffixes
}
