import {createHash} from 'node:crypto'
import {shorten} from './escape.ts'
import {escapeHtml, escapeMarkdown, markdownCode, markdownLink} from './escape-markdown.ts'
import {renderMarkdown} from './markdown.ts'
import type {Report} from './report.ts'

/** When a comment is written: where the check fails or could not be made, or in any case. */
export const COMMENT_MODES = ['never', 'on-failure', 'always'] as const
export type CommentMode = (typeof COMMENT_MODES)[number]

/** What a comment is about: it stays the same from run to run, so that each run finds the comment of the one before. */
export interface CommentKey {
  readonly workflow: string
  readonly job: string
  /** The step, by its id: two in one job have two comments. */
  readonly step: string
  /**
   * The images without their tags and digests, which change with every push; the jobs of a matrix
   * differ in them or in the platforms.
   */
  readonly images: readonly string[]
  readonly platforms: readonly string[]
}

/** The run that writes a comment. */
export interface CommentContext {
  /** The commit at the tip of the pull request. */
  readonly commit: string | undefined
  /** The page of the run. */
  readonly runUrl: string
}

/**
 * `unchecked`: the check could not be made. Why is in the log only, where the runner masks secrets; a comment is masked
 * by nobody. `nothing`: there was nothing to check.
 */
export type CommentSubject =
  | {readonly kind: 'report'; readonly report: Report}
  | {readonly kind: 'unchecked'}
  | {readonly kind: 'nothing'}

/**
 * GitHub: "Body is too long (maximum is 65536 characters)". Ours has fewer bytes, and so in any case fewer characters.
 */
export const COMMENT_LIMIT = 65_536
/** In bytes: what stands before and after the report. */
const FRAME = 2048
const NAME_LIMIT = 200

/** What a comment begins with; nobody sees it, and the next run finds the comment by it. */
export function commentMarker({workflow, job, step, images, platforms}: CommentKey): string {
  const key = JSON.stringify([workflow, job, step, images.toSorted(), platforms.toSorted()])
  return `<!-- verify-image-arch:${createHash('sha256').update(key).digest('hex').slice(0, 24)} -->`
}

/**
 * Whether a comment is made where there is none. One that is there is brought up to date in any case,
 * so that none reports what is gone.
 */
export function isCommentWanted(mode: CommentMode, subject: CommentSubject): boolean {
  if (subject.kind === 'nothing') return false
  return mode === 'always' || (mode === 'on-failure' && !passes(subject))
}

/**
 * The comment's Markdown, the marker first. What an image says is as harmless in it as in the summary of the step;
 * nothing in it is longer than GitHub takes.
 */
export function renderComment(
  marker: string,
  mode: CommentMode,
  subject: CommentSubject,
  context: CommentContext,
): string {
  // With `on-failure` there is a comment on what passes only where an earlier run did not pass.
  const now = mode === 'on-failure' && passes(subject) ? '\nThis check passes now.\n' : ''
  return `${marker}\n${textOf(subject)}${now}\n${formatContext(context)}\n`
}

/**
 * The same text with every secret replaced, however Markdown has it spelled. The runner does so in its log and its
 * summaries; what is posted elsewhere it does not see.
 */
export function hideSecrets(markdown: string, secrets: Iterable<string>): string {
  const spelled = new Set(Array.from(secrets).flatMap(secret => [secret, escapeMarkdown(secret), escapeHtml(secret)]))
  return [...spelled]
    .filter(secret => secret !== '')
    .sort((a, b) => b.length - a.length)
    .reduce((text, secret) => text.replaceAll(secret, '***'), markdown)
}

function textOf(subject: CommentSubject): string {
  if (subject.kind === 'report') return renderMarkdown(withoutReasons(subject.report), {budget: COMMENT_LIMIT - FRAME})
  if (subject.kind === 'nothing') {
    return '## Nothing to check\n\nThe pull request changes no Dockerfile any more, and no image is named. Nothing was verified.\n'
  }
  return '## ❌ Not verified: the check could not be made\n\nThe reason is in the log of the run. What could not be checked is never verified.\n'
}

/** Why an image could not be checked is in the log, too, where the runner masks secrets. */
function withoutReasons(report: Report): Report {
  const images = report.images.map(image =>
    image.problem === undefined
      ? image
      : {...image, problem: {code: image.problem.code, message: 'the reason is in the log of the run'}},
  )
  return {...report, images}
}

function passes(subject: CommentSubject): boolean {
  return subject.kind === 'report' && subject.report.verdict === 'pass'
}

function formatContext({commit, runUrl}: CommentContext): string {
  const run = markdownLink('this run', runUrl)
  const of = commit === undefined ? '' : ` of ${markdownCode(shorten(commit, NAME_LIMIT))}`
  return `<sub>From ${run}${of}.</sub>`
}
