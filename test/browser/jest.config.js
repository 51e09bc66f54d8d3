const { join } = require('node:path')
const base = require('../../jest.config')

/** The page in a real browser: `npm run test:browser`. CHROMIUM names the browser's file where it is not `chromium`. */
module.exports = {
  ...base,
  rootDir: join(__dirname, '..', '..'),
  roots: ['<rootDir>/test/browser'],
  testPathIgnorePatterns: [],
  testTimeout: 60_000,
}
