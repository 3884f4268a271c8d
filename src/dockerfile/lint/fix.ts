import {defined} from '../../lib/defined.ts'
import {ARCHITECTURES, LINUX_ARCHITECTURES} from '../../platform/index.ts'
import type {Dockerfile, Instruction} from '../model.ts'
import {type Mend, withArgsAbove} from './edit.ts'
import {architectureOf} from './names.ts'

/**
 * What stands for an architecture where it is written in this way: its own name, or what `uname -m` says, which is
 * certain of 64-bit ones only. Another name keeps its place open.
 */
const VARIABLES: ReadonlyMap<string, '$TARGETARCH' | '$(uname -m)'> = new Map([
  ...ARCHITECTURES.flatMap(({elf, answers}) =>
    elf?.class === 64 ? Object.values(answers ?? {}).flatMap(({uname}) => uname.map(asUname)) : [],
  ),
  ...LINUX_ARCHITECTURES.map(name => [name, '$TARGETARCH'] as const),
])

function asUname(name: string) {
  return [name, '$(uname -m)'] as const
}

/**
 * A line of the file with its architecture replaced by what follows the platform. In RUN `x86_64`
 * becomes `$(uname -m)`, which only a shell knows: elsewhere, and where a project has names of its
 * own, the line cannot be written for it.
 */
export function replacedLine(dockerfile: Dockerfile, instruction: Instruction, line: number, written: string): Mend {
  const source = dockerfile.lines[line - 1] ?? ''
  const name = /[\w-]+$/.exec(written)?.[0] ?? written
  const variable = VARIABLES.get(name)
  const isKnown = variable !== undefined && (variable === '$TARGETARCH' || instruction.kind === 'run')
  if (!isKnown || !source.includes(written)) {
    return {
      fix: `Choose ${JSON.stringify(name)} by TARGETARCH, which the builder sets to ${architectureOf(name) ?? 'one architecture'} or another one that is built.`,
    }
  }
  const replaced = source.replace(written, () => written.slice(0, written.length - name.length) + variable)
  const fixed = replaced.trim()
  const isThere = variable !== '$TARGETARCH' || declaresTargetArch(dockerfile, instruction)
  const names = isThere ? [] : ['TARGETARCH']
  return {
    fix: isThere ? fixed : withArgs(names, instruction.line, fixed, line),
    // What stands twice in a line would be mended by half.
    ...(source.split(written).length > 2
      ? {}
      : defined({edit: withArgsAbove(dockerfile, instruction, {names, line, text: replaced})})),
  }
}

/** A line that needs ARGs above its instruction: none can stand between the lines of one. */
export function withArgs(names: readonly string[], above: number, fixed: string, line = above): string {
  return `ARG ${names.join(' ')} above line ${above}, and ${line === above ? 'there' : `in line ${line}`}: ${fixed}`
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
