import type {Ambiguity} from './source.ts'

/** The ambiguities of one document, to be spread into what holds them: nothing where there are none. */
export function withAmbiguities(ambiguities: readonly Ambiguity[]): {readonly ambiguities?: readonly Ambiguity[]} {
  return ambiguities.length === 0 ? {} : {ambiguities}
}

/** What is ambiguous in a document, with its name. */
export function ambiguitiesOf(document: string, problems: readonly string[]): readonly Ambiguity[] {
  return problems.map(problem => ({document, problem}))
}
