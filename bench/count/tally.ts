/**
 * Who makes a call: our handlers, the wrapper in the target's process, or AWS itself (Scheduler, the event source mapping,
 * the subscription filter), whose calls are billed like any other.
 */
export type Caller = 'handlers' | 'wrapper' | 'aws'

/** What was called, and the units in which AWS bills it. Of some runs, or of one (then with fractions). */
export type Tally = {
  /** `CALLER SERVICE OPERATION` to how often. */
  calls: Record<string, number>
  /** DynamoDB requests that write, refused ones among them, and that read. */
  writes: number
  reads: number
  writeUnits: number
  /** Bytes of the items that were written, each as large as it was before or after, whichever is more. */
  writtenBytes: number
  readUnits: number
  sqsRequests: number
  schedulerInvocations: number
  /** Asynchronous events, of log lines or reports, to our checker; each is a request of Lambda. */
  checkerRequests: number
  /** Bytes into our log group by the wrapper, the start and end records among them. */
  streamBytes: number
  /** Bytes into the logs of our handlers. */
  handlerLogBytes: number
}

export const emptyTally = (): Tally => ({
  calls: {},
  writes: 0,
  reads: 0,
  writeUnits: 0,
  writtenBytes: 0,
  readUnits: 0,
  sqsRequests: 0,
  schedulerInvocations: 0,
  checkerRequests: 0,
  streamBytes: 0,
  handlerLogBytes: 0,
})

/** `a` x + `b` y, for each figure of them. */
export function combine(a: number, x: Tally, b: number, y: Tally): Tally {
  const result = emptyTally()
  for (const name of [...new Set([...Object.keys(x.calls), ...Object.keys(y.calls)])].sort()) {
    const count = round(a * (x.calls[name] ?? 0) + b * (y.calls[name] ?? 0))
    if (count !== 0) result.calls[name] = count
  }
  for (const key of Object.keys(result) as (keyof Tally)[])
    if (key !== 'calls') result[key] = round(a * x[key] + b * y[key])
  return result
}

/** Not to print 0.30000000000000004. */
const round = (value: number) => Math.round(value * 1e6) / 1e6
