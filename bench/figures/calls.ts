import { CASES, type Case, type Cost } from '../cases'
import { type Bench, type Figure, round } from '../figure'
import { frequentCases, plainCases } from '../measured-cases'

/** DynamoDB requests of a run: writes, refused ones among them, and reads. A retried run has one retry. */
const TARGETS: Record<Case, { writes: number; reads?: number }> = {
  'no contention': { writes: 4, reads: 1 },
  waited: { writes: 6 },
  retried: { writes: 6 },
  failed: { writes: 4 },
  skipped: { writes: 2 },
}

export async function calls(bench: Bench): Promise<Figure> {
  const schedules = {
    'every 30 seconds': await frequentCases(bench),
    'every 5 minutes': await plainCases(bench),
  }
  const each = <T>(of: (cost: Cost) => T) =>
    Object.fromEntries(
      Object.entries(schedules).map(([schedule, costs]) => [
        schedule,
        Object.fromEntries(CASES.map((name) => [name, of(costs[name])])),
      ]),
    )
  return {
    value: each(({ tally }) => ({ writes: round(tally.writes), reads: round(tally.reads) })),
    unit: 'DynamoDB requests a run',
    target: '4 writes and 1 read; waited 6; one retry +2; failed 4; skipped 2 (each to a tenth)',
    ok: Object.values(schedules).every((costs) =>
      CASES.every((name) => {
        const { writes, reads = Number.POSITIVE_INFINITY } = TARGETS[name]
        return round(costs[name].tally.writes, 1) <= writes && round(costs[name].tally.reads, 1) <= reads
      }),
    ),
    detail: each(({ tally }) => tally.calls),
  }
}
