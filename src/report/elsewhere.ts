import type {Cause} from '../explain/index.ts'

/**
 * `Dockerfile:7: `, where that is not a file of the workspace, so that nothing can
 * point at the line; empty where it is one.
 */
export function elsewhere(cause: Cause): string {
  const {file, from, line} = cause
  return file === undefined || from === undefined ? '' : `${file}${line === undefined ? '' : `:${line}`}: `
}
