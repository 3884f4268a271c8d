import {globSync} from 'node:fs'
import {registerHooks} from 'node:module'
import {
  type CoverageData,
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type MutantCoverage,
  type StrykerOptions,
} from '@stryker-mutator/api/core'
import {commonTokens, declareFactoryPlugin, declareValuePlugin, PluginKind, tokens} from '@stryker-mutator/api/plugin'
import {
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  determineHitLimitReached,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import {type Ended, runCases} from './run-cases.ts'
import {sampleFunctions} from './sample.ts'
import {allCases, type Case, collectFile, type Group, groupsOf} from './suite.ts'

/*
 * A test runner of Stryker: all tests are loaded once, into the process that has all changes of the source, and a
 * change is tried by the tests that reach it: milliseconds, where a new start of jest takes seconds.
 */

/** What the changed source and its runner know of each other. */
const context: InstrumenterContext = {}

const SLOW_MS = 50

const coverage: MutantCoverage = {static: {}, perTest: {}}

function countsOf(test: string): CoverageData {
  const counts = coverage.perTest[test] ?? {}
  coverage.perTest[test] = counts
  return counts
}

class InProcessRunner implements TestRunner {
  readonly #patterns: readonly string[]
  /** Tests that take so long that others are asked first. */
  readonly #slow = new Set<string>()

  constructor(options: StrykerOptions) {
    const {tests} = options as StrykerOptions & {readonly tests?: readonly string[]}
    this.#patterns = tests ?? []
  }

  capabilities() {
    return {reloadEnvironment: false}
  }

  async init(): Promise<void> {
    context.mutantCoverage = coverage
    Object.assign(globalThis, {[INSTRUMENTER_CONSTANTS.NAMESPACE]: context})
    const suite = new URL('suite.ts', import.meta.url).href
    registerHooks({
      resolve: (name, from, next) =>
        name === '@jest/globals' ? {url: suite, format: 'module-typescript', shortCircuit: true} : next(name, from),
    })
    for (const file of globSync([...this.#patterns]).sort()) await collectFile(file)
  }

  async dryRun(_: DryRunOptions): Promise<DryRunResult> {
    const before = new Map<Group, CoverageData>()
    const ended = await runCases(allCases(), {
      onTest: ({id}) => {
        context.currentTestId = id
      },
      onBefore: group => {
        context.currentTestId = `before: ${group.name}`
        before.set(group, countsOf(context.currentTestId))
      },
    })
    delete context.currentTestId
    // What is run before all tests of a group is part of each of them.
    for (const one of allCases()) {
      const own = countsOf(one.id)
      for (const group of groupsOf(one)) addCounts(own, before.get(group))
    }
    for (const group of before.keys()) delete coverage.perTest[`before: ${group.name}`]
    for (const {one, milliseconds} of ended) if (milliseconds > SLOW_MS) this.#slow.add(one.id)
    return {status: DryRunStatus.Complete, mutantCoverage: coverage, tests: ended.map(resultOf)}
  }

  async mutantRun({activeMutant, testFilter, hitLimit, disableBail}: MutantRunOptions): Promise<MutantRunResult> {
    const chosen = testFilter ? new Set(testFilter) : undefined
    const reaching = allCases().filter(({id}) => chosen?.has(id) ?? true)
    const cases = [false, true].flatMap(isSlow => reaching.filter(({id}) => this.#slow.has(id) === isSlow))
    context.activeMutant = activeMutant.id
    delete context.hitCount
    if (hitLimit !== undefined) Object.assign(context, {hitLimit, hitCount: 0})
    const ended = await runCases(cases, {isEnough: ({failure}) => failure !== undefined && !disableBail})
    const timeout = determineHitLimitReached(context.hitCount, hitLimit)
    delete context.activeMutant
    if (timeout) return {status: MutantRunStatus.Timeout}
    const failed = ended.filter(({failure}) => failure !== undefined)
    const [first] = failed
    if (first === undefined) return {status: MutantRunStatus.Survived, nrOfTests: ended.length}
    await expectUnharmed(first.one)
    return {
      status: MutantRunStatus.Killed,
      killedBy: failed.map(({one}) => one.id),
      failureMessage: first.failure ?? '',
      nrOfTests: ended.length,
    }
  }
}

/** Nothing may stay behind of a change: a test that fails without it would fail for all that come. */
async function expectUnharmed(one: Case): Promise<void> {
  const [again] = await runCases([one])
  if (again?.failure !== undefined) throw new Error(`${one.id} fails without a change, too: ${again.failure}`)
}

function resultOf({one: {id, file: fileName}, milliseconds: timeSpentMs, failure}: Ended) {
  const base = {id, name: id, fileName, timeSpentMs}
  return failure === undefined
    ? {...base, status: TestStatus.Success as const}
    : {...base, status: TestStatus.Failed as const, failureMessage: failure}
}

function addCounts(counts: CoverageData, more: CoverageData = {}): void {
  for (const [mutant, count] of Object.entries(more)) counts[mutant] = (counts[mutant] ?? 0) + count
}

const {MUTANTS_SAMPLE = '1', MUTANTS_SEED = '1'} = process.env

export const strykerPlugins = [
  declareValuePlugin(
    PluginKind.Ignore,
    'sample',
    sampleFunctions({oneIn: Number(MUTANTS_SAMPLE), seed: Number(MUTANTS_SEED)}),
  ),
  declareFactoryPlugin(
    PluginKind.TestRunner,
    'in-process',
    Object.assign((options: StrykerOptions): TestRunner => new InProcessRunner(options), {
      inject: tokens(commonTokens.options),
    }),
  ),
]
