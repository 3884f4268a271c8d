import {posix} from 'node:path'
import type {DockerfileFacts} from '../facts/facts.ts'
import {settleAll} from '../lib/cleanup.ts'
import type {BuildRecord, ProvenanceDockerfile} from './background.ts'

/** A Dockerfile as it came: its name, and what is in it. */
interface DockerfileText {
  readonly file: string
  readonly text: string
}

export interface WorkspaceOptions {
  /** The Dockerfiles of the workspace that were requested. */
  readonly dockerfiles: readonly DockerfileFacts[]
  /** Reads a file of the workspace; undefined where it is not there, or is not to be read. */
  readFile(path: string): Promise<string | undefined>
  /** Parses a Dockerfile and asks for its bases. */
  gather(text: DockerfileText): Promise<DockerfileFacts>
}

/**
 * What is read of one image's provenance has a Dockerfile for each platform, mostly
 * the same; hostile ones may have many.
 */
const LIMIT = 8

/**
 * The Dockerfiles in the provenance of images with something wrong. Each is looked for in the
 * workspace: among the files that were requested, and at the place that the provenance names. Only
 * where the text is the same is it the same file.
 */
export async function findProvenanceDockerfiles(
  records: readonly BuildRecord[],
  {dockerfiles, readFile, gather}: WorkspaceOptions,
): Promise<readonly ProvenanceDockerfile[]> {
  const paths = new Map<string, string>()
  for (const {provenance} of records) {
    for (const {filename, text, isDockerfile} of provenance?.files ?? []) {
      if (isDockerfile && !paths.has(text)) paths.set(text, workspacePath(filename, provenance?.folder))
    }
  }
  return settleAll(
    [...paths].slice(0, LIMIT).map(async ([text, file]): Promise<ProvenanceDockerfile> => {
      const known = dockerfiles.find(({parsed}) => parsed.ok && parsed.value.lines.join('\n') === plainText(text))
      if (known) return {...known, text, isInWorkspace: true}
      const there = await readFile(file)
      const isInWorkspace = there !== undefined && plainText(there) === plainText(text)
      return {...(await gather({file, text})), text, isInWorkspace}
    }),
  )
}

/** Where a source of the provenance stood in its repository; only its name where the folder leads elsewhere. */
export function workspacePath(filename: string, folder: string | undefined): string {
  const whole = posix.normalize(posix.join(folder ?? '.', filename))
  const isInside = !whole.startsWith('/') && !whole.startsWith('..') && whole !== '.'
  return (isInside ? whole : posix.basename(filename).replace(/^\.+$/, '')) || 'Dockerfile'
}

/** A checkout may have other line ends than the build had. */
function plainText(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}
