import type {ExplainedFinding} from '../explain/index.ts'
import {defined} from '../lib/defined.ts'
import {imageNamed} from './by-image.ts'
import type {Report} from './report.ts'

/** Lines of a file in the workspace. */
export interface WorkspaceLocation {
  readonly file: string
  readonly line?: number
  readonly endLine?: number
}

/**
 * Where in the workspace a finding points: the Dockerfile that it is on, or the line
 * that is to blame for what is in an image.
 */
export function locationOf({file, line, endLine, cause}: ExplainedFinding): WorkspaceLocation | undefined {
  const named = file === undefined ? cause : {file, line, endLine}
  // What only the provenance has is in no workspace.
  if (named?.file === undefined || (file === undefined && cause?.from !== undefined)) return undefined
  return {
    file: named.file,
    ...defined({line: named.line}),
    ...(named.line === undefined || named.endLine === undefined ? {} : {endLine: named.endLine}),
  }
}

/**
 * What a finding is on: the image's reference, or the Dockerfile with its line. May hold text
 * of the image: escape it for the medium.
 */
export function subjectOf({image, file, line}: ExplainedFinding): string {
  return image ?? (line === undefined ? (file ?? '') : `${file}:${line}`)
}

/** The same from build to build: the image's name, without tag and digest where it has one, or the Dockerfile's. */
export function nameOf(report: Report, {image, file}: ExplainedFinding): string {
  return imageNamed(report, image)?.name ?? image ?? file ?? ''
}

/** A path that stays below where it is put: without `/` at its beginning, `.` and `..`. */
export function relativePath(path: string): string {
  const parts = path.split('/').filter(part => part !== '' && part !== '.' && part !== '..')
  return parts.join('/') || 'image'
}

/** Files that one line names. */
const NAMED = 5

/**
 * The first files of a finding that is about many, and how many more there are; undefined where it is about one. May
 * hold text of the image: escape it for the medium.
 */
export function filesOf({evidence: {files, count}}: Pick<ExplainedFinding, 'evidence'>): NamedFiles | undefined {
  if (!Array.isArray(files) || files.length < 2) return undefined
  const named = files.slice(0, NAMED).map(String)
  return {named, more: Math.max(0, (typeof count === 'number' ? count : files.length) - named.length)}
}

export interface NamedFiles {
  readonly named: readonly string[]
  readonly more: number
}
