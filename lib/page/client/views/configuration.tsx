import { alertsText } from '../../../core/alerts/describe'
import { span } from '../../../core/duration'
import { asWritten } from '../../../core/schedule/scheduler-expression'
import type { TaskDetail } from '../../api'
import { Ago } from '../parts/time'

const OVERLAPS = {
  latest: 'latest: at most one waits, a newer tick takes its place',
  queue: 'queue: all wait, in their order',
  skip: 'skip: none waits',
}

/** As it is deployed. */
export function Configuration({ detail }: { detail: TaskDetail }) {
  const { definition, payload, row, changedAt } = detail
  const { retry, startWithin } = definition
  const facts: [string, string | undefined][] = [
    ['Schedule', `${asWritten(row.schedule, row.timezone)}, ${row.timezone}`],
    ['Function', `${definition.function} ${definition.qualifier}, ${definition.target}`],
    ['Overlap', OVERLAPS[definition.overlap]],
    ['Concurrency', `${definition.concurrency} at a time`],
    [
      'Starts',
      startWithin === null ? 'however late' : `within ${span(startWithin)} of its tick, or not at all`,
    ],
    ['Time-out', span(definition.timeout)],
    ['Retry', retryWords(retry)],
    ['Fails on', definition.failOn.join(', ')],
    ['But not on', definition.except.join(', ')],
    ['Alerts', alertsText(definition.alerts)],
    ['Log group', definition.logGroup],
    ['Records kept', `${definition.retention} d`],
    ['Payload', payload && JSON.stringify(payload)],
  ]
  return (
    <section class="card card-wide" aria-labelledby="configuration">
      <h2 id="configuration">Configuration</h2>
      <dl class="facts facts-grid">
        {facts.map(([name, value]) =>
          value ? (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ) : null,
        )}
      </dl>
      {changedAt !== undefined && (
        <p class="muted small">
          Deployed <Ago at={Date.parse(changedAt)} />
        </p>
      )}
    </section>
  )
}

function retryWords({ attempts, delay, backoff, maxDelay }: TaskDetail['definition']['retry']): string {
  if (attempts === 1) return 'no'
  const growth = backoff === 1 ? '' : `, each wait ×${backoff}, at most ${span(maxDelay)}`
  return `${attempts} attempts, ${span(delay)} apart${growth}`
}
