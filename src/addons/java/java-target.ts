import {normalisePlatform, type Platform} from '../../platform/index.ts'

/** What the JVM of an image says of itself, as far as it decides which native library is taken out of a jar. */
export interface JavaTarget {
  /** GOARCH: each library has its own word for it. */
  readonly architecture: string
  /** Of the program `java`; undefined where there are several, of different ones. */
  readonly libc: 'glibc' | 'musl' | undefined
}

/** A program of the JVM in the image. */
export interface JavaProgram {
  /** PT_INTERP; undefined where it is static. */
  readonly interpreter: string | undefined
}

/** What the JVMs of an image are; undefined where there is none. */
export function javaTarget(platform: Platform, programs: readonly JavaProgram[]): JavaTarget | undefined {
  const {os, architecture} = normalisePlatform(platform)
  const [first, ...others] = programs.map(({interpreter}) => (/\/ld-musl-/.test(interpreter ?? '') ? 'musl' : 'glibc'))
  if (os !== 'linux' || first === undefined) return undefined
  return {architecture, libc: others.every(libc => libc === first) ? first : undefined}
}
