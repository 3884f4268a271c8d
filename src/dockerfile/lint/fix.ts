import type {Dockerfile, Instruction} from '../model.ts'
import {architectureOf} from './names.ts'

/**
 * What stands for an architecture where it is written in this way; a name that Docker has
 * no variable for keeps its place open.
 */
const VARIABLES: ReadonlyMap<string, string> = new Map([
  ['amd64', '$TARGETARCH'],
  ['arm64', '$TARGETARCH'],
  ['386', '$TARGETARCH'],
  ['arm', '$TARGETARCH'],
  ['s390x', '$TARGETARCH'],
  ['ppc64le', '$TARGETARCH'],
  ['riscv64', '$TARGETARCH'],
  ['x86_64', '$(uname -m)'],
  ['aarch64', '$(uname -m)'],
])

/**
 * A line of the file with its architecture replaced by what follows the platform. In RUN `x86_64`
 * becomes `$(uname -m)`, which only a shell knows: elsewhere, and where a project has names of its
 * own, the line cannot be written for it.
 */
export function replacedLine(dockerfile: Dockerfile, instruction: Instruction, line: number, written: string): string {
  const source = dockerfile.source[line - 1] ?? ''
  const name = /[\w-]+$/.exec(written)?.[0] ?? written
  const variable = VARIABLES.get(name)
  const isKnown = variable !== undefined && (variable === '$TARGETARCH' || instruction.kind === 'run')
  if (!isKnown || !source.includes(written)) {
    return `choose ${JSON.stringify(name)} by TARGETARCH, which the builder sets to ${architectureOf(name) ?? 'the architecture'} or what else is built`
  }
  const replaced = source.replace(written, () => written.slice(0, written.length - name.length) + variable)
  const fixed = replaced.trim()
  if (variable !== '$TARGETARCH' || declaresTargetArch(dockerfile, instruction)) return fixed
  return withArgs('TARGETARCH', instruction.line, fixed, line)
}

/** A line that needs ARGs above its instruction: none can stand between the lines of one. */
export function withArgs(names: string, above: number, fixed: string, line = above): string {
  return `ARG ${names} above line ${above}, and ${line === above ? 'there' : `in line ${line}`}: ${fixed}`
}

/** Whether `ARG TARGETARCH` stands above the instruction in its stage. */
function declaresTargetArch({stages}: Dockerfile, instruction: Instruction): boolean {
  const stage = stages.findLast(({from}) => from.line < instruction.line)
  return (stage?.instructions ?? []).some(
    other =>
      other.kind === 'arg' &&
      other.line < instruction.line &&
      other.variables.some(({name, value}) => name === 'TARGETARCH' && value === undefined),
  )
}
