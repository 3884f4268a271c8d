import type {ExplainedFinding} from '../explain/index.ts'
import {defined} from '../lib/defined.ts'

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
