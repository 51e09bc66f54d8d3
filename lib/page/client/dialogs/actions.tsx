import { useState } from 'preact/hooks'
import { dateTimeZone } from '../format/time'
import { act } from '../net/fetch'
import { go, runHash } from '../state/route'
import { Dialog } from './dialog'
import { done } from './done'
import { closeDialog } from './open'

const named = (tasks: readonly string[]) => (tasks.length === 1 ? tasks[0] : `${tasks.length} tasks`)

function TaskNames({ tasks }: { tasks: readonly string[] }) {
  if (tasks.length === 1) return null
  return (
    <details>
      <summary>{tasks.length} tasks</summary>
      <p class="task-names">{tasks.join(', ')}</p>
    </details>
  )
}

export function RunDialog({
  tasks,
  payload,
}: {
  tasks: string[]
  payload: Record<string, unknown> | undefined
}) {
  const [text, setText] = useState(JSON.stringify(payload ?? {}, undefined, 2))
  const one = tasks.length === 1
  return (
    <Dialog
      title={`Run ${named(tasks)} now?`}
      verb={one ? 'Run now' : `Run ${tasks.length} tasks`}
      onClose={closeDialog}
      onSubmit={async () => {
        const answer = await act('run', { tasks, ...(one ? { payload: parsePayload(text) } : {}) })
        done(answer)
        if (answer.run !== undefined && tasks[0]) go(runHash(tasks[0], answer.run))
      }}
    >
      <TaskNames tasks={tasks} />
      <p>It goes through the same lock as every tick: where another run holds the slot, this one waits.</p>
      {one && (
        <label class="field">
          <span>Payload (JSON)</span>
          <textarea
            rows={6}
            spellcheck={false}
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
      )}
    </Dialog>
  )
}

function parsePayload(text: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`The payload is no JSON: ${(error as Error).message}`)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error('The payload must be a JSON object.')
  return value as Record<string, unknown>
}

export function RerunDialog({ task, run, scheduledAt }: { task: string; run: string; scheduledAt: string }) {
  return (
    <Dialog
      title="Run again for the same tick?"
      verb="Run again"
      onClose={closeDialog}
      onSubmit={async () => {
        const answer = await act('rerun', { task, run })
        done(answer)
        if (answer.run !== undefined) go(runHash(task, answer.run))
      }}
    >
      <p>
        A new run of <strong>{task}</strong> is made for the tick{' '}
        <strong>{dateTimeZone(Date.parse(scheduledAt))}</strong>, with the payload of this one and the task’s
        definition of today. This run stays as it is.
      </p>
    </Dialog>
  )
}

export function CancelDialog({ task, run, scheduledAt }: { task: string; run: string; scheduledAt: string }) {
  return (
    <Dialog
      title="Cancel this run?"
      verb="Cancel the run"
      danger
      onClose={closeDialog}
      onSubmit={async () => done(await act('cancel', { task, run }))}
    >
      <p>
        <strong>{task}</strong>, tick {dateTimeZone(Date.parse(scheduledAt))}.
      </p>
      <p>
        What waits is cancelled at once. A body that runs cannot be stopped: its slot stays taken until it
        ends.
      </p>
    </Dialog>
  )
}

const UNTIL = [
  ['', 'somebody resumes it'],
  ['1h', 'one hour from now'],
  ['4h', '4 hours from now'],
  ['1d', 'a day from now'],
  ['monday', 'Monday'],
  ['other', 'a time of my own'],
] as const

export function PauseDialog({ tasks }: { tasks: string[] }) {
  const [reason, setReason] = useState('')
  const [choice, setChoice] = useState('')
  const [own, setOwn] = useState('')
  const until = choice === 'other' ? own : choice
  return (
    <Dialog
      title={`Pause ${named(tasks)}?`}
      verb={tasks.length === 1 ? 'Pause' : `Pause ${tasks.length} tasks`}
      onClose={closeDialog}
      onSubmit={async () => {
        if (choice === 'other' && own === '') throw new Error('Say until when.')
        const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
        done(await act('pause', { tasks, reason, until, timezone: timeZone }))
      }}
    >
      <TaskNames tasks={tasks} />
      <p>Ticks are skipped meanwhile. What runs goes on; what waits stays until then.</p>
      <label class="field">
        <span>Why, for everybody who looks</span>
        <input
          type="text"
          value={reason}
          maxLength={200}
          onInput={(event) => setReason(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        <span>Until</span>
        <select value={choice} onChange={(event) => setChoice(event.currentTarget.value)}>
          {UNTIL.map(([value, text]) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {choice === 'other' && (
        <label class="field">
          <span>Time ({Intl.DateTimeFormat().resolvedOptions().timeZone})</span>
          <input type="datetime-local" value={own} onInput={(event) => setOwn(event.currentTarget.value)} />
        </label>
      )}
    </Dialog>
  )
}

export function ResumeDialog({ tasks }: { tasks: string[] }) {
  return (
    <Dialog
      title={`Resume ${named(tasks)}?`}
      verb={tasks.length === 1 ? 'Resume' : `Resume ${tasks.length} tasks`}
      onClose={closeDialog}
      onSubmit={async () => done(await act('resume', { tasks }))}
    >
      <TaskNames tasks={tasks} />
      <p>What waited goes on at once. The ticks that were skipped stay so: Backfill runs them.</p>
    </Dialog>
  )
}
