import { outcome, type Probe } from '../probe'
import type { ProbeWorld } from '../world'

/** Scheduler fires anywhere within its minute; the first may be the next but one after a stack was made. */
const WITHIN = 200
const MINUTE = 60_000

const tickOf = (world: ProbeWorld, schedule: string) =>
  world.wait(
    WITHIN,
    () => world.heard('tick').find((tick) => tick.schedule === schedule)?.at,
    () => 'no tick came',
  )

const isUtcNow = (world: ProbeWorld, text: string) =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text) && Math.abs(world.now() - Date.parse(text)) < 5 * MINUTE

export const ticks: Probe[] = [
  {
    name: 'tick-time-with-zone',
    expects: 'the scheduled time of a schedule with a time zone is UTC, YYYY-MM-DDTHH:MM:00Z',
    known: 'not found',
    source: 'Scheduler User Guide, context attributes: an example without a zone',
    neededFor: 'the key of each run: one tick, one run',
    async run(world) {
      const at = await tickOf(world, 'zoned')
      return outcome(isUtcNow(world, at) && at.endsWith(':00Z'), at)
    },
  },
  {
    name: 'tick-time-of-rate',
    expects: 'the scheduled time of a rate(…) is UTC in whole seconds',
    known: 'not found',
    source: 'Scheduler User Guide, context attributes: nothing on rate',
    neededFor: 'the key of each run of a rate(…) task',
    async run(world) {
      const at = await tickOf(world, 'rated')
      return outcome(isUtcNow(world, at), at)
    },
  },
]
