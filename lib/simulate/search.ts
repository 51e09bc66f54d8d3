import { type History, type HistoryOptions, runHistory } from './history'
import type { Invariant } from './violation'

export type Found = { invariant: Invariant; history: History }
export type Tally = { histories: number; events: number; violations: number; found: readonly Found[] }

export type SearchOptions = HistoryOptions & {
  from: number
  count: number
  /** Whether one violation is enough. */
  untilFirst: boolean
  progress?: (histories: number, violations: number) => void
}

const PROGRESS_EVERY = 500

/** Runs the histories of `count` seeds and keeps the first that breaks each invariant. */
export function search({ from, count, untilFirst, progress, ...options }: SearchOptions): Tally {
  const found = new Map<Invariant, History>()
  let events = 0
  let violations = 0
  let histories = 0
  for (let seed = from; seed < from + count; seed++) {
    const history = runHistory(seed, options)
    histories++
    events += history.events
    if (history.violation) {
      violations++
      const { invariant } = history.violation
      if (!found.has(invariant)) found.set(invariant, history)
      if (untilFirst) break
    }
    if (histories % PROGRESS_EVERY === 0) progress?.(histories, violations)
  }
  const first = [...found].map(([invariant, history]) => ({ invariant, history }))
  return { histories, events, violations, found: first }
}
