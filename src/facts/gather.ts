import {findNotedOs, readGoBuildInfo, readNotes, readVariantEvidence} from '../binary/index.ts'
import {type AskBase, askBases, buildsOf, lintBuilds, namedBases} from '../dockerfile/index.ts'
import {isFaultOfImage, SourceError} from '../errors.ts'
import {findElsewhere, readEssentialFiles, readHealthcheck, readStartup, type Step} from '../exec/index.ts'
import {withAmbiguities} from '../image/ambiguity.ts'
import type {RootFs} from '../image/rootfs.ts'
import type {ImageRoot, ImageSource, PlatformEntry} from '../image/source.ts'
import {settleAll, withCleanup} from '../lib/cleanup.ts'
import type {Limiter} from '../lib/concurrency.ts'
import {defined} from '../lib/defined.ts'
import {formatPlatform, isRequested, normalisePlatform, type Platform} from '../platform/index.ts'
import {type IgnoreEntry, type ScanFacts, scanImage} from '../scan/index.ts'
import type {
  Baseline,
  DockerfileFacts,
  ImageFacts,
  PlatformFacts,
  ProgramEvidence,
  UnreadablePlatform,
} from './facts.ts'
import {type FindWrong, gatherOrigins} from './origins.ts'
import {type Artifact, setAside} from './set-aside.ts'

/** How much of each platform is looked into. */
export const SCOPES = ['entrypoint', 'essential', 'image'] as const
export type Scope = (typeof SCOPES)[number]

export interface GatherOptions {
  /** The platforms that were asked for; undefined means every platform of the index. */
  readonly required: readonly Platform[] | undefined
  readonly scope: Scope
  /** What needs an explanation; nothing where it is left out. */
  readonly findWrong?: FindWrongIn
  /** Files that are left out of the scan of the whole image. */
  readonly ignore?: readonly IgnoreEntry[]
}

/** The same as FindWrong, of a platform in its image. */
export type FindWrongIn = (
  facts: PlatformFacts,
  image: Pick<ImageFacts, 'reference' | 'name' | 'root'>,
) => readonly string[]

/**
 * Reads one image: its root, and what starts on each platform that was asked for. What cannot be read is thrown (a
 * SourceError), so that nothing counts as verified that was not seen.
 */
export async function gatherImage(
  source: ImageSource,
  {required, scope, ignore = [], findWrong}: GatherOptions,
  limiter: Limiter,
): Promise<ImageFacts> {
  const root = await limiter(() => source.root())
  const wanted = selectEntries(root, required)
  const image = {reference: source.reference, name: source.name, root}
  const depth: Depth = {scope, ignore, findWrong: facts => findWrong?.(facts, image) ?? []}
  const readings = await settleAll(wanted.map(entry => limiter(() => readPlatform(source, entry, depth))))
  const artifacts = readings.flatMap(reading => ('what' in reading ? [reading] : []))
  return {
    ...image,
    root: setAside(root, artifacts),
    required,
    platforms: readings.flatMap(reading => ('startup' in reading ? [reading] : [])),
    unreadable: readings.flatMap(reading => ('code' in reading ? [reading] : [])),
  }
}

