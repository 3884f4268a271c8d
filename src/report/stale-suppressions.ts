import type {Report, ReportSuppression} from './report.ts'
import {plural} from './tally.ts'

/** A suppression of the policy file that somebody should look at. */
export interface StaleSuppression {
  readonly rule: string
  /** A sentence without a full stop; may hold texts of the policy file: escape it for the medium. */
  readonly message: string
  /** Of the policy file, from 1. */
  readonly line: number
}

/** Those whose last day is over, and those that cover nothing, in the order of the file. */
export function staleSuppressions({policy}: Report): readonly StaleSuppression[] {
  return (policy?.suppressions ?? []).flatMap(suppression => {
    const message = describe(suppression)
    return message === undefined ? [] : [{rule: suppression.rule, message, line: lineOf(suppression)}]
  })
}

function lineOf({place}: ReportSuppression): number {
  return Number(/:(\d+):\d+$/.exec(place)?.[1] ?? 1)
}

function describe({rule, place, until, state, count}: ReportSuppression): string | undefined {
  switch (state) {
    case 'used':
      return undefined
    case 'unused':
      return `the suppression of ${rule} at ${place} covers nothing: remove it, or mend what it is to match`
    case 'expired': {
      const again =
        count === 0
          ? 'it covers nothing: remove it'
          : `${plural(count, 'finding')} of ${rule} ${count === 1 ? 'counts' : 'count'} again`
      return `the suppression of ${rule} at ${place} has expired (until ${until}): ${again}`
    }
  }
}
