import type { RunDetail, Service } from '../../api'
import { LogView } from '../log/view'
import { usePoll } from '../net/use-poll'
import { Loading, StaleBanner } from '../parts/error'
import { StatusLabel } from '../parts/status'
import { now } from '../state/clock'
import { useKeys } from '../state/keys'
import { go, runHash, taskHash, tasksHash, useRoute } from '../state/route'
import { NotFound } from './empty'
import { RunButtons } from './run-buttons'
import { RunFacts } from './run-facts'
import { Verdict } from './verdict'

type Props = { task: string; run: string; service: Service }

/** A run that was asked for just now may not have been taken up (milliseconds). */
const ON_ITS_WAY = 120_000
const DEFAULT_RULES = { failOn: ['ERROR'], except: [] }

/** One run: what became of it and why, and its log. */
export function RunView({ task, run, service }: Props) {
  const { poll } = service
  const path = `/api/runs/${encodeURIComponent(task)}/${encodeURIComponent(run)}`
  const polled = usePoll<RunDetail>(
    path,
    ({ run: { finishedAt } }) => (finishedAt === undefined ? poll.running : poll.idle),
    undefined,
    poll.running,
  )
  const { query } = useRoute()
  const { data, error } = polled
  useKeys({
    Escape: () => go(taskHash(task)),
    '[': () => data?.older && go(runHash(task, data.older)),
    ']': () => data?.newer && go(runHash(task, data.newer)),
  })
  if (!data) return <Without task={task} run={run} polled={polled} code={error?.code} />

  const attempts = data.attempts
  const last = data.run.attempt ?? 0
  const wanted = Number(query.get('attempt') ?? last)
  const attempt = attempts.some((one) => one.attempt === wanted) ? wanted : last
  const entry = attempts.find((one) => one.attempt === attempt)
  const ended = data.run.finishedAt !== undefined
  const failing = attempt === last ? data.verdict?.line : undefined
  return (
    <div class="run-view">
      <nav class="crumbs" aria-label="You are here">
        <a href={tasksHash()}>Tasks</a> <span aria-hidden="true">›</span> <a href={taskHash(task)}>{task}</a>
      </nav>
      <StaleBanner polled={polled} />
      <div class="page-head">
        <h1>
          <StatusLabel state={data.run.status} />
        </h1>
        <div class="spacer" />
        <RunButtons detail={data} attempt={attempt} service={service} />
      </div>
      <Verdict detail={data} attempt={attempt} />
      <RunFacts detail={data} attempt={attempt} />
      {entry ? (
        <LogView
          key={`${task} ${run} ${attempt}`}
          task={task}
          run={run}
          attempt={attempt}
          live={!ended && entry.finishedAt === undefined}
          rules={data.definition ?? DEFAULT_RULES}
          failing={failing}
          kept={data.expiresAt === undefined ? undefined : `record kept until ${data.expiresAt.slice(0, 10)}`}
        />
      ) : (
        <p class="empty">{noLogWords(data)}</p>
      )}
    </div>
  )
}

function Without({
  task,
  run,
  polled,
  code,
}: {
  task: string
  run: string
  polled: ReturnType<typeof usePoll<RunDetail>>
  code: string | undefined
}) {
  if (code === undefined) return <Loading what="the run" />
  if (code === 'NO_SUCH_RUN' && now() - Date.parse(run) < ON_ITS_WAY)
    return (
      <div class="empty" role="status">
        <h1>Asked for</h1>
        <p>The run of {task} is on its way: the dispatcher has not taken it up yet.</p>
      </div>
    )
  if (code === 'NO_SUCH_RUN' || code === 'USAGE')
    return (
      <NotFound
        what={`${task} has no run ${run}. Its record may no longer be kept.`}
        up={{ href: taskHash(task), text: `Runs of ${task}` }}
      />
    )
  return <StaleBanner polled={polled} />
}

function noLogWords({ run }: RunDetail): string {
  if (run.status === 'QUEUED') return 'It has no log yet: it waits for its turn.'
  return run.status === 'SKIPPED'
    ? 'It has no log: it was skipped and never started.'
    : 'It has no log: no attempt was made.'
}
