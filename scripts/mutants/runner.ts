import {globSync} from 'node:fs'
import {registerHooks} from 'node:module'
import {
  type CoverageData,
  INSTRUMENTER_CONSTANTS,
  type InstrumenterContext,
  type MutantCoverage,
  type StrykerOptions,
} from '@stryker-mutator/api/core'
import {
  commonTokens,
  declareClassPlugin,
  declareFactoryPlugin,
  declareValuePlugin,
  PluginKind,
  tokens,
} from '@stryker-mutator/api/plugin'
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
import {type ChangeLimit, orderTests, remember} from './order.ts'
import {hitLimitOf, type Reaches, reachesOf, readReaches, writeReaches} from './reaches.ts'
import {type Ended, runCases} from './run-cases.ts'
import {sampleFunctions} from './sample.ts'
import {allCases, type Case, collectFile, type Group, groupsOf} from './suite.ts'
import {TallyReporter} from './tally.ts'

/*
 * A test runner of Stryker: all tests are loaded once, into the process that has all changes of the source, and a
 * change is tried by the tests that reach it: milliseconds, where a new start of jest takes seconds.
 */

/** What the changed source and its runner know of each other. */
const context: InstrumenterContext = {}

/** In the copy of the source that Stryker makes for one run. */
const REACHES = 'mutants-reaches.json'

const coverage: MutantCoverage = {static: {}, perTest: {}}

function countsOf(test: string): CoverageData {
  const counts = coverage.perTest[test] ?? {}
  coverage.perTest[test] = counts
  return counts
}

type OurOptions = StrykerOptions & {readonly tests?: readonly string[]; readonly changeLimit?: ChangeLimit}

class InProcessRunner implements TestRunner {
  readonly #patterns: readonly string[]
  readonly #limit: ChangeLimit
  #reaches: Reaches = {tests: [], mostHits: {}}
  /** By a file of the source, which tests have seen changes of it. */
  readonly #seen = new Map<string, readonly string[]>()

  constructor(options: StrykerOptions) {
    const {tests, changeLimit} = options as OurOptions
    this.#patterns = tests ?? []
    this.#limit = changeLimit ?? {tests: Number.POSITIVE_INFINITY, milliseconds: Number.POSITIVE_INFINITY}
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
    this.#reaches = readReaches(REACHES)
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
    this.#reaches = reachesOf(ended, coverage)
    writeReaches(REACHES, this.#reaches)
    return {status: DryRunStatus.Complete, mutantCoverage: coverage, tests: ended.map(resultOf)}
  }

  async mutantRun({activeMutant, testFilter, disableBail}: MutantRunOptions): Promise<MutantRunResult> {
    const {id, fileName} = activeMutant
    const cases = this.#casesOf(testFilter, id, fileName)
    const start = process.cpuUsage()
    const hitLimit = hitLimitOf(this.#reaches, id)
    const isEndless = (): boolean => determineHitLimitReached(context.hitCount, hitLimit) !== undefined
    Object.assign(context, {activeMutant: id, hitLimit, hitCount: 0})
    const ended = await runCases(cases, {
      onTest: () => {
        context.hitCount = 0
      },
      isEnough: ({failure}) =>
        (failure !== undefined && !disableBail) || isEndless() || processorTime(start) > this.#limit.milliseconds,
    })
    const timeout = isEndless()
    for (const name of ['activeMutant', 'hitLimit', 'hitCount'] as const) delete context[name]
    if (timeout) return {status: MutantRunStatus.Timeout}
    const failed = ended.filter(({failure}) => failure !== undefined)
    const [first] = failed
    if (first === undefined) return {status: MutantRunStatus.Survived, nrOfTests: ended.length}
    await expectUnharmed(first.one)
    this.#seen.set(fileName, remember(this.#seen.get(fileName) ?? [], first.one.id))
    return {
      status: MutantRunStatus.Killed,
      killedBy: failed.map(({one}) => one.id),
      failureMessage: first.failure ?? '',
      nrOfTests: ended.length,
    }
  }

  #casesOf(testFilter: readonly string[] | undefined, place: string, fileName: string): readonly Case[] {
    const chosen = testFilter && new Set(testFilter)
    const byId = new Map(allCases().map(one => [one.id, one]))
    const tests = this.#reaches.tests.filter(({id}) => chosen?.has(id) ?? true)
    return orderTests(tests, Number(place), this.#seen.get(fileName))
      .slice(0, this.#limit.tests)
      .flatMap(({id}) => byId.get(id) ?? [])
  }
}

/** In milliseconds: how long a test takes says nothing on a machine that does much else. */
function processorTime(since: NodeJS.CpuUsage): number {
  const {user, system} = process.cpuUsage(since)
  return (user + system) / 1000
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
  declareClassPlugin(PluginKind.Reporter, 'tally', TallyReporter),
  declareFactoryPlugin(
    PluginKind.TestRunner,
    'in-process',
    Object.assign((options: StrykerOptions): TestRunner => new InProcessRunner(options), {
      inject: tokens(commonTokens.options),
    }),
  ),
]
