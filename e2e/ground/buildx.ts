import {randomUUID} from 'node:crypto'
import {chmod, copyFile, mkdir, mkdtemp, readFile, symlink, writeFile} from 'node:fs/promises'
import {dirname, join} from 'node:path'
import type {Engine} from './engine.ts'
import {run} from './run.ts'

/** The platforms that the end-to-end images are built for. */
export const PLATFORMS = ['linux/amd64', 'linux/arm64', 'linux/arm/v7'] as const

/** A file of a build context: text, a copy of a file (executable, unless it says otherwise), or a symlink. */
export type ContextFile =
  | {readonly kind: 'text'; readonly text: string; readonly mode?: number}
  | {readonly kind: 'copy'; readonly from: string; readonly mode?: number}
  | {readonly kind: 'link'; readonly to: string}

/** What to build: `context` holds the Dockerfile. */
export interface Build {
  readonly context: string
  /** `127.0.0.1:PORT/NAME:TAG`; may be left out where the output does not need it. */
  readonly tag?: string
  readonly platforms?: readonly string[]
  /** What buildx takes for `--output`; pushes to the registry if left out. */
  readonly output?: string
  /** What buildx takes for `--provenance`; attestations in full if left out. */
  readonly provenance?: string
  /** Further arguments of `docker buildx build`. */
  readonly args?: readonly string[]
}

/** What buildx says of a build; `metadata` is its metadata file, which docker/build-push-action has as an output. */
export interface Built {
  readonly digest: string
  readonly metadata: string
}

/**
 * The folder of a build context in which each platform's file lies, for `COPY bin/$TARGETARCH$TARGETVARIANT/…`
 * after a global `ARG TARGETARCH TARGETVARIANT`: `linux/arm/v7` has `armv7`.
 */
export function contextFolder(platform: string): string {
  return platform.split('/').slice(1).join('')
}

/** Writes a build context below `parent`, and gives its folder; the names are paths in it. */
export async function writeContext(parent: string, files: Readonly<Record<string, ContextFile>>): Promise<string> {
  const folder = await mkdtemp(join(parent, 'context-'))
  for (const [name, file] of Object.entries(files)) {
    const path = join(folder, name)
    await mkdir(dirname(path), {recursive: true})
    await writeContextFile(path, file)
  }
  return folder
}

/**
 * Builds with the real `docker buildx build`. Several platforms in one build need the engine with containerd's
 * store: the classic one answers "Multi-platform build is not supported for the
 * docker driver", and has no attestations.
 */
export async function buildImage(engine: Engine, build: Build): Promise<Built> {
  // Several builds may share a context.
  const metadata = `${build.context}.${randomUUID()}.metadata.json`
  const args = [
    ...['buildx', 'build', '--builder', 'default', '--progress', 'plain', '--metadata-file', metadata],
    ...['--platform', (build.platforms ?? PLATFORMS).join(',')],
    ...['--output', build.output ?? 'type=registry'],
    ...['--provenance', build.provenance ?? 'mode=max'],
    ...(build.tag === undefined ? [] : ['--tag', build.tag]),
    ...(build.args ?? []),
  ]
  await run('docker', [...args, build.context], {env: {...process.env, ...engine.env()}})
  const text = await readFile(metadata, 'utf8')
  const digest: unknown = Object(JSON.parse(text))['containerimage.digest']
  if (typeof digest !== 'string') throw new Error(`buildx told no digest: ${text}`)
  return {digest, metadata: text}
}

async function writeContextFile(path: string, file: ContextFile): Promise<void> {
  if (file.kind === 'link') return symlink(file.to, path)
  if (file.kind === 'text') await writeFile(path, file.text)
  else await copyFile(file.from, path)
  await chmod(path, file.mode ?? (file.kind === 'text' ? 0o644 : 0o755))
}
