import type {DynamicSymbol} from '../../binary/index.ts'
import type {FileNode, RootFs} from '../../image/rootfs.ts'
import {type Bound, fixedBound} from '../../lib/over-limit.ts'
import type {Process} from '../resolved-path.ts'
import type {LoadedObject} from './object.ts'
import type {LibcKind, LoaderObstacle} from './obstacle.ts'
import {type SymbolsOf, symbolReader} from './symbol-reader.ts'

/** What is needed to bind the symbols of a program that is loaded as a whole. */
export interface Binding {
  readonly rootfs: RootFs
  readonly process: Process
  /** The program and its libraries, in the order of their loading. */
  readonly loaded: readonly LoadedObject[]
  /** The loader's own file: it is one of those where symbols are looked for. */
  readonly loader: {readonly path: string; readonly node: FileNode}
}

const STB = {LOCAL: 0, WEAK: 2} as const
/** NOTYPE, OBJECT, FUNC, COMMON, TLS, GNU_IFUNC: what both loaders bind to. */
const BOUND_TYPES: readonly number[] = [0, 1, 2, 5, 6, 10]
const STT_TLS = 6

/**
 * The version of what the parts of glibc share among themselves; it has no number, and each release another content.
 */
export const GLIBC_PRIVATE = 'GLIBC_PRIVATE'

/**
 * Symbols that a loader binds at the start and does not find: both end the program with 127.
 *
 * glibc (elf/dl-lookup.c) checks versions before, so that only what versions do not decide is looked at here: the
 * private symbols that the parts of one release need of each other. musl (ldso/dynlink.c do_relocs) knows no versions
 * and binds everything at the start, functions too. Nothing is said where a table makes no sense, or where LD_PRELOAD
 * may bring more; where one is beyond a limit, that is said.
 */
export async function findMissingSymbols(
  binding: Binding,
  libc: LibcKind,
  bound: Bound = fixedBound('program-symbols'),
): Promise<SymbolReport> {
  if ((binding.process.env.get('LD_PRELOAD') ?? '') !== '') return NOTHING
  if (libc === 'glibc' && (await binding.rootfs.lookup('/etc/ld.so.preload')).outcome === 'found') return NOTHING
  const symbolsOf = symbolReader(binding.rootfs, bound)
  return libc === 'glibc' ? findMissingPrivate(binding, symbolsOf) : findMissingInMusl(binding, symbolsOf)
}

/** What a loader does not find, and why there may be more of it. */
export interface SymbolReport {
  readonly obstacles: readonly LoaderObstacle[]
  readonly undetermined?: string
}

const NOTHING: SymbolReport = {obstacles: []}

async function findMissingPrivate({process, loaded, loader}: Binding, symbolsOf: SymbolsOf): Promise<SymbolReport> {
  const isPrivate = (object: LoadedObject) =>
    object.dynamic.versionNeeds.some(({versions}) => versions.some(({name}) => name === GLIBC_PRIVATE))
  const users = loaded.filter(isPrivate)
  if (users.length === 0) return NOTHING
  const definers = [
    loader,
    ...loaded.filter(({dynamic: {versionDefinitions: defined}}) => defined?.includes(GLIBC_PRIVATE) ?? true),
  ]
  const offered = new Set<string>()
  let beyond: string | undefined
  for await (const [, symbols] of symbolsOf(definers)) {
    if (!symbols) return NOTHING
    // Where the others have it all, what this one has does not matter.
    if ('beyond' in symbols) {
      beyond ??= symbols.beyond
      continue
    }
    const {definitions, hasVersions} = symbols
    for (const one of definitions) if (isBound(one) && fitsPrivate(one, hasVersions)) offered.add(one.name)
  }
  const bindsNow = (process.env.get('LD_BIND_NOW') ?? '') !== ''
  const obstacles: LoaderObstacle[] = []
  // Objects are relocated from the last one that was loaded to the program.
  for await (const [object, symbols] of symbolsOf(users.toReversed())) {
    if (!symbols) return NOTHING
    if ('beyond' in symbols) return {obstacles, undetermined: symbols.beyond}
    const {data, plt} = symbols.references
    const bound = bindsNow || symbols.bindsNow ? [...data, ...plt] : data
    const missing = bound.filter(one => isNeeded(one) && one.version === GLIBC_PRIVATE && !offered.has(one.name))
    const [first] = missing
    if (!first) continue
    if (beyond !== undefined) return {obstacles, undetermined: beyond}
    const argv0 = process.argv[0] ?? object.path
    obstacles.push({
      kind: 'missing-symbols',
      symbols: [...new Set(missing.map(({name}) => name))],
      neededBy: object.path,
      version: GLIBC_PRIVATE,
      provider: loader.path,
      exitCode: 127,
      message: `${argv0}: symbol lookup error: ${object.loader ? object.path : argv0}: undefined symbol: ${first.name}, version ${GLIBC_PRIVATE}`,
      cause: 'the loader and the C library are of two releases of glibc',
    })
  }
  return {obstacles}
}

