const { TestEnvironment } = require('jest-environment-node')

/** What keeps a process alive and must not outlive the test file that made it. Timers are counted apart. */
const WATCHED = ['ProcessWrap', 'TCPServerWrap', 'TCPSocketWrap', 'MessagePort']
/** Real milliseconds that closing may take after the last hook. */
const PATIENCE = 3000

const watched = () => process.getActiveResourcesInfo().filter((kind) => WATCHED.includes(kind))

function surplus(before) {
  const left = [...before]
  return watched().filter((kind) => {
    const at = left.indexOf(kind)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** Node.js, and a test file that leaks a process, socket, timer or worker fails. */
module.exports = class LeakCheckingEnvironment extends TestEnvironment {
  timers = new Set()

  async setup() {
    await super.setup()
    this.before = watched()
    this.remember('setTimeout')
    this.remember('setInterval')
  }

  /** Jest keeps timers of its own, so those of the test are told from them by who made them. */
  remember(name) {
    const original = this.global[name]
    const remembering = (...args) => {
      const timer = original(...args)
      this.timers.add(timer)
      return timer
    }
    this.global[name] = Object.defineProperties(remembering, Object.getOwnPropertyDescriptors(original))
  }

  leaked() {
    // `_destroyed` is how Node.js's own tests tell a timer that has fired or was cleared.
    const timers = [...this.timers].filter((timer) => timer.hasRef() && !timer._destroyed)
    return [...surplus(this.before), ...timers.map(() => 'timer')]
  }

  async teardown() {
    const end = Date.now() + PATIENCE
    while (this.leaked().length > 0 && Date.now() < end) await new Promise(setImmediate)
    const leaked = this.leaked()
    await super.teardown()
    if (leaked.length > 0) throw new Error(`the test file leaks: ${leaked.join(', ')}`)
  }
}
