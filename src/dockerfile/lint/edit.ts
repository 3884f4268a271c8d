import {defined} from '../../lib/defined.ts'
import type {Dockerfile, Instruction} from '../model.ts'

/** Whole lines of a Dockerfile, counted from 1, and what stands in their place. */
export interface DockerfileEdit {
  readonly line: number
  readonly endLine: number
  /** Lines that are separated as those of the file are, with nothing behind the last. */
  readonly text: string
  /** Whether the lines of the file end in CRLF; absent where they end in LF. */
  readonly crlf?: true
}

/** What to change, in words or as a line, and the same as an edit where it is one. */
export interface Mend {
  readonly fix: string
  readonly edit?: DockerfileEdit
}

/** An instruction of one line written anew; of several lines nobody knows how they would be broken. */
export function rewritten(dockerfile: Dockerfile, {line, endLine}: Instruction, text: string): Mend {
  const source = dockerfile.lines[line - 1]
  if (line !== endLine || source === undefined) return {fix: text}
  return {fix: text, ...defined({edit: editOf(dockerfile, {line, endLine}, [`${indentOf(source)}${text}`])})}
}

/** One line of an instruction written anew, and `ARG NAMES` above the instruction where there are names. */
export function withArgsAbove(
  dockerfile: Dockerfile,
  instruction: Instruction,
  {names, line, text}: {readonly names: readonly string[]; readonly line: number; readonly text: string},
): DockerfileEdit | undefined {
  const {lines} = dockerfile
  const first = lines[instruction.line - 1]
  // Behind ONBUILD an ARG would be declared in this build, not in the one that the instruction runs in.
  if (first === undefined || instruction.kind === 'onbuild') return undefined
  const above = names.length === 0 ? [] : [`${indentOf(first)}ARG ${names.join(' ')}`]
  const start = names.length === 0 ? line : instruction.line
  return editOf(dockerfile, {line: start, endLine: line}, [...above, ...lines.slice(start - 1, line - 1), text])
}

/** Undefined where lines of the file end in one way and the other: what stands in their place would have to choose. */
function editOf(
  {lineEnding}: Dockerfile,
  place: Pick<DockerfileEdit, 'line' | 'endLine'>,
  lines: readonly string[],
): DockerfileEdit | undefined {
  if (lineEnding === 'mixed') return undefined
  if (lineEnding === 'LF') return {...place, text: lines.join('\n')}
  return {...place, text: lines.join('\r\n'), crlf: true}
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? ''
}
