import {messageOf, SourceError, UsageError} from '../errors.ts'
import {defined} from '../lib/defined.ts'
import {inWordsOf} from '../lib/door-words.ts'
import {expectedOneOf} from '../lib/nearest.ts'
import {check} from '../pipeline/check.ts'
import {type Options, parseList, parseOptions, parseReasonedList, type RawOptions} from '../pipeline/options.ts'
import {withinTime} from '../pipeline/time-limit.ts'
import {loadPolicy} from '../policy/load-policy.ts'
import type {Policy} from '../policy/policy.ts'
import {
  annotationsOf,
  COMMENT_MODES,
  escapeLogLines,
  escapeMarkdown,
  headlineOf,
  isLookedInto,
  renderJson,
  renderMarkdown,
  renderPredicate,
  renderSarif,
  renderText,
  SARIF_RULES,
  signable,
  titleOf,
} from '../report/index.ts'
import type {Report} from '../report/report.ts'
import {type CommentInputs, commentOn} from './comment.ts'
import {findChanged, tellNote} from './dockerfiles.ts'
import type {ActionHost} from './host.ts'
import {readSuggest, suggestOn} from './suggest.ts'

export const OUTPUTS = ['verified', 'images', 'digest', 'platforms', 'report', 'sarif', 'predicate'] as const

/**
 * The action: inputs -> check -> outputs, annotations and summary. Every output is set on every path, so that an output
 * that something else set in this step's name never stands; `verified` is `true` only after a check that passed.
 */
export async function runAction(host: ActionHost): Promise<void> {
  try {
    for (const name of OUTPUTS) host.output(name, name === 'verified' ? 'false' : '')
    const comment = readCommentInputs(host)
    const suggests = readSuggest(host)
    const written = readInputs(host)
    const policy = await readPolicy(host)
    const changed = await findChanged(host, comment.token, written)
    if (changed.kind === 'nothing') {
      const options = await tellNothing(host, comment, written, policy)
      if (suggests) await suggestOn(host, comment.token, options, undefined)
      return
    }
    const dockerfile = [...written.dockerfile, ...changed.globs]
    const options = parseOptions({...written, dockerfile}, undefined, policy)
    const report = await checkOrComment(host, comment, options)
    await show(host, report)
    if (changed.note !== undefined) await tellNote(host, changed.note)
    if (isFailed(report)) host.fail(failureOf(report))
    await commentOn(host, comment, options, {kind: 'report', report})
    if (suggests) await suggestOn(host, comment.token, options, report)
  } catch (thrown) {
    host.fail(problemOf(thrown))
    takeBack(host)
    await tellProblem(host, thrown)
  }
}

/** Who reads the summary sees there why there is no report; a bug's stack is in the log. */
async function tellProblem(host: ActionHost, thrown: unknown): Promise<void> {
  const isOurs = thrown instanceof UsageError || thrown instanceof SourceError
  const [title, ...lines] = problemOf(thrown).split('\n')
  const told = isOurs ? lines : ['The stack is in the log of this step.']
  const text = [`## ❌ ${escapeMarkdown(title ?? '')}`, ...told.map(escapeMarkdown), NOTHING_VERIFIED].join('\n\n')
  try {
    await host.summary(`${text}\n`)
  } catch (failed) {
    host.log(`The summary could not be written: ${escapeLogLines(messageOf(failed))}`)
  }
}

const NOTHING_VERIFIED = 'Nothing was verified, so nothing should be signed.'

