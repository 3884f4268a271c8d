import type {Ambiguity} from '../image/source.ts'
import {platformsOf, type Rule, type Violation} from './rule.ts'

/** A document that not all clients read as engines do: one that reads otherwise would run what was not checked. */
export const ambiguousDocument: Rule = {
  id: 'ambiguous-document',
  level: 'error',
  summary: 'An index, manifest or config that engines and other clients may read differently.',
  *check(facts) {
    for (const {reference, root} of facts.images) {
      for (const ambiguity of root.ambiguities ?? []) yield violation({image: reference}, ambiguity)
    }
    for (const {platform, at} of platformsOf(facts)) {
      for (const ambiguity of platform.ambiguities ?? []) yield violation(at, ambiguity)
    }
  },
}

function violation(at: Pick<Violation, 'image' | 'platform'>, {document, problem}: Ambiguity): Violation {
  return {
    ...at,
    message: `${document}: ${problem}; other clients may not`,
    evidence: {document, problem},
    fix: 'Write the document with each name once, spelled as the specification spells it; docker buildx does.',
  }
}
