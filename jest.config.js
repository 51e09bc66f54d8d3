// Read before any test and passed on to all processes below: a line a client would drown what a test has to say.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true'

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/test/support/jest/environment.js',
  globalSetup: '<rootDir>/test/support/jest/setup.js',
  globalTeardown: '<rootDir>/test/support/jest/teardown.js',
  // A test waits on events; this only bounds one that waits in vain, on a machine that is busy.
  testTimeout: 60_000,
  // Most of what the slow tests do is done by processes that they start.
  maxWorkers: 2,
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  // They need a browser: npm run test:browser.
  testPathIgnorePatterns: ['/test/browser/'],
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' } }],
  },
}
