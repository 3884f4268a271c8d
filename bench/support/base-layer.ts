import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {createReadStream} from 'node:fs'
import {mkdir, readdir, readFile, rename, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {cacheFolder, exists} from '../../e2e/ground/cache.ts'
import {run} from '../../e2e/ground/run.ts'

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

/** Made once and kept in the cache; the platforms' differ in one small file, as bases do that were built apart. */
export async function baseLayer(architecture: string, size: number): Promise<LayerFile> {
  const folder = join(cacheFolder(), 'bench')
  await mkdir(folder, {recursive: true})
  const path = join(folder, `base-${architecture}-${size}.tar.gz`)
  const notes = `${path}.json`
  if (await exists(notes)) return JSON.parse(await readFile(notes, 'utf8'))
  const list = join(folder, `files-${size}.txt`)
  await writeFile(list, (await pickFiles('/usr', size)).join('\n'))
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

/** Files of a folder, in the order of their names, until they are as large as the base is to be. */
async function pickFiles(root: string, most: number): Promise<readonly string[]> {
  const picked: string[] = []
  let size = 0
  const walk = async (folder: string): Promise<void> => {
    const entries = await readdir(folder, {withFileTypes: true})
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (size >= most) return
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

async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  const stream = createReadStream(path)
  stream.on('data', chunk => hash.update(chunk))
  await once(stream, 'end')
  return `sha256:${hash.digest('hex')}`
}
