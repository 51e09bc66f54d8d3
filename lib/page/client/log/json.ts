import { jsonOf } from '../../../core/lines'

/**
 * For a line that is a JSON object, a button that shows it over several lines, and again as it was written. It has no
 * text of its own, so that no search finds it. `show` puts a text in the line's place.
 */
export function jsonToggle(text: string, show: (text: string) => void): HTMLButtonElement | undefined {
  const value = jsonOf(text)
  if (value === undefined) return undefined
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'json'
  const turn = (open: boolean) => {
    button.setAttribute('aria-expanded', String(open))
    button.ariaLabel = open ? 'Show this JSON as it was written' : 'Show this JSON over several lines'
    button.title = button.ariaLabel
  }
  turn(false)
  button.onclick = () => {
    const open = button.getAttribute('aria-expanded') !== 'true'
    turn(open)
    show(open ? JSON.stringify(value, null, 2) : text)
  }
  return button
}