/** check_match() of glibc's elf/dl-lookup.c for a reference with a version. */
function fitsPrivate({version, isHidden}: DynamicSymbol, hasVersions: boolean): boolean {
  return !hasVersions || version === GLIBC_PRIVATE || (version === undefined && !isHidden)
}

async function findMissingInMusl({process, loaded, loader}: Binding, symbolsOf: SymbolsOf): Promise<SymbolReport> {
  const offered = new Set<string>()
  const withValue = new Set<string>()
  for await (const [, symbols] of symbolsOf([loader, ...loaded])) {
    if (!symbols) return NOTHING
    if ('beyond' in symbols) return {...NOTHING, undetermined: symbols.beyond}
    // find_sym2() with gnu_lookup(): hidden versions are passed over, names of versions are not looked at.
    for (const one of symbols.definitions) if (isBound(one) && !one.isHidden) offered.add(one.name)
    // An address in the program stands for a function of a library, for all but calls.
    for (const one of symbols.references.plt) if (!one.isDefined && one.hasValue) withValue.add(one.name)
  }
  const obstacles: LoaderObstacle[] = []
  // The libraries first, then the program; each symbol is reported.
  for await (const [object, symbols] of symbolsOf([...loaded.slice(1), ...loaded.slice(0, 1)])) {
    if (!symbols || 'beyond' in symbols) return NOTHING
    const {data, plt} = symbols.references
    // reloc_all(): DT_JMPREL comes first.
    const missing = [
      ...plt.filter(one => isNeeded(one) && !offered.has(one.name)),
      ...data.filter(one => isNeeded(one) && !offered.has(one.name) && !withValue.has(one.name)),
    ]
    const [first] = missing
    if (!first) continue
    const called = object.loader ? object.path : (process.argv[0] ?? object.path)
    obstacles.push({
      kind: 'missing-symbols',
      symbols: [...new Set(missing.map(({name}) => name))],
      neededBy: object.path,
      exitCode: 127,
      message: `Error relocating ${called}: ${first.name}: symbol not found`,
      ...(missing.some(({name}) => GLIBC_ONLY.test(name))
        ? {cause: 'it was built for glibc, and musl lacks these'}
        : {}),
    })
  }
  return {obstacles}
}

/**
 * Names that glibc's headers put into programs and that musl does not have: fortified functions, internal ones, and
 * those of large files, which musl 1.2.4 took away.
 */
const GLIBC_ONLY =
  /^(?:__.*_chk|__isoc\d+_.*|__libc_.*|__res_.*|__strto.*_internal|gnu_get_libc_version|backtrace(?:_symbols(?:_fd)?)?|(?:f?open|creat|[fl]?stat|fstatat|lseek|fseeko|ftello|pread|pwrite|readdir|scandir|mmap|f?truncate|sendfile|f?statv?fs|[gs]etrlimit|posix_fadvise|posix_fallocate|fallocate|tmpfile|nftw|glob)64)$/

function isNeeded({binding, isDefined}: DynamicSymbol): boolean {
  return !isDefined && binding !== STB.LOCAL && binding !== STB.WEAK
}

function isBound({binding, type, hasValue}: DynamicSymbol): boolean {
  return binding !== STB.LOCAL && BOUND_TYPES.includes(type) && (hasValue || type === STT_TLS)
}
