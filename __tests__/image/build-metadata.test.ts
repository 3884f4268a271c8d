import {describe, expect, test} from '@jest/globals'
import {parseMetadata} from '../../src/image/build-metadata.ts'
import {testDigest} from '../support/memory-source.ts'

const DIGEST = testDigest(1)
const CONFIG = testDigest(2)
const DESCRIPTOR = {mediaType: 'application/vnd.oci.image.index.v1+json', digest: DIGEST, size: 1607}

/** As buildx 0.29 writes it with --push. */
const PUSHED = {
  'buildx.build.ref': 'default/default/x',
  'containerimage.descriptor': DESCRIPTOR,
  'containerimage.digest': DIGEST,
  'image.name': '127.0.0.1:5000/app:1,127.0.0.1:5000/app:latest,ghcr.io/org/app:1',
}
/** With --load into the classic store: the digest is the config's, and there is no descriptor. */
const LOADED = {
  'containerimage.config.digest': CONFIG,
  'containerimage.digest': CONFIG,
  'image.name': 'app:ci',
}

describe('the images of', () => {
  test.each([
    [
      'a build that was pushed, each repository once',
      PUSHED,
      [`127.0.0.1:5000/app@${DIGEST}`, `ghcr.io/org/app@${DIGEST}`],
    ],
    ['a push by digest', {...PUSHED, 'image.name': 'ghcr.io/org/app'}, [`ghcr.io/org/app@${DIGEST}`]],
    ['a build that was loaded', LOADED, ['docker-daemon:app:ci']],
    ['a bake of one target', {app: PUSHED}, [`127.0.0.1:5000/app@${DIGEST}`, `ghcr.io/org/app@${DIGEST}`]],
    [
      'a bake of two, one of them loaded, with keys of its own',
      {
        'buildx.build.warnings': [],
        app: {...PUSHED, 'image.name': 'r.io/a:1'},
        tool: {...LOADED, 'image.name': 'tool:ci'},
      },
      [`r.io/a@${DIGEST}`, 'docker-daemon:tool:ci'],
    ],
  ])('%s', (_, metadata, images) => {
    expect(parseMetadata(JSON.stringify(metadata))).toEqual({ok: true, value: images})
  })
})

describe('told', () => {
  test.each([
    ['no JSON', 'no JSON'],
    ['[]', 'expected an object, got []'],
    ['{}', 'expected the key "image.name", or targets that have it, got no key at all'],
    ['{"other": 1}', 'got "other"'],
    [
      JSON.stringify({'containerimage.digest': DIGEST, 'containerimage.descriptor': DESCRIPTOR}),
      'has no key "image.name"',
    ],
    [
      JSON.stringify({'image.name': 'app:1', 'containerimage.descriptor': DESCRIPTOR}),
      'has no key "containerimage.digest"',
    ],
    [JSON.stringify({app: {'image.name': 7}}), '"app": $["image.name"]: expected a string, got 7'],
    [JSON.stringify({app: {'containerimage.digest': DIGEST}}), '"app": has no key "image.name"'],
  ])('%s', (text, problem) => {
    expect(parseMetadata(text)).toMatchObject({ok: false, problem: expect.stringContaining(problem)})
  })
})
