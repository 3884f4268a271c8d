import {parseDigest} from '../image/digest.ts'
import type {ProvenanceBase} from './provenance.ts'

/**
 * The images among the materials of a build, which BuildKit names by package URLs:
 *
 *     pkg:docker/NAME@TAG?platform=linux%2Farm64        the digest stands beside it
 *     pkg:docker/NAME?digest=sha256:…&platform=…
 *
 * https://github.com/package-url/purl-spec/blob/main/types-doc/docker-definition.md
 */
export function readBases(
  materials: readonly {readonly uri: string; readonly digest: Readonly<Record<string, string>>}[],
): readonly ProvenanceBase[] {
  return materials.flatMap(({uri, digest}) => {
    const [, name, tag, query = ''] = /^pkg:docker\/([^@?#]+)(?:@([^?#]*))?(?:\?([^#]*))?$/.exec(uri) ?? []
    const found = Object.entries(digest)
      .map(([algorithm, hex]) => parseDigest(`${algorithm}:${hex}`))
      .find(parsed => parsed.ok)
    if (name === undefined || !found?.ok) return []
    const platform = new URLSearchParams(query).get('platform')
    return [
      {
        name: decoded(name),
        tag: tag === undefined || tag === '' ? undefined : decoded(tag),
        digest: found.value,
        platform: platform ?? undefined,
      },
    ]
  })
}

/** `name:tag@sha256:…` */
export function formatBase({name, tag, digest}: ProvenanceBase): string {
  return `${name}${tag === undefined ? '' : `:${tag}`}@${digest}`
}

/** What is encoded wrongly stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
