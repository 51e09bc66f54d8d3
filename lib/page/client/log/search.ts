import { folded, type Line } from './line'
import type { Screen } from './screen'

/** More are found and counted, but not all painted at once. */
const PAINTED = 2000

/** Numbers of the shown lines that contain the text, in any case. */
export function findLines(screen: Screen, text: string): number[] {
  const wanted = text.toLowerCase()
  if (wanted === '') return []
  return screen.lines.filter((line) => screen.isShown(line) && folded(line).includes(wanted)).map(numberOf)
}

const numberOf = ({ number }: Line) => number

/** Marks where the text stands, without touching the DOM (CSS Custom Highlight API), where the browser has that. */
export function paint(
  screen: Screen,
  text: string,
  found: readonly number[],
  current: number | undefined,
): void {
  if (typeof Highlight === 'undefined') return
  const around = current === undefined ? 0 : Math.max(0, found.indexOf(current) - PAINTED / 2)
  const all = new Highlight()
  const mine = new Highlight()
  for (const number of found.slice(around, around + PAINTED)) {
    const element = screen.textOf(number)
    if (!element) continue
    for (const range of rangesOf(element, text.toLowerCase())) (number === current ? mine : all).add(range)
  }
  CSS.highlights.set('found', all)
  CSS.highlights.set('found-current', mine)
}

export function unpaint(): void {
  if (typeof Highlight === 'undefined') return
  CSS.highlights.delete('found')
  CSS.highlights.delete('found-current')
}

/** A match may begin in one node and end in another, where the colour changes within it. */
function rangesOf(element: Element, wanted: string): Range[] {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const nodes: { node: Text; start: number }[] = []
  let whole = ''
  for (let node = walker.nextNode() as Text | null; node; node = walker.nextNode() as Text | null) {
    nodes.push({ node, start: whole.length })
    whole += node.data
  }
  const lower = whole.toLowerCase()
  // Some letters change their length with their case; then places cannot be told.
  if (lower.length !== whole.length) return []
  const place = (at: number) => nodes.findLast(({ start }) => start <= at) ?? nodes[0]
  const ranges: Range[] = []
  for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
    const from = place(at)
    const to = place(at + wanted.length - 1)
    if (!from || !to) continue
    const range = document.createRange()
    range.setStart(from.node, at - from.start)
    range.setEnd(to.node, at + wanted.length - to.start)
    ranges.push(range)
  }
  return ranges
}
