import {describe, expect, test} from '@jest/globals'
import {parseReference, referenceTo} from '../../src/image/reference.ts'
import {testDigest} from '../support/memory-source.ts'

const HEX = 'a'.repeat(64)

// From distribution/reference's reference_test.go and normalize_test.go, and from what npm's parsers get wrong.
describe('what is a reference', () => {
  test.each([
    ['app', 'app', 'docker.io', 'library/app', undefined, undefined],
    ['app:1', 'app', 'docker.io', 'library/app', '1', undefined],
    ['org/app', 'org/app', 'docker.io', 'org/app', undefined, undefined],
    ['docker.io/app', 'docker.io/app', 'docker.io', 'library/app', undefined, undefined],
    ['index.docker.io/org/app', 'index.docker.io/org/app', 'docker.io', 'org/app', undefined, undefined],
    ['ghcr.io/org/app:v1.2', 'ghcr.io/org/app', 'ghcr.io', 'org/app', 'v1.2', undefined],
    ['localhost/app', 'localhost/app', 'localhost', 'app', undefined, undefined],
    ['localhost:5000/app', 'localhost:5000/app', 'localhost:5000', 'app', undefined, undefined],
    ['127.0.0.1:5000/a/b:c', '127.0.0.1:5000/a/b', '127.0.0.1:5000', 'a/b', 'c', undefined],
    ['[::1]:5000/x', '[::1]:5000/x', '[::1]:5000', 'x', undefined, undefined],
    ['Upper/app', 'Upper/app', 'Upper', 'app', undefined, undefined],
    ['a__b--c/d.e', 'a__b--c/d.e', 'docker.io', 'a__b--c/d.e', undefined, undefined],
    [`app:1@sha256:${HEX}`, 'app', 'docker.io', 'library/app', '1', `sha256:${HEX}`],
    [`r.io/a@sha256:${HEX}`, 'r.io/a', 'r.io', 'a', undefined, `sha256:${HEX}`],
  ])('%s', (text, name, domain, path, tag, digest) => {
    expect(parseReference(text)).toEqual({ok: true, value: {name, domain, path, tag, digest}})
  })
})

describe('what is none', () => {
  test.each([
    ['', /it is empty/],
    [HEX, /image ID/],
    ['org/App', /"App" is not a component of a name \(names are lower-case\)/],
    ['a__b.c/d', /"a__b.c" is not a registry host/],
    ['a___b', /"a___b" is not a component/],
    ['app:', /"" is not a tag/],
    ['app:.x', /".x" is not a tag/],
    [`app:${'x'.repeat(129)}`, /is not a tag/],
    ['app@sha256:abc', /expected 64 lower-case hexadecimal digits/],
    [`app@md5:${'a'.repeat(32)}`, /expected sha256/],
    [`app@sha256:${HEX.toUpperCase()}`, /lower-case hexadecimal/],
    ['http://x/y', /is no/],
    ['-a/b', /"-a" is not a component/],
    ['a//b', /"" is not a component/],
    [`${'a/'.repeat(130)}a`, /its name has 261 characters/],
    ['app ', /"app " is not a component/],
  ])('%j', (text, problem) => {
    const result = parseReference(text)
    expect(result).toMatchObject({ok: false, problem: expect.stringMatching(problem)})
    expect(result).toMatchObject({problem: expect.stringContaining(JSON.stringify(text))})
  })
})

test('another manifest of the same repository is named as the user named the repository', () => {
  const reference = parseReference('app:1')
  expect(reference.ok && referenceTo(reference.value, testDigest(1))).toBe(`app@sha256:${'01'.repeat(32)}`)
})
