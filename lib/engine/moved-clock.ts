import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { built } from '../paths'
import type { Clock, Timer } from './clock'

/** Where a child process finds the time: a file of 8 bytes, epoch milliseconds as a little-endian double. */
const CLOCK_FILE = 'SLIPSTREAM_CLOCK_FILE'

type Pending = { time: number; fn: () => void }

/**
 * A clock that stands still until it is moved, so that an hour of schedules can be tested in a second. Processes and
 * workers that are started with `child` (see clock-shim.ts) share it. Times are epoch milliseconds.
 */
export class MovedClock implements Clock {
  readonly child: { preload: string; env: Record<string, string> }
  // Kept in the order of insertion: of two timers for the same instant the older fires first, as in Node.js.
  private readonly pending = new Set<Pending>()
  private readonly dir = mkdtempSync(join(tmpdir(), 'slipstream-clock-'))
  private readonly file: number
  private readonly bytes = Buffer.alloc(8)
  private time: number

  constructor(start: number | string | Date) {
    this.time = new Date(start).getTime()
    if (Number.isNaN(this.time)) throw new RangeError(`not a time: ${String(start)}`)
    const path = join(this.dir, 'now')
    this.file = openSync(path, 'w')
    this.share()
    this.child = { preload: built('lib', 'engine', 'clock-shim.js'), env: { [CLOCK_FILE]: path } }
  }

  now(): number {
    return this.time
  }

  at(time: number, fn: () => void): Timer {
    const entry = { time, fn }
    this.pending.add(entry)
    // What is due already may not have to wait for the next move.
    if (time <= this.time) setImmediate(() => this.fire(entry))
    return { cancel: () => void this.pending.delete(entry) }
  }

  advance(ms: number): void {
    this.advanceTo(this.time + ms)
  }

  /** Fires what becomes due on the way, in order and each at its own time. The clock never goes back. */
  advanceTo(time: number): void {
    if (time < this.time) throw new RangeError(`the clock cannot go back to ${new Date(time).toISOString()}`)
    for (let next = this.earliest(time); next; next = this.earliest(time)) {
      this.set(Math.max(this.time, next.time))
      this.fire(next)
    }
    this.set(time)
  }

  /** Forgets what is pending and removes the shared file. Processes that follow the clock keep its last time. */
  close(): void {
    this.pending.clear()
    closeSync(this.file)
    rmSync(this.dir, { recursive: true, force: true })
  }

  private earliest(until: number): Pending | undefined {
    let found: Pending | undefined
    for (const entry of this.pending) {
      if (entry.time <= until && (!found || entry.time < found.time)) found = entry
    }
    return found
  }

  private fire(entry: Pending): void {
    if (this.pending.delete(entry)) entry.fn()
  }

  private set(time: number): void {
    if (time === this.time) return
    this.time = time
    this.share()
  }

  private share(): void {
    this.bytes.writeDoubleLE(this.time)
    writeSync(this.file, this.bytes, 0, 8, 0)
  }
}
