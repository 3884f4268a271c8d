import {ET} from '../binary/index.ts'
import {loaderNames, muslLoader} from '../exec/index.ts'
import type {RootFs} from '../image/rootfs.ts'
import {defined} from '../lib/defined.ts'
import {baseName} from '../lib/paths.ts'
import type {Platform} from '../platform/index.ts'
import {BENIGN} from './benign.ts'
import type {RunEnvironment} from './candidate.ts'
import type {Collection, Found} from './collect.ts'
import type {LibraryProblem} from './facts.ts'
import {nodePackage} from './own-names.ts'
import type {SeenElf} from './seen.ts'
import {parallelName, withoutStars} from './spellings.ts'

type Own = Found<SeenElf>
interface Named {
  readonly node: {readonly path: string}
}

/**
 * Rows of BENIGN that say of a path that nobody starts or loads what is there in the
 * running container, whatever its machine.
 */
const ASIDE = new Set([
  'test-data',
  'debug',
  'sysroot',
  'firmware',
  'kernel',
  'boot-loader',
  'emulator',
  'cross-toolchain',
])

/**
 * Native programs and libraries that PATH does not offer, and that something of the image may start or load all
 * the same: plugins, browsers, add-ons.
 */
export interface OutsidePath {
  /** They name a loader, and have an execute bit. */
  readonly programs: readonly Own[]
  readonly libraries: readonly Own[]
  /** Programs that need no loader. */
  readonly statics: readonly Own[]
}

export function findOutsidePath(
  {own}: Pick<Collection, 'own'>,
  inPath: ReadonlyMap<string, unknown>,
  surroundings: RunEnvironment,
): OutsidePath {
  const programs: Own[] = []
  const libraries: Own[] = []
  const statics: Own[] = []
  for (const found of own.values()) {
    const {node, seen} = found
    const isLoadable = seen.header.type === ET.ET_EXEC || seen.header.type === ET.ET_DYN
    if (seen.fit !== 'native' || !isLoadable) continue
    if (seen.interpreter === undefined && seen.header.type === ET.ET_EXEC) statics.push(found)
    if (!seen.linked || inPath.has(node.path)) continue
    const file = {node, seen, place: 'elsewhere', names: [baseName(node.path)]} as const
    if (BENIGN.some(row => ASIDE.has(row.id) && row.matches(file, surroundings))) continue
    const isLibrary = seen.interpreter === undefined || /\.so(?:\.|$)|\.node$/.test(node.path)
    if (isLibrary) libraries.push(found)
    else if ((node.mode & 0o111) !== 0) programs.push(found)
  }
  return {programs, libraries, statics}
}

/** The C library that an image has, where it has one alone. */
export async function soleLibc(rootfs: RootFs, platform: Platform): Promise<'glibc' | 'musl' | undefined> {
  const names = loaderNames(platform)
  const has = async (paths: readonly string[]): Promise<boolean> => {
    for (const path of paths) if ((await rootfs.lookup(path)).outcome === 'found') return true
    return false
  }
  const [glibc, musl] = [await has(names?.glibc ?? []), await has((names?.musl ?? []).map(muslLoader))]
  if (glibc === musl) return undefined
  return glibc ? 'glibc' : 'musl'
}

/**
 * What a library of the other C library needs by name, and what is said of it: the loader, which musl does
 * not take for its own, or musl's libc.
 */
const OF_OTHER_LIBC = {
  musl: {needed: /^ld(?:-linux[^/]*|64)?\.so\.[0-9]+$/, cause: 'a glibc library in a musl image'},
  glibc: {needed: /^(?:libc\.musl-|ld-musl-)/, cause: 'a musl library in a glibc image'},
} as const

/**
 * Libraries that no program of the image can load, because they were linked for the other C library; and
 * of a package for both, nothing: where one of a parallel name fits, that is taken. `isThere` says
 * whether the image has a file of a name.
 */
export function findOtherLibc(
  libraries: readonly Own[],
  libc: 'glibc' | 'musl',
  isThere: (name: string) => boolean,
): readonly LibraryProblem[] {
  const {needed, cause} = OF_OTHER_LIBC[libc]
  const lacked = ({seen}: Own) => seen.dynamic?.needed.find(name => needed.test(name) && !isThere(name))
  const fitting = siblingKeys(libraries.filter(library => lacked(library) === undefined))
  return libraries.flatMap(library => {
    const name = lacked(library)
    if (name === undefined || hasKey(fitting, library)) return []
    const {path, layer} = library.node
    return [
      {
        path,
        place: 'elsewhere',
        ...defined({layer}),
        obstacle: {
          kind: 'missing-library',
          library: name,
          neededBy: path,
          searched: [],
          rejected: [],
          exitCode: 127,
          message: `Error loading shared library ${name}: No such file or directory (needed by ${path})`,
          cause,
        },
        more: 0,
      },
    ]
  })
}

/**
 * Names that the files of one package for several C libraries have in common:
 * `prebuilds/linux-x64/x.musl.node` and `prebuilds/linux-x64/x.node`.
 */
export function siblingKeys(files: readonly Named[]): ReadonlySet<string> {
  return new Set(files.flatMap(keysOf))
}

export function hasKey(keys: ReadonlySet<string>, file: Named): boolean {
  return keysOf(file).some(key => keys.has(key))
}

function keysOf({node: {path}}: Named): readonly string[] {
  const [inPackage] = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+\//.exec(path) ?? []
  return [
    ...[path, nodePackage(path)].flatMap(one =>
      one === undefined ? [] : [withoutStars(parallelName(one) ?? one.toLowerCase())],
    ),
    // Builds for several releases of Node and several C libraries: build/linux/x64/node/108/addon.node.
    ...(inPackage === undefined ? [] : [`${inPackage} ${baseName(path)}`]),
  ]
}
