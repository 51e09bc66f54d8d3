/**
 * Preloaded (`--require`) into the Node.js processes and workers of an engine whose clock is moved: Date and timers
 * then follow the time in the shared file (moved-clock.ts) instead of the machine's. Stands alone, since it runs inside
 * users' functions. What Node.js itself uses (sockets, keep-alive, AbortSignal.timeout), `performance` and
 * `process.hrtime` stay real, and so do timers of no length, which only ask for another turn.
 */
import { AsyncResource } from 'node:async_hooks'
import { openSync, readSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import timers from 'node:timers'
import timersPromises from 'node:timers/promises'
import { promisify } from 'node:util'

const path = process.env['SLIPSTREAM_CLOCK_FILE']
if (path) follow(path)

function follow(path: string): void {
  const file = openSync(path, 'r')
  const bytes = Buffer.alloc(8)
  const now = () => {
    readSync(file, bytes, 0, 8, 0)
    return bytes.readDoubleLE()
  }
  followDate(now)
  followTimers(now)
  syncBuiltinESMExports()
}

function followDate(now: () => number): void {
  const RealDate = Date
  RealDate.now = now
  const MovedDate = new Proxy(RealDate, {
    construct: (target, args, newTarget) =>
      Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget) as object,
    apply: () => new RealDate(now()).toString(),
  })
  RealDate.prototype.constructor = MovedDate
  globalThis.Date = MovedDate
}

function followTimers(now: () => number): void {
  const real = { setTimeout, setInterval, clearTimeout, clearInterval, setImmediate }
  /** How often to look at the clock while a timer is pending, in real milliseconds. */
  const LOOK = 5
  /** Beyond this Node.js warns and fires at once (setTimeout, 2^31 - 1 ms): left to it. */
  const LONGEST = 2 ** 31 - 1

  const pending = new Set<MovedTimer>()
  const byId = new Map<number, MovedTimer>()
  let looking: NodeJS.Timeout | undefined
  let lastId = 1e9

  class MovedTimer {
    due = 0
    private readonly id = ++lastId
    private referenced = true
    // A callback runs in the async context it was set in (AsyncLocalStorage), as with Node's own timers.
    private readonly resource = new AsyncResource('Timeout', { requireManualDestroy: false })

    constructor(
      private readonly fn: () => void,
      readonly delay: number,
      readonly repeats: boolean,
    ) {
      this.refresh()
    }
    fire() {
      if (this.repeats) this.refresh()
      else this.close()
      this.resource.runInAsyncScope(this.fn)
    }
    refresh() {
      this.due = now() + this.delay
      // Re-inserted, so that of two timers for the same instant the one set earlier stays first.
      pending.delete(this)
      pending.add(this)
      byId.set(this.id, this)
      look()
      return this
    }
    close() {
      pending.delete(this)
      byId.delete(this.id)
      look()
      return this
    }
    ref() {
      this.referenced = true
      look()
      return this
    }
    unref() {
      this.referenced = false
      look()
      return this
    }
    hasRef() {
      return this.referenced
    }
    [Symbol.toPrimitive]() {
      return this.id
    }
    [Symbol.dispose]() {
      this.close()
    }
  }

  /** The one real timer runs while something is pending, and holds the process only for what would have held it. */
  function look(): void {
    if (pending.size === 0) {
      real.clearInterval(looking)
      looking = undefined
      return
    }
    looking ??= real.setInterval(fireNext, LOOK)
    if ([...pending].some((timer) => timer.hasRef())) looking.ref()
    else looking.unref()
  }

  /** One timer a turn, so that promises settle between two timers as they do in Node.js. */
  function fireNext(): void {
    const time = now()
    const due = [...pending].filter((timer) => timer.due <= time).sort((a, b) => a.due - b.due)
    if (due.length > 1) real.setImmediate(fireNext)
    due[0]?.fire()
  }

  type Callback = (...args: unknown[]) => void
  const isMoved = (delay: unknown) => Number(delay) >= 1 && Number(delay) <= LONGEST

  function movedSetTimeout(fn: Callback, delay?: number, ...args: unknown[]) {
    if (!isMoved(delay) || typeof fn !== 'function') return real.setTimeout(fn, delay, ...args)
    return new MovedTimer(() => fn(...args), Number(delay), false)
  }
  function movedSetInterval(fn: Callback, delay?: number, ...args: unknown[]) {
    if (!isMoved(delay) || typeof fn !== 'function') return real.setInterval(fn, delay, ...args)
    return new MovedTimer(() => fn(...args), Number(delay), true)
  }
  function clear(timer?: unknown): void {
    const moved = timer instanceof MovedTimer ? timer : byId.get(Number(timer as number))
    if (moved) moved.close()
    else real.clearTimeout(timer as NodeJS.Timeout)
  }

  type Options = { signal?: AbortSignal; ref?: boolean }
  function wait<T>(delay?: number, value?: T, { signal, ref = true }: Options = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        clear(timer)
        reject(aborted(signal))
      }
      if (signal?.aborted) return reject(aborted(signal))
      const timer = movedSetTimeout(() => {
        signal?.removeEventListener('abort', abort)
        resolve(value as T)
      }, delay)
      if (!ref) timer.unref()
      signal?.addEventListener('abort', abort, { once: true })
    })
  }
  async function* repeat<T>(delay?: number, value?: T, options?: Options): AsyncGenerator<T> {
    while (true) yield await wait(delay, value as T, options)
  }

  Object.defineProperty(movedSetTimeout, promisify.custom, { value: wait })
  const moved = {
    setTimeout: movedSetTimeout,
    setInterval: movedSetInterval,
    clearTimeout: clear,
    clearInterval: clear,
  }
  Object.assign(globalThis, moved)
  Object.assign(timers, moved)
  Object.assign(timersPromises, { setTimeout: wait, setInterval: repeat })
  timersPromises.scheduler.wait = (delay, options) => wait(delay, undefined, options as Options)
}

function aborted(signal: AbortSignal | undefined): Error {
  return Object.assign(new Error('The operation was aborted', { cause: signal?.reason }), {
    name: 'AbortError',
    code: 'ABORT_ERR',
  })
}
