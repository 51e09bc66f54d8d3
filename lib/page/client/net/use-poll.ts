import { useEffect, useState } from 'preact/hooks'
import { setServerTime } from '../state/clock'
import { get, type Refused } from './fetch'

export type Polled<T> = {
  /** The last good answer: an error does not take it away. */
  data: T | undefined
  error: Refused | undefined
  /** Of the last good answer, epoch ms of this machine. */
  at: number | undefined
}

/** After an error (milliseconds). */
const RETRY = 10_000

const refreshers = new Set<() => void>()

/** Looks again at once at everything that is shown. */
export function refreshAll(): void {
  for (const refresh of refreshers) refresh()
}

/**
 * Asks for `path` again and again while the page is seen. `wait` says how long to wait after an answer (milliseconds);
 * undefined: no more; `retry` is that after an error. `merge` may keep what has not changed, so that it need not be drawn anew.
 */
export function usePoll<T extends { now?: number }>(
  path: string | undefined,
  wait: (data: T) => number | undefined,
  merge: (old: T | undefined, fresh: T) => T = (_, fresh) => fresh,
  retry = RETRY,
): Polled<T> {
  const [polled, setPolled] = useState<Polled<T> & { path?: string | undefined }>(NOTHING)
  useEffect(() => {
    if (path === undefined) return
    let timer: ReturnType<typeof setTimeout> | undefined
    let over = false
    let loading: AbortController | undefined
    let data: T | undefined
    let next: number | undefined

    const load = async () => {
      clearTimeout(timer)
      loading?.abort()
      const mine = new AbortController()
      loading = mine
      try {
        const fresh = await get<T>(path, mine.signal)
        if (fresh.now !== undefined) setServerTime(fresh.now)
        data = merge(data, fresh)
        next = wait(data)
        setPolled({ path, data, error: undefined, at: Date.now() })
      } catch (error) {
        if (over || mine.signal.aborted) return
        next = retry
        setPolled((old) => ({
          path,
          data: old.path === path ? old.data : undefined,
          error: error as Refused,
          at: old.path === path ? old.at : undefined,
        }))
      }
      if (!over && next !== undefined && !document.hidden) timer = setTimeout(load, next)
    }
    const look = () => {
      if (document.hidden) clearTimeout(timer)
      else if (next !== undefined) void load()
    }
    const refresh = () => void load()
    document.addEventListener('visibilitychange', look)
    refreshers.add(refresh)
    void load()
    return () => {
      over = true
      clearTimeout(timer)
      loading?.abort()
      document.removeEventListener('visibilitychange', look)
      refreshers.delete(refresh)
    }
  }, [path])
  return polled.path === path ? polled : NOTHING
}

const NOTHING = { data: undefined, error: undefined, at: undefined }
