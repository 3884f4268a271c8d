import {DockerfileParser, type Instruction as ParsedInstruction, PropertyInstruction} from 'dockerfile-ast'
import {defined} from '../lib/defined.ts'
import {fail, ok, type Result} from '../lib/result.ts'
import {splitFlags} from './flags.ts'
import {type LogicalLine, parseJsonList} from './lines.ts'
import type {Assignment, CopyInstruction, FromInstruction, Instruction, Mount} from './model.ts'

/** https://github.com/moby/buildkit/blob/master/frontend/dockerfile/instructions/parse.go */
const STAGE_NAME = /^[a-z][a-z0-9\-_.]*$/
const KNOWN_KEYWORDS =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)$/

export interface InstructionOptions {
  readonly escapeToken: '\\' | '`'
  /** A frontend of its own may know more instructions than the builder's. */
  readonly allowsUnknown: boolean
}

/** What one logical line says; the problem is what the builder refuses it for. */
export function parseInstruction(logical: LogicalLine, options: InstructionOptions): Result<Instruction> {
  const {escapeToken} = options
  // Logical lines hold no line break, so that dockerfile-ast always sees one instruction.
  const document = `# escape=${escapeToken}\n${logical.text}`
  const parsed = DockerfileParser.parse(document).getInstructions()[0]
  if (parsed === undefined) return fail(`unknown instruction: ${logical.text.slice(0, 40)}`)
  const keyword = logical.text.split(/[\t\v\f\r ]+/, 1)[0]?.toUpperCase() ?? ''
  if (!KNOWN_KEYWORDS.test(keyword) && !options.allowsUnknown) {
    return fail(`unknown instruction: ${keyword.slice(0, 40)}`)
  }
  const {flags, rest} = splitFlags(logical.text.slice(keyword.length), escapeToken)
  const written = {...logical, keyword, flags, arguments: rest}
  const flag = (name: string): string | undefined => flags.find(candidate => candidate.name === name)?.value
  const needs = <T extends Instruction>(instruction: T): Result<Instruction> =>
    rest === '' ? fail(`${keyword} requires at least one argument`) : ok(instruction)
  switch (keyword) {
    case 'FROM':
      return parseFrom({...written, kind: 'from', image: ''}, flag('platform'))
    case 'ARG':
      return needs({...written, kind: 'arg', variables: propertiesOf(parsed, document).map(splitAssignment)})
    case 'ENV': {
      const variables = parseEnv(rest, propertiesOf(parsed, document))
      return variables.ok ? ok({...written, kind: 'env', variables: variables.value}) : variables
    }
    case 'ADD':
    case 'COPY':
      return parseCopy({...written, kind: 'copy', sources: [], destination: ''}, flag('from'))
    case 'RUN': {
      const argv = parseJsonList(rest)
      const mounts = flags.flatMap(({name, value}) => (name === 'mount' ? [parseMount(value ?? '')] : []))
      if (rest === '') return fail('RUN requires at least one argument')
      return ok({...written, kind: 'run', mounts, ...defined({argv})})
    }
    case 'WORKDIR':
      return needs({...written, kind: 'workdir', path: rest})
    case 'ONBUILD': {
      if (/^(?:onbuild|from|maintainer)\b/i.test(rest)) {
        return fail(`${rest.split(/\s/, 1)[0]?.toUpperCase()} isn't allowed as an ONBUILD trigger`)
      }
      if (rest === '') return fail('ONBUILD requires at least one argument')
      const trigger = parseInstruction({...logical, text: rest}, options)
      return trigger.ok ? ok({...written, kind: 'onbuild', trigger: trigger.value}) : trigger
    }
    default:
      return ok({...written, kind: 'other'})
  }
}

function parseFrom(from: FromInstruction, platform: string | undefined): Result<Instruction> {
  const words = from.arguments.split(/[\t\v\f\r ]+/)
  const [image = '', as, written] = words
  if (image === '' || (words.length !== 1 && (words.length !== 3 || as?.toLowerCase() !== 'as'))) {
    return fail('FROM requires either one or three arguments')
  }
  const name = written?.toLowerCase()
  if (name !== undefined && !STAGE_NAME.test(name)) {
    return fail(
      `invalid name for build stage: ${JSON.stringify(written)}, name can't start with a number or contain symbols`,
    )
  }
  return ok({
    ...from,
    image,
    ...(platform === undefined || platform === '' ? {} : {platform}),
    ...defined({name}),
  })
}

function parseCopy(copy: CopyInstruction, from: string | undefined): Result<Instruction> {
  const words = parseJsonList(copy.arguments) ?? copy.arguments.split(/[\t\v\f\r ]+/)
  if (words.length < 2) return fail(`${copy.keyword} requires at least two arguments, but only one was provided`)
  return ok({
    ...copy,
    ...(from === undefined || from === '' || copy.keyword === 'ADD' ? {} : {from}),
    sources: words.slice(0, -1).filter(word => !/^\d*<<-?\s*[^<\s]/.test(word)),
    destination: words.at(-1) ?? '',
  })
}

/** The words of ENV and ARG with their quotes and escapes. */
function propertiesOf(parsed: ParsedInstruction, document: string): readonly string[] {
  if (!(parsed instanceof PropertyInstruction)) return []
  const lineStart = document.indexOf('\n') + 1
  return parsed.getPropertyArguments().map(argument => {
    const {start, end} = argument.getRange()
    return document.slice(lineStart + start.character, lineStart + end.character)
  })
}

function splitAssignment(word: string): Assignment {
  const at = word.indexOf('=')
  return at < 0 ? {name: word, value: undefined} : {name: word.slice(0, at), value: word.slice(at + 1)}
}

/** `ENV name=value …`, or the old `ENV name the whole rest`: the first word decides. */
function parseEnv(rest: string, words: readonly string[]): Result<readonly Assignment[]> {
  if (words[0]?.includes('=') !== true) {
    const [, name = '', value] = /^(\S+)\s+([\s\S]+)$/.exec(rest) ?? []
    return value === undefined ? fail('ENV must have two arguments') : ok([{name, value}])
  }
  const odd = words.find(word => !word.includes('='))
  if (odd !== undefined) return fail(`can't find = in ${JSON.stringify(odd)}: must be of the form name=value`)
  return ok(words.map(splitAssignment))
}

/** `type=bind,from=build,source=/a,target=/b`; a field may stand in double quotes, as in CSV. */
function parseMount(text: string): Mount {
  const fields = (text.match(/(?:"(?:[^"]|"")*"|[^,])+/g) ?? []).map(field =>
    field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
  )
  const value = (...names: readonly string[]): string | undefined => {
    for (const field of fields) {
      const {name, value: found} = splitAssignment(field)
      if (names.includes(name.toLowerCase()) && found !== undefined) return found
    }
    return undefined
  }
  const [from, source, target] = [value('from'), value('source', 'src'), value('target', 'dst', 'destination')]
  return {
    type: value('type')?.toLowerCase() ?? 'bind',
    ...(from === undefined || from === '' ? {} : {from}),
    ...defined({source, target}),
  }
}
