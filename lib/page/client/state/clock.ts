/** The server's time: run records and ticks are its, and a laptop's clock may be off. */
import { useEffect, useState } from 'preact/hooks'

let offset = 0
const listeners = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined

export const now = () => Date.now() + offset

export function setServerTime(time: number): void {
  offset = time - Date.now()
}

/** What `read` gives, looked at again each second; who uses it is drawn again only when that has changed. */
export function useTicking<T>(read: () => T): T {
  const [, redraw] = useState<T>()
  const value = read()
  useEffect(() => {
    const look = () => redraw(read)
    listeners.add(look)
    timer ??= setInterval(() => {
      for (const listener of listeners) listener()
    }, 1000)
    return () => {
      listeners.delete(look)
      if (listeners.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  })
  return value
}
