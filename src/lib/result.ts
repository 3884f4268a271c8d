/** Either a value or, in words, why there is none. */
export type Result<T> = {readonly ok: true; readonly value: T} | {readonly ok: false; readonly problem: string}

export function ok<T>(value: T): Result<T> {
  return {ok: true, value}
}

export function fail(problem: string): Result<never> {
  return {ok: false, problem}
}

/** Closes a switch over a union: the compiler refuses a forgotten member. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`)
}
