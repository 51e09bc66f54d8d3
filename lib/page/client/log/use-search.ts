import { useEffect, useState } from 'preact/hooks'
import { setQuery } from '../state/route'
import type { Screen } from './screen'
import { findLines, paint, unpaint } from './search'

/** After a key was pressed (milliseconds). */
const PATIENCE = 120

export type Search = {
  text: string
  setText: (text: string) => void
  found: readonly number[]
  /** Place of the current match in `found`; -1 before there is one. */
  at: number
  step: (by: 1 | -1) => void
}

/** Search in a log; the text stands in the URL. `changes` is anything after which it must be searched again. */
export function useSearch(screen: Screen | undefined, initial: string, changes: unknown): Search {
  const [text, setText] = useState(initial)
  const [result, setResult] = useState<{ text: string; found: number[]; at: number }>(NOTHING)

  useEffect(() => {
    if (!screen) return
    const timer = setTimeout(() => {
      setQuery({ q: text })
      const found = findLines(screen, text)
      setResult((old) => ({ text, found, at: old.text === text ? Math.min(old.at, found.length - 1) : -1 }))
    }, PATIENCE)
    return () => clearTimeout(timer)
  }, [screen, text, changes])

  const { found, at } = result
  useEffect(() => {
    if (!screen) return
    paint(screen, result.text, found, found[at])
    return unpaint
  }, [screen, result])

  return {
    text,
    setText,
    found,
    at,
    step: (by) => {
      if (found.length === 0) return
      const next = at < 0 ? (by > 0 ? 0 : found.length - 1) : (at + by + found.length) % found.length
      setResult({ ...result, at: next })
      screen?.scrollTo(found[next] ?? 1)
    },
  }
}

const NOTHING = { text: '', found: [], at: -1 }
