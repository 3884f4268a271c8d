const {MUTANTS_TEST_LIMIT = '250', MUTANTS_SECONDS = '4'} = process.env
const changeLimit = {tests: Number(MUTANTS_TEST_LIMIT), milliseconds: Number(MUTANTS_SECONDS) * 1000}
const chosen = (process.env.MUTANTS_TESTS ?? 'platform').split(',')

/*
 * npm run mutants [-- --mutate GLOB]: changes the source in small ways, one at a time, and looks which of them no test
 * sees. The tests are those of src/platform; MUTANTS_TESTS=binary,exec/loader names the folders and files of others.
 * They are loaded once, by scripts/mutants: a change takes milliseconds. MUTANTS_SAMPLE=3 changes about one function in
 * three, which ones depends on MUTANTS_SEED. Of the tests that reach a change at most MUTANTS_TEST_LIMIT are run, for
 * MUTANTS_SECONDS of a processor: what none of them has seen by then counts as not seen. The report with every change is
 * .cache/mutants.json.
 */
export default {
  packageManager: 'npm',
  plugins: ['./scripts/mutants/runner.ts'],
  testRunner: 'in-process',
  ignorers: ['sample'],
  testRunnerNodeArgs: ['--no-warnings'],
  // What makes many or large inputs takes too long to be run for each change.
  tests: chosen.flatMap(name => [`__tests__/${name}/**/!(mutation|budget).test.ts`, `__tests__/${name}.test.ts`]),
  mutate: ['src/platform/**/*.ts'],
  // Stryker would rewrite tsconfig.json by an interface that TypeScript 7 does not have; nothing here reads it.
  ignorePatterns: ['tsconfig.json', 'dist', 'examples', 'bench'],
  coverageAnalysis: 'perTest',
  // Changes of tables are made when the source is loaded: they would need a start of their own each, and the tables are
  // tested row by row.
  ignoreStatic: true,
  concurrency: 1,
  changeLimit,
  // A test that does not come back ends with its process: the time of all tests that reach a change says nothing of it.
  timeoutMS: 60_000 + changeLimit.milliseconds,
  timeoutFactor: 0,
  // On a machine that does much else.
  dryRunTimeoutMinutes: 30,
  reporters: ['clear-text', 'progress-append-only', 'json', 'tally'],
  clearTextReporter: {allowColor: false, logTests: false},
  jsonReporter: {fileName: '.cache/mutants.json'},
  tempDirName: '.cache/stryker',
}
