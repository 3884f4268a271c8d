import {type Command, parseCommand, parseMerge, type Streaming, type Target} from './cli/arguments.ts'
import {EXPLAIN, explainer, parseExplain} from './cli/explain.ts'
import type {ListRegistry, ReadFile} from './cli/image-lists.ts'
import {POLICY, parsePolicyCommand} from './cli/policy.ts'
import type {ResultFiles} from './cli/read-results.ts'
import {commandTool} from './cli/tool.ts'
import {EXIT, type ExitCode, USAGE} from './cli/usage.ts'
import {messageOf, SourceError, UsageError} from './errors.ts'
import {defined} from './lib/defined.ts'
import {inWordsOf} from './lib/door-words.ts'
import {check, type Hints, type OpenImage, type ReadDockerfiles} from './pipeline/check.ts'
import type {Options} from './pipeline/options.ts'
import {type LimitTime, withinTime} from './pipeline/time-limit.ts'
import {escapeLogLines, headlineOf, render, type TextOptions} from './report/index.ts'
import type {Report} from './report/report.ts'

export {EXIT, type ExitCode, USAGE} from './cli/usage.ts'

/** All that the command needs of the world. */
export interface CliIo {
  readonly version: string
  /** Of the program's own files; absent where it runs from its source. */
  readonly digest?: () => Promise<string | undefined>
  readonly open: OpenImage
  readonly readDockerfiles: ReadDockerfiles
  readonly hints?: Hints
  /** The report. */
  stdout(text: string): void
  /** Progress and problems. */
  stderr(text: string): void
  /** For `--output` and `--report`. */
  writeFile(path: string, text: string): Promise<void>
  /** Throws where no file can be written at the path; nothing is there after it that was not before. */
  checkFile?(path: string): Promise<void>
  /** For `--metadata`, `--images-from` and `--policy` (`-` is standard input); without it no file can be named. */
  readonly readFile?: ReadFile
  /** For `--images-from registry:…`; without it no registry can be listed. */
  readonly listRegistry?: ListRegistry
  /** For `--stream`, `--resume`, `merge` and `trend`; without it they cannot be used. */
  readonly results?: ResultFiles
  /** The day in UTC, `YYYY-MM-DD`; without it no policy file can be named. */
  today?(): string
  /** What stands under a name that was not found in a registry: `oci:examples/match`; undefined where nothing does. */
  findLocal?(name: string): Promise<string | undefined>
  readonly color: boolean
  /** Columns of the terminal; undefined where standard output is none. */
  readonly width?: number | undefined
  /** Ends the progress that stands on the screen, and with `--quiet` all of it. */
  endProgress?(isQuiet: boolean): void
  /** Without it a run takes as long as it takes. */
  readonly limitTime?: LimitTime
}

const MERGE = 'merge'
const TREND = 'trend'
const PLAN = 'plan'

