import {parseArgs} from 'node:util'
import {messageOf, SourceError, UsageError} from './errors.ts'
import {check, type Hints, type OpenImage, type ReadDockerfiles} from './pipeline/check.ts'
import {DEFAULTS, type Options, parseList, parseOptions} from './pipeline/options.ts'
import {type LimitTime, withinTime} from './pipeline/time-limit.ts'
import {escapeLogLines, FORMATS, type Format, isFormat, render} from './report/index.ts'
import type {Report} from './report/report.ts'

/** What the command's exit codes say. */
export const EXIT = {verified: 0, findings: 1, usage: 2, couldNotCheck: 3, bug: 70} as const
export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** All that the command needs of the world. */
export interface CliIo {
  readonly version: string
  /** Of the program's own files; absent where it runs from its source. */
  readonly digest?: string | undefined
  readonly open: OpenImage
  readonly readDockerfiles: ReadDockerfiles
  readonly hints?: Hints
  /** The report. */
  stdout(text: string): void
  /** Progress and problems. */
  stderr(text: string): void
  /** For `--output`. */
  writeFile(path: string, text: string): Promise<void>
  readonly color: boolean
  /** Without it a run takes as long as it takes. */
  readonly limitTime?: LimitTime
}

export const USAGE = `verify-image-arch IMAGE… [options]
verify-image-arch --dockerfile GLOB… [--platforms LIST] [options]

Says, for each platform that an image claims, whether the kernel of that platform would start it.
Nothing in the image is executed.

IMAGE is a reference (see --source) or, with a transport,
  docker://REF                 in a registry, read without an engine
  docker-daemon:REF            what the docker engine already holds
  oci:DIR[:TAG]                an OCI image layout
  oci-archive:FILE[:TAG]       the same in a tar: buildx type=oci, skopeo, podman
  docker-archive:FILE[:REF]    docker save, buildx type=docker

  --source SOURCE         how a reference is read: docker (docker create, docker cp; the default) or registry
  --platforms LIST        the platforms that must be there and right (default: every platform of the index)
  --scope SCOPE           entrypoint: what starts, and all it hands over to; essential: that, the HEALTHCHECK, and
                          /bin/sh, the loaders and libc; image: that, and every file (default: ${DEFAULTS.scope})
  --fail-on LEVEL         error, warning or never (default: ${DEFAULTS.failOn})
  --on-undetermined WHAT  pass or fail, where it is not known whether a platform starts (default: ${DEFAULTS.onUndetermined})
  --rule ID=LEVEL         error, warning, note or off for one rule; may be repeated
  --ignore GLOB           files left out of the whole-image scan: an absolute glob, with a reason after " #"; may be repeated
  --baseline IMAGE        an image whose platforms this one must still have: the last release
  --baseline-required     without it, that nothing stands at --baseline is a note
  --dockerfile GLOB       Dockerfiles to check, with an image or without one; may be repeated
  --cache                 keep what is read of layers in $XDG_CACHE_HOME, and use what is there
  --concurrency N         images and platforms read at once (default: ${DEFAULTS.concurrency})
  --insecure-registry HOST[:PORT]
                          a registry that may be accessed over plain HTTP; may be repeated
  --limits NAME=VALUE     a limit to raise, such as layer-bytes=128GiB (docs/threat-model.md); may be repeated
  --timeout TIME          how long the check may take: 90s, 30m, 2h; 0 for no limit (default: ${DEFAULTS.timeout})
  --format FORMAT         ${FORMATS.join(', ')} (default: text)
  --output FILE           write the report there instead of standard output
  --help, --version

Exit codes: ${EXIT.verified} verified, ${EXIT.findings} findings at or above --fail-on, ${EXIT.usage} wrong usage, ${EXIT.couldNotCheck} could not check.
`

interface Command {
  readonly options: Options
  readonly format: Format
  readonly output: string | undefined
}

