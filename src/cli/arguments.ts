import {type ParseArgsOptionsConfig, parseArgs} from 'node:util'
import {messageOf, UsageError} from '../errors.ts'
import type {Sizes} from '../fleet/balance.ts'
import {parseShard, type Shard} from '../fleet/units.ts'
import {defined} from '../lib/defined.ts'
import {expectedOneOf, nearestName} from '../lib/nearest.ts'
import {DEFAULTS, type Options, parseList, parseOptions, type RawOptions} from '../pipeline/options.ts'
import {loadPolicy} from '../policy/load-policy.ts'
import {FORMATS, type Format, isFormat} from '../report/index.ts'
import {type ListRegistry, type ReadFile, readImageLists} from './image-lists.ts'

/** A report to write: where, and in what format; `-` is standard output. */
export interface Target {
  readonly format: Format
  readonly file: string
}

/** Results that are written as they come. */
export interface Streaming {
  readonly file: string
  /** Whether what the file has is kept, where it still holds. */
  readonly resumes: boolean
  /** Absent for all of the inventory. */
  readonly shard?: Shard
  /** Of images in a plan that was made with sizes. */
  readonly sizes?: Sizes
}

export interface Command {
  readonly options: Options
  /** In the order in which they are written. */
  readonly targets: readonly Target[]
  readonly quiet: boolean
  /** Absent where there is one report in the end. */
  readonly streaming?: Streaming
  /** What the files of --images-from name and the run does not check, a line each. */
  readonly leftOut: readonly string[]
}

const FLAGS = {
  platforms: {type: 'string', multiple: true},
  source: {type: 'string'},
  scope: {type: 'string'},
  'fail-on': {type: 'string'},
  'on-undetermined': {type: 'string'},
  rule: {type: 'string', multiple: true},
  ignore: {type: 'string', multiple: true},
  baseline: {type: 'string'},
  'baseline-required': {type: 'boolean'},
  dockerfile: {type: 'string', multiple: true},
  metadata: {type: 'string'},
  'images-from': {type: 'string', multiple: true},
  policy: {type: 'string'},
  stream: {type: 'string'},
  resume: {type: 'string'},
  shard: {type: 'string'},
  cache: {type: 'boolean'},
  concurrency: {type: 'string'},
  'insecure-registry': {type: 'string', multiple: true},
  limits: {type: 'string', multiple: true},
  timeout: {type: 'string'},
  format: {type: 'string'},
  output: {type: 'string'},
  report: {type: 'string', multiple: true},
  quiet: {type: 'boolean', short: 'q'},
  help: {type: 'boolean', short: 'h'},
  version: {type: 'boolean'},
} as const

/** Other spellings that are taken: those of docker buildx, and of the action's inputs. */
const ALIASES: Readonly<Record<string, keyof typeof FLAGS>> = {
  platform: 'platforms',
  rules: 'rule',
  'insecure-registries': 'insecure-registry',
  limit: 'limits',
  dockerfiles: 'dockerfile',
  reports: 'report',
  'metadata-file': 'metadata',
  'image-from': 'images-from',
}

/** The flags as messages name them, by the names of the action's inputs. */
const SPOKEN: Readonly<Record<string, string>> = {
  image: 'IMAGE',
  rules: '--rule',
  'insecure-registries': '--insecure-registry',
}

