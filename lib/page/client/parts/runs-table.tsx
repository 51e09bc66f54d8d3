import type { RunSummary } from '../../api'
import { dateTimeZone } from '../format/time'
import { runHash } from '../state/route'
import { StatusLabel } from './status'
import { Ago, At, Took } from './time'
import { Why } from './why'

/** Runs, the newest first. */
export function RunsTable({ runs, label }: { runs: readonly RunSummary[]; label: string }) {
  return (
    <div class="scroller" tabIndex={-1}>
      <table class="runs" aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Scheduled</th>
            <th scope="col">Status</th>
            <th scope="col" class="right">
              Took
            </th>
            <th scope="col">Why</th>
            <th scope="col" class="wide-only">
              Trigger
            </th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.run}>
              <td class="nowrap">
                <a
                  data-row
                  href={runHash(run.task, run.run)}
                  title={dateTimeZone(Date.parse(run.scheduledAt))}
                >
                  <At at={Date.parse(run.scheduledAt)} />
                </a>{' '}
                <span class="muted wide-only">
                  <Ago at={Date.parse(run.finishedAt ?? run.startedAt ?? run.run)} />
                </span>
              </td>
              <td>
                <StatusLabel state={run.status} />
              </td>
              <td class="right">
                <Took
                  from={run.startedAt}
                  to={run.finishedAt ?? (run.status === 'RUNNING' ? undefined : run.startedAt)}
                />
              </td>
              <td class="why">
                <div class="why-text">
                  <Why run={run} />
                </div>
                {(run.attempt ?? 1) > 1 && <span class="muted">attempt {run.attempt}</span>}
              </td>
              <td class="wide-only muted">{triggerWords(run)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function triggerWords({ trigger, triggeredBy }: Pick<RunSummary, 'trigger' | 'triggeredBy'>): string {
  const words = { schedule: 'schedule', manual: 'by hand', backfill: 'backfill', rerun: 'rerun' }[trigger]
  return triggeredBy === undefined ? words : `${words}, ${triggeredBy}`
}