/** The command: reads argv (without node and script), writes the report, says how it went. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    if (argv[0] === EXPLAIN) return await runExplain(argv.slice(1), io)
    if (argv[0] === POLICY) return await runPolicy(argv.slice(1), io)
    if (argv[0] === MERGE) return await runMerge(argv.slice(1), io)
    if (argv[0] === PLAN) return await runPlanCommand(argv.slice(1), io)
    if (argv[0] === TREND) return await runTrendCommand(argv.slice(1), io)
    const parsed = await parseCommand(argv, io.readFile ?? noFiles, io.today, io.listRegistry)
    if (parsed === 'help') {
      io.stdout(USAGE)
      return EXIT.verified
    }
    if (parsed === 'version') {
      io.stdout(`verify-image-arch ${io.version}\n`)
      return EXIT.verified
    }
    const {options, targets, quiet, leftOut, streaming} = parsed
    if (quiet) io.endProgress?.(true)
    if (streaming !== undefined) return await runStreamed(io, parsed, streaming)
    await prepare(io, leftOut, targets)
    const report = await withinTime(options.timeout, io.limitTime, () =>
      check(options, io.open, commandTool(io), io.readDockerfiles, io.hints),
    )
    io.endProgress?.(quiet)
    for (const target of targets) await writeTarget(io, report, target, quiet)
    tellUnchecked(io, report)
    return exitCodeOf(report, options)
  } catch (thrown) {
    io.endProgress?.(false)
    // GitHub's runner looks for commands in standard error too.
    io.stderr(escapeLogLines(problemText(thrown) + (await localHint(io, argv, thrown))))
    if (thrown instanceof UsageError) return EXIT.usage
    return thrown instanceof SourceError ? EXIT.couldNotCheck : EXIT.bug
  }
}

/** Says how the check came to what it says. That something is wrong is not a failure of it. */
async function runExplain(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const parsed = await parseExplain(argv, io.readFile ?? noFiles, io.today, io.listRegistry)
  if (parsed === 'help') {
    io.stdout(USAGE)
    return EXIT.verified
  }
  const {options, leftOut, format, file} = parsed
  await prepare(io, leftOut, [parsed])
  const {onFacts, render: renderSeen} = explainer()
  const report = await withinTime(options.timeout, io.limitTime, () =>
    check(options, io.open, commandTool(io), io.readDockerfiles, {
      ...io.hints,
      onFacts,
    }),
  )
  io.endProgress?.(false)
  const text = renderSeen(report, format)
  if (file === '-') io.stdout(text)
  else await writing(file, () => io.writeFile(file, text))
  tellUnchecked(io, report)
  return exitCodeOf(report, {...options, failOn: 'never'})
}

/** Writes each result when it is ready; there is no report in the end. */
async function runStreamed(io: CliIo, {options, quiet, leftOut}: Command, streaming: Streaming): Promise<ExitCode> {
  await prepare(io, leftOut, [streaming])
  const {runFleet} = await import('./cli/fleet.ts')
  const {failed, unchecked} = await withinTime(options.timeout, io.limitTime, () =>
    runFleet(io, options, streaming, quiet),
  )
  io.endProgress?.(quiet)
  if (unchecked > 0) return EXIT.couldNotCheck
  return failed > 0 && options.failOn !== 'never' ? EXIT.findings : EXIT.verified
}

/** Makes one report of the results of streamed runs. */
async function runMerge(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const parsed = parseMerge(argv)
  if (parsed === 'help') {
    io.stdout(USAGE)
    return EXIT.verified
  }
  const {files, targets, quiet} = parsed
  await prepare(io, [], targets)
  const {mergeFiles} = await import('./cli/fleet.ts')
  const report = await mergeFiles(io, files)
  for (const target of targets) await writeTarget(io, report, target, quiet)
  tellUnchecked(io, report)
  return exitCodeOf(report, report.configuration)
}

/** Says what is new since an earlier run. */
async function runTrendCommand(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const {parseTrend, runTrend} = await import('./cli/trend.ts')
  const parsed = parseTrend(argv)
  if (parsed === 'help') {
    io.stdout(USAGE)
    return EXIT.verified
  }
  const {file, failsOnNew} = parsed
  await prepare(io, [], [parsed])
  const {text, newErrors} = await runTrend(io.results, parsed)
  if (file === '-') io.stdout(text)
  else await writing(file, () => io.writeFile(file, text))
  return failsOnNew && newErrors > 0 ? EXIT.findings : EXIT.verified
}

/** Writes the inventory as every part of a run reads it, and checks nothing. */
async function runPlanCommand(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const {parsePlan, runPlan} = await import('./cli/plan.ts')
  const parsed = await parsePlan(argv, io.readFile ?? noFiles, io.today, io.listRegistry)
  if (parsed === 'help') {
    io.stdout(USAGE)
    return EXIT.verified
  }
  await prepare(io, parsed.leftOut, [parsed])
  const text = await withinTime(parsed.options.timeout, io.limitTime, () => runPlan(parsed, io.open))
  io.endProgress?.(false)
  if (parsed.file === '-') io.stdout(text)
  else await writing(parsed.file, () => io.writeFile(parsed.file, text))
  return EXIT.verified
}

