import type {Dockerfile, OriginStep} from '../dockerfile/index.ts'
import type {LayerInfo} from '../image/source.ts'
import type {Cause, Evidence} from '../rules/finding.ts'
import type {Blame, Lines} from './blame.ts'
import type {Source} from './sources.ts'

/** What is quoted of an instruction. */
const QUOTE_LIMIT = 160

/** An instruction in one line, shortened. */
export function quoteLines({dockerfile}: Source, at: Lines): string {
  const text = textAt(dockerfile, at) ?? dockerfile.source.slice(at.line - 1, at.endLine).join(' ')
  return quote(text)
}

/** A text in one line, shortened. */
export function quote(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length > QUOTE_LIMIT ? `${plain.slice(0, QUOTE_LIMIT - 1).toWellFormed()}…` : plain
}

/** How the file came on: the instructions between the line that is to blame and the image, as the end of a sentence. */
export function describeWay({source, way, brought}: Blame, from: Lines): string {
  const steps = way?.steps ?? []
  const taken = steps.filter(({instruction}) => instruction.endLine < from.line || instruction.line > from.endLine)
  const copies = taken.filter(({kind}) => kind === 'stage' || kind === 'context' || kind === 'image')
  const last = copies.at(-1)
  const isFar = brought.line > from.endLine || brought.endLine < from.line
  const at = last ?? (isFar ? {instruction: brought} : undefined)
  return at === undefined
    ? ''
    : `; line ${at.instruction.line} puts it into the image: ${quoteLines(source, at.instruction)}`
}

/** What the last step of a way says of where the bytes are from. */
export function describeSource({kind, source, path, instruction}: OriginStep, from: Source): string {
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
      return `this made it: ${quoteLines(from, instruction)}`
    case 'base':
      return `it came with the base image${source === undefined ? '' : ` ${source}`}`
  }
}

/** What a layer alone says of a file that it brought. */
export function describeLayer({index, createdBy}: Pick<LayerInfo, 'index' | 'createdBy'>): string {
  const made = quote(createdBy?.replace(/ # buildkit$/, '') ?? '')
  return `it came with layer ${index}${made === '' ? '' : `, which ${JSON.stringify(made)} made`}`
}

/** Whether a cause says more than its layer does. */
export function saysMore({message, layer, file}: Cause): boolean {
  return layer === undefined || file !== undefined || message !== describeLayer(layer)
}

/** All that is known of the way, for the report. */
export function wayEvidence({source, way, suspects}: Blame): Evidence {
  const steps = way?.steps ?? []
  return {
    ...(steps.length === 0
      ? {}
      : {
          origin: steps.map(
            ({instruction}) => `${source.file}:${instruction.line}: ${quoteLines(source, instruction)}`,
          ),
        }),
    ...(suspects.length < 2
      ? {}
      : {
          alsoSuspect: suspects.slice(1).map(({line, rule, message}) => `${source.file}:${line}: ${rule}: ${message}`),
        }),
  }
}

function textAt({stages}: Dockerfile, {line, endLine}: Lines): string | undefined {
  return stages
    .flatMap(({from, instructions}) => [from, ...instructions])
    .find(instruction => instruction.line === line && instruction.endLine >= endLine)?.text
}
