import { ESCAPES } from '../../core/text'

/** At most `width` characters; an ellipsis says that there was more. */
export function cut(text: string, width: number): string {
  const characters = [...text]
  return characters.length <= width ? text : `${characters.slice(0, Math.max(0, width - 1)).join('')}…`
}

/** Lines of at most `width` characters, broken at blanks where there are any; the last of `most` is cut. */
export function wrap(text: string, width: number, most: number): string[] {
  const lines: string[] = []
  let rest = text.trim()
  while (widthOf(rest) > width && lines.length < most - 1) {
    const head = [...rest].slice(0, width + 1).join('')
    const blank = head.lastIndexOf(' ')
    const line = blank > 0 ? head.slice(0, blank) : [...head].slice(0, width).join('')
    lines.push(line.trimEnd())
    rest = rest.slice(line.length).trimStart()
  }
  return [...lines, cut(rest, width)]
}

/** Columns it takes; each character counts as one. */
export const widthOf = (text: string): number => [...text].length

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are control characters
const COLOUR = /^\u001b\[[0-9;:]*m$/

/**
 * A log line as a terminal may be shown it: several lines stay so, colours stay where they are wanted, and nothing else
 * that a program could have put there to move the cursor or to set a title.
 */
export function forTerminal(text: string, colour: boolean): string {
  const sequences = text.match(ESCAPES) ?? []
  const parts = text.replace(/\r\n?/g, '\n').split(ESCAPES).map(withoutControls)
  const shown = parts.map((part, index) => {
    const sequence = sequences[index] ?? ''
    return part + (colour && COLOUR.test(sequence) ? sequence : '')
  })
  const line = shown.join('')
  return line.length > parts.join('').length ? `${line}\u001b[0m` : line
}

const withoutControls = (text: string) =>
  text.replace(/\p{Cc}/gu, (control) => (control === '\n' || control === '\t' ? control : '\ufffd'))
