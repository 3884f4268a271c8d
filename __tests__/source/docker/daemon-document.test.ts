import {expect, test} from '@jest/globals'
import {readDaemonDocument} from '../../../src/source/docker/daemon-document.ts'
import {testDigest} from '../../support/memory-source.ts'
import {scriptedDocker} from '../../support/scripted-docker.ts'

const inspected = JSON.stringify({
  Id: testDigest(1),
  Os: 'linux',
  Architecture: 'arm64',
  Descriptor: {mediaType: 'application/vnd.oci.image.index.v1+json', digest: testDigest(1), size: 491},
})
const saving = (stderr: string) =>
  readDaemonDocument(scriptedDocker(command => (command.startsWith('save') ? {stderr} : inspected)).cli, 'app:1')

// As Docker 28.5 says it after `docker pull --platform linux/arm64` on amd64.
test('an index of which the store holds another platform only: what to do is said', async () => {
  const stderr = `Error response from daemon: unable to create manifests file: NotFound: content digest ${testDigest(2)}: not found`
  await expect(saving(stderr)).rejects.toMatchObject({
    code: 'unsupported',
    message: 'docker does not save app:1, of whose platforms it holds some only',
    hint: expect.stringContaining('docker save --platform OS/ARCH --output FILE app:1'),
  })
})

test('any other failure is told as it is', async () => {
  await expect(saving('Error response from daemon: no space left on device')).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('no space left on device'),
  })
})
