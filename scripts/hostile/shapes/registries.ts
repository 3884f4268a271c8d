import {createHash} from 'node:crypto'
import type {IncomingMessage, ServerResponse} from 'node:http'
import {resolve} from 'node:path'
import {OCI} from '../../support/layout-builder.ts'
import {serve} from '../carry.ts'
import type {Scene} from '../shape.ts'

const MIB = 2 ** 20
const FAST_CLOCK = resolve(import.meta.dirname, '../../faults/fast-clock.ts')
/** In seconds, for what goes on for ever. */
const TIMEOUT = 20

/** Registries that answer as nobody should. */
export const REGISTRIES: readonly Scene[] = [
  registry('an index without an end', 'manifest-bytes', /manifest-bytes/, (_, response) => {
    response.writeHead(200, {'content-type': OCI.index})
    endless(response)
  }),
  registry('a refusal without an end', undefined, /404|not found|no /, (_, response) => {
    response.writeHead(404, {'content-type': 'application/json'})
    endless(response)
  }),
  registry('a token without an end', 'token-bytes', /token-bytes/, ({url}, response, address) => {
    if (url?.startsWith('/token')) {
      response.writeHead(200, {'content-type': 'application/json'})
      return endless(response)
    }
    response.writeHead(401, {'www-authenticate': `Bearer realm="http://${address}/token",service="x"`}).end()
  }),
  registry('a challenge for ever', undefined, /token|401|denied|credentials/, ({url}, response, address) => {
    if (url?.startsWith('/token')) return void response.writeHead(200).end('{"token":"t"}')
    response.writeHead(401, {'www-authenticate': `Bearer realm="http://${address}/token",service="x"`}).end()
  }),
  registry('a challenge of a hundred thousand commas', undefined, /./, (_, response) => {
    response.writeHead(401, {'www-authenticate': `Bearer realm="x${','.repeat(6000)}${' a="'.repeat(2000)}`}).end()
  }),
  registry('a redirect in a circle', undefined, /redirect/, ({url}, response) => {
    response.writeHead(307, {location: `${url}x`}).end()
  }),
  registry('a redirect of 60,000 bytes', undefined, /./, (_, response, address) => {
    response.writeHead(307, {location: `http://${address}/${'a'.repeat(60_000)}`}).end()
  }),
  registry('headers of four MiB', undefined, /./, (_, response) => {
    response.socket?.end(`HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(1000)}\r\n`.repeat(4000)}\r\n`)
  }),
  registry('an answer that begins a hundred thousand times', undefined, /./, (_, response) => {
    response.socket?.end('HTTP/1.1 100 Continue\r\n\r\n'.repeat(100_000))
  }),
  registry('chunks of one byte, a MiB of them', undefined, /manifest-bytes|not|JSON/, (_, response) => {
    response.socket?.end(
      `HTTP/1.1 200 OK\r\ncontent-type: ${OCI.index}\r\ntransfer-encoding: chunked\r\n\r\n${'1\r\na\r\n'.repeat(MIB)}0\r\n\r\n`,
    )
  }),
  registry(
    'one byte a second',
    undefined,
    /the check was not over|s at least|slow|next to nothing|came/,
    (_, response) => {
      response.writeHead(200, {'content-type': OCI.index})
      const timer = setInterval(() => response.write('{'), 1000)
      response.on('close', () => clearInterval(timer))
    },
  ),
  registry('nothing at all', undefined, /./, () => {}),
  {
    ...registry('nothing at all, five times', 'idle-time', /nothing came for 30 s/, () => {}, '0'),
    // Time passes ten times as fast for it.
    isUnnamed: true,
  },
  {
    ...registry('a layer without an end', undefined, /bytes/, ({url}, response) => answerImage(url ?? '', response)),
    outcome: {rule: 'platform-unreadable'},
  },
]

type Answer = (request: IncomingMessage, response: ServerResponse, address: string) => void

function registry(name: string, limit: Scene['limit'], says: RegExp, answer: Answer, timeout = `${TIMEOUT}s`): Scene {
  return {
    name: `a registry: ${name}`,
    ...(limit === undefined ? {} : {limit}),
    outcome: 'could-not-check',
    says,
    prepare: async () => {
      let address = ''
      const {stop, ...served} = await serve((request, response) => answer(request, response, address))
      address = served.address
      const options = ['--insecure-registry', address, '--timeout', timeout]
      const env = timeout === '0' ? {NODE_OPTIONS: `--import ${FAST_CLOCK}`, FAULTS_SPEED: '10'} : {}
      return {args: [`docker://${address}/app:1`, ...options], env, stop}
    },
  }
}

function endless(response: ServerResponse): void {
  const piece = Buffer.alloc(MIB, ' ')
  const write = (): void => {
    while (!response.destroyed && response.write(piece));
  }
  response.on('drain', write)
  write()
}

/** An image whose only layer goes on behind what its descriptor says. */
function answerImage(url: string, response: ServerResponse): void {
  const digestOf = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`
  const layer = {mediaType: OCI.none, digest: digestOf('no layer'), size: 10 * MIB}
  const config = JSON.stringify({
    ...{os: 'linux', architecture: 'amd64', config: {Entrypoint: ['/app']}},
    rootfs: {type: 'layers', diff_ids: [layer.digest]},
  })
  const manifest = JSON.stringify({
    ...{schemaVersion: 2, mediaType: OCI.manifest, layers: [layer]},
    config: {mediaType: OCI.config, digest: digestOf(config), size: config.length},
  })
  if (url.includes(layer.digest)) {
    response.writeHead(200, {'content-type': 'application/octet-stream'})
    endless(response)
    return
  }
  const isConfig = url.includes(digestOf(config))
  if (!isConfig && !url.includes('/manifests/')) return void response.writeHead(200).end('{}')
  response.writeHead(200, {'content-type': isConfig ? 'application/octet-stream' : OCI.manifest})
  response.end(isConfig ? config : manifest)
}
