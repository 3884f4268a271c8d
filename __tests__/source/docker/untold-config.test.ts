import {expect, test} from '@jest/globals'
import {readDaemonRoot} from '../../../src/source/docker/daemon-root.ts'
import {inspectImage} from '../../../src/source/docker/inspect.ts'
import {scriptedDocker} from '../../support/scripted-docker.ts'

const digest = `sha256:${'1'.repeat(64)}`

/** As Docker 28.5 has it of an image whose layers the containerd store knows from another one. */
const UNTOLD = {
  Id: digest,
  RepoDigests: [`r.test/app@${digest}`],
  Architecture: '',
  Os: '',
  Size: 1268,
  RootFS: {},
  Descriptor: {mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 555},
  Config: {Cmd: null, Entrypoint: null, Env: null, Labels: null, User: '', Volumes: null, WorkingDir: ''},
}
const answering = (image: object) => scriptedDocker(() => JSON.stringify(image)).cli

test.each<[what: string, image: object, isTold: boolean]>([
  ['nothing is said', UNTOLD, false],
  ['an architecture', {...UNTOLD, Architecture: 'amd64'}, true],
  ['an operating system', {...UNTOLD, Os: 'linux'}, true],
  ['a layer', {...UNTOLD, RootFS: {Layers: [digest]}}, true],
])('of the config: %s', async (_, image, isTold) => {
  const {config, repoDigests} = await inspectImage(answering(image), 'r.test/app:1')
  expect(repoDigests).toEqual(UNTOLD.RepoDigests)
  expect(config !== undefined).toBe(isTold)
})

test('what only the daemon has, and says nothing of, is refused', async () => {
  await expect(readDaemonRoot(answering(UNTOLD), 'app:1')).rejects.toThrow(
    expect.objectContaining({
      code: 'unavailable',
      message: expect.stringContaining('the Docker daemon does not say what app:1 is'),
      hint: expect.stringContaining('check it in its registry'),
    }),
  )
})
