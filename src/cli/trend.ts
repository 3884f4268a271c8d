import {UsageError} from '../errors.ts'
import {renderTrend, TREND_FORMATS, type TrendFormat} from '../fleet/render-trend.ts'
import {collectSeen, type Seen, trendOf} from '../fleet/trend.ts'
import {expectedOneOf} from '../lib/nearest.ts'
import {parseFlags} from './arguments.ts'
import {type ResultFiles, readResultFiles} from './read-results.ts'

/** What `verify-image-arch trend FILE… --against FILE` is to do. */
export interface TrendCommand {
  readonly files: readonly string[]
  readonly against: readonly string[]
  readonly format: TrendFormat
  /** `-` is standard output. */
  readonly file: string
  /** Whether errors that are new make the exit code 1. */
  readonly failsOnNew: boolean
}

const FLAGS = {
  against: {type: 'string', multiple: true},
  format: {type: 'string'},
  output: {type: 'string'},
  'fail-on-new': {type: 'boolean'},
  help: {type: 'boolean', short: 'h'},
} as const

/** Reads the arguments behind `trend`: files of results, and those of an earlier run. */
export function parseTrend(argv: readonly string[]): TrendCommand | 'help' {
  const {values, positionals} = parseFlags(argv, FLAGS)
  if (values.help === true) return 'help'
  const {against = [], format: written = 'text', output: file = '-'} = values
  if (positionals.length === 0) throw new UsageError('trend: no file is given', {hint: 'Give the files of --stream.'})
  if (against.length === 0) {
    throw new UsageError('trend: no --against FILE is given', {hint: 'Give the results of the earlier run.'})
  }
  const format = TREND_FORMATS.find(one => one === written)
  if (format === undefined) throw new UsageError(`trend: --format: ${expectedOneOf(TREND_FORMATS, written)}`)
  if (file.trim() === '') throw new UsageError(`trend: --output: expected a file, or - for standard output, got ""`)
  return {files: positionals, against, format, file, failsOnNew: values['fail-on-new'] === true}
}

/** The trend as a text, and how many errors are new. */
export async function runTrend(
  results: ResultFiles | undefined,
  {files, against, format}: TrendCommand,
): Promise<{readonly text: string; readonly newErrors: number}> {
  const read = async (names: readonly string[]): Promise<Seen> => {
    const seen = await collectSeen(readResultFiles(results, names))
    if (seen === undefined) throw new UsageError(`trend: there is no result in ${names.join(', ')}`)
    return seen
  }
  const trend = trendOf(await read(against), await read(files))
  const newErrors = trend.new.filter(({level}) => level === 'error').length
  return {text: renderTrend(trend, format), newErrors}
}
