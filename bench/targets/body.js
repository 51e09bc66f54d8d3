const { appendFileSync } = require('node:fs')

/**
 * The body of the bench's tasks. `hold`: seconds that every other tick takes, the others none, so that each second tick
 * comes while one runs; `every`: seconds between ticks. `failures`: how many attempts throw. `stamp`: a file for the time of the
 * first line.
 */
exports.handler = async ({ hold = 0, every = 1, failures = 0, stamp, slipstream }) => {
  if (stamp) appendFileSync(stamp, `${performance.timeOrigin + performance.now()}\n`)
  console.log(`attempt ${slipstream.attempt} of the run ${slipstream.run}, for the bench`)
  const isEven = Math.floor(Date.parse(slipstream.scheduledAt) / 1000 / every) % 2 === 0
  if (isEven && hold > 0) await new Promise((resolve) => setTimeout(resolve, hold * 1000))
  if (slipstream.attempt <= failures) throw new Error(`attempt ${slipstream.attempt} fails`)
}
