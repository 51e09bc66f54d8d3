import { useEffect, useState } from 'preact/hooks'
import { counted } from '../../../core/counted'
import type { ActionAnswer } from '../../api'
import { dateTimeZone } from '../format/time'
import { act } from '../net/fetch'
import { Dialog } from './dialog'
import { done } from './done'
import { closeDialog } from './open'

const DAY = 86_400_000
/** After a key was pressed (milliseconds). */
const PATIENCE = 300

/** Fills in the ticks of past days, and says before which they are. */
export function BackfillDialog({ task, timezone }: { task: string; timezone: string }) {
  const day = (ago: number) =>
    new Intl.DateTimeFormat('en-CA', { timeZone: timezone }).format(Date.now() - ago * DAY)
  const [from, setFrom] = useState(day(7))
  const [to, setTo] = useState(day(0))
  const [rerun, setRerun] = useState(false)
  const [ticks, setTicks] = useState<ActionAnswer['ticks']>()
  const [wrong, setWrong] = useState<string>()

  useEffect(() => {
    let over = false
    const timer = setTimeout(() => {
      act('backfill', { task, from, to, timezone, dryRun: true }).then(
        (answer) => {
          if (over) return
          setTicks(answer.ticks)
          setWrong(undefined)
        },
        (error: Error) => {
          if (over) return
          setTicks(undefined)
          setWrong(error.message)
        },
      )
    }, PATIENCE)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [task, from, to, timezone])

  return (
    <Dialog
      title={`Fill in past ticks of ${task}?`}
      verb={ticks ? `Fill in ${counted(ticks.count, 'tick')}` : 'Fill in'}
      onClose={closeDialog}
      onSubmit={async () => done(await act('backfill', { task, from, to, timezone, rerun }))}
    >
      <p>They run in their order, through the same lock as every tick, and each is told its own time.</p>
      <div class="fields">
        <label class="field">
          <span>First day ({timezone})</span>
          <input type="date" value={from} onInput={(event) => setFrom(event.currentTarget.value)} required />
        </label>
        <label class="field">
          <span>Last day</span>
          <input type="date" value={to} onInput={(event) => setTo(event.currentTarget.value)} required />
        </label>
      </div>
      <label class="check">
        <input type="checkbox" checked={rerun} onChange={(event) => setRerun(event.currentTarget.checked)} />{' '}
        Run ticks again that have a run already
      </label>
      <p class="preview" role="status">
        {wrong ?? previewOf(ticks)}
      </p>
    </Dialog>
  )
}

function previewOf(ticks: ActionAnswer['ticks']): string {
  if (!ticks) return 'Counting the ticks…'
  if (ticks.count === 0 || ticks.first === null || ticks.last === null) return 'No tick falls in that time.'
  const [first, last] = [dateTimeZone(Date.parse(ticks.first)), dateTimeZone(Date.parse(ticks.last))]
  return ticks.count === 1 ? `1 tick: ${first}` : `${ticks.count} ticks, from ${first} to ${last}`
}
