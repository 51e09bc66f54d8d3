import { useLayoutEffect, useRef } from 'preact/hooks'
import { pref } from './prefs'

/** `/`, `Shift+F`, or two keys one after the other as in `g t`. */
export type Keys = Record<string, (event: KeyboardEvent) => void>

const scopes: (() => Keys)[] = []
/** The first of two keys, and when it was pressed. */
let first: { key: string; at: number } | undefined
const SECOND_WITHIN = 1000

/** Keys of a view for as long as it is shown. Those of the whole page give way where a view has its own. */
export function useKeys(keys: Keys, everywhere = false): void {
  const latest = useRef(keys)
  latest.current = keys
  // As soon as the view is there, however late its frame: somebody may type faster than the page is painted.
  useLayoutEffect(() => {
    const scope = () => latest.current
    // Children are shown before what holds them, so that it is not the order in which they come that decides.
    if (everywhere) scopes.unshift(scope)
    else scopes.push(scope)
    return () => void scopes.splice(scopes.indexOf(scope), 1)
  }, [])
}

/** Where a letter is a letter. */
const FIELDS = 'input:not([type=checkbox]):not([type=radio]), textarea, select'

function onKeyDown(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  // In a dialog keys are the dialog's.
  if (document.querySelector('dialog[open]')) return
  const target = event.target as HTMLElement
  if (target.matches?.(FIELDS)) {
    // Out of the field, and what was typed stays: a browser would clear a search field.
    if (event.key === 'Escape') {
      event.preventDefault()
      target.blur()
    }
    return
  }
  // Esc and modified keys are no single-character shortcuts (WCAG 2.1.4).
  if (pref('shortcuts') === 'off' && event.key.length === 1) return
  const key = event.shiftKey && /^[A-Z]$/.test(event.key) ? `Shift+${event.key}` : event.key
  const sequence = first && event.timeStamp - first.at < SECOND_WITHIN ? `${first.key} ${key}` : undefined
  first = undefined
  for (const name of [sequence, key]) {
    if (name === undefined) continue
    const scope = scopes.map((scope) => scope()).findLast((keys) => keys[name])
    if (!scope) continue
    event.preventDefault()
    scope[name]?.(event)
    return
  }
  if (scopes.some((scope) => Object.keys(scope()).some((name) => name.startsWith(`${key} `))))
    first = { key, at: event.timeStamp }
}

document.addEventListener('keydown', onKeyDown)

/** Moves the focus along the links that stand for rows. */
export function moveFocus(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>('main [data-row]')].filter(
    (row) => row.offsetParent !== null,
  )
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = at < 0 ? rows[step > 0 ? 0 : rows.length - 1] : rows[at + step]
  next?.focus()
  next?.closest('tr')?.scrollIntoView({ block: 'nearest' })
}
