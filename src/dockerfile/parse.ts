import {defined} from '../lib/defined.ts'
import {parseInstruction} from './instruction.ts'
import {type DockerfileProblem, readLines} from './lines.ts'
import type {ArgInstruction, Dockerfile, FromInstruction, Instruction, Stage} from './model.ts'

export type ParsedDockerfile = {readonly ok: true; readonly value: Dockerfile} | DockerfileProblem

/**
 * Reads a Dockerfile as BuildKit's frontend does; a problem is what that refuses, with its line. Never throws.
 * Where `# syntax=` names another frontend than docker/dockerfile, instructions that are not known are left aside.
 */
export function parseDockerfile(text: string): ParsedDockerfile {
  const read = readLines(text)
  if (!read.ok) return read
  const {directives, lines} = read
  const options = {escapeToken: directives.escapeToken, allowsUnknown: isForeignFrontend(directives.syntax)}
  const args: ArgInstruction[] = []
  const stages: (Omit<Stage, 'instructions'> & {readonly instructions: Instruction[]})[] = []
  for (const logical of lines) {
    const parsed = parseInstruction(logical, options)
    if (!parsed.ok) return {ok: false, problem: parsed.problem, line: logical.line}
    const instruction = parsed.value
    const stage = stages.at(-1)
    if (instruction.kind === 'from') stages.push(newStage(instruction, stages.length))
    else if (stage !== undefined) stage.instructions.push(instruction)
    else if (instruction.kind === 'arg') args.push(instruction)
    else if (!options.allowsUnknown) {
      return {ok: false, problem: `${instruction.keyword} stands before the first FROM`, line: logical.line}
    }
  }
  if (stages.length === 0) return {ok: false, problem: 'no FROM in the file', line: 1}
  const written = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  return {ok: true, value: {directives, args, stages, lines: written, lineEnding: lineEndingOf(text)}}
}

function lineEndingOf(text: string): Dockerfile['lineEnding'] {
  const ends = new Set(text.match(/\r?\n/g))
  if (ends.size > 1) return 'mixed'
  return ends.has('\r\n') ? 'CRLF' : 'LF'
}

function newStage(from: FromInstruction, index: number): Omit<Stage, 'instructions'> & {instructions: Instruction[]} {
  return {index, ...defined({name: from.name}), from, instructions: []}
}

/** `docker/dockerfile`, its mirrors and its own predecessors have the syntax that is known here. */
function isForeignFrontend(syntax: string | undefined): boolean {
  return syntax !== undefined && !/(?:^|\/)(?:docker|dhi|moby)?\/?dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax)
}
