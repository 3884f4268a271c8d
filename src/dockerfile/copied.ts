import {matchesGlob, posix} from 'node:path'
import type {CopyInstruction} from './model.ts'
import {expandCopy, joinPath, type ResolvedInstruction} from './resolve.ts'

/** How a COPY or an ADD may have brought a path. */
export interface Copied {
  /** The path where it is taken from; undefined for what stands in the Dockerfile itself. */
  readonly source: string | undefined
  /** Whether the path is named, so that nothing else can be meant; else it lies in a directory that is copied. */
  readonly isNamed: boolean
}

/**
 * Says whether a COPY puts a file at `path`, an absolute one, and from where. A destination is a directory
 * where it ends with a slash, is `.`, or has several sources; the content of a source that is a directory lands
 * in it without the directory's own name.
 */
export function findCopied(
  {instruction, scope, workdir}: ResolvedInstruction & {readonly instruction: CopyInstruction},
  path: string,
  escapeToken: string,
): Copied | undefined {
  const {sources, destination} = expandCopy(instruction, scope, escapeToken)
  // Where only the base image knows the working directory, the path from there on must do.
  const written = destination.text
  const target = joinPath(workdir, written)
  const inlineCount = instruction.heredocs.length
  const isDirectory =
    /(?:^|\/)\.?\.?$/.test(written) || sources.length + inlineCount > 1 || sources.some(({text}) => /[*?[]/.test(text))
  const within = target === undefined ? withinUnknown(written, path) : pathWithin(target, path)
  if (within === undefined) return undefined
  const keepsParents = instruction.flags.some(({name, value}) => name === 'parents' && value !== 'false')
  for (const {text} of sources.toReversed()) {
    const found = matchSource(sourcePath(text), within, {isDirectory, keepsParents})
    if (found !== undefined) return found
  }
  const inline = instruction.heredocs.some(({name}) => (isDirectory ? within === name : within === ''))
  return inline ? {source: undefined, isNamed: true} : undefined
}

/** `path` seen from `directory`: empty where it is that itself, undefined where it is outside. */
function pathWithin(directory: string, path: string): string | undefined {
  const clean = directory.replace(/(?<=.)\/+$/, '')
  if (path === clean) return ''
  const prefix = clean === '/' ? '/' : `${clean}/`
  return path.startsWith(prefix) ? path.slice(prefix.length) : undefined
}

/** The same for a destination in a directory that is not known: it fits where the path has its last parts. */
function withinUnknown(written: string, path: string): string | undefined {
  const clean = posix.normalize(written).replace(/\/+$/, '')
  if (clean === '.' || clean === '') return posix.basename(path)
  const at = `${path}/`.lastIndexOf(`/${clean}/`)
  return at < 0 ? undefined : path.slice(at + clean.length + 2)
}

/** A URL stays what it is; paths of the context and of stages are from their root. */
function sourcePath(text: string): string {
  return /^(?:https?|ssh|git):\/\/|^git@/.test(text) ? text : posix.normalize(`/${text}`)
}

function matchSource(
  source: string,
  within: string,
  {isDirectory, keepsParents}: {readonly isDirectory: boolean; readonly keepsParents: boolean},
): Copied | undefined {
  if (keepsParents) {
    const relative = source.replace(/^\//, '')
    return within === relative || within.startsWith(`${relative}/`)
      ? {source: `/${within}`, isNamed: within === relative}
      : undefined
  }
  const clean = source.replace(/(?<=.)\/+$/, '')
  if (within === '') return isDirectory ? undefined : {source: clean, isNamed: true}
  const [first = '', ...rest] = within.split('/')
  if (/[*?[]/.test(clean)) {
    // `*` may name files, which land under their names, or directories, whose content does.
    const isMatch = matchesGlob(posix.join(posix.dirname(clean), first), clean)
    return isMatch ? {source: posix.join(posix.dirname(clean), within), isNamed: false} : undefined
  }
  const name = posix.basename(clean.replace(/[?#].*$/, ''))
  if (isDirectory && first === name && rest.length === 0) return {source: clean, isNamed: true}
  // A file cannot hold another one; what has an ending such as `.txt` may still be a directory.
  return {source: posix.join(clean, within), isNamed: false}
}
