/** A program of the image that loads add-ons: node, java, dotnet. */
export interface Interpreter {
  readonly path: string
  /** PT_INTERP; undefined where it is static. */
  readonly loader: string | undefined
}

export type Libc = 'glibc' | 'musl'

/** The C library of all of them, by their loaders; undefined where it may be either. */
export function libcOf(interpreters: readonly Interpreter[]): Libc | undefined {
  return common(
    interpreters.map(({loader}) => (loader === undefined ? undefined : /\/ld-musl-/.test(loader) ? 'musl' : 'glibc')),
  )
}

/** What all of them are. */
export function common<T>([first, ...others]: readonly T[]): T | undefined {
  return others.every(other => other === first) ? first : undefined
}
