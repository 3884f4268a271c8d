import {messageOf, SourceError, UsageError} from '../errors.ts'
import {check} from '../pipeline/check.ts'
import {type Options, parseList, parseOptions, parseReasonedList, type RawOptions} from '../pipeline/options.ts'
import {withinTime} from '../pipeline/time-limit.ts'
import {
  annotationsOf,
  COMMENT_MODES,
  escapeLogLines,
  renderJson,
  renderMarkdown,
  renderPredicate,
  renderSarif,
  renderText,
  SARIF_RULES,
} from '../report/index.ts'
import type {Report} from '../report/report.ts'
import {RULES} from '../rules/index.ts'
import {type CommentInputs, commentOn} from './comment.ts'
import {findChanged, tellNote} from './dockerfiles.ts'
import type {ActionHost} from './host.ts'

export const OUTPUTS = ['verified', 'images', 'digest', 'platforms', 'report', 'sarif', 'predicate'] as const

/**
 * The action: inputs -> check -> outputs, annotations and summary. Every output is set on every path, so that an output
 * that something else set in this step's name never stands; `verified` is `true` only after a check that passed.
 */
export async function runAction(host: ActionHost): Promise<void> {
  try {
    for (const name of OUTPUTS) host.output(name, name === 'verified' ? 'false' : '')
    const comment = readCommentInputs(host)
    const written = readInputs(host)
    const changed = await findChanged(host, comment.token, written)
    if (changed.kind === 'nothing') return await tellNothing(host, comment, written)
    const options = parseOptions({...written, dockerfile: [...written.dockerfile, ...changed.globs]})
    const report = await checkOrComment(host, comment, options)
    await show(host, report, options)
    if (changed.note !== undefined) await tellNote(host, changed.note)
    if (report.verdict === 'fail' && options.failOn !== 'never') host.fail(failureOf(report))
    await commentOn(host, comment, options, {kind: 'report', report})
  } catch (thrown) {
    host.fail(problemOf(thrown))
    takeBack(host)
  }
}

/**
 * What was said before something failed is not so; where even that cannot be said, the step has failed all the same.
 */
function takeBack(host: ActionHost): void {
  try {
    host.output('verified', 'false')
    host.output('images', '')
  } catch (thrown) {
    host.log(`The outputs could not be taken back: ${escapeLogLines(messageOf(thrown))}`)
  }
}

/** A step that had nothing to do says so where it is seen: it passes, and verifies nothing. */
async function tellNothing(host: ActionHost, comment: CommentInputs, written: RawOptions): Promise<void> {
  // What is wrong with the other inputs is told all the same.
  const options = parseOptions({...written, dockerfile: ['Dockerfile']})
  const message =
    'No image is named and the pull request changes no Dockerfile: nothing was checked, and nothing is verified.'
  host.annotate({level: 'notice', title: 'Nothing to check', message})
  await host.summary(`## Nothing to check\n\n${message}\n`)
  await commentOn(host, comment, options, {kind: 'nothing'})
}

/** That a check could not be made is said on the pull request, too: what an earlier comment says is no longer so. */
async function checkOrComment(host: ActionHost, comment: CommentInputs, options: Options): Promise<Report> {
  try {
    return await withinTime(options.timeout, host.limitTime, () =>
      check(options, host.open, host.version, host.readDockerfiles, host.hints),
    )
  } catch (thrown) {
    const isCancelled = thrown instanceof SourceError && thrown.code === 'aborted'
    if (!isCancelled) await commentOn(host, comment, options, {kind: 'unchecked'})
    throw thrown
  }
}

function readCommentInputs(host: ActionHost): CommentInputs {
  const token = host.input('token')
  const written = host.input('comment')
  const mode = COMMENT_MODES.find(known => known === written)
  if (mode) return {mode, token}
  throw new UsageError(`comment: expected ${COMMENT_MODES.join(', ')}, got ${JSON.stringify(written)}`)
}

function readInputs(host: ActionHost): RawOptions {
  return {
    image: parseList(host.input('image')),
    metadata: host.input('metadata'),
    platforms: parseList(host.input('platforms')),
    source: host.input('source'),
    scope: host.input('scope'),
    failOn: host.input('fail-on'),
    rules: parseList(host.input('rules')),
    ignore: parseReasonedList(host.input('ignore')),
    baseline: host.input('baseline'),
    dockerfile: parseList(host.input('dockerfile')),
    cache: host.input('cache'),
    concurrency: host.input('concurrency'),
    insecureRegistries: parseList(host.input('insecure-registries')),
    limits: parseList(host.input('limits')),
    timeout: host.input('timeout'),
  }
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
async function writePredicates(host: ActionHost, report: Report, {failOn, rules, limits}: Options): Promise<string[]> {
  const levels = RULES.map(({id, level}) => ({id, level: rules.get(id) ?? level}))
  const paths: string[] = []
  for (const [index, image] of report.images.entries()) {
    const name = index === 0 ? 'predicate.json' : `predicate-${index + 1}.json`
    paths.push(await host.writeFile(name, renderPredicate(report, {image, failOn, rules: levels, limits})))
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
  if (isOnlyDockerfile) return `The Dockerfile does not build the requested platforms: ${counts}.${unsigned}`
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
