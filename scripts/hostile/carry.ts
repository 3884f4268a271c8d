import {once} from 'node:events'
import {createReadStream, createWriteStream} from 'node:fs'
import {readdir, stat} from 'node:fs/promises'
import {createServer, type RequestListener} from 'node:http'
import {join} from 'node:path'
import {pipeline} from 'node:stream/promises'
import {tarHeader} from '../support/tar-builder.ts'
import type {ImageFolder} from './image-folder.ts'
import type {Carrier, Prepared} from './shape.ts'
import {TAR_END} from './tars.ts'

/** Gives an image to the program in one of the ways, with the arguments that name it. */
export async function carry(image: ImageFolder, carrier: Carrier, folder: string): Promise<Prepared> {
  switch (carrier) {
    case 'layout':
      return {args: [`oci:${image.folder}`], stop: async () => {}}
    case 'archive': {
      const file = join(folder, 'image.tar')
      await pipeline(archiveOf(image.folder), createWriteStream(file))
      return {args: [`oci-archive:${file}`], stop: async () => {}}
    }
    case 'registry': {
      const {address, stop} = await serve(registryOf(image))
      return {args: [`docker://${address}/app:1`, '--insecure-registry', address], stop}
    }
  }
}

/** The layout as a tar. */
async function* archiveOf(folder: string): AsyncGenerator<Uint8Array> {
  const blobs = await readdir(join(folder, 'blobs/sha256'))
  for (const name of ['oci-layout', 'index.json', ...blobs.map(blob => `blobs/sha256/${blob}`)]) {
    const {size} = await stat(join(folder, name))
    yield tarHeader({name, size})
    yield* createReadStream(join(folder, name), {highWaterMark: 2 ** 20})
    yield Buffer.alloc((512 - (size % 512)) % 512)
  }
  yield TAR_END
}

/** A registry that gives out what is in the folder, and nothing else. */
function registryOf(image: ImageFolder): RequestListener {
  return async (request, response) => {
    const [, kind = '', named = ''] = /^\/v2\/app\/(manifests|blobs)\/([^?]*)/.exec(request.url ?? '') ?? []
    const digest = named === '1' ? image.root.digest : named
    const mediaType = image.mediaTypes.get(digest)
    if (kind === '' || mediaType === undefined) {
      response.writeHead(request.url === '/v2/' ? 200 : 404).end('{}')
      return
    }
    const path = image.path({digest})
    const {size} = await stat(path)
    const [, from = '0', to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
    const end = to === undefined || to === '' ? size - 1 : Math.min(Number(to), size - 1)
    response.writeHead(request.headers.range === undefined ? 200 : 206, {
      'content-type': kind === 'manifests' ? mediaType : 'application/octet-stream',
      'content-length': end + 1 - Number(from),
      ...(request.headers.range === undefined ? {} : {'content-range': `bytes ${from}-${end}/${size}`}),
      'docker-content-digest': digest,
    })
    if (request.method === 'HEAD' || size === 0) response.end()
    else await pipeline(createReadStream(path, {start: Number(from), end}), response).catch(() => {})
  }
}

export interface Served {
  /** `127.0.0.1:PORT` */
  readonly address: string
  readonly stop: () => Promise<void>
}

/** A server on loopback alone. */
export async function serve(listener: RequestListener): Promise<Served> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  if (bound === null || typeof bound === 'string') throw new Error('the server has no port')
  return {
    address: `127.0.0.1:${bound.port}`,
    stop: async () => {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}
