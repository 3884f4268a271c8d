import {expect, test} from '@jest/globals'
import {buildTar} from '../../../scripts/support/tar-builder.ts'
import {readDaemonRoot} from '../../../src/source/docker/daemon-root.ts'
import {MemoryBlobs} from '../../support/memory-blobs.ts'
import {testDigest} from '../../support/memory-source.ts'
import {scriptedDocker} from '../../support/scripted-docker.ts'

const inspected = JSON.stringify({
  Id: testDigest(1),
  Os: 'linux',
  Architecture: 'arm64',
  Descriptor: {mediaType: 'application/vnd.oci.image.index.v1+json', digest: testDigest(1), size: 491},
})
/** What `docker save` writes of an index: these blobs, and no others. */
async function readSaved(children: (put: (mediaType: string, value: unknown) => object) => readonly object[]) {
  const memory = new MemoryBlobs({files: new Map()})
  const index = memory.index(...children((mediaType, value) => memory.put(mediaType, value)))
  const tar = buildTar(
    [...memory.blobs].map(([digest, content]) => ({name: `blobs/${digest.replace(':', '/')}`, content})),
  )
  const image = JSON.stringify({...JSON.parse(inspected), Descriptor: index})
  return readDaemonRoot(scriptedDocker(command => (command.startsWith('save') ? tar : image)).cli, 'app:1')
}

const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'

test('an index: the platforms that the store holds, those that only their configs name too', async () => {
  const {root, chosenByPlatform} = await readSaved(put => {
    const manifestOf = (architecture: string) =>
      put(MANIFEST, {schemaVersion: 2, config: put(CONFIG, {os: 'linux', architecture}), layers: []})
    return [
      {...manifestOf('amd64'), platform: {os: 'linux', architecture: 'amd64'}},
      {mediaType: MANIFEST, digest: testDigest(7), size: 10, platform: {os: 'linux', architecture: 's390x'}},
      manifestOf('arm64'),
      {mediaType: MANIFEST, digest: testDigest(8), size: 10},
      {mediaType: MANIFEST, digest: testDigest(9), size: 10, platform: {os: 'unknown', architecture: 'unknown'}},
    ]
  })
  expect(chosenByPlatform).toBe(true)
  expect(root.entries.map(({platform, claimedBy}) => [platform.architecture, claimedBy])).toEqual([
    ['amd64', 'index'],
    ['arm64', 'config'],
  ])
  expect(root.referrers.map(({kind}) => kind)).toEqual(['attestation'])
})

test('a platform of which the store keeps the manifest only is absent', async () => {
  const {root} = await readSaved(put => {
    const manifestOf = (architecture: string, config: object) => ({
      ...put(MANIFEST, {schemaVersion: 2, config, layers: []}),
      platform: {os: 'linux', architecture},
    })
    return [
      manifestOf('arm64', {mediaType: CONFIG, digest: testDigest(5), size: 2}),
      manifestOf('amd64', put(CONFIG, {os: 'linux', architecture: 'amd64'})),
      {...put(MANIFEST, 'no manifest'), platform: {os: 'linux', architecture: 's390x'}},
    ]
  })
  const names = (entries: typeof root.entries = []) => entries.map(({platform}) => platform.architecture)
  // What makes no sense is found where it is read.
  expect([names(root.entries), names(root.absent)]).toEqual([['amd64', 's390x'], ['arm64']])
  expect(root.absent).toMatchObject([{notIn: 'daemon'}])
})

test('an index that the store has without the config of what it holds is refused', async () => {
  const reading = readSaved(put => [
    put(MANIFEST, {schemaVersion: 2, config: {mediaType: CONFIG, digest: testDigest(5), size: 2}, layers: []}),
  ])
  await expect(reading).rejects.toMatchObject({
    code: 'blob-missing',
    message: expect.stringContaining('does not hold the config'),
  })
})

const saving = (stderr: string) =>
  readDaemonRoot(scriptedDocker(command => (command.startsWith('save') ? {stderr} : inspected)).cli, 'app:1')

// As Docker 28.5 says it after `docker pull --platform linux/arm64` on amd64.
test('an index of which the store holds another platform only: what to do is said', async () => {
  const stderr = `Error response from daemon: unable to create manifests file: NotFound: content digest ${testDigest(2)}: not found`
  await expect(saving(stderr)).rejects.toMatchObject({
    code: 'unsupported',
    message: 'docker cannot save app:1: it holds only some of its platforms',
    hint: expect.stringContaining('docker save --platform OS/ARCH --output FILE app:1'),
  })
})

test('any other failure is reported as it is', async () => {
  await expect(saving('Error response from daemon: no space left on device')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('no space left on device'),
  })
})
