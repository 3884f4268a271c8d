import {posix} from 'node:path'
import type {Dockerfile} from '../dockerfile/index.ts'
import {parseDockerfile} from '../dockerfile/parse.ts'
import type {Provenance, ProvenanceSource} from '../provenance/index.ts'

/** A Dockerfile of the workspace. */
export interface WorkspaceFile {
  /** In the workspace, with slashes. */
  readonly path: string
  readonly text: string
}

/** A Dockerfile that an image may have been built from. */
export interface Source {
  /** In the workspace, or, with `from`, as the provenance names it. */
  readonly file: string
  /** Where no file of the workspace is the same. */
  readonly from?: 'provenance'
  readonly lines: readonly string[]
  /** Undefined where it cannot be read as a Dockerfile. */
  readonly dockerfile: Dockerfile | undefined
}

/** What the provenance has, under the name that the workspace has it by where it is the same there. */
export function embeddedSource(
  {filename, text, isDockerfile}: ProvenanceSource,
  {folder}: Provenance,
  workspace: readonly WorkspaceFile[],
): Source {
  const name = embeddedName(filename, folder)
  const same = workspace.filter(file => plain(file.text) === plain(text))
  const known = same.find(({path}) => path === name) ?? same[0]
  const read = {lines: plain(text).split('\n'), dockerfile: isDockerfile ? parsed(text) : undefined}
  return known ? {file: known.path, ...read} : {file: name, from: 'provenance', ...read}
}

export function workspaceSource({path, text}: WorkspaceFile): Source {
  return {file: path, lines: plain(text).split('\n'), dockerfile: parsed(text)}
}

/** Where a source of the provenance stood in its repository; only its name where the folder leads elsewhere. */
export function embeddedName(filename: string, folder: string | undefined): string {
  const inside = posix.join('/', folder ?? '', filename).slice(1)
  const isInside = folder !== undefined && !posix.normalize(posix.join(folder, filename)).startsWith('..')
  return (isInside ? inside : posix.basename(filename)) || 'Dockerfile'
}

function parsed(text: string): Dockerfile | undefined {
  const result = parseDockerfile(text)
  return result.ok ? result.value : undefined
}

/** A checkout may have other line ends than the build had. */
function plain(text: string): string {
  return text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
}
