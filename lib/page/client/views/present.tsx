import type { TaskDetail } from '../../api'
import { dateTimeZone } from '../format/time'
import { Ago, At } from '../parts/time'
import { runHash } from '../state/route'
import { useZone } from '../state/zone'

/** Who holds the lock, who waits, and what comes next. */
export function Present({ detail }: { detail: TaskDetail }) {
  const zone = useZone()
  const { row, holders, waiting, coming } = detail
  const { task, concurrency, paused, timezone } = row
  const oldest = waiting[0]
  return (
    <section class="card" aria-labelledby="present">
      <h2 id="present">Now and next</h2>
      <dl class="facts">
        <div>
          <dt>Holds the lock</dt>
          <dd>
            {holders.length === 0 && 'nobody'}
            {holders.map(({ run, until }) => (
              <div key={run}>
                <a href={runHash(task, run)}>
                  <At at={Date.parse(run)} />
                </a>
                , until <At at={until} /> at the latest
              </div>
            ))}
            {concurrency > 1 && (
              <span class="muted">
                {holders.length} of {concurrency} slots
              </span>
            )}
          </dd>
        </div>
        {oldest !== undefined && (
          <div>
            <dt>Waiting</dt>
            <dd>
              {waiting.length}, the oldest{' '}
              <a href={runHash(task, oldest)}>
                <At at={Date.parse(oldest)} />
              </a>
            </dd>
          </div>
        )}
        <div>
          <dt>Next ticks</dt>
          <dd>
            {coming.length === 0 && (row.enabled ? 'none' : 'none: the task is disabled')}
            <ol class="ticks">
              {coming.map(({ at, local, notes }) => (
                <li key={at} class={paused ? 'muted' : ''}>
                  <span title={dateTimeZone(at)}>
                    <At at={at} />
                  </span>{' '}
                  <span class="muted">
                    <Ago at={at} />
                    {timezone !== 'UTC' && timezone !== zone && ` · ${local}`}
                    {paused && ' · paused'}
                  </span>
                  {notes.map((text) => (
                    <div key={text} class="small tick-note">
                      {text}
                    </div>
                  ))}
                </li>
              ))}
            </ol>
          </dd>
        </div>
      </dl>
    </section>
  )
}
