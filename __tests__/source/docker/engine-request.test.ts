import {expect, test} from '@jest/globals'
import {inspectRequest, streamRequest} from '../../../src/source/docker/engine-request.ts'

const ID = 'a1'.repeat(32)

test.each([
  [['cp', `${ID}:/usr/bin/app`, '-'], `/containers/${ID}/archive?path=%2Fusr%2Fbin%2Fapp`],
  [['cp', '-L', `${ID}:/usr/bin/app`, '-'], `/containers/${ID}/archive?path=%2Fusr%2Fbin%2Fapp`],
  [['cp', `${ID}:/a:b&c=d e/ä\n`, '-'], `/containers/${ID}/archive?path=%2Fa%3Ab%26c%3Dd%20e%2F%C3%A4%0A`],
  [['cp', `${ID}:/\ud800`, '-'], `/containers/${ID}/archive?path=%2F%EF%BF%BD`],
  [['export', ID], `/containers/${ID}/export`],
  [['cp', `${ID}:/usr`, '/tmp/x'], undefined],
  [['cp', `${ID}:usr`, '-'], undefined],
  [['cp', 'name:/usr', '-'], undefined],
  [['cp', '-', `${ID}:/usr`], undefined],
  [['export', '--output', 'x', ID], undefined],
  [['save', 'app:1'], undefined],
  [[], undefined],
])('what docker %j asks for', (args, path) => {
  expect(streamRequest(args)).toBe(path)
})

const DIGEST = `sha256:${'0'.repeat(64)}`

test.each([
  [['image', 'inspect', '--format', '{{.Id}}', 'app:1'], {path: '/images/app:1/json', printed: 'id'}],
  [
    ['image', 'inspect', '--format', '{{json .}}', `127.0.0.1:5000/org/app@${DIGEST}`],
    {path: `/images/127.0.0.1:5000/org/app@${DIGEST}/json`, printed: 'json'},
  ],
  [['image', 'inspect', '--platform', 'linux/arm64', '--format', '{{json .}}', 'app:1'], undefined],
  [['image', 'inspect', '--format', '{{json .}}', 'app:1', 'app:2'], undefined],
  [['image', 'inspect', '--format', '{{.RepoTags}}', 'app:1'], undefined],
  [['image', 'inspect', '--format', 'constructor', 'app:1'], undefined],
  [['image', 'inspect', '--format', '{{json .}}', 'app?x=1'], undefined],
  [['image', 'inspect', '--format', '{{json .}}'], undefined],
  [['image', 'rm', '--format', '{{json .}}', 'app:1'], undefined],
  [['inspect', '--format', '{{json .}}', 'app:1'], undefined],
])('what docker %j asks for', (args, request) => {
  expect(inspectRequest(args)).toEqual(request)
})
