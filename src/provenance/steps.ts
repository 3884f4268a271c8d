import {parseReference} from '../image/reference.ts'
import {type Decoded, type Decoder, INVALID, type Invalid, object, optional, required, string} from '../lib/json.ts'
import {boundedArray} from './bounded.ts'
import {chainsOf, locationOf, type Metadata} from './metadata.ts'
import type {BuildStep, ProvenanceBase} from './provenance.ts'

const NO_OP = {source: undefined, exec: undefined, file: undefined, merge: undefined}

/** From -1, which means none. */
const index: Decoder<number> = (value, at, problems): number | Invalid => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= -1) return value
  problems.push(`${at}: expected a whole number from -1`)
  return INVALID
}

const mount = object({dest: optional(string, ''), input: optional(index, 0)})
const action = object({input: optional(index, 0), output: optional(index, 0)})
const op = object({
  source: optional(object({identifier: optional(string, '')})),
  exec: optional(object({mounts: optional(boundedArray(mount), [])})),
  file: optional(object({actions: optional(boundedArray(action), [])})),
  merge: optional(object({})),
})
type Op = Decoded<typeof op>
/** Go's names: pb.Platform has no JSON tags. */
const platform = object({OS: required(string), Architecture: required(string), Variant: optional(string, '')})
type OpPlatform = Decoded<typeof platform>

/** One step of `llbDefinition`: a vertex in the JSON of pb.Op. */
export const step = object({
  id: required(string),
  /** `step3:0`: a step and which of its outputs. */
  inputs: optional(boundedArray(string), []),
  op: optional(object({Op: optional(op, NO_OP), platform: optional(platform)}), {Op: NO_OP, platform: undefined}),
})
type Step = Decoded<typeof step>

/** The steps of a definition, with what is said of each elsewhere. */
export function readSteps(definition: readonly Step[], told: Metadata): readonly BuildStep[] {
  return definition.map(({id, inputs: written, op: {Op: op, platform}}) => {
    const inputs = written.map(input => input.replace(/:[0-9]+$/, ''))
    const root = rootInput(op, inputs.length)
    return {
      id,
      kind: kindOf(op),
      root: root === undefined ? undefined : inputs[root],
      inputs,
      image: op.source && imageOf(op.source.identifier, platform),
      location: locationOf(told, id),
      chains: chainsOf(told, id),
    }
  })
}

function kindOf({source, exec, file, merge}: Op): BuildStep['kind'] {
  if (source) return 'source'
  if (exec) return 'exec'
  if (file) return 'file'
  return merge ? 'merge' : 'other'
}

/**
 * `docker-image://docker.io/library/alpine:3@sha256:…`: the image that a source takes, which
 * BuildKit has pinned to what it found.
 */
function imageOf(identifier: string, platform: OpPlatform | undefined): ProvenanceBase | undefined {
  const prefix = 'docker-image://'
  const parsed = identifier.startsWith(prefix) ? parseReference(identifier.slice(prefix.length)) : undefined
  if (!parsed?.ok || parsed.value.digest === undefined) return undefined
  const {name, tag, digest} = parsed.value
  const parts = platform === undefined ? [] : [platform.OS, platform.Architecture, platform.Variant]
  return {name, tag, digest, platform: parts.length === 0 ? undefined : parts.filter(part => part !== '').join('/')}
}

/** Which input a step's result starts from; undefined where it starts from nothing, or from several. */
function rootInput({source, exec, file, merge}: Op, inputs: number): number | undefined {
  if (source || merge) return undefined
  if (exec) return exec.mounts.find(({dest}) => dest === '/')?.input
  if (!file) return inputs === 1 ? 0 : undefined
  // An action may work on what an earlier one of the same step made: those count on after the inputs (pb.FileAction).
  let at = file.actions.findLast(({output}) => output === 0)?.input
  while (at !== undefined && at >= inputs) {
    const earlier: number = at - inputs
    const before = file.actions[earlier]?.input
    // Only what stands before it can be worked on.
    at = before !== undefined && before < at ? before : undefined
  }
  return at
}