/** What the command is to do. */
export async function parseCommand(
  argv: readonly string[],
  readFile: ReadFile,
  today: () => string = noClock,
  listRegistry?: ListRegistry,
): Promise<Command | 'help' | 'version'> {
  const {values, positionals} = parseArguments(argv)
  if (values.help === true) return 'help'
  if (values.version === true) return 'version'
  const streaming = streamingOf(values)
  const targets = targetsOf(values)
  const {images, leftOut, sizes} = await readImageLists(values['images-from'] ?? [], {
    ...{readFile, listRegistry},
    insecureRegistries: (values['insecure-registry'] ?? []).flatMap(parseList),
  })
  const written: RawOptions = {
    image: [...positionals, ...images],
    metadata: values.metadata === undefined ? '' : await readMetadata(values.metadata, readFile),
    platforms: (values.platforms ?? []).flatMap(parseList),
    source: values.source ?? DEFAULTS.source,
    scope: values.scope,
    failOn: values['fail-on'] ?? DEFAULTS.failOn,
    onUndetermined: values['on-undetermined'],
    rules: (values.rule ?? []).flatMap(parseList),
    ignore: values.ignore ?? [],
    baseline: values.baseline ?? '',
    baselineRequired: values['baseline-required'] === undefined ? undefined : String(values['baseline-required']),
    dockerfile: values.dockerfile ?? [],
    cache: String(values.cache ?? DEFAULTS.cache),
    concurrency: values.concurrency ?? DEFAULTS.concurrency,
    insecureRegistries: (values['insecure-registry'] ?? []).flatMap(parseList),
    limits: (values.limits ?? []).flatMap(parseList),
    timeout: values.timeout ?? DEFAULTS.timeout,
  }
  const policy =
    values.policy === undefined
      ? undefined
      : await loadPolicy({
          file: parseFile('--policy', values.policy, 'input'),
          spoken: '--policy',
          today: today(),
          read: readFile,
        })
  const options = parseOptions(written, name => SPOKEN[name] ?? `--${name}`, policy)
  return {
    options,
    targets,
    quiet: values.quiet === true,
    leftOut,
    ...(streaming === undefined ? {} : {streaming: {...streaming, sizes}}),
  }
}

/** For who has no clock: whether a suppression still holds is not known then. */
function noClock(): never {
  throw new Error('there is no clock here')
}

type Values = ReturnType<typeof parseArguments>['values']

/** What a streamed run cannot have: it holds no more than one result, and knows of no other. */
const NOT_STREAMED = ['format', 'output', 'report', 'dockerfile', 'baseline'] as const

function streamingOf(values: Values): Streaming | undefined {
  const {stream, resume, shard: written} = values
  if (stream === undefined && resume === undefined) {
    if (written !== undefined) throw new UsageError('--shard: expected --stream FILE or --resume FILE beside it')
    return undefined
  }
  if (stream !== undefined && resume !== undefined) {
    throw new UsageError('--resume: it writes to the file that it continues: leave out --stream')
  }
  const flag = stream === undefined ? '--resume' : '--stream'
  const other = NOT_STREAMED.find(name => values[name] !== undefined)
  if (other !== undefined) {
    const hint = other === 'baseline' ? 'set a baseline in a policy file' : 'make reports of the results by merge'
    throw new UsageError(`--${other}: it cannot be used with ${flag}; ${hint}`)
  }
  const shard = written === undefined ? undefined : parseShard(written)
  if (written !== undefined && shard === undefined) {
    throw new UsageError(
      `--shard: expected I/N, such as 1/4, with I from 1 to N and N up to 1000, got ${quote(written)}`,
    )
  }
  const file = stream ?? resume ?? ''
  if (file.trim() === '' || file === '-') throw new UsageError(`${flag}: expected a file, got ${quote(file)}`)
  return {file, resumes: stream === undefined, ...defined({shard})}
}

/** What `verify-image-arch merge FILE…` is to do. */
export interface MergeCommand extends Pick<Command, 'targets' | 'quiet'> {
  readonly files: readonly string[]
}

const MERGE_FLAGS: readonly string[] = ['format', 'output', 'report', 'quiet']

/** Reads the arguments behind `merge`: files of results, and the reports to write. */
export function parseMerge(argv: readonly string[]): MergeCommand | 'help' {
  const {values, positionals} = parseArguments(argv)
  if (values.help === true) return 'help'
  const other = Object.keys(values).find(name => !MERGE_FLAGS.includes(name))
  if (other !== undefined) {
    throw new UsageError(`merge: --${other} has no meaning here: results are merged as they were checked`)
  }
  if (positionals.length === 0) throw new UsageError('merge: no file is given', {hint: 'Give the files of --stream.'})
  return {files: positionals, targets: targetsOf(values), quiet: values.quiet === true}
}

