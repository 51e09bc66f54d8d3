import { duration, span } from '../../../core/duration'
import type { RunSummary, TaskDetail } from '../../api'

const BARS = 40
const WIDTH = 7
const GAP = 2
const HEIGHT = 56

/** How long the last runs took, and whether that still fits between two ticks. */
export function Durations({ detail }: { detail: TaskDetail }) {
  const { duration: known, interval, runs, row } = detail
  return (
    <section class="card" aria-labelledby="durations">
      <h2 id="durations">Duration</h2>
      {known ? (
        <>
          <Chart runs={runs} p95={known.p95} />
          <dl class="facts facts-row">
            <div>
              <dt>Half take up to</dt>
              <dd>{duration(known.p50)}</dd>
            </div>
            <div>
              <dt>95 % take up to</dt>
              <dd>{duration(known.p95)}</dd>
            </div>
            <div>
              <dt>Of</dt>
              <dd>
                {known.count} {known.count === 1 ? 'run' : 'runs'}
              </dd>
            </div>
          </dl>
          {interval !== null && known.p95 > interval && (
            <p class="banner banner-note">
              Some runs outlast the {span(interval / 1000)} between two ticks
              {row.concurrency === 1 ? `: overlap is “${row.overlap}”` : ''}.
            </p>
          )}
        </>
      ) : (
        <p class="muted">No run has ended yet.</p>
      )}
    </section>
  )
}

function Chart({ runs, p95 }: { runs: readonly RunSummary[]; p95: number }) {
  const ended = runs
    .filter(({ status, startedAt, finishedAt }) => startedAt && finishedAt && status !== 'SKIPPED')
    .slice(0, BARS)
    .reverse()
  const times = ended.map(
    ({ startedAt = '', finishedAt = '' }) => Date.parse(finishedAt) - Date.parse(startedAt),
  )
  const top = Math.max(1, ...times)
  const y = (time: number) => HEIGHT - Math.max(2, (time / top) * (HEIGHT - 4))
  return (
    <svg
      class="durations"
      viewBox={`0 0 ${BARS * (WIDTH + GAP)} ${HEIGHT}`}
      role="img"
      aria-label={`Duration of the last ${ended.length} runs, the longest ${duration(top)}. The table below has each.`}
    >
      {ended.map((run, index) => (
        <rect
          key={run.run}
          class={`fill-${run.status}`}
          x={index * (WIDTH + GAP)}
          y={y(times[index] ?? 0)}
          width={WIDTH}
          height={HEIGHT - y(times[index] ?? 0)}
        >
          <title>{`${run.run}: ${duration(times[index] ?? 0)}`}</title>
        </rect>
      ))}
      <line class="rule" x1={0} x2={BARS * (WIDTH + GAP)} y1={y(p95)} y2={y(p95)} />
    </svg>
  )
}
