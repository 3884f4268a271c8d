import {randomBytes} from 'node:crypto'
import {
  type BuiltImage,
  type BuiltPlatform,
  fileTar,
  type LayerFiles,
  layerTar,
} from '../../__tests__/support/image-builder.ts'
import {legacyFiles} from '../../__tests__/support/image-writers.ts'

/** What a docker command prints, and how it ends. */
export interface Answer {
  readonly stdout: Uint8Array
  readonly stderr: string
  readonly exitCode: number
}

/** What an engine holds: images under the references that they were pulled by, and containers by their ids. */
export interface EngineModel {
  readonly images: ReadonlySet<string>
  readonly containers: ReadonlyMap<string, Container>
  /** What a command does, and prints. */
  answer(args: readonly string[]): Answer
}

export interface Container {
  readonly name: string
  readonly image: string
  readonly label: string
}

export interface EngineOptions {
  /** `127.0.0.1:5000/org/app`: the only repository that there is. */
  readonly name: string
  readonly image: BuiltImage
  /** The files of each of its platforms, by the digest of its manifest. */
  readonly layers: ReadonlyMap<string, readonly LayerFiles[]>
}

/**
 * The commands of docker's client that the docker source runs, over one image in one registry, as the classic image
 * store has them. What they print is what Docker 28 prints.
 */
export function createEngineModel({name, image, layers}: EngineOptions): EngineModel {
  const images = new Set<string>()
  const containers = new Map<string, Container>()
  const platformAt = (reference: string): BuiltPlatform | undefined =>
    image.platforms.find(({manifest}) => reference === `${name}@${manifest.digest}`)
  const noImage = (reference: string): Answer => failed(`Error response from daemon: No such image: ${reference}`)
  const bytesAt = (reference: string): Uint8Array | undefined => {
    const digest = reference === `${name}:1` ? image.root.digest : reference.slice(name.length + 1)
    return [...image.blobs].find(([known]) => known === digest)?.[1].bytes
  }
  const held = (reference: string, then: (platform: BuiltPlatform) => Answer): Answer => {
    const platform = platformAt(reference)
    return platform && images.has(reference) ? then(platform) : noImage(reference)
  }

  const commands: Readonly<Record<string, (args: readonly string[]) => Answer>> = {
    buildx: args => {
      if (args[0] === 'version') return printed('github.com/docker/buildx v0.29.1 faults\n')
      const reference = args.at(-1) ?? ''
      const bytes = bytesAt(reference)
      return bytes ? printed(bytes) : failed(`ERROR: ${reference}: not found`)
    },
    pull: args => {
      const reference = args.at(-1) ?? ''
      if (!platformAt(reference)) return failed(`Error response from daemon: manifest for ${reference} not found`)
      images.add(reference)
      return printed(`${reference}\n`)
    },
    create: args => {
      const reference = args.at(-2) ?? ''
      const option = (name: string): string => args[args.indexOf(name) + 1] ?? ''
      return held(reference, () => {
        const id = randomBytes(32).toString('hex')
        containers.set(id, {name: option('--name'), image: reference, label: option('--label')})
        return printed(`${id}\n`)
      })
    },
    ps: args => {
      const label = args.at(-1)?.replace(/^label=/, '') ?? ''
      return printed([...containers].flatMap(([id, of]) => (of.label === label ? [`${id}\n`] : [])).join(''))
    },
    rm: args => {
      const id = args.at(-1) ?? ''
      const named = [...containers].find(([other, {name}]) => other === id || name === id)?.[0] ?? ''
      return containers.delete(named)
        ? printed(`${id}\n`)
        : failed(`Error response from daemon: No such container: ${id}`)
    },
    cp: args => {
      const [id = '', path = ''] = args.at(-2)?.split(':') ?? []
      const reference = containers.get(id)?.image
      const files = layers.get(reference?.slice(name.length + 1) ?? '')
      if (!files) return failed(`Error response from daemon: No such container: ${id}`)
      const tar = copied(merged(files), path.slice(1), args.includes('-L'))
      return tar
        ? printed(tar)
        : failed(`Error response from daemon: Could not find the file ${path} in container ${id}`)
    },
    export: args => {
      const reference = containers.get(args.at(-1) ?? '')?.image
      const files = layers.get(reference?.slice(name.length + 1) ?? '')
      return files ? printed(layerTar(merged(files))) : failed(`Error response from daemon: No such container`)
    },
    save: args => held(args.at(-1) ?? '', platform => printed(fileTar(legacyFiles(image, platform, {tags: []})))),
    image: ([verb, ...args]) => {
      const reference = args.at(-1) ?? ''
      if (verb === 'rm') return images.delete(reference) ? printed(`Untagged: ${reference}\n`) : noImage(reference)
      return held(reference, platform => printed(`${inspected(args, image, platform, reference)}\n`))
    },
  }
  return {
    images,
    containers,
    answer: ([command = '', ...args]) =>
      commands[command]?.(args) ?? failed(`docker: unknown command: docker ${command}`),
  }
}

function printed(stdout: string | Uint8Array): Answer {
  return {stdout: Buffer.from(stdout), stderr: '', exitCode: 0}
}

function failed(stderr: string): Answer {
  return {stdout: new Uint8Array(), stderr: `${stderr}\n`, exitCode: 1}
}

function inspected(args: readonly string[], image: BuiltImage, platform: BuiltPlatform, reference: string): string {
  const format = args[args.indexOf('--format') + 1]
  if (format === '{{.Id}}') return platform.config.digest
  if (format !== '{{json .}}') return reference
  const config = JSON.parse(Buffer.from(image.blobs.get(platform.config.digest)?.bytes ?? '{}').toString())
  return JSON.stringify({
    ...{Id: platform.config.digest, RepoDigests: [reference], Os: config.os, Architecture: config.architecture},
    ...{Config: config.config, RootFS: {Type: 'layers', Layers: platform.diffIds}},
  })
}

/** The files of all layers; none takes away what another has. */
function merged(layers: readonly LayerFiles[]): LayerFiles {
  return Object.assign({}, ...layers)
}

/** The tar of `docker cp`: of a directory with all below it; the last link is followed only where that is asked for. */
function copied(files: LayerFiles, path: string, follow: boolean): Uint8Array | undefined {
  const file = files[path]
  const link = typeof file === 'object' && 'link' in file ? file.link : undefined
  if (follow && link !== undefined) return copied(files, link, false)
  const name = path.split('/').at(-1) ?? ''
  if (file !== undefined) return layerTar({[name]: file})
  const below = Object.entries(files).filter(([other]) => other.startsWith(`${path}/`))
  if (below.length === 0) return undefined
  return layerTar(Object.fromEntries(below.map(([other, content]) => [other.replace(path, name), content])))
}
