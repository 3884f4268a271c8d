import type {Dockerfile, OriginStep} from '../dockerfile/index.ts'
import type {Evidence} from '../rules/finding.ts'
import type {CandidateDockerfile} from './candidate-dockerfiles.ts'
import type {DockerfileTrace, Lines} from './dockerfile-trace.ts'

/** What is quoted of an instruction. */
const QUOTE_LIMIT = 160

/** An instruction in one line, shortened. */
export function quoteLines({dockerfile}: CandidateDockerfile, at: Lines): string {
  const text = textAt(dockerfile, at) ?? dockerfile.lines.slice(at.line - 1, at.endLine).join(' ')
  return quote(text)
}

/** A text in one line, shortened. */
export function quote(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length > QUOTE_LIMIT ? `${plain.slice(0, QUOTE_LIMIT - 1).toWellFormed()}…` : plain
}

/** How the file came on: the instructions between the line that is to blame and the image, as the end of a sentence. */
export function describeWay({candidate, origin, brought}: DockerfileTrace, from: Lines): string {
  const steps = origin?.steps ?? []
  const taken = steps.filter(({instruction}) => instruction.endLine < from.line || instruction.line > from.endLine)
  const copies = taken.filter(({kind}) => kind === 'stage' || kind === 'context' || kind === 'image')
  const last = copies.at(-1)
  const isFar = brought.line > from.endLine || brought.endLine < from.line
  const at = last ?? (isFar ? {instruction: brought} : undefined)
  return at === undefined
    ? ''
    : `; line ${at.instruction.line} puts it into the image: ${quoteLines(candidate, at.instruction)}`
}

/** What the last step of an origin says of where the bytes are from. */
export function describeStep({kind, source, path, instruction}: OriginStep, candidate: CandidateDockerfile): string {
  switch (kind) {
    case 'stage':
      return `${source ?? path} of another stage was copied`
    case 'context':
      return `${source ?? path} of the build context was copied`
    case 'image':
      return `${source ?? path} of another image was copied`
    case 'url':
      return `it was downloaded from ${source ?? 'a URL'}`
    case 'inline':
      return 'it is written in the Dockerfile'
    case 'run':
      return `this made it: ${quoteLines(candidate, instruction)}`
    case 'base':
      return `it came with the base image${source === undefined ? '' : ` ${source}`}`
  }
}

/** All that is known of the origin, for the report. */
export function originEvidence({candidate, origin, suspects}: DockerfileTrace): Evidence {
  const steps = origin?.steps ?? []
  return {
    ...(steps.length === 0
      ? {}
      : {
          origin: steps.map(
            ({instruction}) => `${candidate.file}:${instruction.line}: ${quoteLines(candidate, instruction)}`,
          ),
        }),
    ...(suspects.length < 2
      ? {}
      : {
          alsoSuspect: suspects
            .slice(1)
            .map(({line, rule, message}) => `${candidate.file}:${line}: ${rule}: ${message}`),
        }),
  }
}

function textAt({stages}: Dockerfile, {line, endLine}: Lines): string | undefined {
  return stages
    .flatMap(({from, instructions}) => [from, ...instructions])
    .find(instruction => instruction.line === line && instruction.endLine >= endLine)?.text
}
