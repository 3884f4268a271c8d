import {chmod, mkdir, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {beforeEach, describe, expect, test} from '@jest/globals'
import {parseReference} from '../../../src/image/reference.ts'
import {endpointOf} from '../../../src/source/registry/endpoint.ts'
import {findCredentials} from '../../../src/source/registry/find-credentials.ts'
import {temporaryFolder} from '../../support/temporary-folder.ts'

let folder = ''
let warnings: string[] = []
beforeEach(async () => {
  folder = temporaryFolder('credentials')
  warnings = []
})

const auth = (text: string) => ({auth: Buffer.from(text).toString('base64')})
const password = (username: string, secret: string) => ({kind: 'password', username, password: secret})

const write = async (path: string, content: object | string, mode = 0o600): Promise<void> => {
  const file = join(folder, path)
  await mkdir(dirname(file), {recursive: true})
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  await chmod(file, mode)
}

async function find(text: string, env: Record<string, string> = {}) {
  const reference = parseReference(text)
  if (!reference.ok) throw new Error(reference.problem)
  return findCredentials(endpointOf(reference.value), {
    env: {
      HOME: folder,
      XDG_RUNTIME_DIR: join(folder, 'run'),
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      ...env,
    },
    signal: new AbortController().signal,
    warn: message => warnings.push(message),
  })
}

describe('which file', () => {
  test('none: anonymous, and nothing is said', async () => {
    expect(await find('ghcr.io/org/app')).toBeUndefined()
    expect(warnings).toEqual([])
  })

  test('the first in order that has any', async () => {
    const entry = (name: string) => ({auths: {'ghcr.io': auth(`${name}:x`)}})
    await write('config/containers/auth.json', entry('e'))
    expect(await find('ghcr.io/o/a', {XDG_CONFIG_HOME: join(folder, 'config')})).toEqual(password('e', 'x'))
    await write('run/containers/auth.json', entry('d'))
    expect(await find('ghcr.io/o/a')).toEqual(password('d', 'x'))
    await write('named.json', entry('c'))
    const named = {REGISTRY_AUTH_FILE: join(folder, 'named.json')}
    expect(await find('ghcr.io/o/a', named)).toEqual(password('c', 'x'))
    await write('.docker/config.json', entry('b'))
    expect(await find('ghcr.io/o/a', named)).toEqual(password('b', 'x'))
    await write('elsewhere/config.json', entry('a'))
    const elsewhere = {...named, DOCKER_CONFIG: join(folder, 'elsewhere')}
    expect(await find('ghcr.io/o/a', elsewhere)).toEqual(password('a', 'x'))
    const inline = {...elsewhere, DOCKER_AUTH_CONFIG: JSON.stringify(entry('0'))}
    expect(await find('ghcr.io/o/a', inline)).toEqual(password('0', 'x'))
    expect(await find('quay.io/o/a', inline)).toBeUndefined()
  })

  test('one that cannot be understood is left aside, its content unsaid', async () => {
    await write('.docker/config.json', '{"auths": {"ghcr.io": {"auth": 5, "password": "secret"}}}')
    expect(await find('ghcr.io/o/a', {DOCKER_AUTH_CONFIG: '{secret'})).toBeUndefined()
    expect(warnings).toHaveLength(2)
    expect(warnings.join('\n')).not.toContain('secret')
  })
})

describe('auths', () => {
  const rows: readonly (readonly [string, string, string, boolean])[] = [
    ['the very name', 'ghcr.io', 'ghcr.io/org/app', true],
    ['with a scheme', 'https://ghcr.io', 'ghcr.io/org/app', true],
    ['an old API URL', 'https://ghcr.io/v1/', 'ghcr.io/org/app', true],
    ['with a port', 'reg.local:5000', 'reg.local:5000/app', true],
    ['Docker Hub', 'https://index.docker.io/v1/', 'alpine', true],
    ['Docker Hub by its short name', 'docker.io', 'alpine', true],
    ["podman's namespace", 'quay.io/org', 'quay.io/org/app', true],
    ["podman's repository", 'quay.io/org/app', 'quay.io/org/app', true],
    ['another namespace', 'quay.io/other', 'quay.io/org/app', false],
    ['half a namespace', 'quay.io/or', 'quay.io/org/app', false],
    ['a longer host', 'ghcr.io.evil.com', 'ghcr.io/org/app', false],
    ['a host that ends alike', 'evil-ghcr.io', 'ghcr.io/org/app', false],
    ['another port', 'reg.local:5001', 'reg.local:5000/app', false],
    ['no port', 'reg.local', 'reg.local:5000/app', false],
    ['a path of another host', 'evil.com/ghcr.io', 'ghcr.io/org/app', false],
  ]
  test.each(rows)('%s: %s for %s', async (_, key, reference, fits) => {
    await write('.docker/config.json', {auths: {[key]: auth('user:pass:word')}})
    expect(await find(reference)).toEqual(fits ? password('user', 'pass:word') : undefined)
  })

  test('the longest namespace wins', async () => {
    await write('.docker/config.json', {auths: {'q.io': auth('a:1'), 'q.io/o': auth('b:2'), 'q.io/o/a': auth('c:3')}})
    expect(await find('q.io/o/a')).toEqual(password('c', '3'))
    expect(await find('q.io/o/b')).toEqual(password('b', '2'))
    expect(await find('q.io/p')).toEqual(password('a', '1'))
  })

  test('a marker and what is padded', async () => {
    await write('.docker/config.json', {auths: {'ghcr.io': {}, 'https://ghcr.io': auth('user:pass\0\0')}})
    expect(await find('ghcr.io/o/a')).toEqual(password('user', 'pass'))
  })

  test('a name that every object has', async () => {
    await write('.docker/config.json', {auths: {}})
    expect(await find('constructor.io/o/a')).toBeUndefined()
  })
})

describe('helpers', () => {
  const helper = (body: string): Promise<void> => write('bin/docker-credential-test', `#!/bin/sh\n${body}\n`, 0o755)
  const ask = 'read -r server; printf \'{"ServerURL":"%s","Username":"%s","Secret":"s3cret"}\' "$server" "for-$server"'

  test('a registry’s own is asked before the store', async () => {
    await helper(ask)
    await write('.docker/config.json', {
      credsStore: 'missing',
      credHelpers: {'ghcr.io': 'test'},
      auths: {'ghcr.io': auth('u:p')},
    })
    expect(await find('ghcr.io/o/a')).toEqual(password('for-ghcr.io', 's3cret'))
  })

  test('the store is asked by the name that Docker has for its Hub', async () => {
    await helper(ask)
    await write('.docker/config.json', {credsStore: 'test'})
    expect(await find('alpine')).toEqual(password('for-https://index.docker.io/v1/', 's3cret'))
  })

  test('an identity token', async () => {
    await helper('printf \'{"Username":"<token>","Secret":"s3cret"}\'')
    await write('.docker/config.json', {credsStore: 'test'})
    expect(await find('ghcr.io/o/a')).toEqual({kind: 'identity-token', token: 's3cret'})
  })

  test('one that has nothing: what is in the file does not count, as in Docker', async () => {
    await helper('echo "credentials not found in native keychain"; exit 1')
    await write('.docker/config.json', {credsStore: 'test', auths: {'ghcr.io': auth('u:p')}})
    expect(await find('ghcr.io/o/a')).toBeUndefined()
    expect(warnings).toEqual([])
  })

  test('one that is not installed: a warning, then the file', async () => {
    await write('.docker/config.json', {credsStore: 'not-there', auths: {'ghcr.io': auth('u:p')}})
    expect(await find('ghcr.io/o/a')).toEqual(password('u', 'p'))
    expect(warnings).toEqual([expect.stringContaining('docker-credential-not-there, which is not installed')])
  })

  test('one that fails: a warning without what it printed', async () => {
    await helper('echo "secret is s3cret"; exit 3')
    await write('.docker/config.json', {credsStore: 'test'})
    expect(await find('ghcr.io/o/a')).toBeUndefined()
    expect(warnings).toEqual([expect.stringMatching(/docker-credential-test failed \(exit code 3\)/)])
    expect(warnings.join()).not.toContain('s3cret')
  })

  test('a name that is a path is not run', async () => {
    await write('.docker/config.json', {credsStore: '../../bin/sh'})
    expect(await find('ghcr.io/o/a')).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('not the name of a credential helper')])
  })
})
