import type {RandomAccess} from '../lib/bytes.ts'
import type {Platform} from '../platform/index.ts'
import {type DynamicInfo, identify, readDynamic, readDynamicSymbols, readNotes, readVariantEvidence} from './index.ts'

/** A part of a file, in bytes. */
export interface Span {
  readonly offset: number
  readonly length: number
}

/**
 * What is read of programs and libraries while their layer comes by, so that the layer, which may be far away, is not
 * passed over again: all that somebody may want to know of them later is read once, and what was read is kept.
 */
export interface Prefetch {
  /** Which parts of a program that is too large to be at hand as a whole are worth having, by its start. */
  spans(start: RandomAccess): Promise<readonly Span[]>
  /** Reads what may be needed. `path` has no slash at its start. */
  read(file: RandomAccess, path: string): Promise<void>
}

/** In bytes: scripts are followed, which takes all of them. */
const SCRIPT_LIMIT = 64 * 1024
/** In bytes: loaders are searched for what they were built with. */
const LOADER_LIMIT = 4 * 1024 * 1024
/** Loaders and C libraries: of both the release is looked for in all of the file. */
const LOADER = /(?:^|\/)(?:ld[-.0-9a-z_]*\.so[.0-9]*|libc\.musl-[^/]*\.so\.1|libc\.so(?:\.6)?|libc-[0-9.]+\.so)$/
const LIBRARY = /\.so(?:\.[0-9.]+)?$/

/** In bytes: the most that is kept of a large program's symbols and relocations. */
const SYMBOLS = 4 * 1024 * 1024

const PT_LOAD = 1
const PF_W = 2
/** In bytes: Go's build information stands at the start of the data segment. */
const DATA_START = 64 * 1024

/**
 * What is read does not depend on what it is weighed against; so a layer that several
 * platforms share is prefetched for all of them.
 */
const ANY_PLATFORM: Platform = {os: 'linux', architecture: 'amd64', variant: ''}

/**
 * Reads what a check may want to know of any program, library or loader of an image, so that it
 * is at hand when the layer has gone by.
 */
export const PROGRAM_PREFETCH: Prefetch = {
  spans: async start => {
    const identity = await identify(start)
    if (identity.kind !== 'elf') return []
    const first = identity.segments.find(({type}) => type === PT_LOAD)
    return identity.segments.map(segment => {
      const {type, flags, offset, filesz} = segment
      // Symbols and relocations stand at the start, and musl binds all of them.
      if (segment === first && isMusl(identity.interpreter?.path)) return {offset, length: Math.min(filesz, SYMBOLS)}
      const isData = type === PT_LOAD && (flags & PF_W) !== 0
      return {offset, length: isData ? Math.min(filesz, DATA_START) : type === PT_LOAD ? 0 : filesz}
    })
  },
  read: async (file, path) => {
    const identity = await identify(file)
    if (identity.kind === 'script' && file.size <= SCRIPT_LIMIT) await file.read(0, file.size)
    if (identity.kind !== 'elf') return
    const dynamic = await readDynamic(identity, file)
    if (dynamic && bindsSymbols(identity.interpreter?.path, dynamic)) await readDynamicSymbols(identity, file)
    await readNotes(identity, file)
    if (LOADER.test(path) && file.size <= LOADER_LIMIT) await file.read(0, file.size)
    // Of libraries nobody asks more.
    else if (!LIBRARY.test(path)) await readVariantEvidence(identity, file, ANY_PLATFORM)
  },
}

function isMusl(interpreter: string | undefined): boolean {
  return interpreter?.includes('ld-musl-') === true
}

/** Whether a loader's binding of symbols is looked at: of all that is linked with musl, and of the parts of glibc. */
function bindsSymbols(
  interpreter: string | undefined,
  {needed, versionNeeds, versionDefinitions}: DynamicInfo,
): boolean {
  const isPart =
    versionDefinitions?.includes('GLIBC_PRIVATE') === true ||
    versionNeeds.some(({versions}) => versions.some(({name}) => name === 'GLIBC_PRIVATE'))
  return isPart || isMusl(interpreter) || needed.some(name => name.startsWith('libc.musl-'))
}
