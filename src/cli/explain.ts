import {UsageError} from '../errors.ts'
import type {Facts} from '../facts/facts.ts'
import {expectedOneOf} from '../lib/nearest.ts'
import {ACCOUNT_FORMATS, type AccountFormat, accountOf, type Report, renderAccount} from '../report/index.ts'
import {type Command, parseCommand} from './arguments.ts'
import type {ListRegistry, ReadFile} from './image-lists.ts'

export const EXPLAIN = 'explain'

/** What `verify-image-arch explain IMAGE …` is to do. */
export interface ExplainCommand extends Pick<Command, 'options' | 'leftOut'> {
  readonly format: AccountFormat
  /** `-` is standard output. */
  readonly file: string
}

/**
 * Reads the arguments behind `explain`: those of a check, of whose formats it has two. Throws a UsageError where there
 * is not an image, or a report is requested.
 */
export async function parseExplain(
  argv: readonly string[],
  readFile: ReadFile,
  today?: () => string,
  listRegistry?: ListRegistry,
): Promise<ExplainCommand | 'help'> {
  const command = await parseCommand(argv, readFile, today, listRegistry)
  if (command === 'help' || command === 'version') return 'help'
  const {options, targets, leftOut} = command
  if (options.images.length === 0) throw new UsageError('explain: no image is given')
  const [target, ...more] = targets
  if (target === undefined || more.length > 0) throw new UsageError('explain: it writes one account, and no --report')
  const format = ACCOUNT_FORMATS.find(one => one === target.format)
  if (format === undefined) throw new UsageError(`explain: --format: ${expectedOneOf(ACCOUNT_FORMATS, target.format)}`)
  return {options, leftOut, format, file: target.file}
}

/** Keeps what a check saw, for its account. */
export function explainer() {
  let seen: Facts = {images: []}
  return {
    onFacts: (facts: Facts): void => {
      seen = facts
    },
    render: (report: Report, format: AccountFormat): string => renderAccount(accountOf(seen, report), format),
  }
}
