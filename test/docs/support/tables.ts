/** What stands under a heading of the second level, up to the next one. */
export function section(page: string, heading: string): string {
  const [, after] = page.split(new RegExp(`^## ${heading}$`, 'm'))
  if (after === undefined) throw new Error(`there is no heading "## ${heading}"`)
  return after.split(/^## /m)[0] ?? ''
}

/** The rows of all tables, as their cells; heads and rulers left out. */
export function rows(text: string): string[][] {
  const lines = text.split('\n')
  return lines
    .filter((line, index) => line.startsWith('|') && !isRuler(line) && !isRuler(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .replaceAll('\\|', '\u0000')
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('\u0000', '|')),
    )
}

const isRuler = (line: string) => /^\|[ :|-]+\|$/.test(line)

/** The first cell of each row, without back-ticks. */
export const firstCells = (text: string) => rows(text).map(([cell = '']) => cell.replaceAll('`', ''))
