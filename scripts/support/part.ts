/** One of several parts of what a suite tries: they are dealt out one after the other. */
export interface Part {
  /** From 1. */
  readonly number: number
  readonly of: number
}

/** Parses `2/6`, the second of six. Throws where it names no part: a suite that tries nothing must not pass. */
export function parsePart(text: string): Part {
  const [, number = 0, of = 0] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? []
  if (number < 1 || number > of) throw new Error(`--part: expected one such as 1/6, got ${JSON.stringify(text)}`)
  return {number, of}
}

export function takePart<T>(all: readonly T[], {number, of}: Part): readonly T[] {
  return all.filter((_, at) => at % of === number - 1)
}
