import type {MemoryEntry, MemoryTree} from '../../__tests__/support/memory-rootfs.ts'
import {type DynamicShape, dynamicElf} from './dynamic-elf.ts'
import {program} from './elf.ts'
import type {Random} from './random.ts'

/** One program with its libraries, for a loader. */
export interface LibraryShape {
  readonly tree: MemoryTree
  readonly path: string
  readonly env: readonly string[]
  /** Libraries that ldconfig is to find: directories for /etc/ld.so.conf; empty for no cache. */
  readonly cacheDirectories: readonly string[]
  readonly uid: number
}

export interface Libc {
  readonly kind: 'glibc' | 'musl'
  readonly interp: string
  /** NEEDED of every program: the real libc. */
  readonly library: string
  /** Where it looks by default. */
  readonly directories: readonly string[]
}

/** Makes a program that needs up to six libraries, some of them missing, foreign, broken, too old or out of the way. */
export function makeLibraryShape(random: Random, libc: Libc): LibraryShape {
  const files: Record<string, MemoryEntry> = {}
  const count = 1 + random.below(6)
  const names = Array.from({length: count}, (_, index) => `lib${'abcdefgh'[index]}.so.1`)
  const env: string[] = []
  const variable = random.oneIn(4)
    ? random.pick([
        '/opt/env',
        '/opt/env:/opt/other',
        ':/opt/env',
        '/opt/env/',
        '$ORIGIN/../opt/env',
        '/nowhere;/opt/env',
        '',
      ])
    : undefined
  if (variable !== undefined) env.push(`LD_LIBRARY_PATH=${variable}`)
  const cacheDirectories = libc.kind === 'glibc' && random.oneIn(3) ? ['/opt/cached'] : []
  const places = [
    ...libc.directories,
    ...libc.directories,
    '/opt/env',
    '/opt/run',
    '/app/lib',
    '/opt/cached',
    '/opt/other',
    '/srv',
  ]
  const broken = random.oneIn(3) ? random.pick(names) : ''
  for (const [index, name] of names.entries()) {
    const needed = names.filter((_, other) => other > index && random.oneIn(3))
    const shape: DynamicShape = {
      needed: [...needed, ...(random.oneIn(2) ? [libc.library] : [])],
      ...(random.oneIn(5) ? {} : {soname: random.oneIn(10) ? `other-${name}` : name}),
      ...anyPaths(random),
      ...(random.oneIn(2) ? {defines: ['V1', ...(random.oneIn(3) ? [] : ['V2'])]} : {}),
      ...needsOf(random, needed),
      ...symbolsOf(random, libc),
    }
    const copies = random.oneIn(5) ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const path = `${random.oneIn(5) ? random.pick(places) : random.pick(libc.directories)}/${name}`
      files[path] =
        name === broken && copy === 0 ? brokenLibrary(random, shape, libc) : {content: dynamicElf(shape), mode: 0o755}
    }
  }
  const direct = names.filter((_, index) => index === 0 || random.oneIn(2))
  const needed = random.oneIn(12)
    ? [...direct, random.pick(['/opt/run/liba.so.1', './liba.so.1', 'app/lib/liba.so.1', 'libmissing.so.9'])]
    : direct
  const content = dynamicElf({
    interp: libc.interp,
    needed: [...needed, libc.library],
    ...anyPaths(random),
    ...needsOf(random, direct),
    ...symbolsOf(random, libc),
  })
  files['/app/bin/program'] = {content, mode: 0o755}
  const path = random.oneIn(4) ? '/usr/bin/link' : '/app/bin/program'
  if (path === '/usr/bin/link') files[path] = {link: random.pick(['/app/bin/program', '../../app/bin/program'])}
  return {tree: files, path, env, cacheDirectories, uid: random.oneIn(4) ? 1000 : 0}
}

const SEARCH_PATHS = [
  '/opt/run',
  '$ORIGIN/../lib',
  `$${'{ORIGIN}'}/../lib`,
  '$ORIGIN',
  '/opt/run:/app/lib',
  '/nowhere:/srv',
  '',
  ':/srv',
  '/opt/$LIB',
  '$ORIGINx',
  '/srv/',
  'srv',
  '/opt/run/$PLATFORM',
] as const

function anyPaths(random: Random): Pick<DynamicShape, 'rpath' | 'runpath' | 'noDefaultLibraries'> {
  return {
    ...(random.oneIn(4) ? {rpath: random.pick(SEARCH_PATHS)} : {}),
    ...(random.oneIn(3) ? {runpath: random.pick(SEARCH_PATHS)} : {}),
    ...(random.oneIn(12) ? {noDefaultLibraries: true} : {}),
  }
}

function needsOf(random: Random, needed: readonly string[]): Pick<DynamicShape, 'needs'> {
  const versioned = needed.filter(() => random.oneIn(3))
  if (versioned.length === 0) return {}
  const needs = versioned.map(file => ({
    file,
    versions: [{name: 'V1', weak: false}, ...(random.oneIn(2) ? [{name: 'V2', weak: random.oneIn(4)}] : [])],
  }))
  return {needs}
}

/**
 * Symbols of few names, so that most are found. musl binds all of them at the
 * start; glibc's rules need real parts of it.
 */
function symbolsOf(random: Random, libc: Libc): Pick<DynamicShape, 'imports' | 'exports' | 'bindsNow'> {
  if (libc.kind !== 'musl' || random.oneIn(3)) return {}
  const names = (chance: number) => ['f0', 'f1', 'f2', 'f3', 'f4', 'memcpy'].filter(() => random.oneIn(chance))
  // What musl 1.2.5 has, and 1.2.3 has not: so is a program that was built with a newer release than the image's.
  const newer = ['preadv2', 'statx'].filter(() => random.oneIn(10))
  return {
    imports: [...names(5), ...newer].map(name => ({
      name,
      ...(random.oneIn(3) ? {weak: true} : {}),
      ...(random.oneIn(2) ? {call: true} : {}),
    })),
    exports: names(2).map(name => ({name})),
    ...(random.oneIn(3) ? {bindsNow: true} : {}),
  }
}

function brokenLibrary(random: Random, shape: DynamicShape, libc: Libc): MemoryEntry {
  const content = dynamicElf(shape)
  const changed = (at: number, value: number) => {
    const copy = Uint8Array.from(content)
    copy[at] = value
    return copy
  }
  return random.pick<() => MemoryEntry>([
    () => ({content: '', mode: 0o755}),
    () => ({content: 'GROUP ( libc.so.6 )\n', mode: 0o644}),
    () => ({content: `${'not a library '.repeat(20)}\n`, mode: 0o644}),
    // musl does not ask for the machine: a library without code and relocations would pass.
    () => ({content: libc.kind === 'musl' ? '' : changed(18, 183), mode: 0o755}),
    () => ({content: libc.kind === 'musl' ? '' : changed(18, 3), mode: 0o755}),
    () => ({content: program({wide: false, type: 3}), mode: 0o755}),
    () => ({content: changed(4, 1), mode: 0o755}),
    () => ({content: changed(5, 2), mode: 0o755}),
    () => ({content: changed(7, 9), mode: 0o755}),
    () => ({content: changed(7, 3), mode: 0o755}),
    () => ({content: changed(16, 1), mode: 0o755}),
    () => ({content: changed(20, 2), mode: 0o755}),
    () => ({content, mode: 0o600}),
    () => ({link: '/nowhere'}),
    () => ({link: '/app/bin/program'}),
    () => ({kind: 'directory'}),
    () => ({content: content.slice(0, 40), mode: 0o755}),
  ])()
}
