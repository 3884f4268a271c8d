import {type AskBase, askBases, buildsOf, lintBuilds, namedBases} from '../dockerfile/index.ts'
import {SourceError} from '../errors.ts'
import type {ImageRoot, PlatformEntry} from '../image/source.ts'
import {formatPlatform, type Platform} from '../platform/index.ts'
import type {Baseline, DockerfileFacts, PlatformFacts} from './facts.ts'

/**
 * Whether a baseline is there: that nothing stands at its reference is an answer, as before a first release, unless it
 * must be there; that it cannot be asked is none.
 */
export async function gatherBaseline(
  reference: string,
  mustBeThere: boolean,
  readRoot: () => Promise<ImageRoot>,
): Promise<Baseline> {
  try {
    return {found: true, reference, root: await readRoot()}
  } catch (thrown) {
    if (mustBeThere || !(thrown instanceof SourceError) || thrown.code !== 'not-found') throw thrown
    return {found: false, reference, reason: thrown.message}
  }
}

/** A Dockerfile as it came: its name, relative to the workspace, and what is in it. */
export interface DockerfileText {
  readonly file: string
  readonly text: string
}

/**
 * Reads and lints one Dockerfile, and asks for the platforms of the images that it stands on. The parser is loaded
 * only here: most runs have no Dockerfile.
 */
export async function gatherDockerfile(
  {file, text}: DockerfileText,
  requested: readonly Platform[] | undefined,
  ask: AskBase,
): Promise<DockerfileFacts> {
  const {parseDockerfile} = await import('../dockerfile/parse.ts')
  const parsed = parseDockerfile(text)
  if (!parsed.ok) return {file, parsed, bases: new Map(), lint: undefined}
  const builds = buildsOf(parsed.value, {platforms: requested})
  const known = namedBases(builds).filter(({isKnown}) => isKnown)
  const bases = await askBases(
    known.map(({reference}) => reference),
    ask,
  )
  return {file, parsed, bases, lint: lintBuilds(builds, bases)}
}

/**
 * What is said of a platform of another system than Linux: a docker engine on Linux cannot even pull such an image,
 * and nothing here knows how its system starts a program.
 */
export function uncheckedPlatform(entry: PlatformEntry): PlatformFacts {
  const reason = `the programs of ${formatPlatform(entry.platform)} are not checked: only those of linux are`
  return {
    entry,
    layers: [],
    essential: [],
    programs: [],
    startup: {argv: [], steps: [], unknowns: [{reason}], undetermined: reason},
  }
}
