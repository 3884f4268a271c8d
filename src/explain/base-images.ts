import {type AskBase, askBases} from '../dockerfile/index.ts'
import {SourceError} from '../errors.ts'
import type {Digest} from '../image/digest.ts'
import {parseReference, type Reference} from '../image/reference.ts'
import {settleAll} from '../lib/cleanup.ts'
import {formatBase, type ProvenanceBase} from '../provenance/index.ts'
import type {BaseImage, BuildRecord} from './background.ts'

export interface BaseImageOptions {
  readonly ask: AskBase
  /** The layers of what stands at a reference, of this platform; throws a SourceError where they cannot be read. */
  readLayers(reference: Reference, text: string, platform: string | undefined): Promise<readonly Digest[]>
}

/** A build stands on a handful of images; hostile provenance may name thousands. */
const LIMIT = 16

/**
 * Asks the registries for the images that wrong platforms were built on, where the provenance says no
 * more of the build than them (`mode=min`): whether each is an index, and which layers it gave. One
 * that cannot be read is reported as unknown.
 */
export async function askBaseImages(
  records: readonly BuildRecord[],
  {ask, readLayers}: BaseImageOptions,
): Promise<readonly BaseImage[]> {
  const named = new Map<string, ProvenanceBase>()
  for (const {provenance} of records) {
    const {bases = [], steps = []} = provenance ?? {}
    for (const base of steps.length === 0 ? bases : []) named.set(`${formatBase(base)} ${base.platform}`, base)
  }
  return settleAll(
    [...named.values()].slice(0, LIMIT).map(async base => {
      const text = formatBase(base)
      const answer = (await askBases([text], ask)).get(text) ?? {kind: 'unknown' as const, reason: 'it was not asked'}
      const reference = parseReference(text)
      const layers = reference.ok
        ? await orNone(readLayers(reference.value, text, answer.kind === 'index' ? base.platform : undefined))
        : []
      return {base, answer, layers}
    }),
  )
}

/** What cannot be read explains nothing; a cancelled run is thrown. */
async function orNone(reading: Promise<readonly Digest[]>): Promise<readonly Digest[]> {
  try {
    return await reading
  } catch (thrown) {
    if (!(thrown instanceof SourceError) || thrown.code === 'aborted') throw thrown
    return []
  }
}
