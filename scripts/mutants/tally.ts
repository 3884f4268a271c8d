import {relative} from 'node:path'
import type {MutantResult, StrykerOptions, schema} from '@stryker-mutator/api/core'
import {commonTokens, tokens} from '@stryker-mutator/api/plugin'
import type {Reporter} from '@stryker-mutator/api/report'
import type {ChangeLimit} from './order.ts'

/** What became of the changes of a folder or file. */
export interface Tally {
  readonly changes: number
  readonly seen: number
  /** Of those that were not seen: tried with some of the tests that reach them, up to the limit of a change. */
  readonly cutOff: number
  /** Of those that were not seen: no test reaches them. */
  readonly unreached: number
}

/** Of the text that stands in the place of what was there. */
const SHOWN = 80

type Change = Pick<schema.MutantResult, 'status' | 'coveredBy' | 'testsCompleted'>

/** Counts as the score of Stryker does: a change that makes a loop without an end is seen; what is ignored is none. */
export function tallyOf(changes: readonly Change[]): Tally {
  const count = (isOf: (change: Change) => boolean): number => changes.filter(isOf).length
  const isSeen = ({status}: Change): boolean => status === 'Killed' || status === 'Timeout'
  const survived = ({status}: Change): boolean => status === 'Survived'
  const isUnreached = ({status}: Change): boolean => status === 'NoCoverage'
  return {
    changes: count(change => isSeen(change) || survived(change) || isUnreached(change)),
    seen: count(isSeen),
    cutOff: count(change => survived(change) && (change.testsCompleted ?? 0) < (change.coveredBy?.length ?? 0)),
    unreached: count(isUnreached),
  }
}

/** Prints what docs/mutants.md states of a run, with the limit that held for each change. */
export class TallyReporter implements Reporter {
  static readonly inject = tokens(commonTokens.options)
  readonly #limit: ChangeLimit | undefined

  constructor(options: StrykerOptions) {
    this.#limit = (options as StrykerOptions & {readonly changeLimit?: ChangeLimit}).changeLimit
  }

  /** At once: a run of an hour has something to read from its first minutes on. */
  onMutantTested({status, fileName, location: {start}, mutatorName, replacement = ''}: MutantResult): void {
    if (status !== 'Survived' && status !== 'NoCoverage') return
    const change = replacement.replace(/\s+/g, ' ').slice(0, SHOWN)
    console.log(`not seen: ${relative('', fileName)}:${start.line}:${start.column} ${mutatorName}: ${change}`)
  }

  onMutationTestReportReady({files}: schema.MutationTestResult): void {
    const all = Object.entries(files).map(([file, {mutants}]) => [file, tallyOf(mutants)] as const)
    for (const [file, tally] of all) if (tally.changes > 0) console.log(`${file}: ${tell(tally)}`)
    const whole = tallyOf(Object.values(files).flatMap(({mutants}) => mutants))
    const {tests = 0, milliseconds = 0} = this.#limit ?? {}
    console.log(
      `all: ${tell(whole)}; at most ${tests} tests and ${milliseconds / 1000} s of a processor for each change`,
    )
  }
}

function tell({changes, seen, cutOff, unreached}: Tally): string {
  const percent = changes === 0 ? 0 : Math.floor((seen / changes) * 100)
  return `${changes} changes, ${seen} seen (${percent} %), ${unreached} that no test reaches, ${cutOff} not tried with all tests`
}
