import {count, type Decoder, object, optional, required, string} from '../lib/json.ts'
import {arrayUpTo, recordUpTo} from './bounded.ts'
import type {BuildFile, StepLocation} from './provenance.ts'

/**
 * BuildKit's own part of the provenance.
 * https://github.com/moby/buildkit/blob/master/solver/llbsolver/provenance/types/types.go
 */
export interface RawMetadata {
  /** What buildx adds of the repository: `source`, `revision`, `localdir:context`, `localdir:dockerfile`. */
  readonly vcs: Readonly<Record<string, string>>
  readonly source: RawSources
  /** By step and output (`step7:0`): the layers, from the bottom, in each compression. */
  readonly layers: Readonly<Record<string, readonly (readonly {readonly digest: string}[])[]>>
}

interface RawSources {
  readonly locations: Readonly<Record<string, RawLocations>>
  readonly infos: readonly RawInfo[]
}

interface RawLocations {
  readonly locations: readonly RawLocation[]
}

interface RawLocation {
  readonly sourceIndex: number
  readonly ranges: readonly RawRange[]
}

interface RawRange {
  readonly start: RawPosition
  readonly end: RawPosition
}

interface RawPosition {
  readonly line: number
}

interface RawInfo {
  readonly filename: string
  readonly language: string
  /** Base64. */
  readonly data: string
}

const LIMIT = 20_000

const position = object<RawPosition>({line: optional(count, 0)})
const range = object<RawRange>({start: required(position), end: required(position)})
const locations: Decoder<RawLocations> = object<RawLocations>({
  locations: optional(
    arrayUpTo(
      LIMIT,
      object<RawLocation>({sourceIndex: optional(count, 0), ranges: optional(arrayUpTo(LIMIT, range), [])}),
    ),
    [],
  ),
})
const info = object<RawInfo>({
  filename: optional(string, ''),
  language: optional(string, ''),
  data: optional(string, ''),
})

export const metadata: Decoder<RawMetadata> = object<RawMetadata>({
  vcs: optional(recordUpTo(LIMIT, string), {}),
  source: optional(
    object<RawSources>({
      locations: optional(recordUpTo(LIMIT, locations), {}),
      infos: optional(arrayUpTo(LIMIT, info), []),
    }),
    {locations: {}, infos: []},
  ),
  layers: optional(
    recordUpTo(
      LIMIT,
      arrayUpTo(LIMIT, arrayUpTo(LIMIT, object<{readonly digest: string}>({digest: required(string)}))),
    ),
    {},
  ),
})

/** The files that the frontend read. */
export function readBuildFiles({source}: RawMetadata): readonly BuildFile[] {
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
export function locationOf({source}: RawMetadata, step: string): StepLocation | undefined {
  const [first] = own(source.locations, step)?.locations ?? []
  if (first === undefined || first.ranges.length === 0) return undefined
  const line = Math.min(...first.ranges.map(({start}) => start.line))
  const endLine = Math.max(...first.ranges.map(({end}) => end.line))
  return line < 1 || endLine < line ? undefined : {file: first.sourceIndex, line, endLine}
}

/** The layers of what a step made, by digest. */
export function chainsOf({layers}: RawMetadata, step: string): readonly (readonly string[])[] {
  return (own(layers, `${step}:0`) ?? []).map(chain => chain.map(({digest}) => digest))
}

function own<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}
