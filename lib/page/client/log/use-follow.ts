import { useEffect, useRef, useState } from 'preact/hooks'

/** Pixels from the end that still count as being there. */
const NEAR = 40

const atEnd = (host: HTMLElement) => host.scrollHeight - host.scrollTop - host.clientHeight < NEAR

/** Follows what is added at the end; stops when the reader scrolls up, and goes on when they are back at the end. */
export function useFollow(host: { current: HTMLElement | null }, initially: boolean) {
  const [following, setFollowing] = useState(initially)
  const on = useRef(initially)
  const set = (next: boolean) => {
    on.current = next
    setFollowing(next)
    if (next && host.current) host.current.scrollTop = host.current.scrollHeight
  }
  useEffect(() => {
    const element = host.current
    if (!element) return
    let top = element.scrollTop
    const onScroll = () => {
      const up = element.scrollTop < top - 1
      top = element.scrollTop
      if (up && on.current && !atEnd(element)) set(false)
      else if (!up && !on.current && atEnd(element) && element.scrollHeight > element.clientHeight) set(true)
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => element.removeEventListener('scroll', onScroll)
  }, [])
  return {
    following,
    set,
    /** After lines were added. */
    keep: () => {
      if (on.current && host.current) host.current.scrollTop = host.current.scrollHeight
    },
  }
}
