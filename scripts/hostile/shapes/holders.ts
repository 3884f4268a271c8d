import {chmod, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {buildElf} from '../../../__tests__/support/elf-builder.ts'
import {OCI, sha256} from '../../support/layout-builder.ts'
import {buildTar, type TarItem} from '../../support/tar-builder.ts'
import {serve} from '../carry.ts'
import type {Descriptor, ImageFolder} from '../image-folder.ts'
import {AMD64} from '../image-folder.ts'
import type {Prepared, Scene, Shape} from '../shape.ts'
import {APP, tarOf} from '../tars.ts'

const MIB = 2 ** 20
const SLSA = 'https://slsa.dev/provenance/v1'

/** Archives, and what credential helpers print: what holds an image, or leads to it. */
export const HOLDERS: readonly Scene[] = [
  archive('100,000 entries', 'archive-entries', 'verified', 100_000 - 3, 0),
  archive('100,001 entries', 'archive-entries', 'could-not-check', 100_000 - 2, 0),
  archive('a layer behind eight links', 'archive-links', 'verified', 0, 8),
  archive('a layer behind nine links', 'archive-links', {rule: 'platform-unreadable'}, 0, 9),
  helper('a MiB', MIB, /401|denied|credentials/),
  helper('more than a MiB', MIB + 1, /credential-bytes/),
]

/** Attestations of a platform whose program is of another machine: only then somebody looks at them. */
export const ATTESTATIONS: readonly Shape[] = [
  attested('an attestation of eight MiB', 'attestation-bytes', 1, 8 * MIB),
  attested('an attestation of more', 'attestation-bytes', 1, 8 * MIB + 1),
  attested('16 attestations of seven MiB', 'platform-attestations', 16, 7 * MIB),
  attested('500 attestations', 'platform-attestations', 500, 1000),
  attested('a provenance of 20,000 steps', 'build-steps', 1, 0, 20_000),
  attested('a provenance of 100,000 steps', 'build-steps', 1, 0, 100_000),
]

/** An archive as `docker save` writes it, with more entries, and a layer that so many symlinks lead to. */
function archive(
  name: string,
  limit: NonNullable<Scene['limit']>,
  outcome: Scene['outcome'],
  more: number,
  links: number,
): Scene {
  return {
    ...{name: `an archive: ${name}`, limit, outcome},
    prepare: async folder => {
      const [layer = new Uint8Array()] = tarOf(APP)
      const diffIds = [sha256(layer)]
      const config = JSON.stringify({
        ...{...AMD64, config: {Entrypoint: ['/app']}},
        rootfs: {type: 'layers', diff_ids: diffIds},
      })
      const configName = `${sha256(Buffer.from(config)).slice('sha256:'.length)}.json`
      const list = [{Config: configName, RepoTags: ['app:1'], Layers: [`l${links}`]}]
      const file = join(folder, 'image.tar')
      const items: TarItem[] = [
        ...Array.from({length: more}, (_, at) => ({name: `x${at}`})),
        {name: 'l0', content: layer},
        ...Array.from({length: links}, (_, at): TarItem => ({name: `l${at + 1}`, type: '2', linkName: `l${at}`})),
        {name: configName, content: config},
        {name: 'manifest.json', content: JSON.stringify(list)},
      ]
      await writeFile(file, buildTar(items))
      return {args: [`docker-archive:${file}`], stop: async () => {}}
    },
  }
}

/** A registry that wants a login, and a helper that prints so many bytes. */
function helper(name: string, bytes: number, says: RegExp): Scene {
  return {
    ...{name: `a credential helper: ${name}`, limit: 'credential-bytes', isUnnamed: true},
    ...{outcome: 'could-not-check', says},
    prepare: async (folder): Promise<Prepared> => {
      const {address, stop} = await serve((_, response) => {
        response.writeHead(401, {'www-authenticate': 'Basic realm="x"'}).end()
      })
      const path = join(folder, 'docker-credential-hostile')
      await writeFile(join(folder, 'config.json'), JSON.stringify({credHelpers: {[address]: 'hostile'}}))
      await writeFile(join(folder, 'answer'), JSON.stringify({Username: 'user', Secret: 'secret'}).padEnd(bytes))
      await writeFile(path, `#!/bin/sh\nexec /bin/cat ${join(folder, 'answer')}\n`)
      await chmod(path, 0o755)
      const env = {PATH: `${folder}:${process.env.PATH ?? ''}`}
      return {args: [`docker://${address}/app:1`, '--insecure-registry', address], cwd: folder, env, stop}
    },
  }
}

function attested(name: string, limit: NonNullable<Shape['limit']>, count: number, bytes: number, steps = 0): Shape {
  return {
    ...{name, limit, outcome: {rule: 'wrong-machine'}},
    make: async image => {
      const layer = await image.putLayer(tarOf({...APP, content: buildElf({machine: 183})}))
      const manifest = {...(await image.putImage({layers: [layer]})), platform: AMD64}
      const others: Descriptor[] = []
      for (let at = 0; at < count; at++) others.push(await putAttestation(image, manifest.digest, at, bytes, steps))
      await image.setRoot(await image.putIndex([manifest, ...others]))
    },
  }
}

/** As buildkit writes it: a manifest of the platform `unknown/unknown`, whose layer is a statement. */
async function putAttestation(
  image: ImageFolder,
  subject: string,
  at: number,
  bytes: number,
  steps: number,
): Promise<Descriptor> {
  const statement = JSON.stringify({
    ...{_type: 'https://in-toto.io/Statement/v1', predicateType: SLSA},
    subject: [{name: `${at}`, digest: {sha256: steps > 0 ? subject.slice('sha256:'.length) : '0'.repeat(64)}}],
    predicate: {
      buildDefinition: {
        buildType: 'https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md',
        internalParameters: {
          buildConfig: {llbDefinition: Array.from({length: steps}, (_, step) => ({id: `step${step}`, inputs: []}))},
        },
      },
    },
  }).padEnd(bytes)
  const layer = {
    ...(await image.put('application/vnd.in-toto+json', statement)),
    annotations: {'in-toto.io/predicate-type': SLSA},
  }
  const config = await image.put(OCI.config, {architecture: 'unknown', os: 'unknown', at})
  return {
    ...(await image.putManifest(config, [{descriptor: layer, diffId: ''}])),
    platform: {architecture: 'unknown', os: 'unknown'},
    annotations: {'vnd.docker.reference.type': 'attestation-manifest', 'vnd.docker.reference.digest': subject},
  }
}
