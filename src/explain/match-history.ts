import type {Instruction, ResolvedStage} from '../dockerfile/index.ts'
import type {ResolvedDockerfile} from '../dockerfile/resolve.ts'

/**
 * Whether an entry of an image's history may be this instruction. Builders write it in their own words:
 *
 *     COPY /out/app /usr/bin/ # buildkit                         BuildKit: flags are left out, variables replaced
 *     RUN |1 TARGETARCH=arm64 /bin/sh -c go build # buildkit     with the arguments of the build
 *     /bin/sh -c #(nop) COPY file:12ab… in /usr/bin/             the classic builder
 *     /bin/sh -c go build
 */
export function mayBe(createdBy: string, instruction: Instruction): boolean {
  const told = squeezed(createdBy.replace(/ # buildkit$/, ''))
  switch (instruction.kind) {
    case 'run': {
      const command = squeezed(instruction.argv ? instruction.argv.join(' ') : instruction.arguments)
      const [heredoc] = instruction.heredocs
      const wanted = heredoc === undefined ? command : squeezed(heredoc.lines.map(line => line.text).join('\n'))
      return wanted !== '' && !/#\(nop\)/.test(told) && (told.endsWith(` ${wanted}`) || told === `RUN ${wanted}`)
    }
    case 'copy': {
      const {keyword, sources, destination} = instruction
      const classic = /#\(nop\) ?(COPY|ADD) .* in (\S+)$/.exec(told)
      if (classic) return classic[1] === keyword && asWritten([destination]).test(classic[2] ?? '')
      return told.startsWith(`${keyword} `) && asWritten([...sources, destination]).test(told)
    }
    case 'workdir':
      return /^(?:.*#\(nop\) )?WORKDIR /.test(told) && asWritten([instruction.path.replace(/^\.\//, '')]).test(told)
    default:
      return false
  }
}

/** How an image's layers go with a stage of a Dockerfile. */
export interface Alignment {
  readonly stage: ResolvedStage
  /**
   * By layer, from the bottom: the instruction that made it. Of the layers below the lowest of these nothing
   * is in the file: they are of the base.
   */
  readonly made: ReadonlyMap<number, Instruction>
}

/**
 * The stage that an image was built from: the last one whose instructions are, one after the other, what
 * the history of its top layers says. Undefined where there is none, so that the image was built from
 * another Dockerfile, or was packed anew.
 */
export function alignHistory(
  {stages}: ResolvedDockerfile,
  createdBys: readonly (string | undefined)[],
): Alignment | undefined {
  for (const stage of stages.toReversed()) {
    const made = alignStage(instructionsOf(stage, stages), createdBys)
    if (made !== undefined && made.size > 0) return {stage, made}
  }
  return undefined
}

/** What makes layers in a stage and in those that it is FROM, in order. */
function instructionsOf({base, instructions}: ResolvedStage, stages: readonly ResolvedStage[]): readonly Instruction[] {
  const below = base.kind === 'stage' ? stages[base.index] : undefined
  return [
    ...(below === undefined ? [] : instructionsOf(below, stages)),
    ...instructions.map(({instruction}) => instruction).filter(({kind}) => LAYER_KINDS.includes(kind)),
  ]
}

const LAYER_KINDS: readonly Instruction['kind'][] = ['copy', 'run', 'workdir']

function alignStage(
  instructions: readonly Instruction[],
  createdBys: readonly (string | undefined)[],
): ReadonlyMap<number, Instruction> | undefined {
  const made = new Map<number, Instruction>()
  let layer = createdBys.length - 1
  for (const instruction of instructions.toReversed()) {
    const createdBy = createdBys[layer]
    if (createdBy !== undefined && mayBe(createdBy, instruction)) {
      made.set(layer, instruction)
      layer -= 1
      // The folder may have been there, and then some builders make no layer.
    } else if (instruction.kind !== 'workdir') return undefined
  }
  return made
}

/** These words at the end of a text; a variable in them may stand for anything. */
function asWritten(words: readonly string[]): RegExp {
  const pattern = squeezed(words.join(' '))
    .split(/\$\{[^}]*\}|\$\w+/)
    .map(part => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
    .join('.*')
  return new RegExp(`(?:^|[ /])${pattern}$`)
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
