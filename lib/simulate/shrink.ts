/** From a history that breaks an invariant to a short one that breaks the same. */
import type { Fault } from './faults'
import { type History, type HistoryOptions, runHistory } from './history'
import type { Invariant } from './violation'

export type Shrunk = { history: History; options: HistoryOptions }

/** How many other seeds are tried with the few faults that it takes. */
const OTHER_SEEDS = 3000

export function shrink(invariant: Invariant, seed: number, options: HistoryOptions): Shrunk {
  const breaks = (at: number, changes: HistoryOptions): Shrunk | undefined => {
    const tried = { ...options, ...changes }
    const history = runHistory(at, tried)
    return history.violation?.invariant === invariant ? { history, options: tried } : undefined
  }
  const first = breaks(seed, {})
  if (first === undefined) throw new Error(`seed ${seed} does not break ${invariant}`)
  let best = fewer(first, breaks)
  const needed = [...new Set(struck(best))]
  const { maxTicks } = best.options
  for (let other = 1; other <= OTHER_SEEDS; other++) {
    const shorter = breaks(other, { only: needed, maxTicks, without: undefined })
    if (shorter && shorter.history.events < best.history.events) best = fewer(shorter, breaks)
  }
  return best
}

type Breaks = (seed: number, changes: HistoryOptions) => Shrunk | undefined

/** The same seed with fewer ticks, fewer kinds of fault, and fewer strikes, as long as it breaks. */
function fewer(start: Shrunk, breaks: Breaks): Shrunk {
  const { seed } = start.history
  let best = start
  const attempt = (changes: HistoryOptions): boolean => {
    const found = breaks(seed, { ...best.options, ...changes })
    if (found && found.history.events <= best.history.events) best = found
    return found !== undefined && best === found
  }
  for (const maxTicks of [1, 2, 3]) if (attempt({ maxTicks })) break
  for (const fault of new Set(struck(best))) {
    const only = [...new Set(struck(best))].filter((other) => other !== fault)
    attempt({ only })
  }
  for (let number = best.history.struck.length; number > 0; number--)
    attempt({ without: [...(best.options.without ?? []), number] })
  return best
}

function struck({ history, options }: Shrunk): Fault[] {
  return history.struck.filter((_, index) => !options.without?.includes(index + 1))
}
