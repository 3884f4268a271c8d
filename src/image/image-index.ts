import {arrayOf, object, parseImageJson, recordOf, required, string, typed} from '../lib/json.ts'
import {ok, type Result} from '../lib/result.ts'
import {descriptorJson} from './descriptor-json.ts'
import {type IndexChild, readIndexChildren} from './index-children.ts'
import type {Mislabelled} from './media-type.ts'

export type {IndexChild} from './index-children.ts'

/** https://github.com/opencontainers/image-spec/blob/main/image-index.md, or Docker's manifest list. */
export interface ImageIndex {
  readonly kind: 'index'
  readonly mediaType: string
  /** In the order of the index. */
  readonly children: readonly IndexChild[]
  /** Names in it that other readers may take otherwise, and what engines read. */
  readonly ambiguities: readonly string[]
  readonly mislabelled?: Mislabelled
}

const index = object({
  manifests: required(arrayOf(descriptorJson)),
  artifactType: typed(string),
  subject: typed(descriptorJson),
  annotations: typed(recordOf(string)),
})

/** Parses the JSON of an index, whose media type is known. */
export function parseIndex(bytes: Uint8Array, mediaType: string): Result<ImageIndex> {
  const raw = parseImageJson(bytes, index)
  if (!raw.ok) return raw
  const {value, ambiguities} = raw.value
  return ok({kind: 'index', mediaType, children: readIndexChildren(value.manifests), ambiguities})
}
