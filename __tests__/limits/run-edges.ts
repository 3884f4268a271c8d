import {chmodSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {setTimeout as wait} from 'node:timers/promises'
import {expect} from '@jest/globals'
import {lexWord} from '../../src/dockerfile/lexer.ts'
import {parseDockerfile} from '../../src/dockerfile/parse.ts'
import {resolveDockerfile} from '../../src/dockerfile/resolve.ts'
import {SYSTEM_CLOCK} from '../../src/net/clock.ts'
import {createHttp} from '../../src/net/http.ts'
import {askHelper} from '../../src/source/registry/credential-helper.ts'
import {fetchToken} from '../../src/source/registry/token.ts'
import {readDockerfiles} from '../../src/workspace/read-dockerfiles.ts'
import {inChunks} from '../support/streams.ts'
import {temporaryFolder} from '../support/temporary-folder.ts'
import {type Edges, FINE, tried} from './edge.ts'

const {signal} = new AbortController()

function resolveText(text: string): unknown {
  const parsed = parseDockerfile(text)
  if (!parsed.ok) return parsed.problem
  const platform = {os: 'linux', architecture: 'amd64', variant: ''}
  const resolved = resolveDockerfile(parsed.value, {target: platform, build: platform})
  return resolved.ok ? FINE : resolved.problem
}

/** A helper that prints an answer of so many bytes. */
async function helperOf(bytes: number): Promise<unknown> {
  const folder = temporaryFolder('helper')
  const path = join(folder, 'docker-credential-edge')
  const answer = JSON.stringify({Username: 'user', Secret: 'secret'}).padEnd(bytes)
  writeFileSync(join(folder, 'answer'), answer)
  writeFileSync(path, `#!/bin/sh\nexec /bin/cat ${join(folder, 'answer')}\n`)
  chmodSync(path, 0o755)
  const before = process.env.PATH
  const env = {PATH: `${folder}:${before ?? ''}`}
  const {kind, ...rest} = await askHelper('edge', 'registry.local', {env, signal})
  return kind === 'found' ? FINE : rest
}

/** A token server that answers so many bytes. */
async function tokenServer(bytes: number): Promise<unknown> {
  const answer = JSON.stringify({token: 'token'}).padEnd(bytes)
  const response = {
    url: new URL('http://127.0.0.1/token'),
    status: 200,
    header: () => undefined,
    body: () => inChunks(Buffer.from(answer)),
    discard: () => undefined,
  }
  const http = {send: async () => response, close: () => undefined}
  const registry = new URL('http://127.0.0.1/')
  const request = {realm: 'http://127.0.0.1/token', registry, service: undefined, scope: 'pull', credentials: undefined}
  return tried(() => fetchToken(request, {http, clock: SYSTEM_CLOCK, signal, mask: () => undefined}))
}

/** A server that answers after this time, of one that may take `idle-time`. */
async function slowServer(milliseconds: number, idleLimit: number): Promise<unknown> {
  const server = createServer((_, response) => {
    void wait(milliseconds).then(() => response.end('there'))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const http = createHttp({env: {}, signal, tls: () => ({}), idleLimit})
  try {
    const {port} = server.address() as AddressInfo
    return await tried(() => http.send({url: new URL(`http://127.0.0.1:${port}/`)}))
  } finally {
    http.close()
    server.closeAllConnections()
    server.close()
  }
}

export const RUN_EDGES: Edges = {
  'dockerfile-bytes': {
    look: amount => {
      const folder = temporaryFolder('dockerfile')
      writeFileSync(join(folder, 'Dockerfile'), 'FROM a\n'.padEnd(amount, '#'))
      return tried(() => readDockerfiles(['Dockerfile'], folder))
    },
    beyond: {code: 'unavailable', message: expect.stringContaining('(limit dockerfile-bytes)')},
  },
  'dockerfile-nesting': {
    look: async amount => {
      const word = `${`${'$'}{A:-`.repeat(amount)}x${'}'.repeat(amount)}`
      const result = lexWord(word, {get: () => '', escape: '\\'} as never)
      return result.ok ? FINE : result.problem
    },
    beyond: expect.stringContaining('(limit dockerfile-nesting)'),
  },
  'dockerfile-steps': {
    look: async amount => {
      const triggers = `FROM scratch AS s\n${'ONBUILD USER a\n'.repeat(1000)}`
      const stages = 'FROM s\n'.repeat(Math.floor(amount / 1000) - 1)
      return resolveText(`${triggers}${stages}${'USER a\n'.repeat(amount % 1000)}`)
    },
    beyond: expect.stringContaining('(limit dockerfile-steps)'),
  },
  'dockerfile-stages': {
    look: async amount => resolveText('FROM scratch\n'.repeat(amount)),
    beyond: expect.stringContaining('(limit dockerfile-stages)'),
  },
  'dockerfile-value': {
    look: async amount => {
      const result = lexWord(`${'$'}A`, {get: () => 'x'.repeat(amount), escape: '\\'} as never)
      return result.ok ? FINE : result.problem
    },
    beyond: expect.stringContaining('(limit dockerfile-value)'),
  },
  'token-bytes': {
    look: tokenServer,
    beyond: {code: 'unavailable', message: expect.stringContaining('(limit token-bytes)')},
  },
  'credential-bytes': {look: helperOf, beyond: {problem: expect.stringContaining('(limit credential-bytes)')}},
  'idle-time': {most: 400, step: 4000, look: amount => slowServer(amount / 10, 400), beyond: {code: 'TIMEOUT'}},
}
