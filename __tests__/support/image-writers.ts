import {mkdir, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import {type BuiltImage, type BuiltPlatform, compress, fileTar, type LayerCompression} from './image-builder.ts'

type Files = ReadonlyMap<string, Uint8Array | {readonly link: string}>

const json = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value))

/**
 * What an OCI image layout of these images holds; `tags` by image, in
 * `org.opencontainers.image.ref.name` and with it containerd's name.
 */
export function layoutFiles(images: readonly {readonly image: BuiltImage; readonly tag?: string}[]): Files {
  const files = new Map<string, Uint8Array>([['oci-layout', json({imageLayoutVersion: '1.0.0'})]])
  for (const {image} of images) {
    for (const [digest, {bytes}] of image.blobs) files.set(`blobs/${digest.replace(':', '/')}`, bytes)
  }
  files.set(
    'index.json',
    json({
      schemaVersion: 2,
      manifests: images.map(({image: {root}, tag}) => ({
        ...root,
        ...(tag === undefined
          ? {}
          : {
              annotations: {
                'org.opencontainers.image.ref.name': tag.split(':').at(-1),
                'io.containerd.image.name': tag,
              },
            }),
      })),
    }),
  )
  return files
}

/** What `docker save` wrote before Docker 25: every layer in a folder of its own, one that comes again as a symlink. */
export function legacyFiles(
  image: BuiltImage,
  {config, layers, diffIds}: BuiltPlatform,
  options: {readonly tags?: readonly string[]; readonly style?: 'docker' | 'skopeo' | 'kaniko'} = {},
): Files {
  const {tags = ['org/app:1'], style = 'docker'} = options
  const files = new Map<string, Uint8Array | {readonly link: string}>()
  const configName = style === 'kaniko' ? config.digest : `${config.digest.slice('sha256:'.length)}.json`
  const names = layers.map((layer, at) => {
    const hex = (style === 'kaniko' ? layer.digest : (diffIds[at] ?? layer.digest)).slice('sha256:'.length)
    if (style === 'kaniko') return `${hex}.tar.gz`
    return style === 'skopeo' ? `${hex}.tar` : `${String(at).padStart(4, '0')}${hex.slice(4)}/layer.tar`
  })
  const written = new Map<string, string>()
  layers.forEach(({digest}, at) => {
    const name = names[at] ?? ''
    const before = written.get(digest)
    const bytes = image.blobs.get(digest)?.bytes
    if (before !== undefined && style === 'docker') files.set(name, {link: `../${before}`})
    else if (bytes) files.set(name, bytes)
    written.set(digest, name)
  })
  const configBytes = image.blobs.get(config.digest)?.bytes
  if (configBytes) files.set(configName, configBytes)
  files.set('manifest.json', json([{Config: configName, RepoTags: tags, Layers: names}]))
  return files
}

/** What `docker save` writes since Docker 25: a layout, and a `manifest.json` that points into it. */
export function savedFiles(image: BuiltImage, {config, layers}: BuiltPlatform, tag = 'org/app:1'): Files {
  const path = ({digest}: {readonly digest: string}): string => `blobs/${digest.replace(':', '/')}`
  const manifest = [{Config: path(config), RepoTags: [tag], Layers: layers.map(path)}]
  return new Map([...layoutFiles([{image, tag: `docker.io/${tag}`}]), ['manifest.json', json(manifest)]])
}

export async function writeLayout(folder: string, files: Files): Promise<string> {
  for (const [name, content] of files) {
    if (!(content instanceof Uint8Array)) throw new Error('a layout has no links')
    await mkdir(dirname(join(folder, name)), {recursive: true})
    await writeFile(join(folder, name), content)
  }
  return folder
}

export async function writeArchive(
  path: string,
  files: Files,
  compression: LayerCompression = 'none',
): Promise<string> {
  await writeFile(path, compress(fileTar(files), compression))
  return path
}
