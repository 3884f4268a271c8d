import {check, type OpenImage, type ReadDockerfiles} from './check.ts'
import {messageOf, SourceError, UsageError} from './errors.ts'
import {type Options, parseList, parseOptions} from './options.ts'
import {
  type Annotation,
  annotationsOf,
  renderJson,
  renderMarkdown,
  renderPredicate,
  renderSarif,
  renderText,
  SARIF_RULES,
} from './report/index.ts'
import type {Report} from './report/report.ts'
import {RULES} from './rules/index.ts'

/** All that the action needs of the runner. */
export interface ActionHost {
  readonly version: string
  readonly open: OpenImage
  readonly readDockerfiles: ReadDockerfiles
  input(name: string): string
  output(name: string, value: string): void
  annotate(annotation: Annotation): void
  /** One block of the log; the host keeps it from being taken for workflow commands. */
  log(text: string): void
  /** Adds Markdown to the step's summary. */
  summary(markdown: string): Promise<void>
  /** Writes a file for later steps; returns its path. */
  writeFile(name: string, text: string): Promise<string>
  /** Fails the step, with an error annotation. */
  fail(message: string): void
}

export const OUTPUTS = ['verified', 'images', 'digest', 'platforms', 'report', 'sarif', 'predicate'] as const

/**
 * The action: inputs -> check -> outputs, annotations and summary. Every output is set on every path, so that an output
 * that something else set in this step's name never stands; `verified` is `true` only after a check that passed.
 */
export async function runAction(host: ActionHost): Promise<void> {
  for (const name of OUTPUTS) host.output(name, name === 'verified' ? 'false' : '')
  try {
    const options = readOptions(host)
    const report = await check(options, host.open, host.version, host.readDockerfiles)
    await show(host, report, options)
    if (report.verdict === 'fail' && options.failOn !== 'never') host.fail(failureOf(report))
  } catch (thrown) {
    host.fail(problemOf(thrown))
  }
}

function readOptions(host: ActionHost): Options {
  return parseOptions({
    image: parseList(host.input('image')),
    metadata: host.input('metadata'),
    platforms: parseList(host.input('platforms')),
    source: host.input('source'),
    scope: host.input('scope'),
    failOn: host.input('fail-on'),
    rules: parseList(host.input('rules')),
    baseline: host.input('baseline'),
    dockerfile: parseList(host.input('dockerfile')),
    concurrency: host.input('concurrency'),
  })
}

async function show(host: ActionHost, report: Report, options: Options): Promise<void> {
  host.log(renderText(report, {color: false}))
  for (const annotation of annotationsOf(report)) host.annotate(annotation)
  await host.summary(renderMarkdown(report))
  host.output('report', await host.writeFile('report.json', renderJson(report)))
  host.output('sarif', await host.writeFile('report.sarif', renderSarif(report, SARIF_RULES)))
  host.output('predicate', (await writePredicates(host, report, options)).join('\n'))
  host.output('digest', report.images[0]?.digest ?? '')
  host.output('platforms', JSON.stringify(platformsOf(report)))
  // Last: nothing that fails above leaves a step that says it verified something.
  if (report.verdict === 'pass') {
    host.output('images', signable(report).join('\n'))
    host.output('verified', 'true')
  }
}

/** A predicate is about one subject: one file for each image, in the order of the images. */
async function writePredicates(host: ActionHost, report: Report, {failOn, rules}: Options): Promise<string[]> {
  const levels = RULES.map(({id, level}) => ({id, level: rules.get(id) ?? level}))
  const paths: string[] = []
  for (const [index, image] of report.images.entries()) {
    const name = index === 0 ? 'predicate.json' : `predicate-${index + 1}.json`
    paths.push(await host.writeFile(name, renderPredicate(report, {image, failOn, rules: levels})))
  }
  return paths
}

function platformsOf(report: Report) {
  return report.images.flatMap(image =>
    image.platforms.map(({platform, digest, verdict}) => ({
      image: image.reference,
      platform,
      digest: digest ?? null,
      verdict,
    })),
  )
}

/** `name@digest` of every image that a signer can sign: one that stands in a registry. */
function signable(report: Report): string[] {
  return report.images.flatMap(({name, digest}) =>
    name === undefined || digest === undefined ? [] : [`${name}@${digest}`],
  )
}

function failureOf(report: Report): string {
  const wrong = report.images.flatMap(image => image.platforms).filter(({verdict}) => verdict === 'mismatch')
  const errors = report.findings.filter(({level}) => level === 'error').length
  const warnings = report.findings.filter(({level}) => level === 'warning').length
  const counts = [plural(errors, 'error'), plural(warnings, 'warning')].filter(text => text !== '').join(' and ')
  const where = wrong.length === 0 ? '' : `; wrong: ${[...new Set(wrong.map(({platform}) => platform))].join(', ')}`
  const unsigned = report.images.length === 0 ? '' : ' Nothing was verified, so nothing should be signed.'
  const grave = report.findings.filter(({level}) => level !== 'note')
  const isOnlyDockerfile = grave.length > 0 && grave.every(({image}) => image === undefined)
  if (isOnlyDockerfile) return `The Dockerfile would not make what it is asked for: ${counts}.${unsigned}`
  return `The image is not what it claims: ${counts}${where}.${unsigned}`
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : `${count} ${noun}${count === 1 ? '' : 's'}`
}

function problemOf(thrown: unknown): string {
  const isOurs = thrown instanceof UsageError || thrown instanceof SourceError
  if (!isOurs)
    return `This is a bug, please report it: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}`
  const kind = thrown instanceof UsageError ? 'Wrong input' : 'Could not check'
  return `${kind}: ${thrown.message}${thrown.hint === undefined ? '' : `\n${thrown.hint}`}`
}
