import type {Ambiguity} from '../image/source.ts'
import type {PlatformViolation, Rule} from './rule.ts'

/** A document that not all clients read as engines do: one that reads otherwise would run what was not checked. */
export const ambiguousDocument: Rule = {
  id: 'ambiguous-document',
  level: 'error',
  summary: 'An index, manifest or config that engines and other clients may read differently.',
  *checkPlatform({platform}) {
    for (const ambiguity of platform.ambiguities ?? []) yield violation(ambiguity)
  },
  *checkAll({images}) {
    for (const {reference, root} of images) {
      for (const ambiguity of root.ambiguities ?? []) yield {image: reference, ...violation(ambiguity)}
    }
  },
}

function violation({document, problem}: Ambiguity): PlatformViolation {
  return {
    message: `${document}: ${problem}; other clients may not`,
    evidence: {document, problem},
    fix: 'Write the document with each name once, spelled as the specification spells it; docker buildx does.',
  }
}