/** Whether a baseline is there: that nothing stands at its reference is an answer, that it cannot be asked is none. */
export async function gatherBaseline(reference: string, readRoot: () => Promise<ImageRoot>): Promise<Baseline> {
  try {
    return {found: true, reference, root: await readRoot()}
  } catch (thrown) {
    if (!(thrown instanceof SourceError) || thrown.code !== 'not-found') throw thrown
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

/** The entries to read: all, or each that is one of the required platforms (a client may take any of several). */
function selectEntries(root: ImageRoot, required: readonly Platform[] | undefined): PlatformEntry[] {
  return root.entries.filter(
    entry => required === undefined || entry.unread || required.some(platform => isRequested(platform, entry.platform)),
  )
}

async function readPlatform(
  source: ImageSource,
  entry: PlatformEntry,
  depth: Depth,
): Promise<PlatformFacts | UnreadablePlatform | Artifact> {
  if (entry.unread) return {entry, ...entry.unread}
  try {
    return await gatherPlatform(source, entry, depth)
  } catch (thrown) {
    if (thrown instanceof SourceError && thrown.code === 'not-an-image') return {entry, what: thrown.message}
    if (!(thrown instanceof SourceError) || !isFaultOfImage(thrown.code)) throw thrown
    return {entry, code: thrown.code, message: thrown.message}
  }
}

type Depth = Required<Pick<GatherOptions, 'scope' | 'ignore'>> & {readonly findWrong: FindWrong}

async function gatherPlatform(
  source: ImageSource,
  entry: PlatformEntry,
  {scope, ignore, findWrong}: Depth,
): Promise<PlatformFacts> {
  if (normalisePlatform(entry.platform).os !== 'linux') return notLinux(entry)
  const image = await source.platformImage(entry)
  return withCleanup(
    async () => {
      const {config, layers, rootfs} = image
      const input = {config, rootfs, platform: entry.platform}
      // First, so that one pass over the layers, or one export, serves all.
      const scan = scope === 'image' ? await scanImage({...input, ignore}) : undefined
      const startup = await readStartup(input)
      const healthcheck = scope === 'entrypoint' ? undefined : await readHealthcheck(input)
      const essential = scope === 'entrypoint' ? [] : await readEssentialFiles(rootfs, entry.platform)
      const steps = [...startup.steps, ...(healthcheck?.steps ?? [])]
      const programs = await gatherEvidence(steps, rootfs, entry.platform)
      const missing = missingLibraries(steps, scan)
      const elsewhere = missing.length === 0 ? undefined : await findElsewhere(rootfs, entry.platform, missing)
      const refusals = image.refusals?.() ?? []
      const facts: PlatformFacts = {
        entry,
        config,
        layers,
        ...withAmbiguities(image.ambiguities ?? []),
        ...(refusals.length === 0 ? {} : {refusals}),
        startup,
        ...defined({healthcheck}),
        essential,
        ...defined({scan, elsewhere}),
        programs,
      }
      const wrong = findWrong(facts)
      return wrong.length === 0 ? facts : {...facts, origins: await gatherOrigins(source, image, facts, wrong)}
    },
    () => image.close(),
  )
}

/** The names of the libraries that a loader does not find, each once. */
function missingLibraries(steps: readonly Step[], scan: ScanFacts | undefined): readonly string[] {
  const obstacles = [...steps, ...(scan?.libraries.problems ?? [])].flatMap(({obstacle}) => obstacle ?? [])
  return [...new Set(obstacles.flatMap(one => (one.kind === 'missing-library' ? [one.library] : [])))]
}

/** Reads on in the programs that start: what Go or the toolchain recorded in them. */
async function gatherEvidence(
  steps: readonly Step[],
  rootfs: RootFs,
  platform: Platform,
): Promise<readonly ProgramEvidence[]> {
  const evidence = new Map<string, ProgramEvidence>()
  for (const {node, identity, role} of steps) {
    if (node === undefined || identity?.kind !== 'elf' || role === 'library' || evidence.has(node.path)) continue
    const file = await rootfs.open(node)
    const go = await readGoBuildInfo(identity, file)
    const variant = await readVariantEvidence(identity, file, platform, {
      role: role === 'loader' ? 'loader' : 'program',
      ...defined({go}),
    })
    const noted = findNotedOs(await readNotes(identity, file), identity.header.data)
    evidence.set(node.path, {path: node.path, ...defined({go, noted}), variant})
  }
  return [...evidence.values()]
}

/** A docker engine on Linux cannot even pull such an image, and nothing here knows how its system starts a program. */
function notLinux(entry: PlatformEntry): PlatformFacts {
  const reason = `the programs of ${formatPlatform(entry.platform)} are not checked: only those of linux are`
  return {
    entry,
    layers: [],
    essential: [],
    programs: [],
    startup: {argv: [], steps: [], unknowns: [{reason}], undetermined: reason},
  }
}
