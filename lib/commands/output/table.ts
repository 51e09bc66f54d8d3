import { oneLine } from '../../core/text'
import { bold, paint } from './colour'
import { cut, widthOf } from './text'

export type Cell = string | { text: string; code: number | undefined }
export type Column = { name: string; align?: 'right' }

const GAP = '  '
/** Of the last column, which is cut: it stays at least so wide, and then the row is longer than the terminal. */
const NARROWEST = 12

/**
 * Rows under their columns' names, each column as wide as its widest cell. Only the last column is cut to `width`: the
 * others are names and keys, which somebody may want to copy.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { width, colour }: { width: number; colour: boolean },
): string[] {
  const texts = rows.map((row) => row.map((cell) => oneLine(typeof cell === 'string' ? cell : cell.text)))
  const widths = columns.map(({ name }, index) =>
    Math.max(widthOf(name), ...texts.map((row) => widthOf(row[index] ?? ''))),
  )
  const last = columns.length - 1
  const before = widths.slice(0, last).reduce((sum, one) => sum + one + GAP.length, 0)
  widths[last] = Math.min(widths[last] ?? 0, Math.max(NARROWEST, width - before))

  const line = (cells: readonly string[], render: (text: string, index: number) => string) =>
    cells
      .map((cell, index) => {
        const text = index === last ? cut(cell, widths[last] ?? 0) : cell
        const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - widthOf(text)))
        if (columns[index]?.align === 'right') return space + render(text, index)
        return render(text, index) + (index === last ? '' : space)
      })
      .join(GAP)
      .trimEnd()

  return [
    line(
      columns.map(({ name }) => name),
      (name) => bold(name, colour),
    ),
    ...texts.map((cells, row) =>
      line(cells, (text, index) => {
        const cell = rows[row]?.[index]
        return typeof cell === 'object' ? paint(text, cell.code, colour) : text
      }),
    ),
  ]
}