/** The command: reads argv (without node and script), writes the report, says how it went. */
export async function runCli(argv: readonly string[], io: CliIo): Promise<ExitCode> {
  try {
    const parsed = parseCommand(argv)
    if (parsed === 'help') {
      io.stdout(USAGE)
      return EXIT.verified
    }
    if (parsed === 'version') {
      io.stdout(`verify-image-arch ${io.version}\n`)
      return EXIT.verified
    }
    const {options} = parsed
    const report = await withinTime(options.timeout, io.limitTime, () =>
      check(options, io.open, io, io.readDockerfiles, io.hints),
    )
    const text = render(report, parsed.format, {color: io.color && parsed.output === undefined})
    if (parsed.output === undefined) io.stdout(text)
    else await writeReport(io, parsed.output, text)
    tellUnchecked(io, report)
    return exitCodeOf(report, parsed.options)
  } catch (thrown) {
    // GitHub's runner looks for commands in standard error too.
    io.stderr(escapeLogLines(problemText(thrown)))
    if (thrown instanceof UsageError) return EXIT.usage
    return thrown instanceof SourceError ? EXIT.couldNotCheck : EXIT.bug
  }
}

async function writeReport(io: CliIo, path: string, text: string): Promise<void> {
  try {
    await io.writeFile(path, text)
  } catch (thrown) {
    throw new SourceError('unavailable', `the report cannot be written to ${path}: ${messageOf(thrown)}`, {
      hint: 'Name a file (--output) in a folder that is there and may be written to, on a disk with room.',
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

function exitCodeOf(report: Report, {failOn}: Options): ExitCode {
  if (report.images.some(({problem}) => problem !== undefined)) return EXIT.couldNotCheck
  return report.verdict === 'fail' && failOn !== 'never' ? EXIT.findings : EXIT.verified
}

function parseCommand(argv: readonly string[]): Command | 'help' | 'version' {
  const {values, positionals} = parseArguments(argv)
  if (values.help === true) return 'help'
  if (values.version === true) return 'version'
  const format = values.format ?? 'text'
  if (!isFormat(format)) {
    throw new UsageError(`--format: expected ${FORMATS.join(', ')}, got ${JSON.stringify(format)}`)
  }
  const options = parseOptions({
    image: positionals,
    metadata: '',
    platforms: (values.platforms ?? []).flatMap(parseList),
    source: values.source ?? DEFAULTS.source,
    scope: values.scope ?? DEFAULTS.scope,
    failOn: values['fail-on'] ?? DEFAULTS.failOn,
    onUndetermined: values['on-undetermined'] ?? DEFAULTS.onUndetermined,
    rules: values.rule ?? [],
    ignore: values.ignore ?? [],
    baseline: values.baseline ?? '',
    baselineRequired: String(values['baseline-required'] ?? DEFAULTS.baselineRequired),
    dockerfile: values.dockerfile ?? [],
    cache: String(values.cache ?? DEFAULTS.cache),
    concurrency: values.concurrency ?? DEFAULTS.concurrency,
    insecureRegistries: (values['insecure-registry'] ?? []).flatMap(parseList),
    limits: (values.limits ?? []).flatMap(parseList),
    timeout: values.timeout ?? DEFAULTS.timeout,
  })
  return {options, format, output: values.output}
}

function parseArguments(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
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
        cache: {type: 'boolean'},
        concurrency: {type: 'string'},
        'insecure-registry': {type: 'string', multiple: true},
        limits: {type: 'string', multiple: true},
        timeout: {type: 'string'},
        format: {type: 'string'},
        output: {type: 'string'},
        help: {type: 'boolean', short: 'h'},
        version: {type: 'boolean'},
      },
    })
  } catch (thrown) {
    throw new UsageError(messageOf(thrown), {hint: 'See verify-image-arch --help.', cause: thrown})
  }
}

/** A bug keeps its stack; everything else says what is wrong and what to do. */
function problemText(thrown: unknown): string {
  if (thrown instanceof UsageError || thrown instanceof SourceError) {
    return `verify-image-arch: ${thrown.message}\n${thrown.hint === undefined ? '' : `${thrown.hint}\n`}`
  }
  return `verify-image-arch: this is a bug, please report it\n${thrown instanceof Error ? thrown.stack : String(thrown)}\n`
}
