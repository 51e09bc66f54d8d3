import { useEffect, useRef, useState } from 'preact/hooks'
import { duration } from '../../../core/duration'
import { STATUSES } from '../../../core/protocol/record'
import type { TaskRow, Timeline, TimelineRow } from '../../api'
import { dateTimeZone } from '../format/time'
import { Icon } from '../parts/icon'
import { go, runHash, taskHash } from '../state/route'
import { statesOf, WORDS } from '../state/states'
import { useZone } from '../state/zone'
import { marksOf } from './timeline-scale'

const ROW = 28
/** A run that is shorter than that can be neither seen nor hit (pixels). */
const NARROWEST = 3
const SKIPPED = 6
const REACH = 6
/** Coming ticks that are closer are one band (pixels). */
const CLOSE = 6
/** As in the strip of recent runs: failures are the tallest, and each form is told without its colour. */
const SHAPES: Record<string, [top: number, height: number]> = {
  FAILED: [3, 22],
  TIMED_OUT: [3, 22],
  SKIPPED: [9, 10],
  QUEUED: [11, 6],
  RETRYING: [11, 6],
  CANCELLED: [9, 10],
}
/** What is drawn later covers what was drawn before. */
const ORDER = ['QUEUED', 'SKIPPED', 'SUCCEEDED', 'CANCELLED', 'RETRYING', 'RUNNING', 'TIMED_OUT', 'FAILED']

export function Chart({ timeline, order }: { timeline: Timeline; order: readonly TaskRow[] }) {
  const zone = useZone()
  const frame = useRef<HTMLDivElement>(null)
  const width = useWidth(frame)
  const [tip, setTip] = useState<{ x: number; y: number; text: string }>()
  const { from, to } = timeline
  const x = (at: number) => ((at - from) / (to - from)) * width
  const rows = new Map(timeline.rows.map((row) => [row.task, row]))
  const marks = marksOf(from, to, Math.max(2, Math.floor(width / 90)), zone)
  return (
    <section class="timeline" aria-label="Runs over time. “As a table” says the same in words.">
      <div class="timeline-names">
        <div class="timeline-axis muted">{zone}</div>
        {order.map((row) => (
          <a key={row.task} data-row href={taskHash(row.task)} class="timeline-name">
            {statesOf(row)
              .slice(0, 1)
              .map((state) => (
                <span key={state} class={`s-${state}`} title={WORDS[state]}>
                  <Icon name={state} />
                </span>
              ))}
            <span>{row.task}</span>
          </a>
        ))}
      </div>
      <div class="timeline-chart" ref={frame}>
        <div class="timeline-axis">
          {marks.map(({ at, text }) => (
            <span key={at} style={{ left: `${x(at)}px` }}>
              {text}
            </span>
          ))}
        </div>
        <div class="timeline-rows">
          {marks.map(({ at }) => (
            <i key={at} class="timeline-line" style={{ left: `${x(at)}px` }} />
          ))}
          {order.map(({ task }) => {
            const row = rows.get(task)
            return row ? (
              <Row key={task} row={row} x={x} width={width} now={timeline.now} tell={setTip} />
            ) : (
              <div key={task} class="timeline-row" />
            )
          })}
          <i class="timeline-now" style={{ left: `${x(timeline.now)}px` }} title="now" />
        </div>
      </div>
      <svg class="patterns" aria-hidden="true" focusable="false">
        <pattern id="hatch" width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <rect class="hatch" width="1.6" height="4" />
        </pattern>
      </svg>
      {tip && (
        <div class="tip" style={{ left: `${tip.x}px`, top: `${tip.y}px` }} aria-hidden="true">
          {tip.text}
        </div>
      )}
      <Legend />
    </section>
  )
}

type RowProps = {
  row: TimelineRow
  x: (at: number) => number
  width: number
  now: number
  tell: (tip: { x: number; y: number; text: string } | undefined) => void
}

/** One path a status, and the pointer finds the run by its place: thousands of shapes would be slow. */
function Row({ row, x, width, now, tell }: RowProps) {
  const paths = new Map<string, string>()
  const spans = row.bars.map(([run, status, start, end]) => {
    const left = x(start)
    const name = STATUSES[status] ?? 'SUCCEEDED'
    const right = name === 'SKIPPED' ? left + SKIPPED : Math.max(left + NARROWEST, x(end ?? now))
    const [top, height] = SHAPES[name] ?? [7, 14]
    paths.set(
      name,
      `${paths.get(name) ?? ''}M${left.toFixed(1)} ${top}H${right.toFixed(1)}v${height}H${left.toFixed(1)}z`,
    )
    return { run, status, start, end, left, right }
  })
  const ticks = (times: readonly number[]) =>
    times.map((at) => `M${(x(at) - 2).toFixed(1)} 9h4v10h-4z`).join('')
  const at = (event: MouseEvent) => {
    const place = event.clientX - (event.currentTarget as Element).getBoundingClientRect().left
    return spans
      .map((span) => ({ span, off: Math.max(span.left - place, place - span.right, 0) }))
      .filter(({ off }) => off <= REACH)
      .sort((a, b) => a.off - b.off)[0]?.span
  }
  return (
    <svg
      class="timeline-row"
      width={width}
      height={ROW}
      aria-hidden="true"
      onMouseMove={(event) => {
        const span = at(event)
        if (!span) return tell(undefined)
        const took = span.end === null ? '' : `, ${duration(Math.max(0, span.end - span.start))}`
        const word = WORDS[STATUSES[span.status] ?? 'SUCCEEDED']
        tell({ x: event.clientX, y: event.clientY, text: `${word}${took} · ${dateTimeZone(span.run)}` })
      }}
      onMouseLeave={() => tell(undefined)}
      onClick={(event) => {
        const span = at(event)
        if (span) go(runHash(row.task, new Date(span.run).toISOString()))
      }}
    >
      {row.since !== undefined && (
        <rect class="timeline-cut" x={0} y={4} width={Math.max(0, x(row.since))} height={20} />
      )}
      <path class="timeline-missed" d={ticks(row.missed)} />
      <path class="timeline-coming" d={comingPath(row.coming.map(x))} />
      {ORDER.map((name) => {
        const d = paths.get(name)
        return d && <path key={name} class={`bar fill-${name}`} d={d} />
      })}
    </svg>
  )
}

function comingPath(places: readonly number[]): string {
  const [first = 0, second = Number.POSITIVE_INFINITY] = places
  if (second - first >= CLOSE) return places.map((at) => `M${(at - 2).toFixed(1)} 9h4v10h-4z`).join('')
  return `M${first.toFixed(1)} 9H${(places.at(-1) ?? first).toFixed(1)}v10H${first.toFixed(1)}z`
}

function Legend() {
  return (
    <ul class="legend muted small" aria-hidden="true">
      <li>
        <i class="swatch swatch-ran" /> ran
      </li>
      <li>
        <i class="swatch swatch-failed" /> failed
      </li>
      <li>
        <i class="swatch swatch-skipped" /> skipped
      </li>
      <li>
        <i class="swatch swatch-missed" /> no run came
      </li>
      <li>
        <i class="swatch swatch-coming" /> to come
      </li>
      <li>
        <i class="swatch swatch-cut" /> older runs, not shown
      </li>
    </ul>
  )
}

function useWidth(element: { current: HTMLElement | null }): number {
  const [width, setWidth] = useState(800)
  useEffect(() => {
    if (!element.current) return
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 800)))
    observer.observe(element.current)
    return () => observer.disconnect()
  }, [])
  return width
}
