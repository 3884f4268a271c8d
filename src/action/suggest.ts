import {messageOf, UsageError} from '../errors.ts'
import type {Options} from '../pipeline/options.ts'
import {describeReview, escapeLogLines, hideSecrets, suggestionsOf} from '../report/index.ts'
import type {Report} from '../report/report.ts'
import {keyOf} from './comment.ts'
import type {ActionHost} from './host.ts'

/** What the input `suggest` says. */
export function readSuggest(host: ActionHost): boolean {
  const written = host.input('suggest')
  if (written === 'true' || written === 'false') return written === 'true'
  throw new UsageError(`suggest: expected true or false, got ${JSON.stringify(written)}`)
}

/**
 * Suggests the edits of a report in the pull request, or brings the suggestions of an earlier run up to date;
 * undefined: there is nothing to suggest any more. What stands in the way is a warning: no job fails of it.
 */
export async function suggestOn(
  host: ActionHost,
  token: string,
  options: Pick<Options, 'images' | 'platforms'>,
  report: Report | undefined,
): Promise<void> {
  const {github} = host
  const reading = await github.pullRequest()
  if (reading.kind === 'unreadable') return warn(host, reading.reason)
  if (reading.kind === 'none') {
    host.log('No suggestion: this run is not of a pull request.')
    return
  }
  if (token === '') return warn(host, 'there is no token')
  const {pull} = reading
  try {
    const open = await github.open(token)
    const secrets = [...github.secrets()]
    const suggestions = report === undefined ? [] : suggestionsOf(report)
    const outcome = await open.review(pull, github.workspace, {
      marker: keyOf(github, options),
      describe: describeReview,
      // An edit in which a secret is hidden would write the stars into the file.
      comments: suggestions.filter(({body}) => hideSecrets(body, secrets) === body),
    })
    if (!outcome.ok) return warn(host, outcome.problem)
    const {made, kept, removed, aside} = outcome.value
    if (made + kept + removed + aside === 0) return
    const beside = aside === 0 ? '' : `; ${aside} on lines that the pull request does not change`
    host.log(`Suggestions on pull request #${pull.number}: ${made} made, ${kept} kept, ${removed} removed${beside}.`)
  } catch (thrown) {
    // For example, the bundle with the client of GitHub cannot be loaded.
    warn(host, messageOf(thrown))
  }
}

function warn(host: ActionHost, reason: string): void {
  host.annotate({
    level: 'warning',
    title: 'No suggestion on the pull request',
    message: escapeLogLines(`The suggestions could not be written: ${reason}.`),
  })
}
