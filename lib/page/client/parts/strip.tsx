import { STATUSES } from '../../../core/protocol/record'
import type { Mark } from '../../api'
import { go, runHash } from '../state/route'
import { WORDS } from '../state/states'

const CELL = 6
const GAP = 2
const HEIGHT = 18
const STRIP = 20

/** Failures stand tall, successes half, and what never ran is a line at the foot: told apart without their colours. */
const SHAPES: Record<string, [top: number, height: number]> = {
  FAILED: [0, HEIGHT],
  TIMED_OUT: [0, HEIGHT],
  CANCELLED: [11, 7],
  SKIPPED: [15, 3],
  QUEUED: [15, 3],
  RUNNING: [4, 14],
  RETRYING: [4, 14],
  SUCCEEDED: [7, 11],
}

/** The last runs, the newest at the right. One path a status: 500 rows of these must be cheap. */
export function Strip({ task, recent }: { task: string; recent: readonly Mark[] }) {
  const paths = new Map<string, string>()
  recent.slice(0, STRIP).forEach(([, status], index) => {
    const name = STATUSES[status] ?? 'SUCCEEDED'
    const [top, height] = SHAPES[name] ?? [0, HEIGHT]
    const x = (STRIP - 1 - index) * (CELL + GAP)
    paths.set(name, `${paths.get(name) ?? ''}M${x} ${top}h${CELL}v${height}h-${CELL}z`)
  })
  const markAt = (event: MouseEvent): Mark | undefined => {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const cell = Math.floor(((event.clientX - box.left) / box.width) * STRIP)
    return recent[STRIP - 1 - cell]
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a short cut for the mouse; the same runs are links on the task's page
    <svg
      class="strip"
      viewBox={`0 0 ${STRIP * (CELL + GAP) - GAP} ${HEIGHT}`}
      role="img"
      aria-label={labelOf(recent)}
      onClick={(event) => {
        const mark = markAt(event)
        if (mark) go(runHash(task, new Date(mark[0]).toISOString()))
      }}
    >
      <title>{labelOf(recent)}</title>
      {[...paths].map(([name, d]) => (
        <path key={name} class={`fill-${name}`} d={d} />
      ))}
    </svg>
  )
}

function labelOf(recent: readonly Mark[]): string {
  if (recent.length === 0) return 'no runs yet'
  const counts = new Map<string, number>()
  for (const [, status] of recent) {
    const name = STATUSES[status] ?? 'SUCCEEDED'
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const parts = [...counts].map(
    ([name, count]) => `${count} ${WORDS[name as keyof typeof WORDS].toLowerCase()}`,
  )
  return `last ${recent.length}: ${parts.join(', ')}`
}
