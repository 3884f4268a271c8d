import {messageOf, SourceError} from '../errors.ts'
import {parseReference, type Reference} from '../image/reference.ts'
import type {ImageRoot} from '../image/source.ts'
import {settleAll} from '../lib/cleanup.ts'
import {defined} from '../lib/defined.ts'
import type {BaseAnswer, BaseAnswers} from './lint/problem.ts'

/** Reads what stands at a reference; throws a SourceError where that cannot be read. */
export type AskBase = (reference: Reference, text: string) => Promise<ImageRoot>

/**
 * Asks the registries of base images for their platforms. One that cannot be asked (no network, no rights, nothing
 * there) is an answer, too: a base may be in the user's own builder only. A cancelled run is none.
 */
export async function askBases(references: readonly string[], ask: AskBase): Promise<BaseAnswers> {
  const answers = await settleAll(references.map(async text => [text, await askBase(text, ask)] as const))
  return new Map(answers)
}

async function askBase(text: string, ask: AskBase): Promise<BaseAnswer> {
  const parsed = parseReference(text)
  if (!parsed.ok) return {kind: 'unknown', reason: parsed.problem}
  const reference = parsed.value
  try {
    const document = await ask(reference, text)
    const digest = document.descriptor?.digest
    if (digest === undefined) return {kind: 'unknown', reason: `${text} has no digest`}
    const platforms = document.entries.map(({platform}) => platform)
    if (document.kind === 'index') return {kind: 'index', digest, platforms}
    const [platform] = platforms
    const tagged = reference.digest === undefined ? undefined : await askTag(reference, ask)
    return {kind: 'manifest', digest, platform, ...defined({tagged: tagged && taggedOf(tagged, digest)})}
  } catch (thrown) {
    if (!(thrown instanceof SourceError) || thrown.code === 'aborted') throw thrown
    return {kind: 'unknown', reason: messageOf(thrown)}
  }
}

type Tagged = NonNullable<Extract<BaseAnswer, {kind: 'manifest'}>['tagged']>
type Index = ImageRoot & {readonly descriptor: NonNullable<ImageRoot['descriptor']>}

/** The index at the tag that stands beside a digest; that there is none only means that it cannot be named. */
async function askTag(reference: Reference, ask: AskBase): Promise<Index | undefined> {
  if (reference.tag === undefined) return undefined
  const text = `${reference.name}:${reference.tag}`
  try {
    const document = await ask({...reference, digest: undefined}, text)
    return document.kind === 'index' && document.descriptor !== undefined
      ? {...document, descriptor: document.descriptor}
      : undefined
  } catch (thrown) {
    if (!(thrown instanceof SourceError) || thrown.code === 'aborted') throw thrown
    return undefined
  }
}

function taggedOf({descriptor, entries}: Index, pinned: string): Tagged {
  return {
    digest: descriptor.digest,
    platforms: entries.map(({platform}) => platform),
    hasPinned: entries.some(entry => entry.descriptor.digest === pinned),
  }
}
