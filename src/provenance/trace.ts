import {defined} from '../lib/defined.ts'
import type {BuildStep, Provenance, ProvenanceBase} from './provenance.ts'

/** The step that made a layer of an image, as far as the provenance says. */
export interface LayerStep {
  readonly step: BuildStep
  /** The base image that the layer came with; absent where a step of the build itself made it. */
  readonly base?: ProvenanceBase
}

/**
 * Which step made the layer at `index` of an image with these layers (digests from the bottom). Of a step it is known
 * which layers its result has: the one whose layers end with this one, above the same ones, made it.
 */
export function stepOfLayer(provenance: Provenance, layers: readonly string[], index: number): LayerStep | undefined {
  if (index < 0 || index >= layers.length) return undefined
  const lineage = finalLineage(provenance)
  const wanted = layers.slice(0, index + 1)
  const isWanted = (chain: readonly string[]): boolean => equal(chain, wanted)
  const exact = [...lineage, ...provenance.steps].find(({chains}) => chains.some(isWanted))
  if (exact) return madeBy(inner(provenance, exact, wanted.at(-1)), true)
  const within = lineage.find(({chains}) =>
    chains.some(chain => chain.length > wanted.length && startsWith(chain, wanted)),
  )
  if (within) return madeBy(within, false)
  return byPosition(lineage, layers.length, index)
}

/**
 * The steps from the base of the final image to its last one: the chain of root
 * filesystems, and what is merged over them.
 */
export function finalLineage({steps}: Provenance): readonly BuildStep[] {
  const byId = new Map(steps.map(step => [step.id, step]))
  const lineage: BuildStep[] = []
  const seen = new Set<string>()
  // The definition ends with the result, a vertex that does nothing.
  for (let at = steps.at(-1); at !== undefined && !seen.has(at.id); ) {
    seen.add(at.id)
    lineage.unshift(at)
    const before: string | undefined = at.kind === 'merge' ? at.inputs[0] : at.root
    at = before === undefined ? undefined : byId.get(before)
  }
  return lineage
}

/**
 * Where the result was packed anew (other times, another compression) the digests differ, but what is where does not.
 */
function byPosition(lineage: readonly BuildStep[], count: number, index: number): LayerStep | undefined {
  const lengths = lineage.map(({chains}) => chains[0]?.length ?? 0)
  if (Math.max(0, ...lengths) !== count) return undefined
  const at = lengths.findIndex(length => length > index)
  const step = lineage[at]
  return step && madeBy(step, lengths[at] === index + 1)
}

/** `COPY --link` is a copy into nothing and a merge of that over the rest: the copy is what was written. */
function inner({steps}: Provenance, step: BuildStep, last: string | undefined): BuildStep {
  if (step.kind !== 'merge') return step
  const copies = steps.filter(({id, chains}) => step.inputs.includes(id) && chains.some(chain => chain.at(-1) === last))
  return copies.at(-1) ?? step
}

function madeBy(step: BuildStep, isTop: boolean): LayerStep | undefined {
  if (step.kind === 'source') {
    return {step, ...defined({base: step.image})}
  }
  // A layer in the middle of what a step that is not a base has was made by a step that names no layers.
  return isTop ? {step} : undefined
}

function startsWith(chain: readonly string[], start: readonly string[]): boolean {
  return start.every((digest, index) => chain[index] === digest)
}

function equal(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && startsWith(one, other)
}
