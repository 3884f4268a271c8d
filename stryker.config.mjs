/*
 * npm run mutants [-- --mutate GLOB]: changes the source in small ways, one at a time, and looks which of them no test
 * sees. The tests are those of src/platform; MUTANTS_TESTS=binary,rules names the folders of others. On
 * one processor a change takes a second or two. The report with every change is .cache/mutants.json.
 */
export default {
  packageManager: 'npm',
  plugins: ['@stryker-mutator/jest-runner'],
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules', '--no-warnings'],
  jest: {configFile: 'jest.mutants.config.mjs', enableFindRelatedTests: false},
  mutate: ['src/platform/**/*.ts'],
  // Stryker would rewrite tsconfig.json by an interface that TypeScript 7 does not have; nothing here reads it.
  ignorePatterns: ['tsconfig.json', 'dist', 'examples', 'e2e', 'bench'],
  coverageAnalysis: 'perTest',
  // Changes of tables need a start of their own each: fifteen times as long, and the tables are tested row by row.
  ignoreStatic: true,
  concurrency: 1,
  timeoutMS: 20_000,
  reporters: ['clear-text', 'progress-append-only', 'json'],
  clearTextReporter: {allowColor: false, logTests: false},
  jsonReporter: {fileName: '.cache/mutants.json'},
  tempDirName: '.cache/stryker',
}
