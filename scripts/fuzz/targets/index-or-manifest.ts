import {isAscii} from 'node:buffer'
import {parseIndexOrManifest} from '../../../src/image/index-or-manifest.ts'
import {type FuzzTarget, holds, texts} from '../target.ts'

const DIGEST = `sha256:${'12'.repeat(32)}`
const descriptor = (mediaType: string, more = '') => `{"mediaType":"${mediaType}","digest":"${DIGEST}","size":7${more}}`
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const INDEX = 'application/vnd.oci.image.index.v1+json'
const LAYER = 'application/vnd.oci.image.layer.v1.tar+gzip'

/** Indexes and manifests as registries give them. */
export const target: FuzzTarget = {
  name: 'index-or-manifest',
  seeds: () =>
    texts(
      `{"schemaVersion":2,"mediaType":"${INDEX}","manifests":[${descriptor(MANIFEST, ',"platform":{"os":"linux","architecture":"arm","variant":"v7"}')},${descriptor(MANIFEST, `,"platform":{"os":"unknown","architecture":"unknown"},"annotations":{"vnd.docker.reference.type":"attestation-manifest","vnd.docker.reference.digest":"${DIGEST}"}`)}]}`,
      `{"schemaVersion":2,"mediaType":"${MANIFEST}","config":${descriptor('application/vnd.oci.image.config.v1+json')},"layers":[${descriptor(LAYER)},${descriptor(LAYER, ',"data":"aGVsbG8=","urls":["https://example.com"]')}],"subject":${descriptor(MANIFEST)}}`,
      `{"schemaVersion":2,"config":${descriptor('application/vnd.docker.container.image.v1+json')},"layers":[${descriptor('application/vnd.in-toto+json')}],"artifactType":"x/y"}`,
      `{"Manifests":null,"manifests":[],"schemaVersion":2,"annotations":{"a":"b"}}`,
      `{"schemaVersion":1,"fsLayers":[]}`,
    ),
  limit: 3000,
  millisecondsPerKiB: 30,
  words: [
    'null',
    '"platform":',
    '"os.version":',
    '"os.features":[]',
    '"Manifests":',
    '\\u017f',
    '\\ud800',
    '1e3',
    '-0',
  ],
  run: input => {
    const parsed = parseIndexOrManifest(input)
    if (parsed.ok && isAscii(input)) holds(isJson(input), 'what is not JSON is refused')
    if (parsed.ok && parsed.value.kind === 'manifest') {
      const again = parseIndexOrManifest(input, parsed.value.mediaType)
      holds(again.ok && again.value.kind === 'manifest', 'a manifest under its own media type is one')
      holds(!parseIndexOrManifest(input, INDEX).ok, 'a manifest that was named as an index is refused')
    }
    return parsed
  },
}

function isJson(bytes: Uint8Array): boolean {
  try {
    JSON.parse(Buffer.from(bytes).toString('latin1'))
    return true
  } catch {
    return false
  }
}
