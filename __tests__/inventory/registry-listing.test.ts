import {describe, expect, test} from '@jest/globals'
import {parseRegistryListing} from '../../src/inventory/index.ts'

const parsed = (text: string) => {
  const listing = parseRegistryListing(text)
  if (!listing.ok) throw new Error(listing.problem)
  return listing.value
}

describe('which repositories are meant', () => {
  const NAMES = ['team/app', 'team/app/worker', 'team/api', 'other/app', 'team']
  test.each([
    ['registry.example/team/app', ['team/app']],
    ['registry.example/team/ap*', ['team/app', 'team/app/worker', 'team/api']],
    ['registry.example/team/*', ['team/app', 'team/app/worker', 'team/api']],
    ['registry.example/*', NAMES],
    ['registry.example/*/app', ['team/app', 'other/app']],
    ['registry.example/**/worker', ['team/app/worker']],
    ['registry.example/{team,other}/app', ['team/app', 'other/app']],
  ])('registry:%s', (text, expected) => {
    expect(NAMES.filter(parsed(`registry:${text}`).isRepository)).toEqual(expected)
  })
})

describe('which tags are meant', () => {
  const TAGS = ['1.4.2', '1.4', 'latest', 'v2']
  test.each([
    ['registry.example:5000/team/app', TAGS],
    ['registry.example/team/*:latest', ['latest']],
    ['registry.example/team/*:1.*', ['1.4.2', '1.4']],
    ['registry.example:5000/team/*:{v*,latest}', ['latest', 'v2']],
  ])('registry:%s', (text, expected) => {
    expect(TAGS.filter(parsed(`registry:${text}`).isTag)).toEqual(expected)
  })
})

test('one repository needs no catalog, and Docker Hub has a name of its own', () => {
  expect(parsed('registry:docker.io/nginx:1*')).toMatchObject({domain: 'docker.io', repository: 'library/nginx'})
  expect(parsed('registry:localhost:5000/a/b')).toMatchObject({domain: 'localhost:5000', repository: 'a/b'})
  expect(parsed('registry:ghcr.io/org/*').repository).toBeUndefined()
})

test.each([
  'registry:',
  'registry:registry.example',
  'registry:registry.example/',
  'registry:registry.example/a:',
  'registry:registry.example/UPPER',
  'registry:team/*',
  'registry:registry.example/a b',
  'registry:registry.example/a@sha256:0',
  'registry:https://registry.example/*',
  `registry:registry.example/${'a'.repeat(9000)}*`,
])('%.60s is wrong', text => {
  expect(parseRegistryListing(text)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^expected registry:HOST\/REPOSITORY or .*, got "registry:/),
  })
})
