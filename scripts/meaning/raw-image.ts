import {createHash} from 'node:crypto'

/** Bytes as a registry has them. */
export interface RawBlob {
  readonly mediaType: string
  readonly digest: string
  readonly bytes: Uint8Array
}

/** An image in any bytes: what stands at its root, and all that it may name. */
export interface RawImage {
  readonly root: RawBlob
  readonly blobs: readonly RawBlob[]
}

export function rawBlob(mediaType: string, bytes: Uint8Array | string): RawBlob {
  const content = Buffer.from(bytes)
  return {mediaType, digest: `sha256:${createHash('sha256').update(content).digest('hex')}`, bytes: content}
}