function targetsOf({format, output, report = []}: Values): readonly Target[] {
  const main = {format: parseFormat('--format', format ?? 'text'), file: parseFile('--output', output ?? '-')}
  const others = report.map(parseReport)
  // With --report alone, the text still goes to standard output, unless another report goes there.
  const isAsked = format !== undefined || output !== undefined || !others.some(({file}) => file === '-')
  const all = isAsked ? [main, ...others] : others
  const files = all.map(({file}) => file)
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) {
    throw new UsageError(
      `--report: two reports go to ${twice === '-' ? 'standard output' : JSON.stringify(twice)}: each needs a file of its own`,
    )
  }
  return all
}

function parseReport(text: string): Target {
  const equals = text.indexOf('=')
  if (equals < 1) throw new UsageError(`--report: expected FORMAT=FILE, such as sarif=out.sarif, got ${quote(text)}`)
  return {
    format: parseFormat('--report', text.slice(0, equals)),
    file: parseFile('--report', text.slice(equals + 1)),
  }
}

function parseFormat(flag: string, text: string): Format {
  if (isFormat(text)) return text
  throw new UsageError(`${flag}: ${expectedOneOf(FORMATS, text)}`)
}

function parseFile(flag: string, text: string, standard = 'output'): string {
  if (text.trim() !== '') return text
  throw new UsageError(`${flag}: expected a file, or - for standard ${standard}, got ${quote(text)}`)
}

async function readMetadata(path: string, readFile: ReadFile): Promise<string> {
  try {
    const text = await readFile(path)
    return text.trim() === '' ? '{}' : text
  } catch (thrown) {
    throw new UsageError(`--metadata: ${path} cannot be read: ${messageOf(thrown)}`, {
      hint: 'Name the file that docker buildx build --metadata-file wrote.',
      cause: thrown,
    })
  }
}

function parseArguments(argv: readonly string[]) {
  return parseFlags(argv, FLAGS)
}

/** Splits arguments into flags and the others; throws a UsageError that names a flag that is not there. */
export function parseFlags<F extends ParseArgsOptionsConfig>(argv: readonly string[], flags: F) {
  try {
    return parseArgs({args: argv.map(withoutAlias), allowPositionals: true, options: flags})
  } catch (thrown) {
    const problem = flagProblem(argv, Object.keys(flags), thrown)
    throw new UsageError(problem, {hint: 'See verify-image-arch --help.', cause: thrown})
  }
}

function withoutAlias(argument: string): string {
  const [, name = '', rest = ''] = /^--([a-z-]+)(=.*)?$/s.exec(argument) ?? []
  return Object.hasOwn(ALIASES, name) ? `--${ALIASES[name]}${rest}` : argument
}

/** One line of what is wrong; node's own names the flag, and goes on about positional arguments. */
function flagProblem(argv: readonly string[], names: readonly string[], thrown: unknown): string {
  for (const argument of argv.map(withoutAlias)) {
    if (argument === '--') break
    const [, dashes = '', name = ''] = /^(--?)([^=]+)/.exec(argument) ?? []
    const isShort = dashes === '-'
    const isKnown = isShort ? /^[hq]+$/.test(name) : names.includes(name)
    if (dashes === '' || isKnown) continue
    const nearest = nearestName(name, names)
    return `there is no flag ${quote(`${dashes}${name}`)}${nearest === undefined ? '' : `; did you mean --${nearest}?`}`
  }
  const [, flag] =
    /'(?:-\w, )?(--[a-z-]+)(?: <value>)?' (?:argument missing|argument is ambiguous)/.exec(messageOf(thrown)) ?? []
  return flag === undefined ? (messageOf(thrown).split('\n')[0] ?? '') : `${flag}: expected a value behind it`
}

function quote(text: string): string {
  return JSON.stringify(text)
}
