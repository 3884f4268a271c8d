import type {Dockerfile, Instruction} from '../model.ts'

/** Whole lines of a Dockerfile, counted from 1, and what stands in their place. */
export interface DockerfileEdit {
  readonly line: number
  readonly endLine: number
  /** Lines with `\n` between them and none behind the last. */
  readonly text: string
}

/** What to change, in words or as a line, and the same as an edit where it is one. */
export interface Mend {
  readonly fix: string
  readonly edit?: DockerfileEdit
}

/** An instruction of one line written anew; of several lines nobody knows how they would be broken. */
export function rewritten({lines}: Dockerfile, {line, endLine}: Instruction, text: string): Mend {
  const source = lines[line - 1]
  if (line !== endLine || source === undefined) return {fix: text}
  return {fix: text, edit: {line, endLine, text: `${indentOf(source)}${text}`}}
}

/** One line of an instruction written anew, and `ARG NAMES` above the instruction where there are names. */
export function withArgsAbove(
  {lines}: Dockerfile,
  instruction: Instruction,
  {names, line, text}: {readonly names: readonly string[]; readonly line: number; readonly text: string},
): DockerfileEdit | undefined {
  const first = lines[instruction.line - 1]
  // Behind ONBUILD an ARG would be asked for in this build, not in the one that the instruction runs in.
  if (first === undefined || instruction.kind === 'onbuild') return undefined
  const above = names.length === 0 ? [] : [`${indentOf(first)}ARG ${names.join(' ')}`]
  const start = names.length === 0 ? line : instruction.line
  return {line: start, endLine: line, text: [...above, ...lines.slice(start - 1, line - 1), text].join('\n')}
}

function indentOf(line: string): string {
  return /^\s*/.exec(line)?.[0] ?? ''
}
