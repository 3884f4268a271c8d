import {describe, expect, test} from '@jest/globals'
import {parseLocation} from '../../src/image/location.ts'

describe('where an image is', () => {
  test.each([
    ['ghcr.io/org/app:1', {transport: 'docker', reference: {name: 'ghcr.io/org/app', tag: '1'}}],
    ['docker://ghcr.io/org/app:1', {transport: 'registry', reference: {name: 'ghcr.io/org/app', tag: '1'}}],
    ['docker-daemon:app:ci', {transport: 'docker-daemon', reference: {name: 'app', tag: 'ci'}}],
    ['oci:out', {transport: 'oci', path: 'out', tag: undefined}],
    ['oci:./a/b:1.2', {transport: 'oci', path: './a/b', tag: '1.2'}],
    ['oci:/abs:x/dir', {transport: 'oci', path: '/abs:x/dir', tag: undefined}],
    ['oci:C:/layouts/app', {transport: 'oci', path: 'C:/layouts/app', tag: undefined}],
    ['oci-archive:image.tar', {transport: 'oci-archive', path: 'image.tar', tag: undefined}],
    ['oci-archive:a/image.tar:1', {transport: 'oci-archive', path: 'a/image.tar', tag: '1'}],
    ['docker-archive:image.tar', {transport: 'docker-archive', path: 'image.tar', image: undefined}],
    [
      'docker-archive:a/i.tar:r.io:5000/app:1',
      {transport: 'docker-archive', path: 'a/i.tar', image: 'r.io:5000/app:1'},
    ],
    ['docker-archive:C:\\i.tar:@0', {transport: 'docker-archive', path: 'C:\\i.tar', image: '@0'}],
  ])('%s', (text, expected) => {
    expect(parseLocation(text)).toMatchObject({ok: true, value: {text, ...expected}})
  })

  test.each([
    ['oci:', /names no directory/],
    ['oci:out:', /ends in a colon/],
    ['dir:out', /transport dir, which is not supported/],
    ['oci-archive:', /names no file/],
    ['docker-archive::x', /names no file/],
    ['docker-archive:i.tar:', /ends in a colon/],
    ['docker://App', /not an image reference/],
    ['containers-storage:app', /transport containers-storage/],
    ['https://ghcr.io/app', /transport https/],
    ['docker-daemon:App', /not an image reference/],
    ['', /empty/],
  ])('not %j', (text, problem) => {
    expect(parseLocation(text)).toMatchObject({ok: false, problem: expect.stringMatching(problem)})
  })
})
