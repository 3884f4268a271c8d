import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {expect, test} from '@jest/globals'
import {dockerCli, dockerError} from '../../../src/source/docker/docker-cli.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

test.each([
  [
    ['pull', '--quiet', 'x@sha256:1'],
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    'unavailable',
    'docker pull of x@sha256:1 failed',
  ],
  [
    ['buildx', 'imagetools', 'inspect', '--raw', 'x:1'],
    'ERROR: x:1: not found',
    'not-found',
    'docker buildx imagetools inspect of x:1 failed',
  ],
  [
    ['buildx', 'imagetools', 'inspect', '--raw', 'x:1'],
    'ERROR: docker.io/library/x:1: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    'denied',
    'insufficient_scope',
  ],
  [
    ['pull', '--quiet', 'x:1'],
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit.',
    'unavailable',
    'rate limit',
  ],
  [['pull', '--quiet', 'x:1'], 'something new', 'unavailable', '(exit code 1): something new'],
  [['rm', '--force', '--volumes', 'abc'], '', 'unavailable', 'docker rm of abc failed (exit code 1)'],
])('docker %j: %s', (args, stderr, code, message) => {
  const error = dockerError(args, stderr, 1)
  expect(error.code).toBe(code)
  expect(error.message).toContain(message)
})

test('advice to read the help and progress are left out', () => {
  const error = dockerError(
    ['create', 'x'],
    "WARNING: platform\nError: no\n\nRun 'docker create --help' for more information",
    125,
  )
  expect(error.message).toBe('docker create of x failed (exit code 125): Error: no')
})

// In the words of docker 28.5 with either image store.
test.each([
  ['json: cannot unmarshal object into Go struct field Image.config.Env of type []string', 'malformed'],
  ['could not deserialize image config: json: cannot unmarshal number', 'malformed'],
  ["layers from manifest don't match image configuration", 'malformed'],
  ['failed to register layer: linkat one two/app: no such file or directory', 'malformed'],
  ['Error response from daemon: cannot mount volume over existing file, file exists /x/app', 'malformed'],
  ['Error response from daemon: Cannot mkdir: /app is not a directory', 'malformed'],
  ['Error response from daemon: evalSymlinksInScope: too many links in /x/y/merged/lo', 'malformed'],
  ['Error response from daemon: lstat /x/merged/xxx: file name too long', 'malformed'],
  ['Error response from daemon: lstat /x/merged/a\\x00b: invalid argument', 'malformed'],
  ["invalid character 'h' looking for beginning of value", 'malformed'],
  ["invalid character '<' looking for beginning of value", 'unavailable'],
  ['unexpected end of JSON input', 'malformed'],
  ['unable to fetch descriptor (sha256:e3b0) which reports content size of zero: invalid argument', 'malformed'],
  ["if present, mediaType in manifest should be 'application/a' not 'application/b'", 'malformed'],
  ['invalid desc sha256:7350: media-type: expected manifest but found index (application/x)', 'malformed'],
  ['error pulling image configuration: download failed after attempts=1: unknown blob', 'blob-missing'],
  ['failed open: could not fetch content descriptor sha256:2202 (x/y) from remote: not found', 'blob-missing'],
  ['unknown: {"errors":[{"code":"MANIFEST_UNKNOWN","message":"not here"}]}', 'not-found'],
  ['failed to register layer: write /a: no space left on device', 'unavailable'],
  ['failed to extract layer: input/output error', 'unavailable'],
])('an engine that says %j: %s', (stderr, code) => {
  expect(dockerError(['pull', '--quiet', 'app'], stderr, 1)).toMatchObject({code})
})

test('a proxy that docker quotes is not repeated, and is masked', async () => {
  const folder = temporaryFolder('docker')
  const script = '#!/bin/sh\necho "invalid proxy address $HTTPS_PROXY" >&2\nexit 1\n'
  await writeFile(join(folder, 'docker'), script, {mode: 0o755})
  const masked: string[] = []
  const env = {PATH: `${folder}:${process.env.PATH}`, HTTPS_PROXY: 'http://user:p%C3%A4ssword@proxy:1'}
  const cli = dockerCli({env}, secret => masked.push(secret))
  const tried = await cli.attempt(['pull', 'app'])
  expect(tried).toMatchObject({ok: false, stderr: 'invalid proxy address http://user:***@proxy:1'})
  expect(tried).toMatchObject({error: {message: expect.not.stringContaining('ssword')}})
  const running = cli.stream(['export', 'c1'])
  for await (const _ of running.stdout) break
  expect((await running.finished()).stderr).toBe('invalid proxy address http://user:***@proxy:1')
  expect(masked).toContain('pässword')
})

test('a copy is named by what is copied', () => {
  expect(dockerError(['cp', 'c1:/app', '-'], 'no', 1).message).toBe('docker cp of c1:/app failed (exit code 1): no')
})

test('a create is named by its image, not by the argument that is never started', () => {
  expect(dockerError(['create', '--pull', 'never', 'app:1', '/never-started'], 'no', 1).message).toBe(
    'docker create of app:1 failed (exit code 1): no',
  )
})
