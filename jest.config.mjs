export default {
  // One worker a processor: jest takes one fewer, which is one alone on two processors.
  maxWorkers: '100%',
  roots: ['<rootDir>/src', '<rootDir>/__tests__'],
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {'^.+\\.ts$': '<rootDir>/jest-esbuild.mjs'},
  coverageProvider: 'v8',
  globalSetup: '<rootDir>/__tests__/support/run-setup.mjs',
  globalTeardown: '<rootDir>/__tests__/support/run-teardown.mjs',
  // No test is about time: on a loaded machine all take longer.
  testTimeout: 180_000,
}
