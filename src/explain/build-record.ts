import {messageOf, SourceError} from '../errors.ts'
import type {PlatformFacts} from '../facts/facts.ts'
import type {ImageSource, PlatformImage} from '../image/source.ts'
import {defined} from '../lib/defined.ts'
import {type Provenance, parseStatement, SLSA_PROVENANCE} from '../provenance/index.ts'
import type {BuildRecord} from './background.ts'
import {seenFile} from './seen-file.ts'

/**
 * Asks how the wrong files of a platform came into its image: their layers, and the provenance of the build. All of it
 * is read afterwards, and only where something is wrong; what cannot be determined is a problem of the record, and
 * changes nothing. Only a cancelled run is thrown.
 */
export async function readBuildRecord(
  source: ImageSource,
  image: PlatformImage,
  facts: PlatformFacts,
  wrong: readonly string[],
): Promise<BuildRecord> {
  const problems: string[] = []
  const hint = async <T>(what: string, ask: () => Promise<T | undefined>): Promise<T | undefined> => {
    try {
      return await ask()
    } catch (thrown) {
      if (thrown instanceof SourceError && thrown.code === 'aborted') throw thrown
      problems.push(`${what}: ${messageOf(thrown)}`)
      return undefined
    }
  }
  const files = wrong.flatMap(path => seenFile(facts, path) ?? [])
  const known = new Map(files.flatMap(({path, layer}) => (layer === undefined ? [] : [[path, layer] as const])))
  const asked = files.map(({path}) => path).filter(path => !known.has(path))
  const told = asked.length === 0 ? undefined : await hint('layers', async () => image.layersOf?.([...new Set(asked)]))
  const provenance = await hint('provenance', () => readProvenance(source, facts, problems))
  return {
    layers: told?.layers ?? image.layers,
    layerOf: new Map([...known, ...(told?.of ?? [])]),
    ...defined({provenance}),
    problems,
  }
}

/** The first provenance that is one, and is about this manifest. */
async function readProvenance(
  source: ImageSource,
  {entry}: PlatformFacts,
  problems: string[],
): Promise<Provenance | undefined> {
  const attached = (await source.attestations?.(entry, SLSA_PROVENANCE)) ?? []
  for (const {digest, bytes} of attached) {
    const parsed = parseStatement(bytes, entry.descriptor.digest)
    if (parsed.ok) return parsed.value
    problems.push(`provenance ${digest}: ${parsed.problem}`)
  }
  return undefined
}
