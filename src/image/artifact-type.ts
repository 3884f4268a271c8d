/** What artifacts are called by, from the start of their type on; the first that fits counts. */
const NAMES: readonly (readonly [prefix: string, name: string])[] = [
  // https://github.com/awslabs/soci-snapshotter/blob/main/docs/index-manifest-v2.md
  ['application/vnd.amazon.soci.index.', 'a SOCI index'],
  // https://helm.sh/docs/topics/registries/
  ['application/vnd.cncf.helm.', 'a Helm chart'],
  // https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/
  ['application/vnd.wasm.', 'a WebAssembly module'],
  ['application/vnd.module.wasm.', 'a WebAssembly module'],
  ['application/wasm', 'a WebAssembly module'],
  ['application/vnd.bytecodealliance.', 'a WebAssembly module'],
  ['application/vnd.dev.cosign.', 'a signature of cosign'],
  ['application/vnd.dev.sigstore.', 'a signature of Sigstore'],
  ['application/vnd.cncf.notary.', 'a signature of Notary'],
  ['application/vnd.in-toto', 'an attestation'],
  ['application/spdx', 'an SBOM'],
  ['text/spdx', 'an SBOM'],
  ['application/vnd.cyclonedx', 'an SBOM'],
  ['application/vnd.docker.plugin.', 'a plugin of Docker'],
  ['application/vnd.docker.distribution.manifest.v1+', 'a Docker schema 1 manifest, which engines no longer read'],
  ['application/vnd.oci.empty.', 'an artifact without a config'],
]

/**
 * What an artifact is, by its artifactType, the media type of its config, or its own:
 * `a Helm chart (application/vnd.cncf.helm.config.v1+json)`.
 */
export function describeArtifact(type: string): string {
  const name = NAMES.find(([prefix]) => type.startsWith(prefix))?.[1] ?? 'an artifact'
  return `${name} (${type})`
}
