import type {DockerfileEdit} from '../dockerfile/index.ts'
import {escapeText, shorten} from './escape.ts'
import {escapeMarkdown, markdownLink} from './escape-markdown.ts'
import type {Report} from './report.ts'
import {locationOf} from './subject.ts'
import {byGravity, plural} from './tally.ts'

/** An edit of a Dockerfile that whoever reads the pull request can accept. */
export interface Suggestion {
  /** Relative to the workspace. */
  readonly file: string
  /** The lines that it stands in the place of. */
  readonly line: number
  readonly endLine: number
  /** Markdown: what is wrong, and the lines as they should be. */
  readonly body: string
}

const MESSAGE_LIMIT = 1000

/**
 * The edits of a report, the gravest first. Of those that touch the same lines the first one stays: each is made for
 * the file as it is.
 */
export function suggestionsOf(report: Report): readonly Suggestion[] {
  const taken: Suggestion[] = []
  for (const finding of byGravity(report.findings)) {
    const {edit, rule, message, cause, help, file: ownFile} = finding
    const file = locationOf(finding)?.file
    if (edit === undefined || file === undefined || !isPlain(edit.text)) continue
    const {line, endLine} = edit
    if (taken.some(other => other.file === file && other.line <= endLine && line <= other.endLine)) continue
    const why = ownFile === undefined && cause !== undefined ? cause.message : message
    const words = `${escapeMarkdown(shorten(why, MESSAGE_LIMIT))}.`
    taken.push({file, line, endLine, body: `${words}\n\n${suggestionBlock(edit)}\n\n${markdownLink(rule, help)}`})
  }
  return taken
}

/** What stands above so many suggestions. */
export function describeReview(count: number): string {
  if (count === 0) return 'verify-image-arch suggests no change any more.'
  return `verify-image-arch suggests ${plural(count, 'change')}: accept what is right, and run the check again.`
}

/**
 * https://docs.github.com/pull-requests/collaborating-with-pull-requests/reviewing-changes-in-pull-requests/commenting-on-a-pull-request
 * The fence is longer than any in the text. Its lines end as those of the file do.
 */
function suggestionBlock({text, crlf}: DockerfileEdit): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length))
  const fence = '`'.repeat(longest + 1)
  const end = crlf === true ? '\r\n' : '\n'
  return `${fence}suggestion${end}${text}${end}${fence}`
}

/** What is not shown as it is, nobody can judge before it is accepted. */
function isPlain(text: string): boolean {
  return text.split(/\r?\n/).every(line => escapeText(line.replaceAll('\t', ' ')) === line.replaceAll('\t', ' '))
}
