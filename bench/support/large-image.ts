import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createReadStream, openAsBlob} from 'node:fs'
import {mkdir, readdir, readFile, rename, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {layerTar} from '../../__tests__/support/image-builder.ts'
import {cacheFolder, exists} from '../../e2e/ground/cache.ts'
import {busybox} from '../../e2e/ground/programs.ts'
import {run} from '../../e2e/ground/run.ts'

/** In bytes, of the base layer before it is compressed. */
const BASE_SIZE = 900e6

/** A layer of the image as a file of this machine. */
export interface LayerFile {
  readonly path: string
  readonly digest: string
  readonly diffId: string
  /** In bytes, compressed. */
  readonly size: number
  /** In bytes. */
  readonly tarSize: number
}

export interface LargeImage {
  /** `127.0.0.1:PORT/bench/large:1` */
  readonly reference: string
  readonly platforms: readonly {
    readonly platform: string
    /** Of its manifest. */
    readonly digest: string
    readonly base: LayerFile
    readonly program: LayerFile
  }[]
}

/**
 * Pushes the image that the sources are measured with: for two platforms each a base layer of 900 MB (files of this
 * machine's /usr, gzip's default level) and a static busybox of 2 MB on top, which is the entrypoint.
 */
export async function pushLargeImage(address: string, scratch: string): Promise<LargeImage> {
  const platforms = []
  for (const architecture of ['amd64', 'arm64'] as const) {
    const base = await baseLayer(architecture)
    const program = await programLayer(architecture, scratch)
    platforms.push({platform: `linux/${architecture}`, architecture, base, program})
  }
  const name = 'bench/large'
  const manifests = []
  for (const {architecture, base, program} of platforms) {
    const layers = []
    for (const layer of [base, program]) {
      await pushFile(address, name, layer)
      layers.push({mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layer.digest, size: layer.size})
    }
    const config = await pushDocument(address, name, 'config', {
      os: 'linux',
      architecture,
      config: {Entrypoint: ['/app']},
      rootfs: {type: 'layers', diff_ids: [base.diffId, program.diffId]},
      history: [{created_by: 'ADD base'}, {created_by: 'COPY app /app'}],
    })
    const manifest = await pushDocument(address, name, 'manifest', {
      schemaVersion: 2,
      mediaType: MANIFEST,
      config,
      layers,
    })
    manifests.push({...manifest, platform: {os: 'linux', architecture}})
  }
  await pushDocument(address, name, 'index', {schemaVersion: 2, mediaType: INDEX, manifests}, '1')
  const digests = manifests.map(({digest}) => digest)
  return {
    reference: `${address}/${name}:1`,
    platforms: platforms.map((one, index) => ({...one, digest: digests[index] ?? ''})),
  }
}

const INDEX = 'application/vnd.oci.image.index.v1+json'
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG = 'application/vnd.oci.image.config.v1+json'

/** Made once and kept in the cache; the platforms' differ in one small file, as bases do that were built apart. */
async function baseLayer(architecture: string): Promise<LayerFile> {
  const folder = join(cacheFolder(), 'bench')
  await mkdir(folder, {recursive: true})
  const path = join(folder, `base-${architecture}.tar.gz`)
  const notes = `${path}.json`
  if (await exists(notes)) return JSON.parse(await readFile(notes, 'utf8'))
  const list = join(folder, 'files.txt')
  await writeFile(list, (await pickFiles('/usr')).join('\n'))
  const marker = join(folder, architecture)
  await mkdir(join(marker, 'etc'), {recursive: true})
  await writeFile(join(marker, 'etc/platform'), architecture)
  await writeFile(join(marker, 'etc/passwd'), 'root:x:0:0:root:/root:/bin/sh\n')
  await writeFile(join(marker, 'etc/group'), 'root:x:0:\n')
  const tar = `tar --create --mtime=@0 --owner=0 --group=0 --numeric-owner --no-recursion --directory=/ --files-from=${list} --directory=${marker} etc etc/platform etc/passwd etc/group`
  const draft = `${path}.draft`
  await run('bash', [
    '-c',
    `set -o pipefail; ${tar} 2>/dev/null | tee >(sha256sum > ${draft}.id) >(wc -c > ${draft}.size) | gzip --no-name > ${draft}`,
  ])
  const diffId = `sha256:${(await readFile(`${draft}.id`, 'utf8')).split(' ')[0]}`
  const tarSize = Number(await readFile(`${draft}.size`, 'utf8'))
  const layer = {path, digest: await digestOfFile(draft), diffId, size: (await stat(draft)).size, tarSize}
  await rename(draft, path)
  await writeFile(notes, JSON.stringify(layer))
  return layer
}

async function programLayer(architecture: 'amd64' | 'arm64', scratch: string): Promise<LayerFile> {
  const tar = layerTar({app: {content: await readFile(await busybox(architecture)), mode: 0o755}})
  const blob = gzipSync(tar)
  const path = join(scratch, `program-${architecture}.tar.gz`)
  await writeFile(path, blob)
  return {path, digest: sha256(blob), diffId: sha256(tar), size: blob.length, tarSize: tar.length}
}

/** Files of a folder, in the order of their names, until they are as large as the base is to be. */
async function pickFiles(root: string): Promise<readonly string[]> {
  const picked: string[] = []
  let size = 0
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, {withFileTypes: true})
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (size >= BASE_SIZE) return
      const path = join(folder, entry.name)
      if (entry.isDirectory() && !/node_modules$/.test(path)) {
        picked.push(path.slice(1))
        await walk(path)
      } else if (entry.isFile() || entry.isSymbolicLink()) {
        const length = entry.isFile() ? (await stat(path)).size : 0
        if (length > 64e6) continue
        picked.push(path.slice(1))
        size += length
      }
    }
  }
  for (const folder of ['bin', 'sbin', 'lib', 'share']) await walk(join(root, folder))
  return picked
}

async function pushDocument(
  address: string,
  name: string,
  kind: 'config' | 'manifest' | 'index',
  value: object,
  tag?: string,
) {
  const body = Buffer.from(JSON.stringify(value))
  const mediaType = {config: CONFIG, manifest: MANIFEST, index: INDEX}[kind]
  const digest = sha256(body)
  if (kind === 'config') await upload(address, name, digest, body, body.length)
  else {
    const answer = await fetch(`http://${address}/v2/${name}/manifests/${tag ?? digest}`, {
      method: 'PUT',
      headers: {'content-type': mediaType},
      body,
    })
    if (!answer.ok) throw new Error(`${kind}: ${answer.status} ${await answer.text()}`)
  }
  return {mediaType, digest, size: body.length}
}

async function pushFile(address: string, name: string, layer: LayerFile): Promise<void> {
  await upload(address, name, layer.digest, await openAsBlob(layer.path), layer.size)
}

async function upload(
  address: string,
  name: string,
  digest: string,
  body: Buffer<ArrayBuffer> | Blob,
  size: number,
): Promise<void> {
  const opened = await fetch(`http://${address}/v2/${name}/blobs/uploads/`, {method: 'POST'})
  const location = new URL(opened.headers.get('location') ?? '', `http://${address}`)
  location.searchParams.set('digest', digest)
  const answer = await fetch(location, {
    method: 'PUT',
    headers: {'content-type': 'application/octet-stream', 'content-length': String(size)},
    body,
  })
  if (!answer.ok) throw new Error(`blob ${digest}: ${answer.status} ${await answer.text()}`)
}

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const stream = createReadStream(path)
  stream.on('data', chunk => hash.update(chunk))
  await once(stream, 'end')
  return `sha256:${hash.digest('hex')}`
}

function sha256(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`
}