/** `fail-on: never` is about what was found: what could not be checked fails in any case. */
function isFailed({verdict, images, configuration}: Report): boolean {
  return verdict === 'fail' && (configuration.failOn !== 'never' || images.some(({problem}) => problem !== undefined))
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
async function tellNothing(
  host: ActionHost,
  comment: CommentInputs,
  written: RawOptions,
  policy: Policy | undefined,
): Promise<Options> {
  // What is wrong with the other inputs is reported all the same.
  const options = parseOptions({...written, dockerfile: ['Dockerfile']}, undefined, policy)
  const message =
    'No image is named and the pull request changes no Dockerfile: nothing was checked, and nothing is verified.'
  host.annotate({level: 'notice', title: 'Nothing to check', message})
  await host.summary(`## Nothing to check\n\n${message}\n`)
  await commentOn(host, comment, options, {kind: 'nothing'})
  return options
}

/** That a check could not be made is said on the pull request, too: what an earlier comment says is no longer so. */
async function checkOrComment(host: ActionHost, comment: CommentInputs, options: Options): Promise<Report> {
  try {
    return await withinTime(options.timeout, host.limitTime, () =>
      check(
        options,
        host.open,
        {version: host.version, ...defined({digest: host.digest}), door: 'action'},
        host.readDockerfiles,
        host.hints,
      ),
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
  throw new UsageError(`comment: ${expectedOneOf(COMMENT_MODES, written)}`)
}

async function readPolicy(host: ActionHost): Promise<Policy | undefined> {
  const file = host.input('policy')
  if (file === '') return undefined
  return loadPolicy({file, spoken: 'policy', today: host.today(), read: name => host.readPolicy(name)})
}

function readInputs(host: ActionHost): RawOptions {
  // An input that is not written is empty: only then a policy file may set it.
  const written = (name: string): string | undefined => host.input(name) || undefined
  return {
    image: parseList(host.input('image')),
    metadata: host.input('metadata'),
    platforms: parseList(host.input('platforms')),
    source: host.input('source'),
    scope: written('scope'),
    failOn: host.input('fail-on'),
    onUndetermined: written('on-undetermined'),
    rules: parseList(host.input('rules')),
    ignore: parseReasonedList(host.input('ignore')),
    baseline: host.input('baseline'),
    baselineRequired: written('baseline-required'),
    dockerfile: parseList(host.input('dockerfile')),
    cache: host.input('cache'),
    concurrency: host.input('concurrency'),
    insecureRegistries: parseList(host.input('insecure-registries')),
    limits: parseList(host.input('limits')),
    timeout: host.input('timeout'),
  }
}

async function show(host: ActionHost, report: Report): Promise<void> {
  host.log(renderText(report, {color: false}))
  for (const annotation of annotationsOf(report)) host.annotate(annotation)
  await host.summary(renderMarkdown(report))
  host.output('report', await host.writeFile('report.json', renderJson(report)))
  host.output('sarif', await host.writeFile('report.sarif', renderSarif(report, SARIF_RULES)))
  host.output('predicate', (await writePredicates(host, report)).join('\n'))
  host.output('digest', report.images[0]?.digest ?? '')
  host.output('platforms', JSON.stringify(platformsOf(report)))
  // Last: nothing that fails above leaves a step that says it verified something.
  if (report.verdict === 'pass') {
    host.output('images', signable(report).join('\n'))
    host.output('verified', String(report.images.every(isLookedInto)))
  }
}

/** Files that are written at the same time. */
const WRITTEN_AT_ONCE = 16

/** A predicate is about one subject: one file for each image, in the order of the images. */
async function writePredicates(host: ActionHost, report: Report): Promise<string[]> {
  const paths: string[] = []
  const {images} = report
  for (let start = 0; start < images.length; start += WRITTEN_AT_ONCE) {
    const some = images.slice(start, start + WRITTEN_AT_ONCE).map((image, index) => {
      const number = start + index + 1
      const name = number === 1 ? 'predicate.json' : `predicate-${number}.json`
      return host.writeFile(name, renderPredicate(report, image))
    })
    paths.push(...(await Promise.all(some)))
  }
  return paths
}

function platformsOf(report: Report) {
  return report.images.flatMap(image =>
    image.platforms.map(({platform, digest, verdict, tolerated}) => ({
      image: image.reference,
      platform,
      digest: digest ?? null,
      verdict,
      ...defined({tolerated}),
    })),
  )
}

/** What is wrong, as the headline says it, with what to do about an image that could not be read. */
function failureOf(report: Report): string {
  const headline = headlineOf(report)
  const {summary, wrong} = headline
  const hint = report.images.find(({problem}) => problem?.hint !== undefined)?.problem?.hint
  const unsigned = report.images.length === 0 ? '' : ` ${NOTHING_VERIFIED}`
  return `${titleOf(headline)}: ${wrong.length === 0 ? summary : wrong.join('; ')}.${unsigned}${hint === undefined ? '' : `\n${hint}`}`
}

function problemOf(thrown: unknown): string {
  const isOurs = thrown instanceof UsageError || thrown instanceof SourceError
  if (!isOurs)
    return `This is a bug, please report it: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown)}`
  const kind = thrown instanceof UsageError ? 'Wrong input' : 'Could not check'
  return `${kind}: ${thrown.message}${thrown.hint === undefined ? '' : `\n${inWordsOf('action', thrown.hint)}`}`
}
