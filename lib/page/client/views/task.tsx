import { useState } from 'preact/hooks'
import type { RunPage, RunSummary, TaskDetail, TaskRow } from '../../api'
import { openDialog } from '../dialogs/open'
import { get } from '../net/fetch'
import { usePoll } from '../net/use-poll'
import { Button } from '../parts/button'
import { Chip } from '../parts/chip'
import { Loading, StaleBanner } from '../parts/error'
import { RunsTable } from '../parts/runs-table'
import { TaskStates } from '../parts/status'
import { note } from '../state/announce'
import { useKeys } from '../state/keys'
import { go, setQuery, tasksHash, useRoute } from '../state/route'
import { Configuration } from './configuration'
import { Durations } from './durations'
import { NotFound } from './empty'
import { Present } from './present'
import { ScheduleText } from './task-table'

type Props = { task: string; poll: { running: number; idle: number } }

/** One task: what it does now and next, how it is configured, and its runs. */
export function TaskView({ task, poll }: Props) {
  const polled = usePoll<TaskDetail>(`/api/tasks/${encodeURIComponent(task)}`, ({ holders, waiting }) =>
    holders.length + waiting.length > 0 ? poll.running : poll.idle,
  )
  useKeys({ Escape: () => go(tasksHash()) })
  const { data, error } = polled
  if (!data && error?.code === 'NO_SUCH_TASK')
    return <NotFound what={`${error.message}.`} up={{ href: tasksHash(), text: 'All tasks' }} />
  if (!data) return error ? <StaleBanner polled={polled} /> : <Loading what={task} />
  const { row } = data
  return (
    <>
      <nav class="crumbs" aria-label="You are here">
        <a href={tasksHash()}>Tasks</a>
      </nav>
      <StaleBanner polled={polled} />
      <div class="page-head">
        <h1>{task}</h1>
        <TaskStates row={row} />
        <div class="spacer" />
        <TaskButtons row={row} payload={data.payload} />
      </div>
      {row.description !== undefined && <p class="lead">{row.description}</p>}
      <p class="muted">
        <ScheduleText row={row} />
        {row.owner !== undefined && <> · owner {row.owner}</>}
        {row.tags.length > 0 && <> · {row.tags.join(', ')}</>}
      </p>
      {row.paused && (
        <p class="banner banner-note">
          Paused{row.paused.reason ? `: ${row.paused.reason}` : ''}. Ticks are skipped meanwhile.
        </p>
      )}
      <div class="cards">
        <Present detail={data} />
        <Durations detail={data} />
        <Configuration detail={data} />
      </div>
      <Runs key={task} task={task} detail={data} />
    </>
  )
}

function TaskButtons({ row, payload }: { row: TaskRow; payload: Record<string, unknown> | undefined }) {
  const { task, paused, timezone } = row
  return (
    <div class="buttons">
      <Button icon="play" kind="primary" onClick={() => openDialog({ what: 'run', tasks: [task], payload })}>
        Run now
      </Button>
      {paused ? (
        <Button icon="play" onClick={() => openDialog({ what: 'resume', tasks: [task] })}>
          Resume
        </Button>
      ) : (
        <Button icon="PAUSED" onClick={() => openDialog({ what: 'pause', tasks: [task] })}>
          Pause
        </Button>
      )}
      <Button icon="fill" onClick={() => openDialog({ what: 'backfill', task, timezone })}>
        Backfill
      </Button>
    </div>
  )
}

const KINDS: Record<string, { text: string; shows: (run: RunSummary) => boolean }> = {
  all: { text: 'All', shows: () => true },
  failed: { text: 'Failed', shows: ({ status }) => status === 'FAILED' || status === 'TIMED_OUT' },
  skipped: { text: 'Skipped', shows: ({ status }) => status === 'SKIPPED' },
}

function Runs({ task, detail }: { task: string; detail: TaskDetail }) {
  const [older, setOlder] = useState<RunPage>()
  const [busy, setBusy] = useState(false)
  const { query } = useRoute()
  const kind = KINDS[query.get('runs') ?? 'all'] ? (query.get('runs') ?? 'all') : 'all'
  // A poll moves the window of the newest; what was loaded before goes on where that ends.
  const oldest = detail.runs.at(-1)?.run ?? ''
  const all = [...detail.runs, ...(older?.runs ?? []).filter(({ run }) => run < oldest)]
  const shown = all.filter((run) => KINDS[kind]?.shows(run))
  const load = async () => {
    setBusy(true)
    try {
      const before = all.at(-1)?.run ?? ''
      const page = await get<RunPage>(
        `/api/runs/${encodeURIComponent(task)}?before=${encodeURIComponent(before)}`,
      )
      setOlder({ runs: [...(older?.runs ?? []), ...page.runs], more: page.more })
    } catch (error) {
      note((error as Error).message, 'error')
    }
    setBusy(false)
  }
  return (
    <section class="runs-section">
      <div class="section-head">
        <h2>Runs</h2>
        <fieldset class="chips">
          <legend class="visually-hidden">Only runs that are</legend>
          {Object.entries(KINDS).map(([name, { text, shows }]) => (
            <Chip
              key={name}
              on={name === kind}
              onClick={() => setQuery({ runs: name === 'all' ? undefined : name })}
            >
              {text} <span class="count">{all.filter(shows).length}</span>
            </Chip>
          ))}
        </fieldset>
      </div>
      {all.length === 0 && (
        <p class="empty">No runs yet. The first comes with the next tick, or with Run now.</p>
      )}
      {all.length > 0 && shown.length === 0 && <p class="empty">None of the {all.length} newest runs.</p>}
      {shown.length > 0 && <RunsTable runs={shown} label={`Runs of ${task}`} />}
      {(older ? older.more : detail.more) && (
        <Button onClick={load} disabled={busy}>
          {busy ? 'Loading…' : 'Older runs'}
        </Button>
      )}
    </section>
  )
}
