import { TestService } from '../../e2e/support/service'

export type Does = 'succeeds' | 'errors' | 'throws first' | 'hangs'

export type FaultTask = {
  /** Seconds between two ticks. */
  every: number
  does: Does
  /** Seconds that the body takes. */
  seconds: number
  overlap: 'queue' | 'latest' | 'skip'
  concurrency: number
  attempts: number
}

const MINUTE = 60_000

/** Each policy once, and bodies that overlap the next tick as well as such that don't. */
export const TASKS: Record<string, FaultTask> = {
  short: { every: 30, does: 'succeeds', seconds: 2, overlap: 'queue', concurrency: 1, attempts: 1 },
  errors: { every: 60, does: 'errors', seconds: 5, overlap: 'latest', concurrency: 1, attempts: 2 },
  flaky: { every: 30, does: 'throws first', seconds: 4, overlap: 'queue', concurrency: 1, attempts: 2 },
  slow: { every: 20, does: 'succeeds', seconds: 35, overlap: 'latest', concurrency: 1, attempts: 2 },
  pair: { every: 20, does: 'succeeds', seconds: 30, overlap: 'queue', concurrency: 2, attempts: 1 },
  skips: { every: 20, does: 'succeeds', seconds: 25, overlap: 'skip', concurrency: 1, attempts: 1 },
  hangs: { every: 60, does: 'hangs', seconds: 0, overlap: 'latest', concurrency: 1, attempts: 1 },
}

export const SERVICE = 'faults'
export const TARGET = `${SERVICE}-dev-target`

/** All tasks by one function, so that an environment is reused from task to task. `enabled`: whether their schedules are on. */
export function faultService({ enabled }: { enabled: boolean }): TestService {
  return new TestService().copy('test/faults/support/target.js', 'target.js').configure({
    service: SERVICE,
    provider: { name: 'aws', runtime: 'nodejs22.x', memorySize: 256, timeout: 60 },
    plugins: ['serverless-slipstream'],
    functions: { target: { handler: 'target.handler', description: 'does what its task is known to do' } },
    tasks: Object.fromEntries(
      Object.entries(TASKS).map(([name, { every, does, seconds, overlap, concurrency, attempts }]) => [
        name,
        {
          function: 'target',
          schedule: `every ${every} seconds`,
          enabled,
          payload: { does, seconds },
          overlap,
          concurrency,
          retry: { attempts, delay: 10 },
          startWithin: 'none',
          ...(does === 'hangs' ? { timeout: 20 } : {}),
        },
      ]),
    ),
  })
}

/**
 * The runs that a schedule owes that was on from `on` to `off` (epoch ms): what fires once a minute sends the ticks of the
 * minute after, what a cron can say sends its own.
 */
export function ticksOwed({ every }: FaultTask, on: number, off: number): string[] {
  const marks = multiples(MINUTE, on + 1, off + 1)
  const [first] = marks
  const last = marks.at(-1)
  if (first === undefined || last === undefined) return []
  const ticks = every < 60 ? multiples(every * 1000, first + MINUTE, last + 2 * MINUTE) : marks
  return ticks.map((tick) => new Date(tick).toISOString())
}

/** From `from` on and before `to`. */
function multiples(step: number, from: number, to: number): number[] {
  const found: number[] = []
  for (let at = Math.ceil(from / step) * step; at < to; at += step) found.push(at)
  return found
}
