import base from './jest.config.mjs'

export default {
  ...base,
  roots: ['<rootDir>/e2e'],
  testMatch: ['<rootDir>/e2e/*.e2e.ts'],
  globalSetup: '<rootDir>/e2e/support/setup.mjs',
  globalTeardown: '<rootDir>/e2e/support/teardown.mjs',
  testTimeout: 120_000,
}
