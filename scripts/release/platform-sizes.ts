/** A manifest or an index, as far as sizes go: https://github.com/opencontainers/image-spec */
interface Document {
  readonly manifests?: readonly Entry[]
  readonly config?: {readonly size: number}
  readonly layers?: readonly {readonly size: number}[]
}

interface Entry {
  readonly digest: string
  readonly platform?: {readonly os: string; readonly architecture: string}
}

/**
 * What each platform of a layout takes of a registry, in bytes: its config and its layers as they are kept. `read`
 * gives a file of the layout. Attestations are not platforms.
 */
export function platformSizes(read: (path: string) => string): ReadonlyMap<string, number> {
  const document = (path: string): Document => JSON.parse(read(path))
  const sizesOf = ({digest, platform}: Entry): readonly (readonly [string, number])[] => {
    const {manifests, config, layers = []} = document(`blobs/${digest.replace(':', '/')}`)
    if (manifests !== undefined) return manifests.flatMap(sizesOf)
    if (platform === undefined || platform.os === 'unknown') return []
    const size = [config, ...layers].reduce((sum, blob) => sum + (blob?.size ?? 0), 0)
    return [[`${platform.os}/${platform.architecture}`, size]]
  }
  return new Map((document('index.json').manifests ?? []).flatMap(sizesOf))
}
