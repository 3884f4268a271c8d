import {defined} from '../lib/defined.ts'
import {
  arrayOf,
  count,
  type Decoded,
  type Decoder,
  INVALID,
  nullable,
  object,
  optional,
  parsed,
  recordOf,
  required,
  string,
} from '../lib/json.ts'
import type {Platform} from '../platform/platform.ts'
import {parseDigest} from './digest.ts'
import type {Descriptor} from './source.ts'

const platform = object({
  os: optional(string, ''),
  architecture: optional(string, ''),
  variant: optional(string, ''),
  'os.version': optional(string),
  'os.features': optional(arrayOf(string), []),
})

/** Go's []byte: standard base64 with its padding, line ends in between. https://pkg.go.dev/encoding/base64 */
const base64: Decoder<string> = (value, at, problems, ambiguities) => {
  const text = string(value, at, problems, ambiguities)
  if (text === INVALID) return INVALID
  const bare = text.replaceAll(/[\r\n]/g, '')
  if (bare.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(bare)) return bare
  problems.push(`${at}: expected base64`)
  return INVALID
}

/** A descriptor in JSON, with the fields that only an index gives it. */
export const descriptorJson = object({
  // Engines read '' where there is none; an entry of an index and a layer are recognised by it.
  mediaType: optional(string, ''),
  digest: required(parsed(parseDigest)),
  size: required(count),
  annotations: optional(recordOf(string), {}),
  data: optional(base64),
  urls: optional(arrayOf(string)),
  // A pointer in Go.
  platform: optional(nullable(platform)),
  artifactType: optional(string),
})

export type DescriptorJson = Decoded<typeof descriptorJson>

/** What of it every descriptor has. */
export function plainDescriptor({mediaType, digest, size, annotations, data, urls}: DescriptorJson): Descriptor {
  return {
    ...{mediaType, digest, size, annotations},
    ...defined({data, urls}),
  }
}

/** The platform as it is claimed: nothing is normalised. */
export function plainPlatform(json: Decoded<typeof platform>): Platform {
  const {os, architecture, variant, 'os.version': osVersion} = json
  return {os, architecture, variant, ...defined({osVersion})}
}
