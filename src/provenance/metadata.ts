import {count, type Decoded, object, optional, required, string} from '../lib/json.ts'
import {boundedArray, boundedRecord} from './bounded.ts'
import type {BuildFile, StepLocation} from './provenance.ts'

const position = object({line: optional(count, 0)})
const range = object({start: required(position), end: required(position)})
const location = object({sourceIndex: optional(count, 0), ranges: optional(boundedArray(range), [])})
const locations = object({locations: optional(boundedArray(location), [])})
/** `data` is in base64. */
const info = object({filename: optional(string, ''), language: optional(string, ''), data: optional(string, '')})
const layer = object({digest: required(string)})

/**
 * BuildKit's own part of the provenance.
 * https://github.com/moby/buildkit/blob/master/solver/llbsolver/provenance/types/types.go
 */
export const metadata = object({
  /** What buildx adds of the repository: `source`, `revision`, `localdir:context`, `localdir:dockerfile`. */
  vcs: optional(boundedRecord(string), {}),
  source: optional(
    object({
      locations: optional(boundedRecord(locations), {}),
      infos: optional(boundedArray(info), []),
    }),
    {locations: {}, infos: []},
  ),
  /** By step and output (`step7:0`): the layers, from the bottom, in each compression. */
  layers: optional(boundedRecord(boundedArray(boundedArray(layer))), {}),
})
export type Metadata = Decoded<typeof metadata>

/** The files that the frontend read. */
export function readBuildFiles({source}: Metadata): readonly BuildFile[] {
  return source.infos.map(({filename, language, data}) => ({
    filename,
    // BuildKit before 0.12 did not say it.
    isDockerfile: language === '' || language === 'Dockerfile',
    text: new TextDecoder().decode(Buffer.from(data, 'base64')),
  }))
}

/**
 * Where a step is written: from the first line of its first place to the last one, as each line
 * of a continued instruction is a range.
 */
export function locationOf({source}: Metadata, step: string): StepLocation | undefined {
  const [first] = own(source.locations, step)?.locations ?? []
  if (first === undefined || first.ranges.length === 0) return undefined
  const line = Math.min(...first.ranges.map(({start}) => start.line))
  const endLine = Math.max(...first.ranges.map(({end}) => end.line))
  return line < 1 || endLine < line ? undefined : {file: first.sourceIndex, line, endLine}
}

/** The layers of what a step made, by digest. */
export function chainsOf({layers}: Metadata, step: string): readonly (readonly string[])[] {
  return (own(layers, `${step}:0`) ?? []).map(chain => chain.map(({digest}) => digest))
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
