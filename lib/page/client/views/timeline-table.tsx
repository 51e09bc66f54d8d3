import { duration } from '../../../core/duration'
import { STATUSES } from '../../../core/protocol/record'
import type { TaskRow, Timeline } from '../../api'
import { dateTimeZone } from '../format/time'
import { StatusLabel } from '../parts/status'
import { runHash, taskHash } from '../state/route'
import { useZone } from '../state/zone'

const MOST = 500

/** The same as the chart says, in words and for the keyboard. */
export function TimelineTable({ timeline, order }: { timeline: Timeline; order: readonly TaskRow[] }) {
  useZone()
  const known = new Set(order.map(({ task }) => task))
  const entries = timeline.rows
    .filter(({ task }) => known.has(task))
    .flatMap(({ task, bars, missed, coming }) => [
      ...bars.map(([run, status, start, end]) => ({ task, at: run, status, start, end })),
      ...missed.map((at) => ({ task, at, status: -1, start: at, end: null })),
      ...coming.slice(0, 3).map((at) => ({ task, at, status: -2, start: at, end: null })),
    ])
    .sort((a, b) => b.at - a.at)
  return (
    <>
      <div class="scroller" tabIndex={-1}>
        <table class="runs" aria-label="Runs and ticks, the newest first">
          <thead>
            <tr>
              <th scope="col">Scheduled</th>
              <th scope="col">Task</th>
              <th scope="col">Status</th>
              <th scope="col" class="right">
                Took
              </th>
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, MOST).map(({ task, at, status, start, end }) => (
              <tr key={`${task} ${at}`}>
                <td class="nowrap">
                  {status >= 0 ? (
                    <a data-row href={runHash(task, new Date(at).toISOString())}>
                      {dateTimeZone(at)}
                    </a>
                  ) : (
                    dateTimeZone(at)
                  )}
                </td>
                <td>
                  <a href={taskHash(task)}>{task}</a>
                </td>
                <td>
                  {status >= 0 && <StatusLabel state={STATUSES[status] ?? 'SUCCEEDED'} />}
                  {status === -1 && <StatusLabel state="MISSED" text="No run" />}
                  {status === -2 && <StatusLabel state="NEW" text="To come" />}
                </td>
                <td class="right number">{end === null ? '' : duration(Math.max(0, end - start))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {entries.length > MOST && (
        <p class="muted">
          The newest {MOST} of {entries.length}.
        </p>
      )}
    </>
  )
}
