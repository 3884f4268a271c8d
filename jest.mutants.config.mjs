import base from './jest.config.mjs'

const folders = (process.env.MUTANTS_TESTS ?? 'platform').split(',')

/** The tests that npm run mutants asks about each change of the source. */
export default {
  ...base,
  testMatch: folders.map(folder => `<rootDir>/__tests__/${folder}/**/*.test.ts`),
  // It makes hundreds of thousands of inputs, too many to be run for each change.
  testPathIgnorePatterns: ['__tests__/binary/mutation'],
  maxWorkers: 1,
  // What a changed source leaves behind must not end the run of its tests.
  globalSetup: null,
  globalTeardown: null,
}
