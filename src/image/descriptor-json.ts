import {
  arrayOf,
  count,
  type Decoded,
  type Decoder,
  INVALID,
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
})

/** What is a hint only is left out where it makes no sense. */
function lenient<T>(decode: Decoder<T>): Decoder<T | undefined> {
  return (value, at) => {
    const decoded = decode(value, at, [])
    return decoded === INVALID ? undefined : decoded
  }
}

/** A descriptor in JSON, with the fields that only an index gives it. */
export const descriptorJson = object({
  mediaType: required(string),
  digest: required(parsed(parseDigest)),
  size: required(count),
  annotations: optional(recordOf(string), {}),
  data: optional(lenient(string)),
  urls: optional(lenient(arrayOf(string))),
  platform: optional(platform),
  artifactType: optional(string),
})

export type DescriptorJson = Decoded<typeof descriptorJson>

/** What of it every descriptor has. */
export function plainDescriptor({mediaType, digest, size, annotations, data, urls}: DescriptorJson): Descriptor {
  return {
    ...{mediaType, digest, size, annotations},
    ...(data === undefined ? {} : {data}),
    ...(urls === undefined ? {} : {urls}),
  }
}

/** The platform as it is claimed: nothing is normalised. */
export function plainPlatform(json: Decoded<typeof platform>): Platform {
  const {os, architecture, variant, 'os.version': osVersion} = json
  return {os, architecture, variant, ...(osVersion === undefined ? {} : {osVersion})}
}
