const { mkdtempSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')

/** All temporary folders of a run are made in one, which must be empty at the end. */
module.exports = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'slipstream-tests-'))
  process.env.TMPDIR = folder
  process.env.TEMP = folder
}
