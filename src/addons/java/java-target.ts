import {normalisePlatform, type Platform} from '../../platform/index.ts'
import {type Interpreter, type Libc, libcOf} from '../interpreter.ts'

/** What the JVM of an image says of itself, as far as it decides which native library is taken out of a jar. */
export interface JavaTarget {
  /** GOARCH: each library has its own word for it. */
  readonly architecture: string
  /** Of the program `java`; undefined where there are several, of different ones. */
  readonly libc: Libc | undefined
}

/** What the JVMs of an image are; undefined where there is none. */
export function javaTarget(platform: Platform, programs: readonly Interpreter[]): JavaTarget | undefined {
  const {os, architecture} = normalisePlatform(platform)
  return os !== 'linux' || programs.length === 0 ? undefined : {architecture, libc: libcOf(programs)}
}
