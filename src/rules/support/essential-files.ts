import type {EssentialFile} from '../../exec/index.ts'
import type {PlatformFacts} from '../../facts/facts.ts'

/**
 * A loader or library of this platform beside a foreign one: foreign programs are meant to be served too (multiarch).
 */
export function siblingOf(file: EssentialFile, {essential}: PlatformFacts): EssentialFile | undefined {
  if (file.role === 'shell') return undefined
  return essential.find(
    ({role, verdict}) => role === file.role && (verdict.fit === 'native' || verdict.fit === 'crashes'),
  )
}
