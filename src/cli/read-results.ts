import {messageOf, UsageError} from '../errors.ts'
import {parseResult, type UnitResult} from '../fleet/result-line.ts'

/** Files of results, a line each. */
export interface ResultFiles {
  /** The lines of a file, one after the other; throws where it cannot be read. */
  lines(file: string): AsyncIterable<string>
  /** Opens a file for more lines. `keeps`: what is there stays, but for a line that was cut off. */
  append(file: string, keeps: boolean): Promise<ResultWriter>
  /** The files of results in a folder, in the order of their names; undefined where the name is not one of a folder. */
  list?(name: string): Promise<readonly string[] | undefined>
}

export interface ResultWriter {
  write(line: string): Promise<void>
  close(): Promise<void>
}

/** The results of several files, one after the other; of a folder those in it. */
export async function* readResultFiles(
  results: ResultFiles | undefined,
  names: readonly string[],
): AsyncGenerator<UnitResult> {
  const files = filesOf(results)
  for (const name of names) {
    const listed = await files.list?.(name)
    if (listed?.length === 0) throw new UsageError(`${name} has no file of results: expected names in .jsonl`)
    for (const file of listed ?? [name]) yield* readResults(files, file)
  }
}

/** The results of one file. `mayBeCut`: it may be absent, and its last line may have been cut off. */
export async function* readResults(files: ResultFiles, file: string, mayBeCut = false): AsyncGenerator<UnitResult> {
  let number = 0
  let wrong: string | undefined
  try {
    for await (const line of files.lines(file)) {
      number += 1
      if (wrong !== undefined) throw new UsageError(wrong)
      if (line.trim() === '') continue
      const result = parseResult(line)
      if (result.ok) yield result.value
      // Only the last line may have been cut off.
      else wrong = `${file}:${number}: ${result.problem}`
    }
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown
    if (mayBeCut && isAbsent(thrown)) return
    throw new UsageError(`${file} cannot be read: ${messageOf(thrown)}`, {cause: thrown})
  }
  if (wrong !== undefined && !mayBeCut) throw new UsageError(wrong)
}

function isAbsent(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT'
}

export function filesOf(results: ResultFiles | undefined): ResultFiles {
  if (results === undefined) throw new UsageError('there are no files here')
  return results
}
