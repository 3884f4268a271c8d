import type {Step} from '../exec/index.ts'
import type {PlatformViolation, Rule} from './rule.ts'
import {stepEvidence} from './support/chain.ts'
import {missingVersions} from './support/path-libraries.ts'

/**
 * A program needs symbols, or symbol versions, that the image's libraries do not define:
 * it was built against a newer C library.
 */
export const libcTooOld: Rule = {
  id: 'libc-too-old',
  level: 'error',
  summary: 'A program needs symbol versions that the image’s libraries do not define.',
  checkStep: ({step}) => findIn(step),
  checkPlatform: ({platform}) => missingVersions(platform),
}

/** Symbols that a message names, and that the evidence lists. */
const NAMED = 5
const LISTED = 1000

function named(symbols: readonly string[]): string {
  const more = symbols.length - NAMED
  return `${symbols.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function fixOfMixture(loader: string, library: string): string {
  return `Take ${loader} and ${library} from one package of one release: a COPY of a lib directory from another image replaces one of them alone.`
}

function findIn(step: Step): PlatformViolation | undefined {
  const {obstacle} = step
  if (obstacle?.kind === 'missing-version') {
    const {neededBy, versions, provider, library, exitCode, message} = obstacle
    return {
      path: neededBy,
      message: `${neededBy} needs ${versions.join(', ')} of ${library}, which ${provider} does not define`,
      evidence: {...stepEvidence(step), neededBy, library, versions, provider, exitCode, prints: message},
      fix: `Build ${neededBy} on the image's own base (or an older one), or base the image on the one that it was built on.`,
    }
  }
  if (obstacle?.kind === 'missing-symbols') {
    const {neededBy, symbols, version, provider, exitCode, message, cause} = obstacle
    const of = version === undefined ? '' : ` (version ${version})`
    const lacking = provider === undefined ? 'no library of the program defines' : `${provider} does not define`
    return {
      path: neededBy,
      message: `${neededBy} needs ${named(symbols)}${of}, which ${lacking}${cause === undefined ? '' : `: ${cause}`}`,
      evidence: {
        ...stepEvidence(step),
        neededBy,
        symbols: symbols.slice(0, LISTED),
        provider: provider ?? null,
        exitCode,
        prints: message,
      },
      fix:
        provider === undefined
          ? `Build ${neededBy} on the image's own base, against the libraries that are there.`
          : fixOfMixture(provider, neededBy),
    }
  }
  if (obstacle?.kind === 'mixed-release') {
    const {library, provider, releases, neededBy} = obstacle
    return {
      level: 'warning',
      path: library,
      message: `${provider} is the loader of glibc ${releases.loader}, and ${library} is the C library of glibc ${releases.library}: most programs crash with parts of two releases`,
      evidence: {...stepEvidence(step), library, provider, releases, neededBy},
      fix: fixOfMixture(provider, library),
    }
  }
  return undefined
}