/** Says how images are checked, and reads none of them. */
async function runPolicy(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  const parsed = await parsePolicyCommand(argv, io.readFile ?? noFiles, io.today, io.listRegistry)
  if (parsed === 'help') {
    io.stdout(USAGE)
    return EXIT.verified
  }
  const {text, file} = parsed
  if (file === '-') io.stdout(text)
  else await writing(file, () => io.writeFile(file, text))
  return EXIT.verified
}

/** A check may take minutes: what it leaves out, and where its report cannot go, is said before. */
async function prepare(io: CliIo, leftOut: readonly string[], targets: readonly Pick<Target, 'file'>[]): Promise<void> {
  for (const left of leftOut) io.stderr(escapeLogLines(`verify-image-arch: not checked: ${left}\n`))
  for (const {file} of targets) if (file !== '-') await writing(file, async () => io.checkFile?.(file))
}

async function noFiles(): Promise<never> {
  throw new Error('there are no files here')
}

async function writeTarget(io: CliIo, report: Report, {format, file}: Target, quiet: boolean): Promise<void> {
  const isPrinted = file === '-'
  // Who asked for quiet reads only what is not as it should be.
  if (quiet && isPrinted && format === 'text' && headlineOf(report).isClean) return
  const options: TextOptions = isPrinted ? {color: io.color, isQuiet: quiet, ...defined({width: io.width})} : {}
  const text = render(report, format, options)
  if (isPrinted) io.stdout(text)
  else await writing(file, () => io.writeFile(file, text))
}

/** A name that is not found, and that a layout or an archive has here, was meant as that. */
async function localHint(io: CliIo, argv: readonly string[], thrown: unknown): Promise<string> {
  if (!(thrown instanceof SourceError) || thrown.code === 'aborted') return ''
  for (const name of argv.filter(argument => thrown.message.includes(argument) && !argument.startsWith('-'))) {
    const local = await io.findLocal?.(name)
    if (local !== undefined) return `There is an image here under this name: did you mean ${local}?\n`
  }
  return ''
}

async function writing(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    throw new SourceError('unavailable', `the report cannot be written to ${path}: ${messageOf(thrown)}`, {
      hint: 'Name a file (--output, --report) in a directory that exists and is writable, on a disk with free space.',
      cause: thrown,
    })
  }
}

/** The report says why images could not be checked; standard error says so, too, where a script looks for it. */
function tellUnchecked(io: CliIo, {images}: Report): void {
  for (const {reference, problem} of images) {
    if (problem === undefined) continue
    const named = problem.message.includes(reference) ? '' : `${reference}: `
    const hint = problem.hint === undefined ? '' : `${problem.hint}\n`
    io.stderr(escapeLogLines(`verify-image-arch: ${named}${problem.message}\n${hint}`))
  }
}

function exitCodeOf(report: Report, {failOn}: Pick<Options, 'failOn'>): ExitCode {
  if (report.images.some(({problem}) => problem !== undefined)) return EXIT.couldNotCheck
  return report.verdict === 'fail' && failOn !== 'never' ? EXIT.findings : EXIT.verified
}

/** A bug keeps its stack; everything else says what is wrong and what to do. */
function problemText(thrown: unknown): string {
  if (thrown instanceof UsageError || thrown instanceof SourceError) {
    return `verify-image-arch: ${thrown.message}\n${thrown.hint === undefined ? '' : `${inWordsOf('command', thrown.hint)}\n`}`
  }
  return `verify-image-arch: this is a bug, please report it\n${thrown instanceof Error ? thrown.stack : String(thrown)}\n`
}
