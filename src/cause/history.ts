import type {Dockerfile, Instruction} from '../dockerfile/index.ts'

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
      if (/\$/.test(instruction.destination)) return false
      const words = told.split(' ')
      const classic = /#\(nop\) ?(COPY|ADD) .* in (\S+)$/.exec(told)
      if (classic) return classic[1] === instruction.keyword && classic[2] === instruction.destination
      return (
        words[0] === instruction.keyword &&
        words.at(-1) === instruction.destination &&
        instruction.sources.every(source => /\$/.test(source) || words.includes(source))
      )
    }
    case 'workdir':
      return told === `WORKDIR ${instruction.path}` || told.endsWith(`#(nop) WORKDIR ${instruction.path}`)
    default:
      return false
  }
}

/** The instructions that an entry of the history may be. */
export function instructionsOf({stages}: Dockerfile, createdBy: string): readonly Instruction[] {
  return stages.flatMap(({instructions}) => instructions.filter(instruction => mayBe(createdBy, instruction)))
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
