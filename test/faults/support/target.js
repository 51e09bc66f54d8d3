const { setTimeout: wait } = require('node:timers/promises')

// Not the moved clock's: that one stands still while two bodies may be alive beside each other.
const seen = () => console.log(`alive ${performance.timeOrigin + performance.now()}`)

/** Does what its task is known to do, and tells about every second that it is alive. */
exports.handler = async ({ does, seconds, slipstream: { attempt } }) => {
  seen()
  for (const end = Date.now() + seconds * 1000; Date.now() < end || does === 'hangs'; seen()) await wait(1000)
  if (does === 'errors') console.error('an error')
  if (does === 'throws first' && attempt === 1) throw new Error('thrown on purpose')
  seen()
}
