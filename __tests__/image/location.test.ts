import {describe, expect, test} from '@jest/globals'
import {parseLocation} from '../../src/image/location.ts'

describe('where an image is', () => {
  test.each([
    ['ghcr.io/org/app:1', {transport: 'docker', reference: {name: 'ghcr.io/org/app', tag: '1'}}],
    ['docker-daemon:app:ci', {transport: 'docker-daemon', reference: {name: 'app', tag: 'ci'}}],
    ['oci:out', {transport: 'oci', directory: 'out', tag: undefined}],
    ['oci:./a/b:1.2', {transport: 'oci', directory: './a/b', tag: '1.2'}],
    ['oci:/abs:x/dir', {transport: 'oci', directory: '/abs:x/dir', tag: undefined}],
    ['oci:C:/layouts/app', {transport: 'oci', directory: 'C:/layouts/app', tag: undefined}],
  ])('%s', (text, expected) => {
    expect(parseLocation(text)).toMatchObject({ok: true, value: {text, ...expected}})
  })

  test.each([
    ['oci:', /names no directory/],
    ['oci:out:', /ends in a colon/],
    ['dir:out', /transport dir, which is not read/],
    ['containers-storage:app', /transport containers-storage/],
    ['https://ghcr.io/app', /transport https/],
    ['docker-daemon:App', /no image reference/],
    ['', /empty/],
  ])('not %j', (text, problem) => {
    expect(parseLocation(text)).toMatchObject({ok: false, problem: expect.stringMatching(problem)})
  })
})
