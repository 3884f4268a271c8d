import {messageOf, SourceError} from '../errors.ts'
import type {Origins, PlatformFacts} from '../facts/facts.ts'
import type {ImageSource, PlatformImage} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {type Provenance, parseStatement, SLSA_PROVENANCE} from '../provenance/index.ts'

/**
 * Asks where the wrong files of a platform come from: their layers, and the provenance of the build. All of it
 * is asked after the fact, and only where something is wrong; what cannot be told is said, and changes
 * nothing. Only a cancelled run is thrown.
 */
export async function gatherOrigins(
  source: ImageSource,
  image: PlatformImage,
  facts: PlatformFacts,
  wrong: readonly string[],
): Promise<Origins> {
  const untold: string[] = []
  const hint = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await ask()
    } catch (thrown) {
      if (thrown instanceof SourceError && thrown.code === 'aborted') throw thrown
      untold.push(`${what}: ${messageOf(thrown)}`)
      return undefined
    }
  }
  const files = wrong.flatMap(path => fileAt(facts, path) ?? [])
  const known = new Map(files.flatMap(({path, layer}) => (layer === undefined ? [] : [[path, layer] as const])))
  const asked = files.map(({path}) => path).filter(path => !known.has(path))
  const told = asked.length === 0 ? undefined : await hint('layers', async () => image.originsOf?.([...new Set(asked)]))
  const provenance = await hint('provenance', () => readProvenance(source, facts, untold))
  return {
    layers: told?.layers ?? image.layers,
    of: new Map([...known, ...(told?.of ?? [])]),
    ...defined({provenance}),
    untold,
  }
}

/** A file that was seen, by its own path; the layer where the reader knew it. */
export interface FoundFile {
  readonly path: string
  readonly layer?: number
}

/** The file that a path leads to, as it was seen on this platform; undefined where it leads to none. */
export function fileAt({startup, healthcheck, essential, scan}: FilesSeen, path: string): FoundFile | undefined {
  const steps = [...startup.steps, ...(healthcheck?.steps ?? [])]
  const step = steps.find(taken => taken.path === path && taken.node) ?? steps.find(({node}) => node?.path === path)
  const known = step?.node ?? essential.find(file => file.path === path || file.node.path === path)?.node
  if (known !== undefined || scan === undefined) return known
  const {foreign, notPrograms, libraries} = scan
  return [...foreign, ...notPrograms, ...libraries.problems].find(file => file.path === path)
}

type FilesSeen = Pick<PlatformFacts, 'startup' | 'healthcheck' | 'essential' | 'scan'>

/** The first provenance that is one, and is about this manifest. */
async function readProvenance(
  source: ImageSource,
  {entry}: PlatformFacts,
  untold: string[],
): Promise<Provenance | undefined> {
  const attached = (await source.attestations?.(entry, SLSA_PROVENANCE)) ?? []
  for (const {digest, bytes} of attached) {
    const parsed = parseStatement(bytes, entry.descriptor.digest)
    if (parsed.ok) return parsed.value
    untold.push(`provenance ${digest}: ${parsed.problem}`)
  }
  return undefined
}
